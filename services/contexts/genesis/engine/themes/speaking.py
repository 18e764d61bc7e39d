"""What is said about themes and revisions: what was understood, and what could be done next."""

from collections.abc import Mapping, Sequence

from services.contexts.genesis.engine.foundations import Theme
from services.contexts.genesis.engine.text import isolated, shortened
from services.contexts.genesis.engine.themes.writing import Workshop
from services.contexts.genesis.engine.voice import paragraph, phrase

UNDERSTANDING_LENGTH = (100, 200)
_SUGGESTIONS = 3
_SIDE_MAX = 70


def themes_understood(shop: Workshop, themes: Sequence[Theme], wishes: Sequence[str]) -> str:
    """Return what was understood of a request for themes, in 100-200 characters, with the newest wish quoted."""
    phrases = shop.material.phrases
    ends = {"first": themes[0].sub_themes[0].name, "last": themes[-1].sub_themes[0].name}
    template = shop.choices.one("understanding", phrases.understanding)
    return _sized(shop, template, ends, wishes[-1:], phrases.understanding_wish, phrases.understanding_fillers)


def revision_understood(shop: Workshop, wish: str) -> str:
    """Return what was understood of a revision, with the wish quoted."""
    template = shop.choices.one("understanding", shop.material.phrases.understanding_revised)
    return _sized(shop, template, {}, [wish], "", shop.material.phrases.understanding_kept)


def themes_suggested(shop: Workshop, themes: Sequence[Theme]) -> tuple[str, ...]:
    """Return three suggestions what to do with new themes."""
    first = shop.choices.one("suggested", themes)
    slots = {
        "title": shop.subject.title,
        "first": _brief(first.value_tension.thesis),
        "second": _brief(first.value_tension.antithesis),
        "core": _brief(first.core_theme),
        "motif": _brief(first.motifs[-1]),
    }
    return _chosen(shop, shop.material.phrases.suggestions, slots)


def revision_suggested(shop: Workshop) -> tuple[str, ...]:
    """Return three suggestions what to do with a revision."""
    return _chosen(shop, shop.material.phrases.revision_suggestions, shop.subject.slots(0))


def _chosen(shop: Workshop, templates: Sequence[str], slots: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(shop.say(template, slots) for template in shop.choices.several("suggestions", templates, _SUGGESTIONS))


def _brief(text: str) -> str:
    return isolated(phrase(shortened(text, _SIDE_MAX)))


def _sized(
    shop: Workshop,
    template: str,
    slots: Mapping[str, str],
    wishes: Sequence[str],
    wish_template: str,
    fillers: Sequence[str],
) -> str:
    """Fill a template within the length, quoting as much of the wish as there is room for."""
    low, high = UNDERSTANDING_LENGTH
    language, text = shop.subject.language, ""
    for room in (80, 50, 30, 16):
        quoted = {"wish": isolated(phrase(shortened(wishes[-1], room)))} if wishes else {}
        own = shop.subject.slots(0)
        named = {"title": shortened(own["title"], room), "hero": shortened(own["hero"], room)}
        parts = [shop.say(template, own | named | quoted | dict(slots))]
        if wishes and wish_template:
            parts.append(shop.say(wish_template, quoted))
        text = paragraph(parts, language)
        if len(text) <= high:
            break
    for filler in shop.choices.ordered("fillers", fillers):
        if len(text) < low:
            text = paragraph((text, filler), language)
    return shortened(text, high)
