"""What does not fit: each fault is found and told, in its language; what is sound or of another shape is left alone."""

import subprocess
import sys
from typing import Any

import pytest

from services.contexts.genesis.engine.casts.proposing import propose_cast
from services.contexts.genesis.engine.concepts import ConceptRequest, ConsistencyIssue
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.quality.consistency import consistency_score, find_issues
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language, detect_language
from services.contexts.genesis.values.steps import Step
from tests.contexts.genesis.engine.quality_samples import Document, foundation

STAGES = ("INITIAL_PROMPT", "WORLDVIEW", "CHARACTERS", "PLOT_OUTLINE", "FINISHED")
LANGUAGES: tuple[Language, ...] = ("en", "zh")
CONFIG = {
    "chapter_count_preference": 20,
    "protagonist_count": 1,
    "include_villains": True,
    "special_requirements": ["no magic", "不要魔法"],
}


def issues_of(
    stage: str, language: Language, documents: dict[str, Document], **config: Any
) -> tuple[ConsistencyIssue, ...]:
    confirmed = {name: document for name, document in documents.items() if name != stage}
    return find_issues(stage, documents[stage], confirmed, CONFIG | config, language)


def put(document: Any, path: str, value: Any) -> None:
    """Put a value into a document: "outline.nodes.0.chapter"."""
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in way:
        document = document[step]
    document[last] = value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", STAGES)
def test_a_sound_foundation_has_no_issue(stage: str, language: Language) -> None:
    assert issues_of(stage, language, foundation(language)) == ()


# One fault put into a sound foundation: stage, where, what in English, what in Chinese, kind, level.
FAULTS: list[tuple[str, str, Any, Any, str, int]] = [
    ("INITIAL_PROMPT", "theme", {"core_theme": "Bears like honey."}, {"core_theme": "熊爱蜂蜜。"}, "theme_fit", 2),
    ("WORLDVIEW", "dimensions.culture.core_rule", "Magic lights the pier.", "魔法点亮码头。", "excluded_returns", 4),
    (
        "WORLDVIEW",
        "dimensions.history.core_rule",
        "From 1311 to 1204 the sea was owned.",
        "1311年至1204年，海归一家所有。",
        "years_reversed",
        2,
    ),
    (
        "WORLDVIEW",
        "dimensions.culture.core_rule",
        "There are three harbours.",
        "境内有三座港口。",
        "counts_contradict",
        3,
    ),
    (
        "WORLDVIEW",
        "dimensions",
        {"rules": {"core_rule": "There is no sun."}, "culture": {"core_rule": "By day there is a sun."}},
        {"rules": {"core_rule": "世上没有太阳。"}, "culture": {"core_rule": "白天有太阳。"}},
        "rules_contradict",
        3,
    ),
    (
        "WORLDVIEW",
        "power_system",
        {"source": "Salt, in nine ranks.", "levels": [{"name": "brine"}]},
        {"source": "盐，共有九阶", "levels": [{"name": "卤"}]},
        "level_count",
        2,
    ),
    (
        "WORLDVIEW",
        "entries",
        [{"name": "Grey Quay"}, {"name": "Grey Quay"}],
        [{"name": "灰港"}, {"name": "灰港"}],
        "named_twice",
        2,
    ),
    (
        "WORLDVIEW",
        "glossary",
        [{"term": "returnings", "meaning": "gifts"}, {"term": "returnings", "meaning": "thefts"}],
        [{"term": "还物", "meaning": "礼"}, {"term": "还物", "meaning": "赃"}],
        "term_twice",
        1,
    ),
    ("CHARACTERS", "characters.0.age", -3, -3, "age_bounds", 2),
    ("CHARACTERS", "characters.0.age", 17, 17, "age_contradiction", 3),
    ("CHARACTERS", "characters.0.background", "At 40 she married.", "四十岁那年成亲。", "age_ahead", 2),
    ("CHARACTERS", "characters.1.role_type", "protagonist", "protagonist", "protagonist_count", 2),
    ("CHARACTERS", "characters.1.name", "Mara Voss", "沈潮生", "named_twice", 2),
    ("CHARACTERS", "network.nodes.0.name", "Nell Voss", "沈海", "renamed", 3),
    ("CHARACTERS", "network.edges.0.to", "c9", "c9", "edge_unknown", 2),
    ("CHARACTERS", "network.edges.0.to", "c1", "c1", "edge_to_self", 2),
    ("CHARACTERS", "network.edges.0.strength", 40, 40, "strength_bounds", 2),
    ("CHARACTERS", "characters.0.arc", "She joins the Pale Regatta.", "她加入了「白帆会」。", "unknown_term", 1),
    ("PLOT_OUTLINE", "outline.nodes.0.characters", ["Mara Voss", "Odo Finch"], ["沈潮生", "陆九"], "stranger", 4),
    (
        "PLOT_OUTLINE",
        "outline.nodes",
        [{"chapter": 1, "characters": ["Edwin Crake"]}],
        [{"chapter": 1, "characters": ["顾老舵"]}],
        "protagonist_missing",
        4,
    ),
    ("PLOT_OUTLINE", "outline.nodes.0.scene", "Mara Voss dies.", "沈潮生死了。", "dead_returns", 4),
    ("PLOT_OUTLINE", "outline.nodes.0.scene", "Edwin Crake is killed.", "顾老舵被杀。", "dead_returns", 3),
    ("PLOT_OUTLINE", "outline.nodes.0.place", "Glass Spire", "琉璃塔", "place_unknown", 2),
    ("PLOT_OUTLINE", "outline.acts.0.end_chapter", 8, 8, "acts_overlap", 2),
    ("PLOT_OUTLINE", "outline.acts.2.end_chapter", 3, 3, "act_reversed", 2),
    ("PLOT_OUTLINE", "outline.nodes.0.chapter", 12, 12, "nodes_unordered", 2),
    ("PLOT_OUTLINE", "outline.tension_curve.0.chapter", 9, 9, "curve_unordered", 2),
    ("PLOT_OUTLINE", "outline.nodes.3.chapter", 40, 40, "chapter_bounds", 2),
    ("PLOT_OUTLINE", "outline.acts.2.end_chapter", 18, 18, "node_outside", 2),
    ("PLOT_OUTLINE", "outline.nodes.0.tension", 11, 11, "tension_bounds", 2),
    ("PLOT_OUTLINE", "outline.nodes.0.theme_fit", 120, 120, "fit_bounds", 2),
    ("PLOT_OUTLINE", "outline.nodes.1.motivation_fit", 40, 40, "against_motivation", 3),
    ("PLOT_OUTLINE", "outline.nodes.2.theme_fit", 50, 50, "theme_lost", 2),
    (
        "PLOT_OUTLINE",
        "outline.tension_curve",
        [{"chapter": at, "tension": 2} for at in (4, 5, 6)],
        [{"chapter": at, "tension": 2} for at in (4, 5, 6)],
        "pacing",
        1,
    ),
    ("FINISHED", "details.item.0.links", ["Glass Spire"], ["琉璃塔"], "link_unknown", 1),
    ("FINISHED", "details.place", [{"name": "the wet shoe"}], [{"name": "湿鞋"}], "named_twice", 2),
    ("FINISHED", "style_guide.donts", ["short chapters"], ["短章"], "style_contradicts", 2),
    ("FINISHED", "details.item.0.description", "Magic holds it dry.", "靠魔法保持干燥。", "excluded_returns", 4),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("stage", "path", "english", "chinese", "kind", "level"), FAULTS)
