"""From a panel to its prompt: heading, shot, action, the set and what the people in frame wear."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from costumes.recipe import character_source, portraits_of
from costumes.worn import Worn, worn_in
from previs.generation.compiled import Compiled
from previs.generation.sources import Present, SourceRef
from previs.names import shown
from previs.script.models import Character, Scene
from previs.storyboard.models import Angle, Move, Panel, Size
from previs.storyboard.setting import Setting, setting_of

# The words that models have been trained on, behind the codes that crews write.
SIZE_WORDS = {
    Size.EWS: "extreme wide shot",
    Size.WS: "wide shot",
    Size.FS: "full shot",
    Size.MWS: "medium wide shot",
    Size.MS: "medium shot",
    Size.MCU: "medium close-up",
    Size.CU: "close-up",
    Size.BCU: "big close-up",
    Size.ECU: "extreme close-up",
    Size.INS: "insert shot",
}
ANGLE_WORDS = {
    Angle.EYE: "eye level",
    Angle.LOW: "low angle",
    Angle.HIGH: "high angle",
    Angle.TOP: "top shot",
    Angle.DUTCH: "dutch angle",
    Angle.OTS: "over the shoulder",
}


def compile_panel(panel: Panel, setting: Setting | None = None) -> Compiled:
    """The prompt of a panel and everything it was compiled from; ten queries.

    A chosen camera brings the blockout that the frame follows.  setting: of the panel's scene, where the caller has it.
    """
    shot, scene = panel.shot, panel.shot.scene
    text = panel.brief or panel.action
    in_frame = [character for character in scene.cast.all() if names(text, character.name)]
    setting = setting or setting_of(scene)
    place = setting.place
    worn = worn_in(scene, in_frame)
    parts = [
        scene.heading.strip().rstrip(".") + ".",
        f"{sentence(SIZE_WORDS[Size(shot.size)])}, {ANGLE_WORDS[Angle(shot.angle)]}, {_lens(panel, setting)} mm"
        + (f", {shot.move}" if shot.move != Move.STATIC else "")
        + ".",
        text.strip(),
    ]
    portraits = portraits_of(in_frame)
    parts += [_who(one, portraits[one.character.pk][1]) for one in worn]
    if place and place.description.strip():
        parts.append(place.description.strip())
    sources = [SourceRef("scene", str(scene.pk), scene_digest(scene), f"Scene {scene.number}")]
    if place:
        sources.append(SourceRef("set", str(place.pk), place.digest, shown(place.name)))
    sources += [source for one in worn for source in one.sources]
    sources += [character_source(one, portraits[one.pk]) for one in in_frame if portraits[one.pk][1]]
    prompt = " ".join(part for part in parts if part)
    if (plan := setting.source(panel.camera)) is not None:
        sources.append(plan)
    return Compiled(prompt, tuple(sources), blockout=setting.blockout(panel.camera, prompt))


def camera_fault(panel: Panel, setting: Setting) -> str:
    """Why a panel cannot be taken from the camera it names, in words; "" when it can, or names none."""
    if not panel.camera or panel.camera in setting.labels:
        return ""
    return (
        f"Camera {panel.camera} is no longer in the plan of {setting.name}. "
        "Choose another camera for this panel, or none."
    )


def _who(worn: Worn, who: str) -> str:
    """Who somebody in frame is by the script, what they wear by the designer, and what has come of it by this scene:
    "Nora, a woman of 38, wears a navy coat. Nora's clothes are wet: hem soaked."

    who: from `portraits_of`, "" where the script does not say.
    """
    name = spoken(worn.character)
    state = f" {name}'s clothes are {worn.state.rstrip('.')}." if worn.state else ""
    if not worn.garments:
        return (f"{name} is {who}." if who else "") + state
    return (f"{name}, {who}, wears" if who else f"{name} wears") + f" {worn.garments}.{state}"


def _lens(panel: Panel, setting: Setting) -> str:
    """The lens that the frame will show: the chosen camera's, before the one that the shot's fields name."""
    return f"{setting.focal_mm(panel.camera) or panel.shot.lens_mm:g}"


def names(text: str, name: str) -> bool:
    """Does the text mention this name as a word, in any case?"""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def spoken(character: Character) -> str:
    return shown(character.name)


def sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def scene_digest(scene: Scene) -> str:
    return hashlib.sha256(f"{scene.heading}\n{scene.text}".encode()).hexdigest()


def present_scenes(refs: Collection[str]) -> dict[str, Present]:
    """How scenes read now, for frames that were compiled from an earlier text."""
    return {
        str(scene.pk): Present(scene_digest(scene), f"Script changed: scene {scene.number}")
        for scene in Scene.objects.filter(pk__in=refs)
    }
