"""The answer of the policy, and the version of its rules."""

from __future__ import annotations

from dataclasses import dataclass

POLICY_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Verdict:
    """allowed, or refused with a code that never changes and a sentence that says what is missing."""

    allowed: bool
    code: str = ""
    sentence: str = ""


ALLOWED = Verdict(True)


def refused(code: str, sentence: str) -> Verdict:
    return Verdict(False, code, sentence)
