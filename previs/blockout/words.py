"""The closed word lists of a scene description: every value a field may take.

Each name is also the text the pocket model is trained on, so each word in it is one token.
"""

from __future__ import annotations

DOMAINS = ("scene", "croquis", "garment")

INTERIORS = (
    "kitchen", "living room", "bedroom", "bathroom", "office", "corridor", "church", "bar", "restaurant",
    "factory", "cannery", "classroom", "hospital ward", "cell", "stairs", "attic", "cellar", "library",
    "shop", "workshop", "train",
)  # fmt: skip
EXTERIORS = (
    "street", "alley", "square", "yard", "road", "car", "station", "rooftop", "garden", "orchard", "field",
    "forest", "river", "beach", "harbour", "desert", "mountain", "cemetery",
)  # fmt: skip
PLACES: tuple[str, ...] = INTERIORS + EXTERIORS

TIMES = ("dawn", "day", "dusk", "night")
WEATHERS = ("clear", "rain", "snow", "fog", "storm", "ash")
SHOT_SIZES = {
    "EWS": "extreme wide shot",
    "WS": "wide shot",
    "FS": "full shot",
    "MWS": "medium wide shot",
    "MS": "medium shot",
    "MCU": "medium closeup",
    "CU": "closeup",
    "ECU": "extreme closeup",
    "INS": "insert shot",
}
ANGLES = {
    "eye": "eye level",
    "low": "low angle",
    "high": "high angle",
    "top": "overhead angle",
    "worm": "worm angle",
    "dutch": "dutch angle",
    "ots": "over shoulder",
    "profile": "profile angle",
    "reverse": "reverse angle",
}
BUILDS = ("person", "woman", "man", "child")
POSES = ("stand", "walk", "run", "sit", "reach", "lie", "kneel", "point")
POSE_WORDS = {
    "stand": "standing",
    "walk": "walking",
    "run": "running",
    "sit": "sitting",
    "reach": "reaching",
    "lie": "lying",
    "kneel": "kneeling",
    "point": "pointing",
}
POSITIONS = ("", "left", "right", "centre", "foreground", "background")
FACINGS = ("", "camera", "away")

COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.60, 0.09, 0.07),
    "rust": (0.47, 0.16, 0.07),
    "orange": (0.80, 0.36, 0.07),
    "yellow": (0.80, 0.62, 0.12),
    "mustard": (0.62, 0.44, 0.10),
    "green": (0.13, 0.38, 0.17),
    "olive": (0.30, 0.30, 0.13),
    "teal": (0.08, 0.40, 0.40),
    "blue": (0.13, 0.25, 0.58),
    "navy": (0.07, 0.10, 0.24),
    "purple": (0.33, 0.15, 0.42),
    "pink": (0.82, 0.45, 0.52),
    "burgundy": (0.32, 0.05, 0.10),
    "brown": (0.32, 0.19, 0.11),
    "beige": (0.66, 0.56, 0.42),
    "white": (0.86, 0.85, 0.81),
    "silver": (0.62, 0.65, 0.68),
    "grey": (0.38, 0.39, 0.40),
    "black": (0.05, 0.05, 0.06),
    "gold": (0.70, 0.52, 0.18),
}
GARMENTS = (
    "coat", "jacket", "cloak", "robe", "shirt", "sweater", "vest", "dress", "skirt", "trousers", "shorts",
    "suit", "uniform", "armour", "apron", "scarf", "hat", "cap", "hood", "helmet", "gloves", "boots", "shoes",
)  # fmt: skip
PATTERNS = ("plain", "striped", "checked", "dotted")
STAGES = ("clean", "wet", "dirty", "torn", "scorched", "snowy")

PROPS = (
    "table", "chair", "stool", "bench", "sofa", "armchair", "bed", "desk", "shelf", "bookcase", "cupboard",
    "counter", "stove", "fridge", "sink", "lamp", "lantern", "candle", "fire", "mirror", "painting", "clock",
    "screen", "telephone", "piano", "book", "letter", "bottle", "jar", "cup", "plate", "knife", "gun",
    "apple", "bag", "suitcase", "box", "crate", "barrel", "basket", "bucket", "ladder", "rope", "wheel",
    "bicycle", "car", "truck", "boat", "cart", "fence", "gate", "door", "sign", "statue", "fountain",
    "tent", "tree", "bush", "rock", "log", "flowers", "grave", "cross", "umbrella", "flag", "map", "sack",
    "machine", "dog", "horse",
)  # fmt: skip
DAMAGES = ("intact", "damaged", "ruined")
LOOKS = ("neutral", "warm", "cold", "noir", "faded", "vivid")
COUNT_WORDS = ("no people", "one figure", "two figures", "three figures", "four figures", "crowd")
MOST_PEOPLE = 9
