"""The built-in author of details: a library of names, how the novel is to sound, what its words mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.contexts.genesis.engine.details.brief import CATEGORIES, COUNT_LIMITS, DetailBrief, brief_of, category_of
from services.contexts.genesis.engine.details.style import with_wishes, write_glossary, write_style_guide
from services.contexts.genesis.engine.details.writing import is_banned, stocked, write_detail
from services.contexts.genesis.engine.documents import objects_in
from services.contexts.genesis.engine.feedback.applying import rename_in
from services.contexts.genesis.engine.foundations import Category, Detail, DetailsProposal, StyleGuide, Term
from services.contexts.genesis.engine.plots.brief import fill
from services.contexts.genesis.engine.plots.newest import read
from services.contexts.genesis.engine.settled import line_of
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import isolated, shortened
from services.contexts.genesis.engine.voice import paragraph

UNDERSTANDING_LENGTH = (100, 200)
# Fewer details than this are no library to keep to.
_REVISABLE_MIN = 3
Library = dict[Category, tuple[Detail, ...]]


def propose_details(request: StageRequest) -> DetailsProposal:
    """Return the details of the categories asked for; those of other categories stay as they are.

    In a revision the newest details stay too, with what was said last obeyed in them.
    """
    brief = brief_of(request)
    newest = _library_in(request.newest)
    can_be_revised = request.is_revision and sum(map(len, newest.values())) >= _REVISABLE_MIN
    library = _revised(brief, newest) if can_be_revised else _written(brief, newest)
    library = _with_wished(brief, library)
    guide = read(StyleGuide, request.newest.get("style_guide")) if request.is_revision else None
    kept = [term for one in objects_in(request.newest, "glossary") if (term := read(Term, one))]
    proposal = DetailsProposal(
        understanding=_understood(brief, library),
        suggestions=_suggestions(brief, library),
        details=library,
        style_guide=with_wishes(brief, guide) if guide else write_style_guide(brief),
        glossary=write_glossary(brief, kept if request.is_revision else (), library),
    )
    renamed = _renamed(brief, proposal)
    return renamed.model_copy(update={"understanding": _understanding(brief, renamed.understanding)})


# --- The library ---------------------------------------------------------------------------------------------------


def _written(brief: DetailBrief, newest: Library) -> Library:
    taken = (*brief.settled.names, *_names_shown(brief.request))
    asked = {name: stocked(brief, name, (), count, taken) for name, count in brief.counts.items()}
    return _in_order({**newest, **asked})


def _revised(brief: DetailBrief, newest: Library) -> Library:
    """Return the newest library without what is banned, each category as large as it was or is to be."""
    changed: Library = {}
    for name, details in newest.items():
        kept = [detail for detail in details if not is_banned(detail, brief.excluded)]
        wanted = brief.counts[name] if name in brief.recounted else len(details)
        changed[name] = stocked(brief, name, kept, wanted, brief.settled.names)
    return changed


def _with_wished(brief: DetailBrief, library: Library) -> Library:
    """Return the library with everything that was to occur in it, under the name it was called by."""
    for index, term in enumerate(brief.included):
        first: Category = next(iter(brief.counts))
        name: Category = category_of(term, brief.material) or first
        details = library.get(name, ())
        if any(detail.name.casefold() == term.casefold() for detail in details):
            continue
        wished = write_detail(brief, name, shortened(term, 80), index, is_wish=True)
        room = COUNT_LIMITS[name][1] - 1
        library = _in_order({**library, name: (wished, *details[:room])})
    return library


def _in_order(library: Library) -> Library:
    return {name: library[name] for name in CATEGORIES if name in library}


def _library_in(document: Mapping[str, Any]) -> Library:
    """Return the details of a document that are such, whatever a person made of it."""
    details = document.get("details")
    if not isinstance(details, dict):
        return {}
    found = {
        name: tuple(detail for one in objects_in(details, name) if (detail := read(Detail, one))) for name in CATEGORIES
    }
    return {name: own for name, own in found.items() if own}


def _names_shown(request: StageRequest) -> Sequence[str]:
    """Return the names that earlier proposals gave."""
    libraries = [_library_in(earlier) for earlier in request.avoid]
    return [detail.name for library in libraries for details in library.values() for detail in details]


def _renamed(brief: DetailBrief, proposal: DetailsProposal) -> DetailsProposal:
    document: Any = proposal.model_dump(mode="json")
    for wish in brief.renames:
        document = rename_in(document, wish.old, wish.new)
    return (read(DetailsProposal, document) or proposal) if brief.renames else proposal


# --- What is said about it -----------------------------------------------------------------------------------------


def _understood(brief: DetailBrief, library: Library) -> str:
    slots = {
        "title": shortened(brief.settled.title or line_of(brief.request.idea) or "…", 40),
        "count": str(sum(map(len, library.values()))),
    }
    return fill(brief.choices.one("understanding", brief.material.understandings), slots, brief.language)


def _understanding(brief: DetailBrief, said: str) -> str:
    """Return what is said in 100-200 characters, with as much of the newest wish as fits."""
    low, high = UNDERSTANDING_LENGTH
    parts = [said]
    for room in (60, 40, 24, 12) if brief.wish else ():
        wish = isolated(shortened(brief.wish, room))
        parts = [said, fill(brief.material.understanding_wish, {"wish": wish}, brief.language)]
        if len(paragraph(parts, brief.language)) <= high:
            break
    for filler in brief.choices.ordered("fillers", brief.material.understanding_fillers):
        if len(paragraph(parts, brief.language)) < low:
            parts.append(filler)
    return shortened(paragraph(parts, brief.language), high)


def _suggestions(brief: DetailBrief, library: Library) -> tuple[str, ...]:
    names = [detail.name for details in library.values() for detail in details]
    first, second = (*brief.choices.several("suggested", names, 2), *names, "…", "…")[:2]
    templates = brief.choices.several("suggestions", brief.material.suggestions, 3)
    return tuple(fill(template, {"first": first, "second": second}, brief.language) for template in templates)