def test_each_fault_is_found_and_told(
    stage: str, path: str, english: Any, chinese: Any, kind: str, level: int, language: Language
) -> None:
    documents = foundation(language)
    put(documents[stage], path, english if language == "en" else chinese)
    found = [issue for issue in issues_of(stage, language, documents) if issue.type == kind]
    assert [issue.level for issue in found[:1]] == [level]
    assert found[0].evidence
    assert detect_language(found[0].message) == language
    assert "{" not in found[0].message


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_climax_without_a_cause_is_severe(language: Language) -> None:
    documents = foundation(language)
    for at in (0, 1):
        documents["PLOT_OUTLINE"]["outline"]["nodes"][at]["function"] = "resolution"
    assert [issue.level for issue in issues_of("PLOT_OUTLINE", language, documents)] == [3]


def test_a_power_system_in_a_world_without_magic_breaks_it() -> None:
    documents = foundation("zh")
    documents["WORLDVIEW"]["power_system"] = {"source": "潮水", "levels": [{"name": "一"}]}
    found = issues_of("WORLDVIEW", "zh", documents, tech_magic_level="无魔法")
    assert [(issue.type, issue.level) for issue in found] == [("power_excluded", 4)]


def test_a_villain_where_none_was_wanted_is_named() -> None:
    found = issues_of("CHARACTERS", "en", foundation("en"), include_villains=False)
    assert [issue.type for issue in found] == ["villain_unwanted"]
    assert "Edwin Crake" in found[0].message


@pytest.mark.parametrize(
    ("language", "genre", "word"), [("en", "Medieval romance", "smartphone"), ("zh", "古代言情", "手机")]
)
def test_a_thing_of_a_later_age_is_noticed(language: Language, genre: str, word: str) -> None:
    documents = foundation(language)
    documents["INITIAL_PROMPT"]["concept"]["genre"] = genre
    documents["PLOT_OUTLINE"]["outline"]["nodes"][0]["scene"] += f" {word}"
    assert [issue.type for issue in issues_of("PLOT_OUTLINE", language, documents)] == ["out_of_time"]


