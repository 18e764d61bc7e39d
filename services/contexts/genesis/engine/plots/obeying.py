"""Obeying wishes on a finished plot: what was asked for changes, all else stays word for word."""

from collections.abc import Iterator
from typing import Any, assert_never

import regex

from services.contexts.genesis.engine.directives import (
    ChangeAge,
    ChangeCount,
    ChangeLength,
    ChangeMotive,
    ChangeNumber,
    ChangeTone,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Remark,
    Rename,
    Tone,
)
from services.contexts.genesis.engine.feedback.applying import rename_in
from services.contexts.genesis.engine.feedback.counting import in_numbers
from services.contexts.genesis.engine.foundations import Node, Outline, PlotProposal
from services.contexts.genesis.engine.plots.amending import (
    fitting_node,
    one_shorter,
    sentences_of,
    with_closing,
    with_sentence,
)
from services.contexts.genesis.engine.plots.brief import Brief, fill
from services.contexts.genesis.engine.plots.counting import with_count
from services.contexts.genesis.engine.plots.excluding import without_term
from services.contexts.genesis.engine.plots.fates import with_fates
from services.contexts.genesis.engine.plots.newest import read
from services.contexts.genesis.engine.plots.outlines import curve_of, warnings_of
from services.contexts.genesis.engine.plots.people import named_by_kind, person_meant
from services.contexts.genesis.engine.text import isolated, shortened
from services.contexts.genesis.engine.voice import paragraph

_WORDS_MAX = 120
_TONED_SCENES = 5
_TENSION_OF_TONE: dict[Tone, int] = {"tenser": 1, "calmer": -1}


def obey(brief: Brief, proposal: PlotProposal, directive: Directive) -> PlotProposal:
    """Return the proposal as it is after one wish."""
    match directive:
        case Rename():
            return _renamed(brief, proposal, directive)
        case Exclude():
            return without_term(brief, proposal, directive.term)
        case ChangeCount():
            counted = with_count(brief, proposal, directive)
            return counted or _with_outline(proposal, _quoted(brief, proposal.outline, _said(directive)))
        case ChangeNumber():
            return obey(brief, proposal, in_numbers(directive, proposal.model_dump()))
        case Include() | ChangeTone() | ChangeAge() | ChangeTrait() | ChangeMotive() | ChangeLength() | Remark():
            return _with_outline(proposal, _obeyed_in_scenes(brief, proposal.outline, directive))
        case _:
            assert_never(directive)


def _obeyed_in_scenes(
    brief: Brief,
    outline: Outline,
    directive: Include | ChangeTone | ChangeAge | ChangeTrait | ChangeMotive | ChangeLength | Remark,
) -> Outline:
    match directive:
        case Include():
            return _including(brief, outline, directive.term)
        case ChangeTone():
            return _toned(brief, outline, directive.tone)
        case ChangeAge() | ChangeTrait() | ChangeMotive():
            return _changed_person(brief, outline, directive)
        case ChangeLength():
            return _resized(brief, outline, directive)
        case Remark():
            return with_fates(brief, outline, directive.text) or _quoted(brief, outline, directive.text)
        case _:
            assert_never(directive)


def _with_outline(proposal: PlotProposal, outline: Outline) -> PlotProposal:
    return proposal.model_copy(update={"outline": outline})


def _renamed(brief: Brief, proposal: PlotProposal, directive: Rename) -> PlotProposal:
    """Return the plot with a name changed everywhere; a kind of thing stands for what we know by a name."""
    document: Any = proposal.model_dump(mode="json", by_alias=True)
    old = named_by_kind(brief, directive.old) or directive.old
    renamed = read(PlotProposal, rename_in(document, old, directive.new))
    return renamed or proposal


def _including(brief: Brief, outline: Outline, term: str) -> Outline:
    template = brief.choices.one(f"inclusion/{term}", brief.material.phrases.inclusions)
    sentence = fill(template, {"term": isolated(shortened(term, _WORDS_MAX))}, brief.language)
    return _in_scene(brief, outline, fitting_node(outline, term), sentence)


def _quoted(brief: Brief, outline: Outline, words: str) -> Outline:
    """Return the outline with a wish nobody could interpret standing in the scene that it fits, as it was said."""
    template = brief.choices.one(f"remark/{words}", brief.material.phrases.remarks)
    sentence = fill(template, {"words": isolated(shortened(words, _WORDS_MAX))}, brief.language)
    return _in_scene(brief, outline, fitting_node(outline, words), sentence)


