"""What is typed about people, their releases and their photographs."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from previs.rights.facts import ANY_SCOPE, SHORTEST_DESCRIPTION, TEMPLATE_DESCRIPTION
from previs.rights.models import AssetKind, AssetRights, Person, Release, ReleaseKind, Union, WatchKind
from previs.rights.pictures import LARGEST_FILE, too_large

TOO_LONG = "This has %(show_value)d characters; the limit is %(limit_value)d. Shorten it."
LARGEST_DOCUMENT = LARGEST_FILE


class PersonForm(forms.Form):
    alias = forms.CharField(
        label="Number",
        required=False,
        max_length=40,
        help_text="For instance P-014; left empty, the next free one. Never a name: casting keeps those.",
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    union = forms.ChoiceField(
        label="Union",
        choices=Union.choices,
        initial=Union.UNKNOWN,
        error_messages={"invalid_choice": "Choose one of the listed answers."},
    )
    minor = forms.BooleanField(required=False, label="A minor: a guardian signs, every prompt is cleared")
    deceased = forms.BooleanField(required=False, label="Deceased: the estate signs")

    @classmethod
    def of(cls, person: Person) -> PersonForm:
        names = ("alias", "union", "minor", "deceased")
        return cls(initial={name: getattr(person, name) for name in names})


class ReleaseForm(forms.Form):
    """A release as it was signed. `values()` are the fields of the row."""

    kind = forms.ChoiceField(
        label="Signed as",
        choices=ReleaseKind.choices,
        error_messages={"invalid_choice": "Choose who signed."},
    )
    signed_by = forms.CharField(
        label="Signed by",
        required=False,
        max_length=120,
        help_text="The person, the guardian or the estate; the number is enough.",
        error_messages={"max_length": TOO_LONG},
    )
    scopes = forms.MultipleChoiceField(
        label="It allows",
        choices=list(ANY_SCOPE.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose what the release allows.",
            "invalid_choice": "Choose from the list.",
        },
    )
    specific_description = forms.CharField(
        label="In the signed words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": TEMPLATE_DESCRIPTION}),
        help_text=f"Names the garment, the scene and the purpose, in {SHORTEST_DESCRIPTION} characters or more.",
        error_messages={"max_length": TOO_LONG},
    )
    characters = forms.CharField(
        label="Roles",
        required=False,
        max_length=300,
        help_text="As the script writes them, with commas between; empty for all.",
        error_messages={"max_length": TOO_LONG},
    )
    valid_from = forms.DateField(
        label="From",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Say from which day.", "invalid": "Write the day as 2027-01-31."},
    )
    valid_until = forms.DateField(
        label="Until, this day included",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2027-01-31."},
    )
    document = forms.FileField(
        label="Signed document",
        required=False,
        help_text="Only its hash is kept here; the paper stays with casting.",
    )
    document_sha256 = forms.CharField(
        label="Or its SHA-256",
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": "A SHA-256 has 64 letters and digits."},
    )
    separate_signature = forms.BooleanField(
        required=False, label="Signed apart from the rest of the contract"
    )

    @classmethod
    def of(cls, release: Release) -> ReleaseForm:
        names = (
            "kind",
            "signed_by",
            "scopes",
            "specific_description",
            "document_sha256",
            "separate_signature",
        )
        until = release.valid_until
        return cls(
            initial={name: getattr(release, name) for name in names}
            | {
                "characters": ", ".join(release.characters),
                "valid_from": timezone.localdate(release.valid_from),
                "valid_until": timezone.localdate(until) if until else None,
            }
        )

    def clean_valid_until(self) -> date | None:
        ends: date | None = self.cleaned_data["valid_until"]
        if ends is not None and ends < timezone.localdate():
            raise forms.ValidationError(
                "This release has ended already. Enter the one that was signed after it, or correct the day."
            )
        return ends

    def clean_document_sha256(self) -> str:
        digest: str = self.cleaned_data["document_sha256"].strip().lower()
        if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise forms.ValidationError("A SHA-256 has 64 letters and digits, 0 to 9 and a to f.")
        return digest

    def clean_document(self) -> UploadedFile[bytes] | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["document"]
        if file is not None and (file.size or 0) > LARGEST_DOCUMENT:
            raise forms.ValidationError(too_large(file.size or 0))
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        begins, ends = values.get("valid_from"), values.get("valid_until")
        if begins and ends and ends < begins:
            self.add_error("valid_until", "The release ends before it begins. Choose a later day.")
        return values

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        document: UploadedFile[bytes] | None = values.pop("document")
        if document is not None:
            values["document_sha256"] = hashlib.sha256(document.read()).hexdigest()
        names = (" ".join(name.split()).upper() for name in values["characters"].split(","))
        values["characters"] = [name for name in names if name]
        values["valid_from"] = _at(values["valid_from"], time.min)
        # To the last second of the day, which is inside.
        values["valid_until"] = (
            _at(values["valid_until"], time(23, 59, 59)) if values["valid_until"] else None
        )
        return values


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


class PhotoForm(forms.Form):
    file = forms.FileField(
        label="Photograph",
        help_text="JPEG, PNG, WebP or TIFF, up to 20 MB. Place and camera data in the file are not kept.",
        error_messages={"required": "Choose a picture.", "empty": "This file is empty. Choose another one."},
    )
    title = forms.CharField(
        required=False,
        max_length=120,
        help_text="For instance: front, full figure.",
        error_messages={"max_length": TOO_LONG},
    )
    rights = forms.ChoiceField(
        label="Whose picture is it?",
        choices=[choice for choice in AssetRights.choices if choice[0] != AssetRights.THIRD_PARTY],
        error_messages={"invalid_choice": "Say whose picture it is."},
    )
    statement = forms.CharField(
        label="On what ground may it be here?",
        max_length=300,
        help_text="For instance: taken by us at the fitting of 3 May 2027.",
        error_messages={
            "required": "Write on what ground the picture may be here.",
            "max_length": TOO_LONG,
        },
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(too_large(file.size or 0))
        return file


class NobodyForm(PhotoForm):
    """A picture that shows nobody real, on the word of who adds it."""

    not_a_person = forms.CharField(
        max_length=300,
        label="Why it shows nobody real",
        help_text="For instance: a mannequin of our workshop, a painting of 1640.",
        error_messages={"required": "Write why it shows nobody real.", "max_length": TOO_LONG},
    )
    kind = forms.ChoiceField(
        label="It shows",
        choices=[choice for choice in AssetKind.choices if choice[0] != AssetKind.PERSON],
        initial=AssetKind.SKETCH,
        error_messages={"invalid_choice": "Choose what it shows."},
    )
    field_order = ["file", "title", "kind", "not_a_person", "rights", "statement"]


class LinkForm(forms.Form):
    """Who is seen on a picture. persons: of the production."""

    persons = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="On this picture",
        error_messages={"invalid_choice": "Choose from the people of this production."},
    )
    not_a_person = forms.CharField(
        required=False,
        max_length=300,
        label="Or why it is nobody real",
        help_text="For instance: a mannequin of our workshop.",
        error_messages={"max_length": TOO_LONG},
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label="Who revoked it, and when?",
        max_length=300,
        help_text="For the record, for instance: by e-mail of the performer's agent, 20 Nov 2027.",
        error_messages={"required": "Say who revoked it and when, for the record.", "max_length": TOO_LONG},
    )
    sure = forms.BooleanField(
        label="All that is counted above goes at once. I know that nobody can bring it back.",
        error_messages={"required": "Tick that you know: what goes with a revocation does not come back."},
    )


class WatchForm(forms.Form):
    name = forms.CharField(
        max_length=120,
        error_messages={
            "required": "Write the name that no prompt may contain.",
            "max_length": TOO_LONG,
        },
    )
    kind = forms.ChoiceField(
        label="Who is it?",
        choices=WatchKind.choices,
        error_messages={"invalid_choice": "Choose who it is."},
    )


class ClearanceForm(forms.Form):
    prompt = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="The prompt, word for word",
        error_messages={"required": "Paste the prompt that may pass."},
    )
    reason = forms.CharField(
        max_length=300, label="Why it may pass", error_messages={"required": "Say why this prompt may pass."}
    )
