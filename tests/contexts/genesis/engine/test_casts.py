"""What a person gets who asks the built-in author for people."""

from itertools import combinations, pairwise
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contexts.genesis.engine.casts.ground import ground_of
from services.contexts.genesis.engine.casts.keeping import Cast
from services.contexts.genesis.engine.casts.networks import write_network
from services.contexts.genesis.engine.casts.obeying import obey
from services.contexts.genesis.engine.casts.proposing import propose_cast
from services.contexts.genesis.engine.casts.revising import revise_cast
from services.contexts.genesis.engine.concepts import ConceptRequest
from services.contexts.genesis.engine.directives import ChangeTrait, Directive, Exclude, Include, Remark, Rename
from services.contexts.genesis.engine.documents import told_in
from services.contexts.genesis.engine.foundations import CastProposal, Character
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.similarity import ALIKE_MAX, content_tokens, similarity
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.values.steps import Step

KEEPER = "A lighthouse keeper receives letters from the drowned"
KEEPER_ZH = "一个能听见未来来信的灯塔守望者"
IDEAS: dict[Language, tuple[str, ...]] = {
    "en": (
        KEEPER,
        "A girl who can taste lies",
        "Two sisters inherit a haunted cinema",
        "An android nanny refuses to be switched off",
        "A village where nobody has died for forty years",
        "dragons, tea, regret",
        "A detective investigates his own disappearance",
        "The last librarian on Mars",
        "A duchess gambles away winter",
        "What if gravity failed on Tuesdays?",
    ),
    "zh": (
        KEEPER_ZH,
        "一个能尝出谎言的女孩",
        "两姐妹继承了一座闹鬼的影院",
        "一个拒绝被关机的机器人保姆",
        "一个四十年没有死过人的村子",
        "龙，茶，悔恨",
        "侦探调查自己的失踪",
        "火星上最后一位图书管理员",
        "一位赌输了冬天的公爵夫人",
        "如果每到礼拜二重力就失灵",
    ),
}
WORLDS: dict[Language, dict[str, Any]] = {
    "en": {
        "entries": [
            {"entry_type": "LOCATION", "name": "Hollow Quay"},
            {"entry_type": "ORGANIZATION", "name": "the Tide Registry"},
            {"entry_type": "LAW", "name": "the Rule of Two Lamps"},
            {"entry_type": "ITEM", "name": "the ninth bell"},
        ]
    },
    "zh": {
        "entries": [
            {"entry_type": "LOCATION", "name": "空锚码头"},
            {"entry_type": "ORGANIZATION", "name": "潮籍司"},
            {"entry_type": "CULTURE", "name": "盐夜"},
            {"entry_type": "ITEM", "name": "第九口钟"},
        ]
    },
}
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def asked(language: Language = "en", idea: str | None = None, **more: Any) -> StageRequest:
    """Return a request after a concept and a world were confirmed."""
    idea = idea or IDEAS[language][0]
    concept = propose_concepts(ConceptRequest(idea=idea, language=language, candidate_count=3)).candidates[0]
    confirmed = {"INITIAL_PROMPT": {"concept": concept.model_dump(mode="json")}, "WORLDVIEW": WORLDS[language]}
    return StageRequest(**{"step": Step.CHARACTER, "language": language, "idea": idea, "confirmed": confirmed} | more)


def saved(proposal: CastProposal) -> dict[str, Any]:
    """Return a proposal as the settings document it becomes."""
    return proposal.model_dump(mode="json", by_alias=True, include={"characters", "network"})


def revised(language: Language, feedback: str, **options: Any) -> tuple[CastProposal, CastProposal]:
    """Return a cast, and what one sentence of feedback makes of it."""
    request = asked(language)
    before = propose_cast(request)
    wish = {"newest": saved(before), "feedback": (feedback,), "is_revision": True, "options": options}
    return before, revise_cast(request.model_copy(update=wish))


def told(*characters: Character) -> str:
    return "\n".join(told_in([one.model_dump(exclude={"character_id"}) for one in characters]))


def named(cast: CastProposal, role: str) -> Character:
    return next(one for one in cast.characters if one.role_type == role)


