"""The quality report of a fitting in the words of the people who read it: what was looked at, how it came out, and why
it matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["pass", "warn", "fail", "unmeasured"]
WORDS: dict[Outcome, str] = {
    "pass": "Passed",
    "warn": "Look at it",
    "fail": "Failed",
    "unmeasured": "Not measured",
}
ICONS: dict[Outcome, str] = {"pass": "check", "warn": "triangle-alert", "fail": "x", "unmeasured": "minus"}
TONES: dict[Outcome, str] = {"pass": "ok", "warn": "ac", "fail": "bad", "unmeasured": "t3"}
# As in `costumes.fitting.report`, which decides; here they are only told.
MOST_DRIFT = 0.02
SEEN_THROUGH = 0.2
LEFT_OVER = 0.02
MOST_FOLDED, MOST_STRETCHED = 0.005, 2.5


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report. measured: the figure in words.  means: what a person should know about it."""

    title: str
    outcome: Outcome
    measured: str
    means: str

    @property
    def words(self) -> str:
        return WORDS[self.outcome]

    @property
    def icon(self) -> str:
        return ICONS[self.outcome]

    @property
    def tone(self) -> str:
        return TONES[self.outcome]


@dataclass(frozen=True, slots=True)
class Checks:
    """A report. gates: what holds the result back, in words."""

    lines: Sequence[Check]
    gates: Sequence[str]

    @property
    def passed(self) -> int:
        return sum(line.outcome == "pass" for line in self.lines)

    @property
    def measured(self) -> int:
        return sum(line.outcome != "unmeasured" for line in self.lines)

    @property
    def tone(self) -> str:
        return "bad" if self.gates else "ok" if self.passed == self.measured else "ac"


def checks_of(report: Mapping[str, Any], garments: Sequence[str]) -> Checks:
    """report: `FittingResult.report`.  garments: names of the layers, lowest first."""
    gates = [str(sentence) for sentence in report.get("gates", ())]
    if not report["same_size"]:
        return Checks(
            [Check("Size", "fail", "another size", "The result must lie on the photo to the pixel.")], gates
        )
    lines = [
        _none_changed("Face, hair, hands", report["protected_changed"], "Pasted back from the photo."),
        _none_changed("Outside the mask", report["outside_changed"], "Everything else is the photo."),
        _pose(report["drift"]),
        _hands(report["hands"], report["hands_before"]),
        *(_colour(colour, garments) for colour in report["colours"]),
        _print_through(report["print_through"]),
        _leftovers(report["leftover"]),
        _cloth(report["folded"], report["stretch"]),
    ]
    return Checks(lines, gates)


def _none_changed(title: str, count: int, means: str) -> Check:
    return Check(title, "fail" if count else "pass", f"{count:,} px changed", means)


def _pose(drift: float | None) -> Check:
    means = f"How far a joint moved; at most {MOST_DRIFT:.0%} of the height."
    if drift is None:
        return Check("Pose", "warn", "not looked for", means)
    return Check("Pose", "pass" if drift <= MOST_DRIFT else "fail", f"{drift:.1%} drift", means)


def _hands(found: int | None, before: int) -> Check:
    means = "Hands seen in the photo must be found again."
    if found is None:
        return Check("Hands", "warn", "not looked for", means)
    return Check("Hands", "pass" if found >= before else "fail", f"{found} of {before} found again", means)


def _colour(colour: Mapping[str, Any], garments: Sequence[str]) -> Check:
    number = int(colour["layer"])
    name = garments[number - 1] if number <= len(garments) else f"Layer {number}"
    title, means = f"Colour, {name}", "CIEDE2000 to the swatch: 3 passes, beyond 6 it is another colour."
    if colour["difference"] is None:
        return Check(title, "unmeasured", "too little shows", means)
    return Check(title, colour["grade"], f"ΔE {colour['difference']:.1f} to its swatch", means)


def _print_through(share: float) -> Check:
    means = "Old clothing drawn in the new one’s light; below 0.2 nobody sees it."
    return Check("Print-through", "pass" if share < SEEN_THROUGH else "warn", f"{max(0.0, share):.2f}", means)


def _leftovers(share: float) -> Check:
    means = "Old clothing beside the new outline: make the garment longer or wider, or paint over it."
    return Check("Leftovers", "pass" if share <= LEFT_OVER else "warn", f"{share:.1%} still shows", means)


def _cloth(folded: float, stretch: float) -> Check:
    fits = folded <= MOST_FOLDED and stretch <= MOST_STRETCHED
    measured = f"stretch {stretch:.1f}" + (f", {folded:.1%} folded" if folded else ", no folds")
    return Check(
        "Cloth", "pass" if fits else "warn", measured, f"Beyond {MOST_STRETCHED:g} times an anchor is wrong."
    )
