"""What a remark may decide about an end: who dies or lives, whether it ends well."""

import regex

from services.contexts.genesis.engine.foundations import Node, Outline
from services.contexts.genesis.engine.plots.amending import fitting_node, with_sentence, without_sentences
from services.contexts.genesis.engine.plots.brief import Brief, fill
from services.contexts.genesis.engine.plots.material import Fate
from services.contexts.genesis.engine.plots.people import person_meant

_FATES: tuple[tuple[Fate, str], ...] = (
    (
        "survives",
        r"\bsurviv|\bstays? alive\b|\b(?:not|never|n['’]t)\b.{0,40}\bdie|活下来|幸存|活着|(?:不|别|不能|不许).{0,8}死",
    ),
    ("dies", r"\bdie[sd]?\b|\bdeath of\b|\bkill(?:s|ed)?\b|死|牺牲|丧命"),
    (
        "bittersweet",
        (
            r"\bbitter-?sweet|\b(?:not|never|less|without|too)\b.{0,20}\b(?:happy|perfect|neat|tidy|sweet)\b"
            r"|(?:不|别|太|过于|没).{0,4}(?:圆满|完美|美满|幸福|美好)"
        ),
    ),
    ("happy", r"\bhapp(?:y|ier|ily)\b.{0,12}\b(?:end|ever)|\bend\w*\s+happ|圆满|大团圆|(?:幸福|美好|快乐|好)的?结局"),
    ("sad", r"\b(?:sad|tragic|bitter)\w*\b.{0,12}\bend|\btragedy\b|悲剧|(?:悲伤|悲惨|伤感)的?结局"),
    ("open", r"\bopen[- ]?end|\bopen\b.{0,8}\bend|开放式?的?结局"),
    ("twist", r"\btwist\b|反转"),
    ("reconcile", r"\breconcil|\bforgiv|和解|原谅"),
    ("together", r"\b(?:end up|stay|come) together\b|在一起"),
)
_LAST: frozenset[Fate] = frozenset({"happy", "sad", "bittersweet", "open", "together", "reconcile", "survives"})


def with_fates(brief: Brief, outline: Outline, words: str) -> Outline | None:
    """Return the outline with what the words decide about its end, None if they decide nothing."""
    fate = next((fate for fate, pattern in _FATES if regex.search(pattern, words, regex.I)), None)
    if fate is None:
        return None
    who = person_meant(brief, words) or brief.hero.name
    template = brief.choices.one(f"fate/{fate}/{who}", brief.material.phrases.fates[fate])
    sentence = fill(template, {"who": who}, brief.language)
    nodes = _undecided(brief, outline, fate, who)
    index = _scene_of(outline, fate, who, brief.hero.name, words)
    if sentence not in nodes[index].scene:
        nodes[index] = with_sentence(brief, nodes[index], sentence)
    if fate == "dies":
        nodes[index + 1 :] = [_without_person(brief, node, who) for node in nodes[index + 1 :]]
    return outline.model_copy(update={"nodes": tuple(nodes)})


def _scene_of(outline: Outline, fate: Fate, who: str, hero: str, words: str) -> int:
    """Return where it is decided: ends in the last scene, deaths in the climax (the hero's in the last), or as said."""
    last = len(outline.nodes) - 1
    if fate in _LAST or (who == hero and fate == "dies"):
        return last
    climaxes = [index for index, node in enumerate(outline.nodes) if node.function == "climax"]
    return climaxes[-1] if fate == "dies" and climaxes else fitting_node(outline, words)


def _undecided(brief: Brief, outline: Outline, fate: Fate, who: str) -> list[Node]:
    """Return the scenes without what was decided otherwise before."""
    opposites: tuple[frozenset[Fate], ...] = (
        frozenset({"survives", "dies"}),
        frozenset({"happy", "sad", "bittersweet"}),
    )
    others = {other for fates in opposites if fate in fates for other in fates - {fate}}
    texts = [text for other in sorted(others) for text in brief.material.phrases.fates[other]]
    undone = {fill(text, {"who": who}, brief.language) for text in texts}
    if not undone:
        return list(outline.nodes)
    return [
        without_sentences(brief, node, lambda sentence: any(sentence in text for text in undone))
        if any(text in node.scene for text in undone)
        else node
        for node in outline.nodes
    ]


def _without_person(brief: Brief, node: Node, who: str) -> Node:
    return without_sentences(brief, node, lambda sentence: who in sentence) if who in node.scene else node