@pytest.mark.parametrize(
    ("language", "rule", "scene"),
    [
        ("en", "There is no magic in this world.", "Magic opens the door."),
        ("zh", "这个世界没有魔法。", "她用魔法开了门。"),
    ],
)
def test_what_a_confirmed_rule_denies_may_not_come_back(language: Language, rule: str, scene: str) -> None:
    documents = foundation(language)
    documents["WORLDVIEW"]["dimensions"]["rules"]["core_rule"] = rule
    documents["PLOT_OUTLINE"]["outline"]["nodes"][0]["scene"] = scene
    found = issues_of("PLOT_OUTLINE", language, documents, special_requirements=[])
    assert [(issue.type, issue.level) for issue in found] == [("excluded_returns", 4)]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Nobody here believes in magic."),
        ("en", "There is no magic here."),
        ("zh", "这里没有魔法。"),
        ("zh", "所谓魔法，是骗孩子的。"),
    ],
)
def test_denying_what_was_ruled_out_is_no_breach(language: Language, said: str) -> None:
    documents = foundation(language)
    documents["CHARACTERS"]["characters"][0]["background"] = said
    assert issues_of("CHARACTERS", language, documents) == ()


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("They meet at the Salt", "Gate.", "unknown_term"),
        ("It was theirs from 1311", "to 1204.", "years_reversed"),
        ("A cart of salt", "water.", "excluded_returns"),
    ],
)
def test_nothing_is_found_across_two_texts(first: str, second: str, kind: str) -> None:
    documents, said = foundation("en"), {"name": "the cart", "links": []}

    def found(*told: str) -> list[str]:
        documents["FINISHED"]["details"]["item"] = [{**said, "description": told}]
        return [issue.type for issue in issues_of("FINISHED", "en", documents, special_requirements=["no salt water"])]

    assert found(f"{first} {second}") == [kind]
    assert found(first, second) == []


def test_terms_are_told_in_the_order_of_the_text_however_they_are_set_apart() -> None:
    documents = foundation("en")
    said = "By the Salt Gate stands 「盐門樓」, behind the Grey Tower, and 『长生诀』 is read there."
    documents["FINISHED"]["details"]["item"][0]["description"] = said
    found = [issue.evidence for issue in issues_of("FINISHED", "en", documents)]
    assert found == ["Salt Gate", "盐門樓", "Grey Tower", "长生诀"]


def test_what_is_forbidden_or_was_not_chosen_is_not_told() -> None:
    documents = foundation("en")
    documents["FINISHED"]["style_guide"]["donts"] = ["Magic opens the door."]
    documents["FINISHED"]["more"] = [{"candidates": [{"name": "Magic opens the door."}], "risks": "Magic opens it."}]
    assert issues_of("FINISHED", "en", documents) == ()


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "document",
    [
        {},
        {"notes": "anything", "numbers": [1, None, True, 2.5], "nested": {"deep": [{"er": "还有"}]}},
        {"characters": "Mara, Edwin", "network": [], "outline": "later", "dimensions": ["a"], "entries": {"name": "x"}},
        {"characters": [None, 7, {"name": 3, "age": "old"}, {"name": "Ann", "age": float("nan")}]},
        {"outline": {"nodes": [{"chapter": "two", "characters": "Mara"}, {"tension": None}], "acts": [{"title": 1}]}},
        {"theme": "love", "concept": {"title": "x"}, "details": {"item": "shoe"}, "glossary": [{"term": None}]},
    ],
)
def test_documents_of_other_shapes_block_nothing(stage: str, document: Document) -> None:
    for language in LANGUAGES:
        for confirmed in ({}, foundation(language), dict.fromkeys(STAGES, document)):
            found = find_issues(stage, document, confirmed, {"special_requirements": 3}, language)
            assert all(issue.level < 3 for issue in found)


@pytest.mark.parametrize(
    ("language", "idea"),
    [
        ("en", "A baker who can taste lies"),
        ("en", "A medieval nun solves murders"),
        ("zh", "没有剑的女侠"),
        ("zh", "火星上的园丁"),
    ],
)
def test_casts_of_the_built_in_author_are_sound(language: Language, idea: str) -> None:
    concept = propose_concepts(ConceptRequest(idea=idea, language=language)).candidates[0].model_dump(mode="json")
    confirmed = {"INITIAL_PROMPT": {"concept": concept}, "WORLDVIEW": foundation(language)["WORLDVIEW"]}
    request = StageRequest(step=Step.CHARACTER, language=language, idea=idea, confirmed=confirmed, config=CONFIG)
    cast = propose_cast(request).model_dump(mode="json", by_alias=True)
    assert [issue for issue in find_issues("CHARACTERS", cast, confirmed, CONFIG, language) if issue.level > 1] == []


def test_many_issues_of_one_kind_are_told_a_few_times() -> None:
    documents = foundation("en")
    documents["PLOT_OUTLINE"]["outline"]["nodes"][0]["characters"] += [f"Odo Finch{at}" for at in range(30)]
    assert len(issues_of("PLOT_OUTLINE", "en", documents)) == 5


def test_the_score_falls_by_level_and_not_below_nothing() -> None:
    def issue(level: Any) -> ConsistencyIssue:
        return ConsistencyIssue(level=level, type="x", message="x", evidence="x")

    assert consistency_score(()) == 10
    assert consistency_score([issue(1), issue(2), issue(3), issue(4)]) == pytest.approx(6.3)
    assert consistency_score([issue(4)] * 9) == 0


def test_finding_issues_loads_no_material() -> None:
    program = (
        "import sys; import services.contexts.genesis.engine.quality.consistency; "
        "print([name for name in sys.modules if any(part in name for part in ('material', 'genres_', 'casts.words'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
