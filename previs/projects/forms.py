"""Starting a production, and who is on its crew."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import Q

from previs.accounts.models import User
from previs.projects.models import Project, Role


class ProductionForm(forms.Form):
    title = forms.CharField(
        max_length=120,
        error_messages={
            "required": "Give the production a title; a working title will do.",
            "max_length": "The title has %(show_value)d characters; at most %(limit_value)d fit on a slate.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    aspect_ratio = forms.TypedChoiceField(
        label="Aspect ratio",
        choices=[(str(ratio), label) for ratio, label in Project.RATIOS],
        coerce=Decimal,
        initial="2.39",
        error_messages={"invalid_choice": "Choose one of the listed aspect ratios."},
    )
    fps = forms.TypedChoiceField(
        label="Frame rate",
        choices=[(str(rate), label) for rate, label in Project.RATES],
        coerce=Decimal,
        initial="24",
        error_messages={"invalid_choice": "Choose one of the listed frame rates."},
    )
    logline = forms.CharField(
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences; the crew sees them on the first page.",
        error_messages={
            "max_length": "The logline has %(show_value)d characters; keep it to %(limit_value)d.",
        },
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        choices=Role.choices,
        initial=Role.VIEWER,
        error_messages={"invalid_choice": "Choose one of the listed roles."},
    )


class CastForm(RoleForm):
    """Somebody who has an account here already. Afterwards `cleaned_data["user"]` is that person."""

    who = forms.CharField(
        label="Username or e-mail",
        max_length=254,
        error_messages={"required": "Type the username or the e-mail address of the person."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["who", "role"]

    def clean_who(self) -> str:
        who: str = self.cleaned_data["who"].strip()
        found = list(User.objects.filter(Q(username__iexact=who) | Q(email__iexact=who), is_active=True)[:2])
        if not found:
            raise forms.ValidationError(
                "Nobody here signs in with that. Check the spelling, or make an account for them."
            )
        if len(found) > 1:
            raise forms.ValidationError("Several people share that address. Type the username instead.")
        self.cleaned_data["user"] = found[0]
        return who


class AccountForm(RoleForm):
    """A person who has no account yet."""

    name = forms.CharField(
        max_length=120,
        error_messages={"required": "The crew needs a name to call this person."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    username = forms.CharField(
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        error_messages={"required": "Choose a username to sign in with."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-mail",
        error_messages={"required": "Type an e-mail address.", "invalid": "That is not an e-mail address."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label="First password",
        strip=False,
        error_messages={"required": "Choose a first password; the person can change it after signing in."},
        # Kept on an error like everything else: the person who typed it has to pass it on anyway.
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    field_order = ["name", "username", "email", "password", "role"]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError("This username is taken. Choose another, or add the person above.")
        return username

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError("Somebody here has this address already. Add that person above.")
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        data = self.cleaned_data
        validate_password(
            password,
            User(username=data.get("username", ""), email=data.get("email", ""), name=data.get("name", "")),
        )
        return password
