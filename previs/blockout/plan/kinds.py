"""The kinds of pieces the library holds, by the group of the set department that keeps them.

Words only, so that a plan can be checked without building a single solid; `library` builds them.
"""

from __future__ import annotations

GROUPS: dict[str, tuple[str, ...]] = {
    "kitchen": ("stove", "fridge", "sink", "counter", "cupboard", "wall cabinet"),
    "living": (
        "table", "chair", "sofa", "armchair", "low table", "bookcase", "lamp", "rug", "painting", "mirror", "screen",
        "piano", "fireplace",
    ),
    "bedroom": ("bed", "single bed", "wardrobe", "night table"),
    "bathroom": ("bath", "basin", "toilet"),
    "office": ("desk", "office chair", "monitor", "partition", "filing cabinet", "shelf", "blackboard"),
    "bar": ("bar counter", "stool", "bottle shelf", "round table", "bottle", "jukebox"),
    "church": ("pew", "altar", "column", "cross", "candle", "organ"),
    "hospital": ("ward bed", "drip stand", "ward curtain"),
    "works": (
        "machine", "vat", "belt", "crate", "barrel", "pallet", "workbench", "ladder", "pipe", "shelf of jars", "sack",
        "scaffold",
    ),
    "street": (
        "street lamp", "house", "gabled house", "awning", "bin", "bench", "sign", "telephone box", "fence", "gate",
        "fountain", "statue", "power pole", "door", "barrier",
    ),
    "vehicles": ("car", "truck", "bus", "boat", "cart", "bicycle", "train carriage"),
    "forest": ("tree", "pine", "fruit tree", "bush", "rock", "log", "stump", "tent", "fire", "hay bale", "cactus"),
    "cemetery": ("grave", "grave cross"),
    "hand props": (
        "book", "letter", "cup", "plate", "jar", "lantern", "telephone", "clock", "suitcase", "bag", "box", "basket",
        "bucket", "knife", "gun", "apple", "flowers", "map", "rope", "wheel", "umbrella", "flag",
    ),
    "animals": ("dog", "horse"),
    "shapes": ("block", "cylinder", "ball", "platform", "wall panel"),
}  # fmt: skip

#: Kind of piece -> group.
KINDS: dict[str, str] = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
