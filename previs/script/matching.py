"""Which scene of a new draft is which scene of the one before: pure, from two lists to pairs.

Four passes, each over what the earlier ones left: the same words under the same heading; the same number and
heading; the same heading in the same order; the same number over similar text, then similar text alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

# The words of a scene that was rewritten line by line still overlap by more than half; two different scenes
# between the same people share about a quarter.
SIMILAR = 0.55
# A number that was kept is strong evidence, so that less of the text has to agree.
SIMILAR_WITH_NUMBER = 0.3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One scene, old or new. number: "" when the script gave none. text: without its heading."""

    number: str
    heading: str
    text: str
    words: tuple[str, ...] = field(init=False, repr=False, compare=False)
    counts: Counter[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(self.text.casefold().split()))
        object.__setattr__(self, "counts", Counter(self.words))

    @property
    def heading_key(self) -> str:
        return " ".join(self.heading.casefold().split())


def similarity(one: Candidate, other: Candidate) -> float:
    """Share of words in common and in order, 0 to 1."""
    if not one.words or not other.words:
        return 0.0
    return SequenceMatcher(None, one.words, other.words, autojunk=False).ratio()


def match(old: Sequence[Candidate], new: Sequence[Candidate]) -> dict[int, int]:
    """Pair places in `new` with places in `old`; a scene is in at most one pair. Both in script order."""
    matcher = _Matcher(old, new)
    matcher.pair_equal(lambda scene: (scene.number, scene.heading_key, scene.words))
    matcher.pair_equal(lambda scene: (scene.heading_key, scene.words))
    matcher.pair_equal(lambda scene: (scene.number, scene.heading_key) if scene.number else None)
    matcher.pair_same_heading()
    matcher.pair_similar(at_least=SIMILAR_WITH_NUMBER, same_number=True)
    matcher.pair_similar(at_least=SIMILAR)
    return matcher.pairs


class _Matcher:
    def __init__(self, old: Sequence[Candidate], new: Sequence[Candidate]) -> None:
        self.old, self.new = old, new
        self.pairs: dict[int, int] = {}
        self.old_left = dict.fromkeys(range(len(old)))
        self.new_left = dict.fromkeys(range(len(new)))

    def pair(self, new: int, old: int) -> None:
        self.pairs[new] = old
        del self.new_left[new], self.old_left[old]

    def pair_equal(self, key: Callable[[Candidate], Hashable | None]) -> None:
        """Pair what has equal keys, in order; a key of None pairs with nothing."""
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for place in self.old_left:
            waiting[key(self.old[place])].append(place)
        for place in list(self.new_left):
            wanted = key(self.new[place])
            if wanted is not None and waiting[wanted]:
                self.pair(place, waiting[wanted].pop(0))

    def pair_same_heading(self) -> None:
        """In order where as many are left on both sides; otherwise the most similar first, then in order."""
        groups: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for place in self.old_left:
            groups[self.old[place].heading_key][0].append(place)
        for place in self.new_left:
            groups[self.new[place].heading_key][1].append(place)
        for olds, news in groups.values():
            if olds and news and len(olds) != len(news):
                self.pair_most_similar(news, olds, at_least=SIMILAR_WITH_NUMBER)
            olds_left = [place for place in olds if place in self.old_left]
            news_left = [place for place in news if place in self.new_left]
            for new, old in zip(news_left, olds_left, strict=False):
                self.pair(new, old)

    def pair_similar(self, *, at_least: float, same_number: bool = False) -> None:
        if not same_number:
            self.pair_most_similar(list(self.new_left), list(self.old_left), at_least=at_least)
            return
        numbers = {self.old[place].number: place for place in self.old_left}
        for new in list(self.new_left):
            old = numbers.get(self.new[new].number) if self.new[new].number else None
            if old is not None and similarity(self.new[new], self.old[old]) >= at_least:
                self.pair(new, old)

    def pair_most_similar(self, news: Sequence[int], olds: Sequence[int], *, at_least: float) -> None:
        """Best pairs first; of equal ones, those nearest in order."""
        scored = []
        for new in news:
            for old in olds:
                if _upper_bound(self.new[new], self.old[old]) < at_least:
                    continue
                score = similarity(self.new[new], self.old[old])
                if score >= at_least:
                    scored.append((-score, abs(new - old), new, old))
        for _, _, new, old in sorted(scored):
            if new in self.new_left and old in self.old_left:
                self.pair(new, old)


def _upper_bound(one: Candidate, other: Candidate) -> float:
    """What the similarity can be at most, by counting words: quick, and most pairs of scenes fail it."""
    total = len(one.words) + len(other.words)
    return 2 * (one.counts & other.counts).total() / total if total else 0.0
