"""The closet as a spreadsheet: one garment a row, out and in again."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.db import transaction

from costumes.closet import MOST_GARMENTS, ClosetError, keep_garment
from costumes.models import Category, Garment, PhotoKind
from previs.audit.record import record
from previs.names import shown
from previs.projects.models import Project
from previs.script.models import Character

if TYPE_CHECKING:
    from previs.accounts.models import User

COLUMNS = ("name", "character", "category", "photo_kind", "quantity", "multiples", "wear_note", "source")
# What is told on the way out and passed over on the way in.
TOLD = ("changes", "colours", "rights", "statement")
LARGEST_FILE = 1024 * 1024
MOST_FAULTS = 20
MOST_OF_ONE = 999
LENGTHS = {"name": 120, "multiples": 120, "wear_note": 300, "source": 300}
# A spreadsheet runs a cell that begins like this.
FORMULA = ("=", "+", "-", "@", "\t")


class BadRows(ClosetError):  # noqa: N818 - what they are
    """Rows that cannot be taken in. faults: one sentence each, with the line it stands in."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Nothing was taken in. " + " ".join(faults))
        self.faults = faults


def to_csv(project: Project) -> str:
    """Every garment, with what is on record of its photo. Three queries."""
    garments = (
        project.garments.select_related("character", "photo")
        .prefetch_related("layers__change__character")
        .order_by("name", "added_at")
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, *TOLD])
    for garment in garments:
        photo = garment.photo
        writer.writerow(
            [
                _inert(value)
                for value in (
                    garment.name,
                    shown(garment.character.name) if garment.character else "",
                    garment.category,
                    garment.kind,
                    str(garment.quantity),
                    garment.multiples,
                    garment.wear_note,
                    garment.source,
                    "; ".join(str(layer.change) for layer in garment.layers.all()),
                    " ".join(swatch["hex"] for swatch in garment.swatches),
                    photo.get_rights_display() if photo else "",
                    photo.statement if photo else "",
                )
            ]
        )
    return out.getvalue()


@transaction.atomic
def from_csv(project: Project, data: bytes, *, by: User) -> tuple[int, int, int]:
    """Take garments in; a row with the name and character of one that hangs there changes it.

    How many are new, changed, and as they were: a row that says nothing new touches no garment.

    Photos stay as they are. Raises BadRows, and takes in nothing, when any row is wrong.
    """
    rows = _read(data)
    cast = {character.name.casefold(): character for character in project.characters.all()}
    hanging = {
        _key(garment.name, garment.character): garment
        for garment in project.garments.select_related("character")
    }
    faults: list[str] = []
    wanted: list[tuple[Garment | None, dict[str, object]]] = []
    seen: dict[tuple[str, object], int] = {}
    for line, row in rows:
        wrong, values = _values(row, cast)
        character = values["character"]
        assert character is None or isinstance(character, Character)
        key = _key(str(values["name"]), character)
        if not wrong and key in seen:
            wrong = [f"the same garment stands in line {seen[key]}"]
        seen[key] = line
        faults += [f"Line {line}: {', '.join(wrong)}."] if wrong else []
        wanted.append((hanging.get(key), values))
    if not faults and project.garments.count() + sum(old is None for old, _ in wanted) > MOST_GARMENTS:
        faults = [f"The closet holds at most {MOST_GARMENTS} garments."]
    if faults:
        more = len(faults) - MOST_FAULTS
        raise BadRows(faults[:MOST_FAULTS] + ([f"And {more} more."] if more > 0 else []))
    told = [(old, values) for old, values in wanted if old is None or _changes(old, values)]
    for old, values in told:
        keep_garment(project, by=by, garment=old, **values)  # type: ignore[arg-type]
    new = sum(old is None for old, _ in told)
    changed, unchanged = len(told) - new, len(wanted) - len(told)
    record("import_closet", project, by=by, project_id=project.pk, new=new, changed=changed)
    return new, changed, unchanged


def _read(data: bytes) -> list[tuple[int, dict[str, str]]]:
    """Line number and cells by column. Raises BadRows for what is no such table."""
    if len(data) > LARGEST_FILE:
        raise BadRows([f"The file has more than {LARGEST_FILE // 1024} KB. Split it."])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRows(["The file is not in UTF-8. Save it as “CSV UTF-8” and choose it again."]) from None
    if "\x00" in text:
        raise BadRows(["This is no text file. Save the spreadsheet as CSV and choose that."])
    first = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise BadRows([f"Line {reader.line_num} cannot be read ({error})."]) from None
    if not lines:
        raise BadRows(["The file is empty."])
    header = [cell.strip().casefold() for cell in lines[0][1]]
    unknown = [name for name in header if name and name not in (*COLUMNS, *TOLD)]
    if "name" not in header or "category" not in header or unknown:
        about = f"{', '.join(unknown)} is no column. " if unknown else ""
        raise BadRows(
            [f"{about}The first line names the columns: name and category, and any of {', '.join(COLUMNS)}."]
        )
    if len(lines) == 1:
        raise BadRows(["There is no row below the column names."])
    return [
        (line, dict(zip(header, (cell.strip() for cell in cells), strict=False))) for line, cells in lines[1:]
    ]


def _values(row: dict[str, str], cast: dict[str, Character]) -> tuple[list[str], dict[str, object]]:
    """What is wrong with a row, and its values for `keep_garment`."""
    wrong = []
    cells = {name: _active(row.get(name, "")) for name in COLUMNS}
    if not cells["name"]:
        wrong.append("the name is missing")
    for name, most in LENGTHS.items():
        if len(cells[name]) > most:
            wrong.append(f"{name} has {len(cells[name])} characters, at most {most} fit")
    category = cells["category"].casefold()
    if category not in Category.values:
        wrong.append(f"the category “{category}” is none of {', '.join(Category.values)}")
    kind = cells["photo_kind"].casefold() or PhotoKind.FLAT
    if kind not in PhotoKind.values:
        wrong.append(f"the photo kind “{kind}” is none of {', '.join(PhotoKind.values)}")
    quantity = cells["quantity"] or "1"
    if not (quantity.isascii() and quantity.isdecimal() and 1 <= int(quantity) <= MOST_OF_ONE):
        wrong.append(f"the quantity “{quantity}” is no number from 1 to {MOST_OF_ONE}")
        quantity = "1"
    character = cast.get(cells["character"].casefold())
    if cells["character"] and character is None:
        wrong.append(f"nobody in the cast is called “{cells['character']}”")
    values: dict[str, object] = {name: cells[name] for name in LENGTHS}
    return wrong, values | {
        "category": category,
        "kind": kind,
        "quantity": int(quantity),
        "character": character,
    }


def _changes(garment: Garment, values: dict[str, object]) -> bool:
    return any(getattr(garment, name) != value for name, value in values.items())


def _key(name: str, character: Character | None) -> tuple[str, object]:
    return name.strip().casefold(), character.pk if character else None


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _active(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
