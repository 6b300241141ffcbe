"""Making accounts: there is no sign-up, the people who run a production do it."""

from __future__ import annotations

from django.db import transaction

from previs.accounts.models import User
from previs.audit.record import record


@transaction.atomic
def create_account(*, username: str, name: str, email: str, password: str | None, by: User | None) -> User:
    """A new person who can sign in at once and change the password afterwards.

    username, email, password: already validated; without a password nobody can sign in until there is one.
    by: None when made from the shell.
    """
    user = User.objects.create_user(username, email, password, name=name)
    record("create_account", user, by=by)
    return user
