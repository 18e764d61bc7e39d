"""Details by the built-in author: names that can be told apart, tied to the confirmed story."""

from functools import cache
from itertools import combinations
from typing import Any

import pytest
import regex
from rapidfuzz.distance import Indel

from services.contexts.genesis.engine.details.brief import CATEGORIES, COUNT_LIMITS
from services.contexts.genesis.engine.details.naming import NAME_LIKENESS_MAX
from services.contexts.genesis.engine.details.proposing import propose_details
from services.contexts.genesis.engine.details.writing import DESCRIPTION_LENGTH
from services.contexts.genesis.engine.foundations import Category, DetailsProposal
from services.contexts.genesis.engine.similarity import similarity
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language, length_of
from services.contexts.genesis.values.steps import Step
from tests.contexts.genesis.engine.foundation_stories import IDEAS, story

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@cache
def _request(language: Language) -> StageRequest:
    idea = IDEAS[language][1]
    return StageRequest(step=Step.DETAILS, language=language, idea=idea, confirmed=story(idea, language))


def _propose(language: Language, **changed: Any) -> DetailsProposal:
    return propose_details(_request(language).model_copy(update=changed))


@cache
def _details(language: Language) -> DetailsProposal:
    return _propose(language)


def _newest(language: Language) -> dict[str, Any]:
    return _details(language).model_dump(mode="json", include={"details", "style_guide", "glossary"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_is_stocked_with_its_least_number(language: Language) -> None:
    proposal = _details(language)

    assert {name: len(own) for name, own in proposal.details.items()} == {
        name: COUNT_LIMITS[name][0] for name in CATEGORIES
    }
    assert 100 <= len(proposal.understanding) <= 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("category", CATEGORIES)
def test_as_many_names_as_are_allowed_can_still_be_told_apart(language: Language, category: Category) -> None:
    most = COUNT_LIMITS[category][1]
    proposal = _propose(language, options={"categories": [category], "counts": {category: 999}})
    names = [detail.name for detail in proposal.details[category]]
    limit = NAME_LIKENESS_MAX[category]

    assert list(proposal.details) == [category]
    assert len(names) == len(set(names)) == most
    if category != "person":
        for one, other in combinations(names, 2):
            assert Indel.normalized_similarity(one.casefold(), other.casefold()) < limit
            assert similarity(one, other) < limit


@pytest.mark.parametrize("language", LANGUAGES)
def test_descriptions_keep_to_their_length_and_name_what_they_belong_to(language: Language) -> None:
    confirmed = _request(language).confirmed
    known = {one["name"] for one in confirmed["WORLDVIEW"]["entries"]}
    known |= {one["term"] for one in confirmed["WORLDVIEW"]["glossary"]}
    known |= {one["name"] for one in confirmed["CHARACTERS"]["characters"]}
    low, high = DESCRIPTION_LENGTH[language]

    for category, own in _details(language).details.items():
        for detail in own:
            assert low <= length_of(detail.description, language) <= high, detail.description
            assert detail.name in detail.description
            assert detail.category == category
            assert 3 <= len(detail.attributes) <= 5
            assert detail.links
            assert set(detail.links) <= known
            assert not regex.search(r"\.\.|。。|的的|[{}]", detail.description)


def test_the_style_guide_follows_what_was_asked_and_what_is_confirmed() -> None:
    guide = _propose("en", options={"style": "laconic"}, config={"style": "third person"}).style_guide
    concept = _request("en").confirmed["INITIAL_PROMPT"]["concept"]
    motifs = _request("en").confirmed["INITIAL_PROMPT"]["theme"]["motifs"]

    assert guide.tone == f"laconic; {concept['tone']}"
    assert set(motifs) <= set(guide.imagery)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_glossary_keeps_the_confirmed_terms_and_explains_new_names(language: Language) -> None:
    confirmed = [(one["term"], one["meaning"]) for one in _request(language).confirmed["WORLDVIEW"]["glossary"]]
    proposal = _details(language)
    terms = [(one.term, one.meaning) for one in proposal.glossary]
    names = {detail.name for own in proposal.details.values() for detail in own}

    assert terms[: len(confirmed)] == confirmed
    assert len(terms) > len(confirmed)
    assert {term for term, _ in terms[len(confirmed) :]} <= names


def test_other_categories_stay_when_one_is_asked_for() -> None:
    newest = _newest("en")
    changed = _propose("en", newest=newest, options={"categories": ["物件", "skill"]}, iteration_number=2)
    before = _details("en")

    # A word of another language is no category of this one; what is left is the one that is known.
    assert changed.details["item"] == before.details["item"]
    assert changed.details["place"] == before.details["place"]
    assert changed.details["skill"] != before.details["skill"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_that_were_shown_before_do_not_come_again(language: Language) -> None:
    before = {one.name for own in _details(language).details.values() for one in own}
    again = _propose(language, avoid=(_newest(language),), iteration_number=2)

    assert not before & {one.name for own in again.details.values() for one in own}


@pytest.mark.parametrize(("language", "feedback", "term"), [("en", "no vinegar", "vinegar"), ("zh", "不要钟", "钟")])
def test_what_is_excluded_is_in_no_detail_and_the_style_guide_says_so(
    language: Language, feedback: str, term: str
) -> None:
    proposal = _propose(language, feedback=(feedback,))

    assert not [one for own in proposal.details.values() for one in own if term in str(one)]
    assert any(term in rule for rule in proposal.style_guide.donts)


@pytest.mark.parametrize(
    ("language", "feedback", "sign"),
    [("en", "add a place called Zeppelin Yard", "Zeppelin"), ("zh", "加入飞艇场", "飞艇场")],
)
def test_what_is_included_has_a_name_of_its_own(language: Language, feedback: str, sign: str) -> None:
    proposal = _propose(language, feedback=(feedback,))

    assert any(sign in detail.name for own in proposal.details.values() for detail in own)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_revision_changes_what_was_said_last_and_nothing_else(language: Language) -> None:
    before = _details(language)
    old = before.details["place"][0].name
    feedback = f"rename {old} to Quillfeather" if language == "en" else f"把{old}改名叫翎羽"
    after = _propose(language, newest=_newest(language), is_revision=True, feedback=(feedback,))
    rest = [detail for name in CATEGORIES for detail in before.details[name] if old not in str(detail)]

    assert old not in str(after.details)
    assert all(detail in after.details[detail.category] for detail in rest)  # type: ignore[index]
    assert after.style_guide == before.style_guide


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_tone_is_the_style_guide_s_first_word(language: Language) -> None:
    feedback = "darker" if language == "en" else "更黑暗"
    guide = _propose(language, newest=_newest(language), is_revision=True, feedback=(feedback,)).style_guide

    assert guide.tone.startswith(feedback)
    assert guide.tone.endswith(_details(language).style_guide.tone)


def test_equal_requests_get_equal_details_and_no_english_is_in_chinese_ones() -> None:
    proposal = _propose("zh")
    texts = [proposal.understanding, *proposal.suggestions, *proposal.style_guide.dos, *proposal.style_guide.donts]
    texts += [text for own in proposal.details.values() for one in own for text in (one.name, one.description)]
    texts += [f"{one.term}{one.meaning}" for one in proposal.glossary]

    assert proposal == _details("zh")
    assert [text for text in texts if regex.search(r"[A-Za-z]", text)] == []


@pytest.mark.parametrize(
    "odd", [{"details": 3}, {"details": {"place": [{"name": 1}]}, "glossary": "x"}, {"a": "\ud800"}]
)
@pytest.mark.parametrize("is_revision", [True, False])
def test_whatever_was_saved_by_hand_details_are_written(odd: dict[str, Any], *, is_revision: bool) -> None:
    proposal = _propose("en", newest=odd, confirmed={}, is_revision=is_revision, feedback=("no rope",))

    assert len(proposal.details["place"]) == 10
    assert len(proposal.glossary) >= 3