def _in_scene(brief: Brief, outline: Outline, index: int, sentence: str) -> Outline:
    if sentence in outline.nodes[index].scene:
        return outline
    nodes = list(outline.nodes)
    nodes[index] = with_sentence(brief, nodes[index], sentence)
    return outline.model_copy(update={"nodes": tuple(nodes)})


def _toned(brief: Brief, outline: Outline, tone: Tone) -> Outline:
    """Return the outline with its scenes closing in another tone, all over the story, and tension as it asks."""
    phrases = brief.choices.ordered(f"tone/{tone}", brief.material.phrases.tones[tone])
    nodes = [_tensed(node, _TENSION_OF_TONE.get(tone, 0)) for node in outline.nodes]
    step = (len(nodes) - 1) / (_TONED_SCENES - 1)
    for turn, text in enumerate(phrases[:_TONED_SCENES]):
        index = round(turn * step)
        nodes[index] = with_closing(brief, nodes[index], fill(text, {}, brief.language))
    changed = outline.model_copy(update={"nodes": tuple(nodes)})
    return _recurved(brief, changed) if tone in _TENSION_OF_TONE else changed


def _tensed(node: Node, by: int) -> Node:
    return node.model_copy(update={"tension": min(10, max(1, node.tension + by))}) if by else node


def _recurved(brief: Brief, outline: Outline) -> Outline:
    curve = curve_of(brief, outline.nodes, len(outline.tension_curve))
    return outline.model_copy(update={"tension_curve": curve, "warnings": warnings_of(brief, curve)})


def _changed_person(brief: Brief, outline: Outline, directive: ChangeAge | ChangeTrait | ChangeMotive) -> Outline:
    phrases = brief.material.phrases
    who = person_meant(brief, directive.who or "") or directive.who or brief.hero.name
    slots = {"who": who}
    if isinstance(directive, ChangeTrait):
        slots["trait"] = isolated(directive.trait)
        templates = phrases.absent_traits if directive.absent else phrases.traits
    elif isinstance(directive, ChangeMotive):
        slots["fact"] = brief.choices.one(f"reason/{who}", _reasons(brief, who))
        templates = phrases.reasons
    else:
        slots["years"] = str(directive.years)
        templates = phrases.ages[
            "older" if directive.years is None and not directive.direction else _age_key(directive)
        ]
    sentence = fill(brief.choices.one(f"person/{slots}", templates), slots, brief.language)
    return _in_scene(brief, outline, _scene_with(outline, who), sentence)


def _reasons(brief: Brief, who: str) -> tuple[str, ...]:
    """Return what may move somebody: what was done to them before what they want; something of ours for a stranger."""
    person = next((one for one in brief.settled.people if one.name == who), None)
    own = (person.wounds or person.motives or person.goals) if person else ()
    return own or brief.material.phrases.drives


def _age_key(directive: ChangeAge) -> str:
    return "years" if directive.years is not None else directive.direction or "older"


def _scene_with(outline: Outline, name: str) -> int:
    return next((index for index, node in enumerate(outline.nodes) if name in node.characters), 0)


def _resized(brief: Brief, outline: Outline, directive: ChangeLength) -> Outline:
    """Return the outline with a sentence more, or less, in every scene."""
    if directive.direction == "shorter":
        nodes = [one_shorter(brief, node) for node in outline.nodes]
    else:
        nodes = [_one_longer(brief, node, index) for index, node in enumerate(outline.nodes)]
    return outline.model_copy(update={"nodes": tuple(nodes)})


def _one_longer(brief: Brief, node: Node, index: int) -> Node:
    sentences = sentences_of(node.scene)
    new = list(_unsaid(brief, node, sentences))
    more = new[index % len(new)] if new else ""
    scene = [*sentences[:-1], more, *sentences[-1:]]
    return node.model_copy(update={"scene": paragraph(scene, brief.language)})


def _unsaid(brief: Brief, node: Node, sentences: list[str]) -> Iterator[str]:
    for text in brief.choices.ordered("longer", brief.material.phrases.conflicts[node.conflict_type]):
        sentence = fill(text, {}, brief.language)
        if sentence not in sentences:
            yield sentence


def _said(directive: ChangeCount) -> str:
    return f"{directive.count} {directive.what}" if regex.search(r"\w", directive.what) else str(directive.count)
