"""The words plots and details are made from: complete, and fit for every sentence they may land in."""

from collections.abc import Iterator
from dataclasses import fields

import pytest
import regex

from services.contexts.genesis.engine.details.brief import CATEGORIES
from services.contexts.genesis.engine.details.words_en import MATERIAL_EN
from services.contexts.genesis.engine.details.words_zh import MATERIAL_ZH
from services.contexts.genesis.engine.plots.brief import MATERIAL, slots_needed
from services.contexts.genesis.engine.plots.material import PlotMaterial
from services.contexts.genesis.engine.text import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")
_SLOTS = frozenset({"hero", "rival", "ally", "their", "them", "themself", "place", "thing", "body"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_beat_can_be_told_of_a_single_person_in_two_ways(language: Language) -> None:
    for beat in MATERIAL[language].beats.values():
        alone = [event for event in beat.events if not slots_needed(event.title + event.text) & {"rival", "ally"}]
        assert len(alone) >= 2
        assert any("rival" not in slots_needed(gist) for gist in beat.gists)


@pytest.mark.parametrize("language", LANGUAGES)
def test_events_speak_of_what_is_known_and_always_of_the_hero(language: Language) -> None:
    for beat in MATERIAL[language].beats.values():
        for event in beat.events:
            assert slots_needed(event.title + event.text) <= _SLOTS
            assert slots_needed(event.text) & {"hero", "ally", "rival"}, event.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice(language: Language) -> None:
    texts = list(_texts(MATERIAL[language]))

    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_leads_end_in_the_words_they_introduce(language: Language) -> None:
    phrases = MATERIAL[language].phrases
    for leads in (
        phrases.world_leads,
        phrases.goal_leads,
        phrases.wound_leads,
        phrases.value_leads,
        phrases.motif_leads,
    ):
        assert all(
            regex.search(r"[:：]\s?[\"“]?\{fact\}[\"”]?[.。]$", lead) or "“{fact}”" in lead or '"{fact}"' in lead
            for lead in leads
        )


def test_chinese_material_is_chinese() -> None:
    texts = [
        *_texts(MATERIAL["zh"]),
        *(text for kind in MATERIAL_ZH.kinds.values() for text in (*kind.looks, *kind.secrets)),
    ]

    assert [text for text in texts if regex.search(r"[A-Za-z]", regex.sub(r"\{\w+\}", "", text))] == []


def test_both_languages_have_the_same_beats_tones_and_fates() -> None:
    english, chinese = MATERIAL["en"], MATERIAL["zh"]

    assert english.beats.keys() == chinese.beats.keys()
    for name in ("tones", "fates", "conflicts", "closings", "act_titles"):
        assert getattr(english.phrases, name).keys() == getattr(chinese.phrases, name).keys()
    assert {field.name for field in fields(MATERIAL_EN)} == {field.name for field in fields(MATERIAL_ZH)}


@pytest.mark.parametrize("material", [MATERIAL_EN, MATERIAL_ZH])
def test_every_pattern_of_a_name_has_words_for_its_slots(material: object) -> None:
    names = MATERIAL_EN.names if material is MATERIAL_EN else MATERIAL_ZH.names
    for category in CATEGORIES:
        grammar = names[category]
        assert set().union(*map(slots_needed, grammar.patterns)) == set(grammar.words)
        assert all(len(set(words)) == len(words) for words in grammar.words.values())


def _texts(material: PlotMaterial) -> Iterator[str]:
    for beat in material.beats.values():
        yield from (text for event in beat.events for text in (event.title, event.text))
        yield from beat.gists
    phrases = material.phrases
    for rows in (phrases.conflicts, phrases.closings, phrases.tones, phrases.fates):
        yield from (text for row in rows.values() for text in row)
    for row in (phrases.times, phrases.senses, phrases.world_leads, phrases.goal_leads, phrases.value_leads):
        yield from row
