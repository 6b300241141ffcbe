"""The demo's closet: garments with drawn photos, what each change is put together from, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from costumes import closet, stages
from costumes.cutting import cut_garment
from costumes.models import Category, Change, Garment, Wear
from previs.demo.garment_photos import Flat, garment_photo
from previs.projects.models import Project
from previs.rights.models import AssetRights
from previs.script.models import Character

if TYPE_CHECKING:
    from previs.accounts.models import User

ERA = "1950s, a cannery town on a cold coast"
STATEMENT = "Drawn by the demo itself; nobody else holds a right in it."


@dataclass(frozen=True, slots=True)
class Piece:
    """One garment of the demo. whose: first word of the character, "" for stock.  flat: None has no photo yet."""

    whose: str
    name: str
    category: str
    flat: Flat | None = None
    quantity: int = 1
    multiples: str = ""
    source: str = "Own workshop"


PIECES = (
    Piece("KASPAR", "Grey greatcoat", Category.COAT, Flat("long coat", (96, 98, 103), (150, 118, 52)), 3, "hero, stunt, wet",
          "Made for him; the third brass button stays off"),
    Piece("KASPAR", "Felt hat", Category.HEADWEAR, Flat("hat", (84, 72, 60)), 2, "hero, wind", "Hire, Nordlys 214"),
    Piece("KASPAR", "Knitted scarf", Category.ACCESSORY, Flat("scarf", (112, 106, 97))),
    Piece("KASPAR", "Wool trousers", Category.BOTTOM, Flat("trousers", (70, 63, 56)), 2, "hero, stunt"),
    Piece("LOTTE", "Red knitted cap", Category.HEADWEAR, Flat("cap", (176, 36, 31)), 2, "hero, spare", "Knitted by the department"),
    Piece("LOTTE", "Tweed jacket", Category.COAT, Flat("jacket", (122, 99, 70)), 1, "", "Hire, Nordlys 88, a man's size"),
    Piece("PETRA", "White shirt", Category.TOP, Flat("shirt", (238, 236, 230)), 2),
    Piece("PETRA", "Green apron", Category.ACCESSORY, Flat("apron", (46, 82, 55)), 3, "hero, stained, strips"),
    Piece("PETRA", "Long skirt", Category.BOTTOM, Flat("skirt", (43, 40, 40))),
    Piece("NORA", "Yellow oilskin", Category.COAT, Flat("coat", (204, 160, 38)), 2, "hero, wet", "Chandler's, new, broken down"),
    Piece("NORA", "Navy jumper", Category.TOP, Flat("jumper", (36, 52, 92)), 2, "hero, double"),
    Piece("NORA", "Work trousers", Category.BOTTOM, Flat("trousers", (58, 61, 66))),
    Piece("NORA", "Pilot coat", Category.COAT, Flat("coat", (33, 39, 58), (176, 150, 88)), 1, "", "Her father's; hire, Nordlys 31"),
    Piece("INES", "Camel coat", Category.COAT, Flat("long coat", (180, 141, 93)), 2, "hero, soaked", "Hire, Nordlys 140"),
    Piece("FATHER", "Cassock", Category.DRESS, Flat("cassock", (30, 30, 33)), 1, "", "Hire, Vestry & Son"),
    Piece("", "Sea boots", Category.SHOES, Flat("boots", (36, 36, 38)), 9, "all sizes", "Chandler's"),
    # Not photographed yet: the closet says so, and so does its row.
    Piece("INES", "Moss-green gloves", Category.ACCESSORY, None, 3, "pairs; one left glove alone"),
)  # fmt: skip
# (first word of the character, number of the change, garments from the skin outwards).
OUTFITS = (
    ("KASPAR", 1, ("Wool trousers", "Grey greatcoat", "Knitted scarf", "Felt hat")),
    ("KASPAR", 2, ("Wool trousers", "Grey greatcoat")),
    ("LOTTE", 1, ("Tweed jacket", "Red knitted cap")),
    ("PETRA", 1, ("White shirt", "Long skirt", "Green apron")),
    ("NORA", 1, ("Navy jumper", "Work trousers", "Yellow oilskin", "Sea boots")),
    ("NORA", 2, ("Navy jumper", "Work trousers", "Pilot coat")),
    ("INES", 1, ("Camel coat", "Moss-green gloves")),
    ("FATHER", 1, ("Cassock", "Sea boots")),
)
# (first word of the character, number, stage, scene where it begins, what it looks like).
STAGES = (
    ("KASPAR", 1, Wear.WET, "7", "soaked to lead"),
    ("KASPAR", 1, Wear.TORN, "9", "rope burns at both cuffs"),
    ("NORA", 2, Wear.WET, "7", ""),
    ("NORA", 2, Wear.WORN, "9", "snow down one side"),
    ("INES", 1, Wear.WET, "7", "turned dark, one glove"),
)
# What can be fitted at once; the others show what a closet looks like before.
CUT_OUT = ("Navy jumper", "Work trousers", "Yellow oilskin")


def fill_closet(project: Project, *, by: User) -> None:
    """Hang every piece, put the outfits on and set the stages. Changes that do not exist are left out."""
    closet.set_era(project, era=ERA, by=by)
    cast = {character.name.split()[0]: character for character in project.characters.all()}
    hung = {piece.name: _hang(project, piece, cast.get(piece.whose), by=by) for piece in PIECES}
    for whose, number, names in OUTFITS:
        if (change := _change(cast.get(whose), number)) is not None:
            for name in names:
                closet.put_on(change, hung[name], by=by)
    for whose, number, stage, scene, note in STAGES:
        change = _change(cast.get(whose), number)
        begins = change.character.scenes.filter(number=scene).first() if change else None
        if change is not None and begins is not None:
            stages.set_stage(change, stage=stage, scene=begins.pk, note=note, by=by)


def _hang(project: Project, piece: Piece, character: Character | None, *, by: User) -> Garment:
    garment = closet.keep_garment(
        project,
        by=by,
        name=piece.name,
        category=piece.category,
        character=character,
        quantity=piece.quantity,
        multiples=piece.multiples,
        source=piece.source,
        picture=garment_photo(piece.flat) if piece.flat else b"",
        rights=AssetRights.OWN if piece.flat else "",
        statement=STATEMENT if piece.flat else "",
    )
    if piece.name in CUT_OUT:
        cut_garment(garment, by=by)
    return garment


def _change(character: Character | None, number: int) -> Change | None:
    if character is None:
        return None
    return (
        character.changes.filter(number=number).select_related("character__project", "sheet__project").first()
    )
