"""Every sign-in leaves an audit entry, whichever door it came through.

A receiver, because Django's login() is the one place all doors share and it has no other hook.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver

from previs.accounts.models import User
from previs.audit.record import record


@receiver(user_logged_in, dispatch_uid="previs.accounts.audit_sign_in")
def audit_sign_in(sender: type[User], *, user: User, **kwargs: Any) -> None:
    with transaction.atomic():
        record("sign_in", user, by=user)
