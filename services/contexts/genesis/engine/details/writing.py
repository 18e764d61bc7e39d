"""Writing a detail: what it looks like, what of the confirmed world it belongs to, what it hides."""

from collections.abc import Iterator, Sequence

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.details.brief import DetailBrief
from services.contexts.genesis.engine.details.naming import names_for
from services.contexts.genesis.engine.foundations import Category, Detail
from services.contexts.genesis.engine.plots.brief import fill
from services.contexts.genesis.engine.text import Language, length_of
from services.contexts.genesis.engine.voice import capitalised, paragraph, typeset

DESCRIPTION_LENGTH: dict[Language, tuple[int, int]] = {"en": (50, 100), "zh": (100, 200)}


def stocked(
    brief: DetailBrief, category: Category, kept: Sequence[Detail], count: int, taken: Sequence[str]
) -> tuple[Detail, ...]:
    """Return the kept details of a category and as many new ones as there are to be; too many are cut off."""
    names = names_for(
        category, brief.material.names[category], brief.choices, (*taken, *(one.name for one in kept)), brief.excluded
    )
    new = [
        write_detail(brief, category, name, index) for index, name in zip(range(count - len(kept)), names, strict=False)
    ]
    return (*kept, *new)[:count]


def write_detail(brief: DetailBrief, category: Category, name: str, index: int, *, is_wish: bool = False) -> Detail:
    """Write the detail of a name, the `index`-th of its category."""
    choices = brief.choices.under(category)
    kind = brief.material.kinds[category]
    looks = brief.material.included if is_wish else kind.looks
    slots = {
        "name": name,
        "stuff": typeset(_turn(brief, choices, "stuffs", brief.material.stuffs, index), brief.language),
        "mark": typeset(_turn(brief, choices, "marks", _marks(brief), index), brief.language),
    }
    parts = {
        "look": fill(_turn(brief, choices, "looks", looks, index), slots, brief.language),
        "world": _of_world(brief, category, choices, index),
        "person": _of_person(brief, category, choices, index),
        "secret": _image(brief, category, choices, index) if index % 2 else "",
    }
    parts["secret"] = parts["secret"] or fill(
        _turn(brief, choices, "secrets", kind.secrets, index), slots, brief.language
    )
    description = _fitting(brief, parts, list(_more(brief, category, choices, index)))
    return Detail(
        name=name,
        category=category,
        description=description,
        attributes=tuple(_attributes(brief, category, choices, index)),
        links=tuple(link for link in brief.settled.names if link in description and link != name),
    )


def is_banned(detail: Detail, banned: Sequence[str]) -> bool:
    """Tell whether a detail speaks of something that is not to occur."""
    said = " ".join((detail.name, detail.description, *detail.attributes, *detail.links)).casefold()
    return any(term.casefold() in said for term in banned)


# --- The parts of a description ------------------------------------------------------------------------------------


def _turn(brief: DetailBrief, choices: Choices, label: str, options: Sequence[str], index: int) -> str:
    """Return the next of a row, as far as possible one that does not speak of what is banned."""
    allowed = [option for option in options if not _holds(option, brief.excluded)] or options
    return choices.ordered(label, allowed)[index % len(allowed)]


def _fitting(brief: DetailBrief, parts: dict[str, str], more: Sequence[str]) -> str:
    """Leave out sentences with what is banned and, if it is too much, people; say more where it is too little."""
    low, high = DESCRIPTION_LENGTH[brief.language]
    kept = {name: text for name, text in parts.items() if name == "look" or not _holds(text, brief.excluded)}
    if length_of(paragraph(list(kept.values()), brief.language), brief.language) > high:
        kept.pop("person", None)
    sentences = list(kept.values())
    for text in more:
        if length_of(paragraph(sentences, brief.language), brief.language) < low and not _holds(text, brief.excluded):
            sentences.append(text)
    return paragraph(sentences, brief.language)


def _holds(text: str, banned: Sequence[str]) -> bool:
    return any(term.casefold() in text.casefold() for term in banned)


def _of_world(brief: DetailBrief, category: Category, choices: Choices, index: int) -> str:
    lore = brief.settled.lore
    if not lore:
        return ""
    material = brief.material
    leads = material.somebody_world_leads if category == "person" else material.world_leads
    entry = choices.ordered("lore", lore)[index % len(lore)]
    return fill(
        _turn(brief, choices, "world_leads", leads, index), {"name": entry.name, "fact": entry.fact}, brief.language
    )


def _of_person(brief: DetailBrief, category: Category, choices: Choices, index: int) -> str:
    people = [person for person in brief.settled.people if person.drives]
    if not people:
        return ""
    material = brief.material
    leads = material.somebody_person_leads if category == "person" else material.person_leads
    known = [(person.name, drive) for person in people for drive in person.drives]
    name, drive = choices.ordered("drives", known)[index % len(known)]
    return fill(_turn(brief, choices, "person_leads", leads, index), {"name": name, "fact": drive}, brief.language)


def _more(brief: DetailBrief, category: Category, choices: Choices, index: int) -> Iterator[str]:
    """Return sentences for a description that is too short: an image of the theme, then asides."""
    yield "" if index % 2 else _image(brief, category, choices, index)
    if category == "person":
        yield from choices.under(index).ordered("fillers", brief.material.somebody_fillers)
    secrets = brief.material.kinds[category].secrets
    yield typeset(_turn(brief, choices, "secrets", secrets, index + 1), brief.language)
    yield from (
        typeset(text, brief.language) for text in choices.under(index).ordered("asides", brief.material.fillers)
    )


def _image(brief: DetailBrief, category: Category, choices: Choices, index: int) -> str:
    """Return an image of the theme or the concept, "" where there is none or somebody is spoken of."""
    images = (*brief.settled.motifs, *brief.settled.elements)
    if not images or category == "person":
        return ""
    lead = _turn(brief, choices, "image_leads", brief.material.image_leads, index)
    return fill(lead, {"fact": _turn(brief, choices, "images", images, index)}, brief.language)


def _marks(brief: DetailBrief) -> tuple[str, ...]:
    """Return oddities to be known by: those of the kind of story, and as many of any."""
    own = tuple(emblem.picture for emblem in brief.settled.genre.emblems)
    others = brief.choices.several("other_marks", brief.material.marks, 2 * len(own))
    return (*own, *others)


def _attributes(brief: DetailBrief, category: Category, choices: Choices, index: int) -> Iterator[str]:
    own = choices.under("attributes", index)
    for label, values in brief.material.kinds[category].attributes:
        value = typeset(_turn(brief, own, label, values, 0), brief.language)
        yield capitalised(brief.material.attribute.format(label=label, value=value))
