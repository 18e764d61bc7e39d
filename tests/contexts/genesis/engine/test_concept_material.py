"""The built-in author's material: complete, of the right size, and fit for every sentence it may land in."""

import string
from collections.abc import Iterator

import pytest

from services.contexts.genesis.engine.library import genres_named, material_for
from services.contexts.genesis.engine.material import Genre, Material, Situation
from services.contexts.genesis.engine.scoring import HOOK_LENGTH, USP_LENGTH
from services.contexts.genesis.engine.start_points import start_points
from services.contexts.genesis.engine.text import Language, length_of, listed

LANGUAGES: tuple[Language, ...] = ("en", "zh")
EN_SLOTS = listed(
    "hero Hero heros Heros a_hero A_hero thing TheThing Thing ThingAlone rival Rival therival Therival body Body price "
    "place in_place In_place rule label Label a_label other emblem TheRole TheRoles"
)
ZH_SLOTS = listed("hero a_hero thing rival therival body price place rule label other emblem")


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_ten_genres_and_more_with_three_to_five_subtypes_each(language: Language) -> None:
    genres = material_for(language).genres

    assert len(genres) >= 10
    assert all(3 <= len(genre.subtypes) <= 5 for genre in genres)
    assert len({genre.name for genre in genres}) == len(genres)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_genre_is_richly_furnished_and_nothing_stands_twice(language: Language) -> None:
    for genre in material_for(language).genres:
        for furniture, least in _furniture(genre):
            assert len(furniture) >= least
            assert len(set(furniture)) == len(furniture)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_only_slots_that_are_filled(language: Language) -> None:
    known = EN_SLOTS if language == "en" else ZH_SLOTS
    for situation in material_for(language).situations:
        for template in _templates(situation):
            assert _slots(template) <= known, template


@pytest.mark.parametrize("language", LANGUAGES)
def test_developments_hooks_and_selling_points_come_in_matching_versions(language: Language) -> None:
    for situation in material_for(language).situations:
        assert len(situation.developments) == len(situation.hooks) == len(situation.usps) >= 2
        assert len(situation.conflicts) >= 3
        assert len(situation.elements) >= 3
        assert len(situation.titles) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_hooks_and_selling_points_fit_short_and_long_names(language: Language) -> None:
    short, long = {
        "en": (
            {"hero": "Mara", "label": "farce", "price": "the only pension"},
            {"hero": "the night-shift coroner’s clerk"},
        ),
        "zh": ({"hero": "林晚", "label": "玄幻", "price": "最后一盏灯"}, {"hero": "失物招领处职员"}),
    }[language]
    for situation in material_for(language).situations:
        for hook, usp in zip(situation.hooks, situation.usps, strict=True):
            for names in (short, short | long):
                assert _fits(hook, names, HOOK_LENGTH[language]), hook
                assert _fits(usp, names, USP_LENGTH[language]), usp


def test_english_nouns_have_the_article_or_preposition_their_sentences_count_on() -> None:
    for genre in material_for("en").genres:
        assert all(thing.startswith("the ") for thing in genre.things)
        assert all(role.startswith(("a ", "an ")) for role in genre.roles)
        assert all(place.startswith(("in a", "on a", "at a")) for place in genre.places)
        assert all(rival.short.startswith("the ") for rival in genre.rivals)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rival_is_recognised_by_the_short_name(language: Language) -> None:
    for genre in material_for(language).genres:
        for rival in genre.rivals:
            assert rival.short.removeprefix("the ").removeprefix("那")[-1:] in rival.full
            assert len(rival.short) < len(rival.full)


@pytest.mark.parametrize("language", LANGUAGES)
def test_english_material_is_plain_ascii_and_chinese_material_is_chinese(language: Language) -> None:
    for text in _all_texts(material_for(language)):
        if language == "en":
            assert text.isascii(), text
        else:
            assert not any(mark in text for mark in ",;?!"), text


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Fantasy", ["fantasy"]),
        ("玄幻", ["fantasy"]),
        ("sci-fi romance", ["science_fiction", "romance"]),
        ("climate science fiction", ["science_fiction"]),
        ("a cold-case mystery with jokes", ["mystery"]),
        ("solarpunk", []),
        ("", []),
    ],
)
def test_the_genre_a_person_means_is_found(words: str, keys: list[str]) -> None:
    assert [genre.key for genre in genres_named(words, material_for("en")).genres] == keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_start_points_cover_all_ways_to_begin_with_three_to_five_examples(language: Language) -> None:
    points = start_points(language)

    assert {point.kind for point in points} == {"type", "idea", "character", "world", "theme"}
    assert sum(point.kind == "type" for point in points) >= 10
    assert all(3 <= len(point.examples) <= 5 for point in points)
    assert start_points(language) == points != start_points(language, seed="other")


def _furniture(genre: Genre) -> Iterator[tuple[tuple[object, ...], int]]:
    yield from ((genre.roles, 7), (genre.places, 6), (genre.rules, 7), (genre.things, 6), (genre.rivals, 5))
    yield from ((genre.bodies, 4), (genre.prices, 4), (genre.emblems, 8), (genre.tones, 4), (genre.themes, 4))
    yield from ((genre.audiences, 2), (genre.lengths, 3), (genre.markers, 10))


def _templates(situation: Situation) -> tuple[str, ...]:
    told = (*situation.developments, *situation.hooks, *situation.usps)
    return (*told, *situation.conflicts, *situation.elements, *situation.titles)


def _slots(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def _fits(template: str, names: dict[str, str], bounds: tuple[int, int]) -> bool:
    hero = names["hero"]
    filled = {slot: names.get(slot, "") for slot in _slots(template)}
    filled |= {slot: hero for slot in filled if slot.lower() in ("hero", "heros")}
    filled |= {slot: f"a {names['label']}" for slot in filled if slot.lower() in ("label", "a_label")}
    language: Language = "en" if template.isascii() else "zh"
    if language == "zh":
        filled |= {slot: names["label"] for slot in filled if slot == "label"}
    return bounds[0] <= length_of(template.format_map(filled), language) <= bounds[1]


def _all_texts(material: Material) -> Iterator[str]:
    for situation in material.situations:
        yield from _templates(situation)
        yield from situation.themes
    for predicament in material.predicaments:
        yield from (predicament.clause, predicament.thing)
    for genre in material.genres:
        for texts in (genre.roles, genre.places, genre.rules, genre.things, genre.bodies, genre.prices, genre.tones):
            yield from texts
        for emblem in genre.emblems:
            yield from (emblem.word, emblem.picture)