@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_requests_get_equal_answers(language: Language) -> None:
    assert propose_cast(asked(language)) == propose_cast(asked(language).model_copy(deep=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cast_lives_in_the_confirmed_world_and_carries_the_concepts_hero(language: Language) -> None:
    cast = propose_cast(asked(language))

    for entry in WORLDS[language]["entries"][:2]:
        assert entry["name"] in told(*cast.characters)
    assert ("灯塔守望者" if language == "zh" else "lighthouse keeper") in named(cast, "protagonist").background
    assert cast.network is not None
    assert cast.network.warnings == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_sounds_and_hopes_like_nobody_else(language: Language) -> None:
    characters = propose_cast(asked(language, config={"relationship_complexity": "high"})).characters

    for one, other in combinations(characters, 2):
        assert not {*one.voice.dialogues, one.voice.monologue} & {*other.voice.dialogues, other.voice.monologue}
        assert {one.motivation, *one.goals.model_dump().values()}.isdisjoint(
            {other.motivation, *other.goals.model_dump().values()}
        )


@pytest.mark.parametrize(("count", "villains"), [(1, True), (2, True), (3, False), (5, True)])
def test_the_config_decides_who_takes_part(count: int, villains: bool) -> None:  # noqa: FBT001
    cast = propose_cast(asked(config={"protagonist_count": count, "include_villains": villains}))
    roles = [one.role_type for one in cast.characters]

    assert roles.count("protagonist") == count
    assert ("antagonist" in roles) is villains
    assert len(roles) >= 3


@pytest.mark.parametrize(("language", "words"), [("en", ("simple", "complex")), ("zh", ("简单", "复杂"))])
def test_complex_relations_have_more_lines(language: Language, words: tuple[str, str]) -> None:
    simple, complicated = (
        propose_cast(asked(language, config={"relationship_complexity": word})).network for word in words
    )

    assert simple is not None
    assert complicated is not None
    assert len(simple.edges) < len(complicated.edges)


def test_preferred_traits_are_there_and_shown() -> None:
    cast = propose_cast(asked("zh", config={"personality_preferences": ["坚韧", "爱收集纽扣", "善良"]}))

    for trait in ("坚韧", "爱收集纽扣", "善良"):
        assert any(trait in one.personality.traits and trait in one.personality.summary for one in cast.characters)


def test_a_story_keeps_its_names_and_another_has_others() -> None:
    first = propose_cast(asked())
    names = [one.name for one in first.characters]
    again = propose_cast(asked(iteration_number=2, avoid=(saved(first),)))
    other = propose_cast(asked(idea="The last librarian on Mars"))

    assert [one.name for one in again.characters] == names
    assert not {one.name for one in other.characters} & set(names)
    assert not {one.motivation for one in again.characters} & {one.motivation for one in first.characters}


@pytest.mark.parametrize(
    ("language", "requirements", "role_type", "traits", "age"),
    [
        (
            "en",
            {"role": "mentor", "traits": ["patient", "half-blind"], "name": "Old Tam", "age": "71"},
            "supporting",
            ("patient", "half-blind"),
            71,
        ),
        (
            "en",
            {"role": "protagonist", "traits": "stubborn, fond of maps", "age": 19},
            "protagonist",
            ("stubborn", "fond of maps"),
            19,
        ),
        (
            "zh",
            {"role": "宿敌", "traits": ["冷酷", "爱养蜂"], "年龄": "四十一岁", "秘密": "弄沉过一艘渡船"},
            "antagonist",
            ("冷酷", "爱养蜂"),
            41,
        ),
    ],
)
def test_requirements_add_somebody_who_meets_them_literally(
    language: Language, requirements: dict[str, Any], role_type: str, traits: tuple[str, ...], age: int
) -> None:
    before = propose_cast(asked(language))
    after = propose_cast(asked(language, newest=saved(before), requirements=requirements))
    *kept, added = after.characters

    assert tuple(kept) == before.characters
    assert (added.role_type, added.age) == (role_type, age)
    assert added.name == requirements.get("name", added.name)
    assert requirements["role"] in added.background
    assert requirements.get("秘密", "") in added.background
    for trait in traits:
        assert trait in added.personality.traits
        assert trait in added.personality.summary.casefold()
    assert after.network is not None
    assert added.character_id in {end for edge in after.network.edges for end in (edge.from_, edge.to)}


def test_what_a_person_wrote_by_hand_is_kept_to_the_letter() -> None:
    newest = saved(propose_cast(asked()))
    newest["characters"][0] |= {"age": "17", "goals": "Sleep.", "wounds": "None, thank you.", "favourite": "plums"}
    newest["characters"][1] = {"name": "Bo", "personality": {"traits": ["lazy"]}}
    first, second = revise_cast(asked(newest=newest, is_revision=True, feedback=("more parrots",))).characters[:2]

    assert (first.age, first.goals.short, first.wounds) == (17, "Sleep.", "None, thank you.")
    assert (second.name, second.personality.traits[0]) == ("Bo", "lazy")


def test_one_character_is_written_anew_and_the_others_stay() -> None:
    before = propose_cast(asked())
    chosen = before.characters[2]
    after = propose_cast(asked(newest=saved(before), options={"character_id": chosen.character_id}))

    assert [one for one in after.characters if one.character_id != chosen.character_id] == [
        one for one in before.characters if one is not chosen
    ]
    assert after.characters[2].name == chosen.name
    assert after.characters[2].wounds != chosen.wounds


@pytest.mark.parametrize(
    ("language", "feedback", "age"),
    [("en", "make {name} older", None), ("en", "make {name} 71 years old", 71), ("zh", "把{name}改成71岁", 71)],
)
def test_an_age_changes_wherever_it_is_told(language: Language, feedback: str, age: int | None) -> None:
    villain = named(propose_cast(asked(language)), "antagonist")
    before, after = revised(language, feedback.format(name=villain.name.split(" ")[0]))
    changed = named(after, "antagonist")

    assert changed.age == age if age else changed.age > villain.age
    assert changed.appearance != villain.appearance
    assert [one for one in after.characters if one.role_type != "antagonist"] == [
        one for one in before.characters if one.role_type != "antagonist"
    ]
    assert changed.model_copy(update={"age": 0, "appearance": ""}) == villain.model_copy(
        update={"age": 0, "appearance": ""}
    )


@pytest.mark.parametrize(("language", "name"), [("en", "Mina Hark"), ("zh", "苏晚")])
def test_a_new_name_stands_everywhere_and_the_old_one_nowhere(language: Language, name: str) -> None:
    old = named(propose_cast(asked(language)), "protagonist").name
    _, after = revised(language, f"rename {old} to {name}" if language == "en" else f"把{old}改名叫{name}")
    document = "\n".join(told_in(saved(after)))

    assert named(after, "protagonist").name == name
    assert old.split(" ")[0] not in document
    assert document.count(name.split(" ", maxsplit=1)[0]) > 5


@pytest.mark.parametrize(("language", "feedback"), [("en", "no villain"), ("zh", "不要反派")])
def test_an_excluded_person_leaves_with_all_lines(language: Language, feedback: str) -> None:
    before, after = revised(language, feedback)
    gone = named(before, "antagonist")

    assert gone.character_id not in "\n".join(told_in(saved(after)))
    assert len(after.characters) == len(before.characters) - 1


@pytest.mark.parametrize(("language", "feedback", "words"), [("en", "darker", "dark"), ("zh", "更黑暗", "暗")])
def test_another_tone_is_heard_in_everybody(language: Language, feedback: str, words: str) -> None:
    before, after = revised(language, feedback)

    assert words in told(*after.characters)
    for old, new in zip(before.characters, after.characters, strict=True):
        assert new.personality.summary != old.personality.summary
        assert (new.background, new.wounds, new.name) == (old.background, old.wounds, old.name)


def test_a_trait_comes_and_a_trait_goes() -> None:
    before, braver = revised("zh", "让主角更勇敢")
    trait = before.characters[0].personality.traits[0]
    _, without = revised("zh", f"不要那么{trait}")

    assert "勇敢" in braver.characters[0].personality.traits
    assert "勇敢" in braver.characters[0].personality.summary
    assert trait not in told(without.characters[0])
    assert braver.characters[1:] == before.characters[1:]


@pytest.mark.parametrize(
    ("language", "feedback", "count"),
    [("en", "only 2 characters", 2), ("en", "6 characters", 6), ("zh", "减到3个角色", 3)],
)
def test_there_are_as_many_as_were_asked_for(language: Language, feedback: str, count: int) -> None:
    before, after = revised(language, feedback)

    assert len(after.characters) == count
    assert after.characters[: min(count, 2)] == before.characters[: min(count, 2)]


@pytest.mark.parametrize(
    ("language", "feedback", "term"),
    [
        ("en", "add a parrot", "a parrot"),
        ("zh", "加入鹦鹉", "鹦鹉"),
        ("en", "he is like uncle Bob", "he is like uncle Bob"),
    ],
)
def test_what_is_wished_for_stands_there_in_its_own_words(language: Language, feedback: str, term: str) -> None:
    before, after = revised(language, feedback)

    assert term in after.characters[0].background
    assert after.characters[1:] == before.characters[1:]


def test_an_included_person_joins_the_cast() -> None:
    before, after = revised("en", "add a mentor")

    assert after.characters[:-1] == before.characters
    assert "mentor" in after.characters[-1].background


def test_a_limit_to_one_character_holds() -> None:
    before = propose_cast(asked())
    target = before.characters[1]
    _, after = revised("en", "darker", character_id=target.character_id)

    assert after.characters[1] != target
    assert (after.characters[0], *after.characters[2:]) == (before.characters[0], *before.characters[2:])


@pytest.mark.parametrize(
    "directive", [Rename("", "Bo"), Rename("Bo", " "), Exclude(""), Include(" "), ChangeTrait(None, ""), Remark("")]
)
def test_a_wish_without_words_changes_nothing(directive: Directive) -> None:
    request = asked()
    cast = Cast(propose_cast(request).characters)

    assert obey(request, ground_of(request), cast, directive) == cast


def test_a_network_can_be_drawn_between_some() -> None:
    before = propose_cast(asked(config={"relationship_complexity": "complex"}))
    ids = [one.character_id for one in before.characters[1:4]]
    network = write_network(asked(newest=saved(before), options={"character_ids": ids})).network

    assert [node.character_id for node in network.nodes] == ids
    assert {end for edge in network.edges for end in (edge.from_, edge.to)} == set(ids)
    assert len({edge.description for edge in network.edges}) == len(network.edges)


@pytest.mark.parametrize("newest", [{}, {"characters": [{"name": "Ada"}]}, {"characters": "none", "network": 3}])
def test_a_network_finds_two_people_even_where_there_are_not(newest: dict[str, Any]) -> None:
    proposal = write_network(asked(newest=newest))

    assert len(proposal.network.nodes) == 2
    assert any(proposal.network.nodes[-1].name.split(" ")[0] in warning for warning in proposal.network.warnings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_ideas_give_ten_casts(language: Language) -> None:
    texts = [told(*propose_cast(asked(language, idea)).characters) for idea in IDEAS[language]]
    tokens = [content_tokens(text) for text in texts]
    # Single Chinese characters mean too little to be compared: neighbours are what a word is.
    bags = [set(found) if language == "en" else set(pairwise(found)) for found in tokens]

    assert max(similarity(one, other) for one, other in combinations(texts, 2)) < 0.45 < ALIKE_MAX
    assert max(len(one & other) / len(one | other) for one, other in combinations(bags, 2)) < 0.3


@pytest.mark.parametrize("idea", IDEAS["zh"])
def test_a_chinese_cast_is_chinese_throughout(idea: str) -> None:
    cast = propose_cast(asked("zh", idea))
    document = "\n".join((told(*cast.characters), cast.understanding, *cast.suggestions))
    labels = {one.personality.mbti for one in cast.characters} | {"protagonist", "antagonist", "supporting"}
    labels |= {"core", "major", "minor", "ally", "neutral", "hostile"}

    assert set(regex.findall(r"[A-Za-z]+", document)) <= labels
    assert not regex.search(r"的的|了了|。。|，，|。，|，。|[{}]|：$", document)


@pytest.mark.parametrize("idea", IDEAS["en"])
def test_an_english_cast_is_well_set(idea: str) -> None:
    cast = propose_cast(asked("en", idea))
    document = "\n".join((told(*cast.characters), cast.understanding, *cast.suggestions))

    assert not regex.search(
        r"[{}]|  |(?<!\.)\.\.(?!\.)|,,|\.,|\ba [aeio]\p{Ll}{2}(?<!\ba on[ec])|\b(\p{Ll}+) \1\b", document
    )
    assert "'" not in document


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("characters", "network", "edges", "name", "age", "traits", "personality", "goals", "voice", "x")
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(
    st.sampled_from(("characters", "network", "concept", "theme", "entries", "role", "traits", "character_id")), JUNK
)


@settings(max_examples=30, deadline=None)
@given(OBJECTS, OBJECTS, OBJECTS, st.text(max_size=40), st.sampled_from(LANGUAGES))
def test_whatever_was_saved_by_hand_is_answered(
    newest: dict[str, Any], confirmed: dict[str, Any], other: dict[str, Any], feedback: str, language: Language
) -> None:
    request = StageRequest(
        step=Step.CHARACTER,
        language=language,
        newest=newest,
        confirmed={"INITIAL_PROMPT": confirmed, "WORLDVIEW": other},
        config=other,
        requirements=other,
        options=confirmed,
        feedback=(feedback,),
    )

    for answer in (propose_cast(request), revise_cast(request), write_network(request)):
        assert 2 <= len(answer.suggestions) <= 3
