"""People who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A member of a crew. `name` is how the others see them; the username only signs in."""

    name = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def initials(self) -> str:
        words = str(self).split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
