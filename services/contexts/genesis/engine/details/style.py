"""How the novel is to sound, and what its words mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.contexts.genesis.engine.details.brief import DetailBrief
from services.contexts.genesis.engine.documents import objects_in
from services.contexts.genesis.engine.foundations import Category, Detail, StyleGuide, Term
from services.contexts.genesis.engine.plots.brief import fill
from services.contexts.genesis.engine.plots.newest import read
from services.contexts.genesis.engine.settled import line_at, sentence_of
from services.contexts.genesis.engine.text import isolated, shortened
from services.contexts.genesis.engine.voice import typeset

_STYLE_MAX = 120
_TERMS_PER_CATEGORY, _TERMS_MIN = 2, 3
_NAMED_IN_GLOSSARY: tuple[Category, ...] = ("organization", "skill", "item", "place", "person")


def write_style_guide(brief: DetailBrief) -> StyleGuide:
    """Write the style guide after what was asked for, the theme and the concept's tone."""
    material, settled, language = brief.material, brief.settled, brief.language
    pictures = tuple(typeset(emblem.picture, language) for emblem in settled.genre.emblems)
    values = [fill(material.do_value, {"fact": value}, language) for value in settled.values[:1]]
    taboos = [fill(material.dont_taboo, {"fact": taboo}, language) for taboo in settled.taboos[:2]]
    guide = StyleGuide(
        tone=_tone(brief),
        imagery=_without(
            brief, (*settled.motifs, *settled.elements[:3], *brief.choices.several("imagery", pictures, 3))
        ),
        rhetoric=tuple(brief.choices.several("rhetoric", material.rhetoric, 4)),
        dos=(*_typeset(brief, brief.choices.several("dos", material.dos, 4)), *values),
        donts=(*_typeset(brief, brief.choices.several("donts", material.donts, 4)), *taboos),
    )
    return with_wishes(brief, guide)


def with_wishes(brief: DetailBrief, guide: StyleGuide) -> StyleGuide:
    """Return the style guide with what was asked for: another tone, things left out, remarks to keep in mind."""
    material, tone = brief.material, guide.tone
    for one in brief.tones:
        tone = material.tone_joint.format(one=material.tones[one], two=tone)
    dos = [_quoted(material.do_wish, "wish", words, brief) for words in (*brief.remarks, *brief.included)]
    donts = [_quoted(material.dont_term, "term", term, brief) for term in brief.excluded]
    return guide.model_copy(
        update={
            "tone": tone,
            "imagery": _without(brief, guide.imagery),
            "dos": tuple(dict.fromkeys((*guide.dos, *dos))),
            "donts": tuple(dict.fromkeys((*guide.donts, *donts))),
        }
    )


def write_glossary(
    brief: DetailBrief, kept: Sequence[Term], library: Mapping[Category, Sequence[Detail]]
) -> tuple[Term, ...]:
    """Return the confirmed terms word for word, those kept, and the new names that a reader has to know."""
    confirmed: Mapping[str, Any] = brief.request.confirmed.get("WORLDVIEW", {})
    terms = [term for one in objects_in(confirmed, "glossary") if (term := read(Term, one)) and term.term.strip()]
    new = [_term(brief, name, detail) for name, detail in _by_turns(library)]
    told = (*terms, *kept, *new[: _TERMS_PER_CATEGORY * len(library)])
    allowed = {term.term: term for term in reversed(told) if not _is_out(brief, term)}
    others = [term for term in new if term.term not in allowed]
    return (*tuple(allowed.values())[::-1], *others[: max(0, _TERMS_MIN - len(allowed))])


def _by_turns(library: Mapping[Category, Sequence[Detail]]) -> list[tuple[Category, Detail]]:
    """Return all details, the first of every category before the second of any."""
    ranked = [(rank, name, detail) for name in _NAMED_IN_GLOSSARY for rank, detail in enumerate(library.get(name, ()))]
    return [(name, detail) for _, name, detail in sorted(ranked, key=lambda one: one[0])]


def _term(brief: DetailBrief, category: Category, detail: Detail) -> Term:
    fact = sentence_of(detail.description)
    return Term(term=detail.name, meaning=fill(brief.material.meanings[category], {"fact": fact}, brief.language))


def _tone(brief: DetailBrief) -> str:
    request, settled = brief.request, brief.settled
    asked = (line_at(request.options, "style"), line_at(request.config, "style"), line_at(request.preferences, "style"))
    style = next((shortened(words, _STYLE_MAX) for words in asked if words), "")
    tone = settled.tone or typeset(brief.material.neutral_tone, brief.language)
    return brief.material.tone_joint.format(one=style, two=tone) if style else tone


def _quoted(template: str, slot: str, words: str, brief: DetailBrief) -> str:
    return fill(template, {slot: isolated(shortened(words, _STYLE_MAX))}, brief.language)


def _without(brief: DetailBrief, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts without those that speak of something banned; the first of all if none would be left."""
    kept = [text for text in texts if not any(term.casefold() in text.casefold() for term in brief.excluded)]
    return tuple(dict.fromkeys(kept or texts[:1]))


def _typeset(brief: DetailBrief, texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(typeset(text, brief.language) for text in texts)


def _is_out(brief: DetailBrief, term: Term) -> bool:
    return any(banned.casefold() in f"{term.term} {term.meaning}".casefold() for banned in brief.excluded)
