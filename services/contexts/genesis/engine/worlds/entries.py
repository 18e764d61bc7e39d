"""Writing what can be pointed at in a world: places, bodies, laws, customs, events, things."""

from collections.abc import Iterable, Mapping, Sequence

from services.contexts.genesis.engine.foundations import WorldEntry
from services.contexts.genesis.engine.voice import capitalised, paragraph
from services.contexts.genesis.engine.worlds.ground import Ground
from services.contexts.genesis.engine.worlds.material import EntryType, Form
from services.contexts.genesis.engine.worlds.writing import Scribe

ENTRIES_MIN = 5
# The entries that other texts speak of, under the slots by which they do.
THREADED: Mapping[str, EntryType] = {
    "body": "ORGANIZATION",
    "law": "LAW",
    "custom": "CULTURE",
    "event": "EVENT",
    "thing": "ITEM",
}
_COUNTS: Mapping[EntryType, int] = {
    "LOCATION": 3,
    "ORGANIZATION": 2,
    "LAW": 1,
    "CULTURE": 1,
    "EVENT": 1,
    "ITEM": 1,
    "CONCEPT": 1,
}


def thread_names(ground: Ground, scribe: Scribe) -> dict[str, str]:
    """Return the names of the entries that other texts speak of, before any of them is written."""
    named = {slot: _name_of(kind, ground, scribe) for slot, kind in THREADED.items()}
    return named | ({"body": ground.body} if ground.body and scribe.suits(ground.body) else {})


def write_entries(ground: Ground, scribe: Scribe, *, with_art: bool) -> tuple[WorldEntry, ...]:
    """Write the entries of a world, no two of one name."""
    counts = dict(_COUNTS) | {"TECHNOLOGY" if ground.era == "next" else "SPECIES": 1}
    written = [_town(ground, scribe), *_bodies(ground, scribe)]
    for kind, count in counts.items():
        written += write_kind(kind, count - (kind == "ORGANIZATION" and bool(ground.body)), ground, scribe)
    written += _of_concept(ground, scribe)
    if with_art:
        written += _of_art(scribe)
    suiting = [entry for entry in written if scribe.suits(entry.name)]
    return distinct(suiting if len(suiting) >= ENTRIES_MIN else written)


def write_kind(kind: EntryType, count: int, ground: Ground, scribe: Scribe) -> list[WorldEntry]:
    """Write entries of one kind."""
    chosen = _select(kind, _forms(kind, ground, scribe), count, scribe)
    return [_entry(kind, form, text, place, scribe) for place, (form, text) in enumerate(chosen)]


def distinct(entries: Iterable[WorldEntry]) -> tuple[WorldEntry, ...]:
    """Return the entries without those whose name is taken."""
    found: dict[str, WorldEntry] = {}
    for entry in entries:
        found.setdefault(entry.name.casefold(), entry)
    return tuple(found.values())


def _forms(kind: EntryType, ground: Ground, scribe: Scribe) -> Sequence[Form]:
    if kind == "LOCATION" and ground.is_built:
        return scribe.material.built_places
    return scribe.material.forms[kind]


def _select(kind: EntryType, forms: Sequence[Form], count: int, scribe: Scribe) -> list[tuple[Form, str]]:
    return scribe.under("entry", kind).select("form", forms, lambda form: form.text, count) if count else []


def _name_of(kind: EntryType, ground: Ground, scribe: Scribe) -> str:
    """Return the name that the first entry of a kind is going to have.

    A form is chosen by the words of its template alone, so names that are not known yet do no harm.
    """
    blind = scribe.knowing(**{slot: "" for slot in THREADED if slot not in scribe.names.fixed})
    chosen = _select(kind, _forms(kind, ground, scribe), 1, blind)
    return _named(kind, chosen[0][0], 0, scribe) if chosen else ""


def _named(kind: str, form: Form, place: int, scribe: Scribe, given: Mapping[str, str] | None = None) -> str:
    return scribe.under("entry", kind).say(form.name, f"name/{place}", given)


def _entry(
    kind: EntryType, form: Form, text: str, place: int, scribe: Scribe, given: Mapping[str, str] | None = None
) -> WorldEntry:
    return WorldEntry(
        entry_type=kind,
        name=_named(kind, form, place, scribe, given),
        description=text,
        tags=(scribe.names.fixed["land"],),
    )


def _town(ground: Ground, scribe: Scribe) -> WorldEntry:
    own = scribe.under("town")
    given = {"place": ground.place}
    told = own.write(
        "place", own.material.concept.towns if ground.place else own.material.concept.plain_towns, given=given
    )
    return WorldEntry(
        entry_type="LOCATION",
        name=scribe.names.fixed["city"],
        description=paragraph(told, scribe.language) or scribe.names.fixed["city"],
        tags=(scribe.names.fixed["land"],),
    )


def _bodies(ground: Ground, scribe: Scribe) -> list[WorldEntry]:
    """Return the institution that the concept brings with it."""
    told = scribe.under("body").write("body", scribe.material.concept.bodies) if ground.body else ()
    tags = (scribe.names.fixed["land"],)
    return [
        WorldEntry(entry_type="ORGANIZATION", name=capitalised(ground.body), description=text, tags=tags)
        for text in told
    ]


def _of_concept(ground: Ground, scribe: Scribe) -> list[WorldEntry]:
    """Return entries made of the concept's own words: what is odd in it, its title, its quarrel."""
    forms = scribe.material.concept
    own = scribe.under("concept")
    sources: tuple[tuple[EntryType, str, Sequence[str], Sequence[Form]], ...] = (
        ("ITEM", "element", ground.elements[:1], forms.elements),
        ("OTHER", "title", [ground.title] if ground.title else [], forms.titles),
        ("OTHER", "conflict", ground.conflicts[:1], forms.conflicts),
    )
    entries: list[WorldEntry] = []
    for kind, slot, words, templates in sources:
        for one in words:
            given = {slot: one, slot.capitalize(): capitalised(one)}
            chosen = own.select(slot, templates, lambda form: form.text, 1, given)
            entries += [_entry(kind, form, text, 0, own.under(slot), given) for form, text in chosen]
    return entries


def _of_art(scribe: Scribe) -> list[WorldEntry]:
    """Return one entry that is there because the impossible is."""
    own = scribe.under("art")
    kind = own.choices.one("kind", tuple(own.material.art_forms))
    chosen = own.select(kind, own.material.art_forms[kind], lambda form: form.text)
    return [_entry(kind, form, text, 0, own, None) for form, text in chosen]
