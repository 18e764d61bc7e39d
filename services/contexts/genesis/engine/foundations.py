"""What the parts of a novel's foundation are made of: theme, world, cast, network, plot and details.

Frozen values like those of `concepts`: no unknown keys, storable text only, whoever wrote it. Lengths in the notes are
targets in Chinese characters (about half as many English words) that the scores watch; counts refuse.
"""

from typing import Annotated, Literal

from pydantic import Field

from services.contexts.genesis.engine.concepts import ConceptCandidate, Value
from services.contexts.genesis.engine.text import Text

Percent = Annotated[int, Field(ge=0, le=100)]
Tension = Annotated[int, Field(ge=1, le=10)]
Chapter = Annotated[int, Field(ge=1, le=1_000)]

REQUIRED_DIMENSIONS = ("geography", "history", "culture", "rules", "society")

RoleType = Literal["protagonist", "supporting", "antagonist"]
Importance = Literal["core", "major", "minor"]
Stance = Literal["ally", "neutral", "hostile"]
EdgeType = Literal["blood", "emotion", "interest", "belief"]
Structure = Literal["three_act", "five_act", "heros_journey"]
ConflictType = Literal["person_vs_person", "person_vs_nature", "person_vs_society", "person_vs_self"]
NodeFunction = Literal["setup", "development", "climax", "turn", "resolution"]
Category = Literal["place", "person", "item", "skill", "organization"]


# --- Theme ---------------------------------------------------------------------------------------------------------


class SubTheme(Value):
    """A side of the theme, with where it shows."""

    name: Text
    description: Text
    examples: tuple[Text, ...] = Field(min_length=1)


class ValueTension(Value):
    """The two sides of the argument."""

    thesis: Text
    antithesis: Text


class NarrativeTechnique(Value):
    """How it is told."""

    technique: Text
    description: Text


class ThematicArc(Value):
    """What the theme goes through."""

    opening: Text
    rising: Text
    climax: Text
    resolution: Text


class EmbodimentPath(Value):
    """How the theme becomes visible: a character's arc, a conflict's design, a symbol; 200-300 characters."""

    path: Literal["character_arc", "conflict_design", "symbol"]
    description: Text


class Theme(Value):
    """What the story is about underneath. `core_theme` aims at 30-60 characters."""

    theme_id: Text
    core_theme: Text
    sub_themes: tuple[SubTheme, ...] = Field(min_length=1)
    motifs: tuple[Text, ...] = Field(min_length=3, max_length=5)
    value_tension: ValueTension
    taboos: tuple[Text, ...] = Field(min_length=3, max_length=5)
    philosophical_questions: tuple[Text, ...] = Field(min_length=1)
    emotional_core: Text
    target_impact: Text
    narrative_techniques: tuple[NarrativeTechnique, ...] = Field(min_length=1)
    thematic_arc: ThematicArc
    embodiment_paths: tuple[EmbodimentPath, ...] = Field(min_length=3)


# --- World ---------------------------------------------------------------------------------------------------------


class Dimension(Value):
    """One side of the world. `core_rule` aims at 50-100 characters; `boundaries` say where the rule ends."""

    core_rule: Text
    examples: tuple[Text, ...] = Field(min_length=3, max_length=5)
    boundaries: Text


class PowerLevel(Value):
    """A step of a power system."""

    name: Text
    description: Text


class PowerSystem(Value):
    """What the impossible costs, where it is at home."""

    source: Text
    cost: Text
    levels: tuple[PowerLevel, ...] = Field(min_length=5, max_length=10)
    limits: tuple[Text, ...] = Field(min_length=3, max_length=5)


class WorldEntry(Value):
    """A place, body, law, custom … that can be pointed at; `entry_type` is a WorldviewEntryType."""

    entry_type: Literal[
        "LOCATION", "ORGANIZATION", "TECHNOLOGY", "LAW", "CONCEPT", "EVENT", "ITEM", "CULTURE", "SPECIES", "OTHER"
    ]
    name: Text
    description: Text
    tags: tuple[Text, ...] = ()


class Term(Value):
    """A word of this world and what it means."""

    term: Text
    meaning: Text


class World(Value):
    """The settings document of WORLDVIEW. `dimensions` has the five required ones and may have more."""

    dimensions: dict[str, Dimension]
    power_system: PowerSystem | None = None
    entries: tuple[WorldEntry, ...] = Field(min_length=5)
    glossary: tuple[Term, ...] = Field(min_length=3)


# --- Cast ----------------------------------------------------------------------------------------------------------


class Personality(Value):
    """What somebody is like; `traits` are single words, those that were asked for literally among them."""

    summary: Text
    mbti: Annotated[str, Field(pattern=r"^[EI][NS][FT][JP]$")]
    traits: tuple[Text, ...] = Field(min_length=2)
    strengths: tuple[Text, ...] = Field(min_length=1)
    flaws: tuple[Text, ...] = Field(min_length=1)


class Goals(Value):
    """What somebody wants soon, in time, and in the end."""

    short: Text
    mid: Text
    long: Text


class Voice(Value):
    """How somebody sounds."""

    monologue: Text
    dialogues: tuple[Text, ...] = Field(min_length=2, max_length=3)
    traits: tuple[Text, ...] = Field(min_length=1)


