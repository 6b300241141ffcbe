"""How allauth behaves here: accounts are made by the people who run the production."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing is told apart: an unknown name and a wrong password look the same."""
        super().authentication_failed(request, **credentials)
