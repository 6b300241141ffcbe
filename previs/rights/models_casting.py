"""Who plays which role: what ties a person, and their release, to a character of the script."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Casting(models.Model):
    """One character, played by one person; a person may play several.

    The script lies above this app, so the character is named and not imported.
    """

    character = models.OneToOneField("script.Character", on_delete=models.CASCADE, related_name="casting")
    person = models.ForeignKey("rights.Person", on_delete=models.CASCADE, related_name="castings")
    cast_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["character__number"]

    def __str__(self) -> str:
        return f"{self.person} plays {self.character}"
