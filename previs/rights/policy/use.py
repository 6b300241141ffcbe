"""All rules that one use of pictures and people meets, in their order: prohibited, references, consent, prompt."""

from __future__ import annotations

from dataclasses import replace

from previs.rights.facts import UseFacts
from previs.rights.policy.consent import consent, minor
from previs.rights.policy.prompts import names_in_prompt, prohibited
from previs.rights.policy.references import may_use_reference
from previs.rights.policy.verdict import ALLOWED, Verdict, refused

#: Of a real person's trunk that a mask may touch without a garment: the rim of a ground that is painted anew.
LARGEST_BODY_SHARE = 0.1


def may_use(use: UseFacts) -> Verdict:
    """May these pictures and people be used like this, now? The first rule that refuses answers."""
    return next((verdict for verdict in _verdicts(use) if not verdict.allowed), ALLOWED)


def may_export(use: UseFacts, *, state: str, outside: bool) -> Verdict:
    """May a frame leave as a file? (R12, R16, R26, R27)

    state: of the frame.  outside: it goes to people who are not on the crew, which needs a scope of its own.
    """
    if state != "draft":
        return refused("frame_held", "This frame is withdrawn or held back, so it cannot be exported.")
    if outside:
        use = replace(use, scopes=use.scopes | {"share_external"})
    return may_use(use)


def opens_incident(verdict: Verdict) -> bool:
    """Whether a refusal is one after which a person may ask for nothing until somebody has looked (R15)."""
    return verdict.code in ("prohibited_intimacy", "prohibited_undress")


def _verdicts(use: UseFacts) -> list[Verdict]:
    verdicts = []
    if use.persons:
        verdicts.append(prohibited(use.prompt, negative=use.negative_prompt, garments=use.garment_words))
        if use.undress_found:
            verdicts.append(
                refused("prohibited_undress", "The mask or the result would undress somebody real.")
            )
        words = (use.prompt, *use.garment_words)
        verdicts += [
            minor(person, scopes=use.scopes, words=words, prompt_cleared=use.prompt_cleared)
            for person in use.persons
        ]
    verdicts += [may_use_reference(asset) for asset in use.assets]
    verdicts += [
        consent(person, moment=use.moment, scopes=use.scopes, character=use.character)
        for person in use.persons
    ]
    if use.persons and "tryon" in use.scopes and not use.garments:
        verdicts.append(refused("garment_missing", "A fitting needs a garment picture. Choose one first."))
    if use.persons and use.body_repainted > LARGEST_BODY_SHARE and not use.garments:
        verdicts.append(
            refused(
                "garment_missing",
                "The mask covers the body of somebody real, and no garment is put on. Make a fitting with the garment, "
                "or paint the mask around the person.",
            )
        )
    if not use.prompt_cleared:
        verdicts.append(names_in_prompt(use.prompt, use.watched))
    return verdicts
