"""Writing one character: a life and a manner that meet, in this world, with what was asked for in plain sight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

import regex

from services.contexts.genesis.engine.casts.ages import ADULT, age_line
from services.contexts.genesis.engine.casts.choosing import Chooser
from services.contexts.genesis.engine.casts.ground import Ground
from services.contexts.genesis.engine.casts.library import cast_material
from services.contexts.genesis.engine.casts.material import CastMaterial, Life, Manner
from services.contexts.genesis.engine.casts.naming import called
from services.contexts.genesis.engine.casts.seats import Seat
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.foundations import Character, Goals, Personality, Voice
from services.contexts.genesis.engine.text import Language, isolated, shortened
from services.contexts.genesis.engine.voice import capitalised, paragraph, render, sentence, typeset

CHARACTER_NAMESPACE = UUID("5b1c6f0e-2f0b-5a57-8f1e-9b7d1c0a4e62")
_QUOTED_MAX = 160
_NO_TRADE = regex.compile(
    r"\b(?:girl|boy|child|kid|man|woman|sister|brother|mother|father|daughter|son|aunt|uncle|twin|stranger|android|robot"
    r"|ghost|teenager|orphan|widow|widower|heir|heiress|wife|bride|youngest|grandmother|grandfather)$"
    r"|(?:[男女]孩|[男女]人|少[年女]|孩子|老人|青年|姑娘|婆婆|母亲|父亲|女儿|儿子|[姐妹]{2}|[哥弟]{2}|[爷奶]{2}|机器人|幽灵|孤儿|寡妇)$",
    regex.I,
)


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody about to be portrayed: the seat, the words to choose from and what fills their slots."""

    seat: Seat
    ground: Ground
    material: CastMaterial
    chooser: Chooser
    slots: Mapping[str, str]

    def say(self, template: str, **more: str) -> str:
        """Fill a template."""
        return render(template, {**self.slots, **more}, self.ground.language)

    def choose(self, label: str, templates: Sequence[str], **more: str) -> str:
        """Choose a template and fill it."""
        return self.say(self.chooser.pick(label, templates), **more)


def sit(ground: Ground, seat: Seat, choices: Choices, told: str) -> Sitter:
    """Prepare a portrait; what is in `told` will not be told again."""
    own = choices.under("sitter", seat.number, seat.name)
    chooser = Chooser(own, told, ground.language)
    slots = person_slots(seat.name, ground.language, is_woman=seat.is_woman) | _world_slots(ground, seat, own)
    return Sitter(seat, ground, cast_material(ground.language), chooser, slots)


def write_portrait(ground: Ground, seat: Seat, choices: Choices, told: str) -> Character:
    """Write the character of a seat."""
    sitter = sit(ground, seat, choices, told)
    life, manner = _life(sitter), _manner(sitter)
    return Character(
        character_id=str(uuid5(CHARACTER_NAMESPACE, f"{choices.seed}\x1f{seat.number}\x1f{seat.name}")),
        name=seat.name,
        role_type=seat.role_type,
        importance=seat.importance,
        stance=seat.stance,
        age=seat.age,
        appearance=_appearance(sitter),
        personality=_personality(sitter, manner),
        background=_background(sitter),
        motivation=sitter.say(life.want),
        goals=_goals(sitter, life),
        obstacles=_obstacles(sitter, life),
        arc=paragraph((sentence(capitalised(sitter.say(life.arc)), ground.language), _theme(sitter)), ground.language),
        wounds=sitter.say(life.wound),
        voice=Voice(
            monologue=sitter.say(life.monologue),
            dialogues=tuple(map(sitter.say, manner.dialogues))[:3],
            traits=tuple(map(sitter.say, manner.sound)),
        ),
    )


def person_slots(name: str, language: Language, *, is_woman: bool) -> dict[str, str]:
    """Return the slots by which sentences speak of somebody."""
    short = called(name, language)
    if language == "zh":
        return {"name": short, "ta": "她" if is_woman else "他"}
    they, them, their = ("she", "her", "her") if is_woman else ("he", "him", "his")
    theirs, themself = ("hers", "herself") if is_woman else ("his", "himself")
    lower = {"they": they, "them": them, "their": their, "theirs": theirs, "themself": themself}
    return {"name": short} | lower | {key.capitalize(): word.capitalize() for key, word in lower.items()}


def lives_of(sitter: Sitter) -> Sequence[Life]:
    """Return what may have happened to somebody, by what they are in the story and how old they are."""
    material, seat = sitter.material, sitter.seat
    if seat.role_type == "antagonist":
        return material.rival_lives
    return [life for life in material.lives if seat.age >= ADULT or not life.adult]


def trait_line(sitter: Sitter, trait: str) -> str:
    """Return a sentence that shows a trait: one of its own if it is known, else one that quotes it."""
    known = sitter.material.traits_shown.get(trait.casefold())
    return (
        sitter.say(known)
        if known
        else sitter.choose(f"trait/{trait}", sitter.material.frames.traits, trait=isolated(trait))
    )


