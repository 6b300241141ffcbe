"""The one file a screenplay comes in."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from previs.script.reading import LARGEST_FILE

MEGABYTE = 1024 * 1024


def too_large(size: int) -> str:
    """size: in bytes."""
    return (
        f"This file has {size / MEGABYTE:.0f} MB; a screenplay may have at most {LARGEST_FILE // MEGABYTE} MB. "
        "Nothing was stored. Check that it is the script and not a scan of it."
    )


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Screenplay",
        allow_empty_file=True,  # the reader says it in better words
        error_messages={"required": "Choose the file of the screenplay first."},
        widget=forms.ClearableFileInput(attrs={"accept": ".fountain,.spmd,.txt,.md,text/plain"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > LARGEST_FILE:
            raise forms.ValidationError(too_large(file.size))
        return file
