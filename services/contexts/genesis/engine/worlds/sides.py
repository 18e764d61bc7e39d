"""Writing the sides of a world: its rule, what shows it, where it ends."""

from collections.abc import Mapping, Sequence

from services.contexts.genesis.engine.foundations import Dimension
from services.contexts.genesis.engine.text import Language, length_of
from services.contexts.genesis.engine.voice import paragraph
from services.contexts.genesis.engine.worlds.ground import Ground
from services.contexts.genesis.engine.worlds.material import Side
from services.contexts.genesis.engine.worlds.writing import Scribe

EXAMPLES_MIN, EXAMPLES_MAX = 3, 5
RULE_MIN: dict[Language, int] = {"en": 20, "zh": 45}
"""How long a rule is at least, in words or characters."""
_TURNS_MAX = 2
_BOUND_LIKE = "rules"


def write_side(name: str, ground: Ground, scribe: Scribe) -> Dimension:
    """Write one side of a world; one that is not known by name is written as a matter of rules."""
    own = scribe.under("side", name)
    side = _side(name, ground, scribe)
    return Dimension(
        core_rule=paragraph(_rule(name, side, ground, own), scribe.language),
        examples=write_examples(name, ground, scribe, EXAMPLES_MIN),
        boundaries=paragraph(own.write("boundary", side.boundaries), scribe.language),
    )


def write_examples(name: str, ground: Ground, scribe: Scribe, count: int) -> tuple[str, ...]:
    """Write things that show a side's rule."""
    return scribe.under("side", name).write("example", _side(name, ground, scribe).examples, count)


def _side(name: str, ground: Ground, scribe: Scribe) -> Side:
    if name == "geography" and ground.is_built:
        return scribe.material.built_side
    return scribe.material.sides.get(name, scribe.material.sides[_BOUND_LIKE])


def _rule(name: str, side: Side, ground: Ground, scribe: Scribe) -> Sequence[str]:
    """Return the sentences of a rule: a core, what concept and configuration add, turns until it is long enough."""
    core = _own_rule(ground, scribe) if name == _BOUND_LIKE else ()
    sentences = list(core or scribe.write("core", side.cores))
    if name in ground.settings and side.settings:
        sentences += scribe.write("setting", side.settings, given={"setting": ground.settings[name]})
    sentences += _of_concept(name, ground, scribe)
    for turn in scribe.write("turn", side.turns, _TURNS_MAX):
        if len(sentences) > 1 and length_of(" ".join(sentences), scribe.language) >= RULE_MIN[scribe.language]:
            break
        sentences.append(turn)
    return sentences


def _own_rule(ground: Ground, scribe: Scribe) -> tuple[str, ...]:
    """Return the law that the concept states, else the law that its premise amounts to."""
    forms = scribe.material.concept
    if ground.rule:
        return scribe.write("own", forms.rules, given={"rule": ground.rule, "Rule": _capital(ground.rule)})
    if ground.premise:
        return scribe.write("own", forms.premises, given={"premise": ground.premise})
    return ()


def _of_concept(name: str, ground: Ground, scribe: Scribe) -> tuple[str, ...]:
    forms = scribe.material.concept
    said: Mapping[str, tuple[str, Sequence[str], Sequence[str]]] = {
        "geography": ("place", [ground.place] if ground.place else [], forms.places),
        "culture": ("motif", ground.motifs, forms.motifs),
        "society": ("value", ground.values, forms.values),
    }
    slot, words, templates = said.get(name, ("", (), ()))
    return scribe.write(slot, templates, given={slot: scribe.choices.one(slot, words)}) if words else ()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