def _world_slots(ground: Ground, seat: Seat, own: Choices) -> dict[str, str]:
    language = ground.language
    introduced = seat.introduction or (seat.calling if language == "zh" else _with_article(seat.calling))
    return {
        "other": called(seat.other, language) if seat.other else ground.rival.short,
        "place": own.one("place", ground.places),
        "body": own.one("body", ground.bodies),
        "custom": own.one("custom", ground.customs),
        "thing": own.one("thing", ground.things),
        "calling": introduced,
        "a_calling": introduced,
        "A_calling": capitalised(introduced),
    }


def _life(sitter: Sitter) -> Life:
    return sitter.chooser.pick_by("life", lives_of(sitter), lambda life: life.monologue)


def _manner(sitter: Sitter) -> Manner:
    return sitter.chooser.pick_by("manner", sitter.material.manners, lambda manner: manner.dialogues[0])


def _appearance(sitter: Sitter) -> str:
    frames, language = sitter.material.frames, sitter.ground.language
    line = age_line(sitter.seat.age, frames.ages, sitter.chooser, language)
    return paragraph((line, sitter.choose("looks", sitter.material.looks)), language)


def _personality(sitter: Sitter, manner: Manner) -> Personality:
    wanted, opposites = sitter.seat.wanted.traits, sitter.material.opposites
    against = {opposites.get(trait.casefold()) for trait in wanted}
    own = [trait for trait in manner.traits if trait not in against and opposites.get(trait) not in wanted]
    shown = (trait_line(sitter, trait) for trait in wanted)
    return Personality(
        summary=paragraph((sitter.say(manner.summary), *dict.fromkeys(shown)), sitter.ground.language),
        mbti=manner.mbti,
        traits=tuple(dict.fromkeys((*wanted, *own))) if len({*wanted, *own}) > 1 else (*wanted, *manner.traits),
        strengths=tuple(map(sitter.say, manner.strengths)),
        flaws=tuple(map(sitter.say, manner.flaws)),
    )


def _background(sitter: Sitter) -> str:
    frames, seat, language = sitter.material.frames, sitter.seat, sitter.ground.language
    callings = frames.rival_callings if seat.introduction else _calling_frames(sitter)
    origins = (*sitter.material.origins, *(sitter.material.adult_origins if seat.age >= ADULT else ()))
    role = isolated(shortened(seat.wanted.role, _QUOTED_MAX))
    return paragraph(
        (
            sitter.choose("calling", callings),
            sitter.choose("origin", origins),
            sitter.choose("role", frames.roles, role=role) if role else "",
            *(given_line(sitter, given) for given in seat.wanted.givens),
        ),
        language,
    )


def _calling_frames(sitter: Sitter) -> tuple[str, ...]:
    """Return how to speak of a calling: a girl or an uncle is nobody's trade."""
    frames = sitter.material.frames
    return frames.plain_callings if _NO_TRADE.search(sitter.seat.calling) else frames.callings


def given_line(sitter: Sitter, given: str) -> str:
    """Return a sentence that carries something the person has settled, in their words."""
    words = sentence(isolated(given), sitter.ground.language)
    return sitter.choose(f"given/{given}", sitter.material.frames.givens, given=words)


def _goals(sitter: Sitter, life: Life) -> Goals:
    material = sitter.material
    middle = material.rival_goals if sitter.seat.role_type == "antagonist" else material.mid_goals

    def goal(template: str) -> str:
        aim = sitter.say(template)
        if sitter.ground.language == "en":
            aim = "To " + aim.removeprefix("to ")
        return sentence(aim, sitter.ground.language)

    return Goals(
        short=goal(sitter.chooser.pick("short", material.short_goals)),
        mid=goal(sitter.chooser.pick("mid", middle)),
        long=goal(life.long),
    )


def _obstacles(sitter: Sitter, life: Life) -> str:
    """Return what stands in the way: inside, and for those whom the concept's conflicts name, outside."""
    ground, seat = sitter.ground, sitter.seat
    who = ground.rival.short if seat.introduction else seat.calling
    theirs = [conflict for conflict in ground.conflicts if who.removeprefix("the ") in conflict]
    if not theirs or sitter.seat.role_type == "supporting":
        return sitter.say(life.block)
    conflict = sitter.chooser.pick("conflict", theirs)
    outside = sitter.choose("conflicts", sitter.material.frames.conflicts, conflict=sentence(conflict, ground.language))
    return paragraph((sitter.say(life.block), outside), ground.language)


def _theme(sitter: Sitter) -> str:
    """Return how the theme comes down to somebody: to the first protagonist, and to those who stand against it."""
    ground, seat, frames = sitter.ground, sitter.seat, sitter.material.frames
    if seat.number == 0 and ground.theme:
        return sitter.choose("theme", frames.themes, theme=_quoted(ground.theme, ground.language))
    if seat.role_type == "antagonist" and ground.antithesis:
        return sitter.choose("theme", frames.antitheses, theme=_quoted(ground.antithesis, ground.language))
    return ""


def _quoted(text: str, language: Language) -> str:
    return f"\u201c{sentence(isolated(text), language)}\u201d"


def _with_article(calling: str) -> str:
    return typeset(f"{'an' if calling[:1].casefold() in 'aeiou' else 'a'} {calling}", "en")
