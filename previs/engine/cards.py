"""Model cards: what a model can do, what it needs, and on whose terms."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from previs.engine.port import EngineError
from previs.engine.request import ABILITIES, Ability

Commercial = Literal["yes", "no", "conditional"]
Tier = Literal["T1", "T2", "T3", "T4"]

MODEL_ID = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?")
REVISION = re.compile(r"[0-9a-f]{40}")
FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
CONTROLNET = "controlnet"
"""The folder of a depth control among a model's weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """One entry of the catalogue, or of the record beside an added model.

    repo: where the weights are published, owner/name; "" for a model of this project or of the studio.
    revision: 40 hex digits of the published commit; "" until `models add` records it with the weight digests.
    pipelines: ability -> diffusers pipeline class.
    ip_adapter: folder among the weights that holds an IP-Adapter (`ip_adapter.safetensors` and `image_encoder/`), for
        families that follow a reference picture by one.
    commercial: "conditional" means: read `licence_note` before a paid production.
    denied_territories: ISO 3166 codes where the licence does not apply ("EU" for the union).
    revenue_cap_usd: yearly revenue from which another licence must be bought; None for no cap.
    training_tier: T1 licensed or openly licensed pictures, T2 documented web scrape, T3 undisclosed,
        T4 research-only or contested.
    width, height: native size in pixels.  steps, guidance: what the makers recommend.
    takes_guidance: False for distilled models, which are always run at `guidance`.
    memory_gb: least graphics memory in GB, with the engine's offloading.
    bound_to, shows: of weights that were trained on people: the production they agreed to be used in, and their keys.
    """

    id: str
    title: str
    family: str
    licence: str
    licence_note: str
    commercial: Commercial
    training_tier: Tier
    training_statement: str
    pipelines: Mapping[Ability, str]
    ip_adapter: str = ""
    repo: str = ""
    revision: str = ""
    denied_territories: tuple[str, ...] = ()
    revenue_cap_usd: int | None = None
    width: int = 512
    height: int = 512
    steps: int = 20
    guidance: float = 5.0
    takes_guidance: bool = True
    memory_gb: float = 4.0
    bound_to: str = ""
    shows: tuple[str, ...] = ()

    @property
    def abilities(self) -> frozenset[Ability]:
        """What the family's stock pipelines can do; see `with_folders` for what the weights at hand allow."""
        return frozenset(self.pipelines)

    def with_folders(self, folders: Collection[str]) -> ModelCard:
        """The card of weights with these folders: depth needs `controlnet`, an IP-Adapter its own.

        folders: those that hold a `config.json` or weights, at any depth of the model's folder.
        """
        lacking: set[Ability] = set()
        if CONTROLNET not in folders:
            lacking.add("depth")
        if self.ip_adapter and self.ip_adapter not in folders:
            lacking.add("reference")
        able = {ability: name for ability, name in self.pipelines.items() if ability not in lacking}
        return dataclasses.replace(self, pipelines=able)

    def problems(self) -> list[str]:
        """Say in words what is wrong with the card; an empty list means that it can be used."""
        found = []
        if not MODEL_ID.fullmatch(self.id):
            found.append(f"The model id {self.id!r} may hold small letters, digits, dots and hyphens only.")
        if self.revision and not REVISION.fullmatch(self.revision):
            found.append("The revision must be the 40 hex digits of a published commit.")
        for name, value, allowed in (
            ("commercial", self.commercial, get_args(Commercial)),
            ("training_tier", self.training_tier, get_args(Tier)),
        ):
            if value not in allowed:
                found.append(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
        unknown = set(self.pipelines) - set(ABILITIES)
        if unknown or not self.pipelines:
            found.append(f"pipelines must name a class for some of: {', '.join(ABILITIES)}.")
        if self.ip_adapter and not FOLDER.fullmatch(self.ip_adapter):
            found.append(f"ip_adapter must be the name of one folder, not {self.ip_adapter!r}.")
        return found

    def to_json(self) -> dict[str, Any]:
        record = dataclasses.asdict(self)
        record["denied_territories"] = list(self.denied_territories)
        record["shows"] = list(self.shows)
        record["pipelines"] = dict(self.pipelines)
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> ModelCard:
        """Raises EngineError in words if a field is unknown, missing or wrong."""
        values = dict(record)
        values["denied_territories"] = tuple(values.get("denied_territories", ()))
        values["shows"] = tuple(values.get("shows", ()))
        try:
            card = cls(**values)
        except TypeError as error:
            raise EngineError(
                f"A model card cannot be read: {error}. Correct that field.", permanent=True
            ) from None
        if problems := card.problems():
            raise EngineError(" ".join(problems), permanent=True)
        return card


@cache
def load_cards() -> dict[str, ModelCard]:
    """Read the catalogue that ships with the product: model id -> card, in the order of the file."""
    text = Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
    cards = [ModelCard.from_json(entry) for entry in tomllib.loads(text)["model"]]
    return {card.id: card for card in cards}
