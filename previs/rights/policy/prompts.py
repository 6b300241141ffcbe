"""What words may not ask for: people by their names, an artist's hand, and what nobody may make of anybody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from previs.rights.facts import Scope, Watched
from previs.rights.policy.verdict import ALLOWED, Verdict, refused

_FEATURES = (
    "face|eyes?|nose|mouth|lips|jaw|jawline|chin|cheeks?|cheekbones|smile|brows?|eyebrows|hair|ears?|profile|head"
    "|visage|yeux|oeil|œil|nez|bouche|levres|machoire|menton|joues?|pommettes|sourire|sourcils|cheveux|oreilles?|tete"
)
# Of somebody real, in English; scripts here are French too, and their words follow. A negative prompt may name all of
# these: it asks for their absence.
_PROHIBITED = re.compile(
    r"\b(nud(e|es|ity|ism|ist)|naked(ness)?|topless|bottomless|undress(ed|es|ing)?|unclothed|unclad|disrob\w+"
    r"|strip(s|ped|ping)?( (naked|off|down|bare)| ?tease\w*)|bare (breasts?|chested|bottom|buttocks)|bare ?breasted"
    r"|genital\w*|nipples?|breasts? (bared|exposed|visible)|exposed (breasts?|genitals|buttocks)|nsfw|porn\w*"
    r"|erotic\w*|sexual\w*|sex (scene|act)|having sex|make love|mak(es|ing) love|love scene|lovemaking|orgasm\w*"
    r"|intimacy|intimate (scene|act|pose|touch)|(without|no) (any )?cloth(es|ing)|clothes off|clothing removed"
    r"|remov(e|es|ed|ing) (all )?(the |her |his |their )?(clothes|clothing|dress|shirt|trousers|skirt|underwear|top))\b"
)
_PROHIBITED_FRENCH = re.compile(
    r"\b(nue?s?|nudites?|denud\w+|deshabill\w+|devetue?s?|se devet\w+|effeuillages?"
    r"|seins? (exposes?|visibles?|decouverts?)|tetons?|mamelons?|poitrine (denudee|decouverte)|fesses"
    r"|parties genitales|penis|vulve|pornograph\w+|porno|erotique(s|ment)?|sexuel(s|le|les|lement)?|scenes? de sexe"
    r"|(fait|font|faire|faisant) l amour|scenes? d amour|coit|orgasme\w*"
    r"|(scene|acte|pose|geste|moment)s? intimes?|sans (aucun )?(vetements?|habits?)"
    r"|(enlev\w+|retir\w+|arrach\w+|ot(e|es|ent|er|ant)) (tous? )?(ses|leurs|sa|son|la|le|les|leur) "
    r"(vetements?|habits?|robe|chemise|jupe|pantalon|culotte|sous vetements?|corsage|haut))\b"
)
# What may be bare in French without anybody being undressed: heads, hands, walls.
_BARE_FRENCH = re.compile(
    r"\b(pieds?|bras|tetes?|mains?|jambes?|epaules?|cou|oeil|œil|murs?|ampoules?|lames?|epees?|arbres?|branches?|sols?"
    r"|terre|roches?|pieces?|chambres?|tables?|planchers?|fils?) nue?s?\b|\bnu (pieds?|tetes?)\b"
)
# A negative prompt pushes things away: with nothing but cloth in one of its parts it undresses.
_CLOTH = re.compile(
    r"(any |all |the |tout |tous |les )*(clothes|clothing|clothed|garments?|dressed|wearing clothes|outfits?|underwear"
    r"|vetements?|vetue?s?|habits?|habillee?s?|sous vetements?)"
)

_AGES = re.compile(
    r"\b(younger|older|elderly|(de )?aged|ag(e|es|ing) (her|him|them|up|down)|years (older|younger)"
    r"|as an? (child|teenager|old (man|woman|person)|boy|girl|baby)|plus (jeune|vieux|vieille|agee?)s?"
    r"|rajeuni\w*|vieilli\w*|ans de (plus|moins)|en (enfant|vieillard|bebe)|comme une? (enfant|vieillard|adolescente?))\b"
)
_EXPRESSIONS = re.compile(
    r"\b(smil(e|es|ing)|laugh(s|ing)?|cr(y|ies|ying)|weep(s|ing)?|grin(s|ning)?|frown(s|ing)?|scream(s|ing)?"
    r"|shout(s|ing)?|new (expression|pose)|other (expression|pose)|turn(s|ing)? (her|his|their) head"
    r"|sourit|sourient|souriante?s?|pleur(e|ent|er|ant)|sanglot\w+|riante?s?|hurl\w+|grimac\w+|nouvelle (expression|pose)"
    r"|autre (expression|pose)|tourn(e|ent|er|ant) la tete)\b"
)


def scopes_in_words(prompt: str) -> set[Scope]:
    """What a prompt asks of a likeness beyond showing it: another age, another expression or pose (R12)."""
    words = _plain(prompt)
    found: set[Scope] = set()
    if _AGES.search(words):
        found.add("age_change")
    if _EXPRESSIONS.search(words):
        found.add("expression_pose")
    return found


def prohibited(prompt: str, *, negative: str = "", garments: Iterable[str] = ()) -> Verdict:
    """Whether words ask to undress somebody real or to show them intimate. No role can allow it (R15).

    negative: what the frame should be without; there the cloth itself may not stand.  garments: what those are called
    that are put on, where "nude" is a colour.
    """
    words = [_plain(prompt), *(re.sub(r"\bnudes?\b", "", _plain(name)) for name in garments)]
    asked = any(
        _PROHIBITED.search(text) or _PROHIBITED_FRENCH.search(_BARE_FRENCH.sub(" ", text)) for text in words
    )
    pushed_away = (_plain(part) for part in re.split(r"[,;.\n]", negative))
    if asked or any(_CLOTH.fullmatch(part) for part in pushed_away):
        return refused(
            "prohibited_intimacy",
            "Nobody real may be shown undressed or intimate here, and no role can allow it. "
            "An incident was opened; the owner or a producer will look at it.",
        )
    return ALLOWED


def names_in_prompt(prompt: str, watched: Iterable[Watched]) -> Verdict:
    """Whether a prompt names somebody it may not: a person, an artist, or whose feature it borrows (R14)."""
    words = f" {_plain(prompt)} "
    for watch in watched:
        name = _plain(watch.name)
        if not name:
            continue
        if f" {name} " in words or f" {name}s " in words or _borrows_a_feature(words, name):
            if watch.kind == "artist":
                return refused(
                    "prompt_style",
                    f"The prompt asks for the hand of {watch.name}. Describe light, palette and line instead.",
                )
            estate = " whose estate has given no release" if watch.kind == "deceased" else ""
            return refused(
                "prompt_likeness",
                f"The prompt names {watch.name}{estate}. Describe the role, not a real person.",
            )
    return ALLOWED


def _borrows_a_feature(words: str, name: str) -> bool:
    """Whether part of a name stands with a feature of a face: "Garbo's eyes", "the jaw of Garbo".

    words, name: plain, where an apostrophe has become a space: "garbo s eyes".
    """
    for part in name.split():
        if len(part) < 3:
            continue
        own = rf" {re.escape(part)} s (\w+ )?({_FEATURES}) "
        of = rf" ({_FEATURES}) (of|de|d|du) {re.escape(part)} "
        if re.search(own, words) or re.search(of, words):
            return True
    return False


def _plain(text: str) -> str:
    """Small letters without accents, invisible marks or punctuation, one blank between words."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    seen = "".join(char for char in spread if unicodedata.category(char) not in ("Mn", "Cf"))
    return " ".join(re.findall(r"[^\W_]+", seen))
