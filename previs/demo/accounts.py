"""The invented crew of the demo production."""

from __future__ import annotations

from dataclasses import dataclass

from previs.projects.models import Role

# Published in this repository: a demo account is no secret, and an installation with real people has none.
PASSWORD = "storyboard-demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    name: str
    role: str
    password: str = PASSWORD

    @property
    def email(self) -> str:
        return f"{self.username}@demo.example"


DEMO_ACCOUNTS = (
    DemoAccount("producer", "Marten Oakes", Role.OWNER),
    DemoAccount("director", "Ines Varrel", Role.DIRECTOR),
    DemoAccount("costume", "Tove Adair", Role.COSTUME),
    DemoAccount("design", "Rafe Olin", Role.ART),
    DemoAccount("viewer", "Juno Pell", Role.VIEWER),
)