class Character(Value):
    """Somebody of the story, in eight dimensions and a voice. `age` is in years."""

    character_id: Text
    name: Text
    role_type: RoleType
    importance: Importance
    stance: Stance
    age: Annotated[int, Field(ge=0, le=100_000)]
    appearance: Text
    personality: Personality
    background: Text
    motivation: Text
    goals: Goals
    obstacles: Text
    arc: Text
    wounds: Text
    voice: Voice


class NetworkNode(Value):
    """A character in the network."""

    character_id: Text
    name: Text


class NetworkEdge(Value):
    """What is between two characters; `strength` from hatred (-10) to devotion (10). `from` and `to` are ids."""

    from_: Annotated[Text, Field(alias="from")]
    to: Text
    type: EdgeType
    strength: Annotated[int, Field(ge=-10, le=10)]
    description: Text


class Network(Value):
    """Who stands how to whom; `warnings` name whoever stands alone."""

    nodes: tuple[NetworkNode, ...] = Field(min_length=2)
    edges: tuple[NetworkEdge, ...] = Field(min_length=1)
    warnings: tuple[Text, ...] = ()


# --- Plot ----------------------------------------------------------------------------------------------------------


class Act(Value):
    """A part of the story, from one chapter to another, both included."""

    title: Text
    summary: Text
    start_chapter: Chapter
    end_chapter: Chapter


class Plan(Value):
    """A way the story could go, in outline only."""

    plan_id: Text
    logline: Text
    structure: Structure
    acts: tuple[Act, ...] = Field(min_length=3)
    strengths: tuple[Text, ...] = Field(min_length=1)
    risks: tuple[Text, ...] = Field(min_length=1)
    recommended: bool = False


class Node(Value):
    """A scene that the story turns on. `scene` aims at 200-300 characters; `characters` are names of the cast,
    `place` the name of a world entry; the fits are percentages.
    """

    node_id: Text
    chapter: Chapter
    title: Text
    scene: Text
    characters: tuple[Text, ...] = Field(min_length=1)
    place: Text | None = None
    conflict_type: ConflictType
    function: NodeFunction
    tension: Tension
    motivation_fit: Percent
    theme_fit: Percent


class Subplot(Value):
    """A smaller story beside the main one."""

    title: Text
    summary: Text
    characters: tuple[Text, ...] = ()


class TensionPoint(Value):
    """How tense a chapter is."""

    chapter: Chapter
    tension: Tension


class Outline(Value):
    """The plan that was chosen, worked out."""

    plan_id: Text
    structure: Structure
    logline: Text
    acts: tuple[Act, ...] = Field(min_length=3)
    nodes: tuple[Node, ...] = Field(min_length=10, max_length=20)
    subplots: tuple[Subplot, ...] = ()
    tension_curve: tuple[TensionPoint, ...] = Field(min_length=5)
    warnings: tuple[Text, ...] = ()


# --- Details -------------------------------------------------------------------------------------------------------


class Detail(Value):
    """Something small with a name. `description` aims at 100-200 characters; `links` name what it belongs to."""

    name: Text
    category: Text
    description: Text
    attributes: tuple[Text, ...] = Field(min_length=3, max_length=5)
    links: tuple[Text, ...] = ()


class StyleGuide(Value):
    """How the novel is to sound."""

    tone: Text
    imagery: tuple[Text, ...] = Field(min_length=1)
    rhetoric: tuple[Text, ...] = Field(min_length=1)
    dos: tuple[Text, ...] = Field(min_length=1)
    donts: tuple[Text, ...] = Field(min_length=1)


# --- Proposals -----------------------------------------------------------------------------------------------------


class Proposal(Value):
    """What an author answers: `understanding` in 100-200 characters, 2-3 `suggestions` what to do next, the work."""

    understanding: Text
    suggestions: tuple[Text, ...] = Field(min_length=2, max_length=3)


class ConceptProposal(Proposal):
    """The candidates of a revision; those that it did not touch among them."""

    candidates: tuple[ConceptCandidate, ...] = Field(min_length=1, max_length=6)


class ThemeProposal(Proposal):
    """Themes to choose from, or the one theme that was revised."""

    candidates: tuple[Theme, ...] = Field(min_length=1, max_length=5)


class WorldProposal(Proposal):
    """The whole world, also when one dimension only was asked for."""

    world: World


class CastProposal(Proposal):
    """The whole cast, also when one character only was asked for; its network from three characters on."""

    characters: tuple[Character, ...] = Field(min_length=1, max_length=40)
    network: Network | None = None


class NetworkProposal(Proposal):
    """The network of the cast."""

    network: Network


class PlotProposal(Proposal):
    """Plans to choose from, one of them recommended, and the outline that one of them became."""

    candidates: tuple[Plan, ...] = Field(min_length=1, max_length=5)
    outline: Outline


class DetailsProposal(Proposal):
    """The naming library, by category, with how the novel is to sound and what its words mean."""

    details: dict[Category, tuple[Detail, ...]]
    style_guide: StyleGuide
    glossary: tuple[Term, ...] = Field(min_length=3)
