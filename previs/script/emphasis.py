"""Emphasis marks: `*italic*`, `**bold**`, `***both***`, `_underline_`, and `\\*` for a plain star."""

from __future__ import annotations

import re

_MARK = re.compile(r"\\[*_\\]|\*+|_+")


def plain(text: str) -> str:
    """Take the emphasis marks out. A mark without its partner on the same line stays, and so does snake_case."""
    if "*" not in text and "_" not in text and "\\" not in text:
        return text
    return "\n".join(_plain_line(line) for line in text.split("\n"))


def _plain_line(line: str) -> str:
    marks = [(found.start(), found.end()) for found in _MARK.finditer(line)]
    if not marks:
        return line
    drop = [0] * len(marks)  # characters taken from each mark
    waiting: dict[str, list[int]] = {"*": [], "_": []}
    for place, (start, end) in enumerate(marks):
        mark = line[start]
        if mark == "\\":
            drop[place] = 1
            continue
        before, after = line[start - 1 : start], line[end : end + 1]
        inside_word = mark == "_" and before.isalnum() and after.isalnum()
        left = end - start
        stack = waiting[mark]
        if before and not before.isspace() and not inside_word:
            while left and stack:
                opener = stack[-1]
                opened = marks[opener][1] - marks[opener][0] - drop[opener]
                pair = min(opened, left)
                drop[opener] += pair
                drop[place] += pair
                left -= pair
                if opened == pair:
                    stack.pop()
        if left == end - start and after and not after.isspace() and not inside_word:
            stack.append(place)
    kept, copied = [], 0
    for (start, end), taken in zip(marks, drop, strict=True):
        kept.append(line[copied:start])
        kept.append(line[start + taken : end])
        copied = end
    kept.append(line[copied:])
    return "".join(kept)
