"""Changing single scenes: which one a wish fits, a sentence put in or taken out, and what follows from that."""

from collections.abc import Callable, Sequence

import regex

from services.contexts.genesis.engine.foundations import Node, Outline
from services.contexts.genesis.engine.plots.brief import Brief
from services.contexts.genesis.engine.plots.scenes import (
    KEY_FUNCTIONS,
    SCENE_LENGTH,
    motivation_fit,
    people_in,
    theme_fit,
)
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.text import length_of
from services.contexts.genesis.engine.voice import paragraph

_SENTENCE = regex.compile(r".+?(?:[.!?…]+[”’\"]*(?=\s|$)|[。！？…]+[”’」』]*|$)", regex.DOTALL)
_PLACES: tuple[tuple[str, float], ...] = (
    (r"\b(?:ending|end|finale|last)\b|结局|结尾|最后|收尾", 1.0),
    (r"\b(?:opening|beginning|start|first)\b|开头|开场|开篇", 0.0),
    (r"\b(?:middle|midpoint|halfway)\b|中段|中间|中途", 0.5),
)
_CHAPTER = regex.compile(r"chapter\s+(\d{1,4})|第\s*(\d{1,4})\s*章", regex.I)
_MOTIVATION_MIN, _THEME_MIN, _THEME_MIN_KEY = 60, 60, 80


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a scene."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def fitting_node(outline: Outline, words: str) -> int:
    """Return the index of the scene a wish is about: where it says, else the one that speaks of the same things."""
    last = len(outline.nodes) - 1
    named = _CHAPTER.search(words)
    if named:
        chapter = int(named[1] or named[2])
        return min(range(last + 1), key=lambda index: abs(outline.nodes[index].chapter - chapter))
    for pattern, at in _PLACES:
        if regex.search(pattern, words, regex.I):
            return round(at * last)
    return _nearest(outline.nodes, words)


def with_sentence(brief: Brief, node: Node, sentence: str) -> Node:
    """Return the scene with a sentence before its last one; what it can do without makes room."""
    sentences = sentences_of(node.scene)
    sentences.insert(max(1, len(sentences) - 1), sentence)
    high = SCENE_LENGTH[brief.language][1]
    for one in sentences[1:-1]:
        rest = [other for other in sentences if other != one]
        if _length(brief, sentences) > high and one != sentence and _still_fits(brief, node, rest):
            sentences = rest
    return rewritten(brief, node, sentences)


def with_closing(brief: Brief, node: Node, sentence: str) -> Node:
    """Return the scene with another last sentence; a last sentence that is not ours stays, with ours before it."""
    sentences = sentences_of(node.scene)
    if len(sentences) > 1 and sentences[-1] in _closings(brief) and _still_fits(brief, node, sentences[:-1]):
        return rewritten(brief, node, [*sentences[:-1], sentence])
    return with_sentence(brief, node, sentence)


def without_sentences(brief: Brief, node: Node, unwanted: Callable[[str], bool]) -> Node:
    """Return the scene without some sentences; unchanged if nothing would be left."""
    kept = [sentence for sentence in sentences_of(node.scene) if not unwanted(sentence)]
    return rewritten(brief, node, kept) if kept else node


def one_shorter(brief: Brief, node: Node) -> Node:
    """Return the scene without one sentence that it can do without."""
    sentences = sentences_of(node.scene)
    for one in sentences[1:-1]:
        rest = [other for other in sentences if other != one]
        if _still_fits(brief, node, rest):
            return rewritten(brief, node, rest)
    return node


def complete(brief: Brief, node: Node) -> bool:
    """Tell whether a scene is long enough and shows what moves its people and what the story is about."""
    long_enough = length_of(node.scene, brief.language) >= SCENE_LENGTH[brief.language][0]
    return long_enough and _still_fits(brief, node, sentences_of(node.scene))


def rewritten(brief: Brief, node: Node, sentences: Sequence[str]) -> Node:
    """Return the scene with these sentences, its people and fits read from them anew."""
    scene = paragraph(sentences, brief.language)
    present = tuple(name for name in node.characters if name in scene)
    return node.model_copy(
        update={
            "scene": scene,
            "characters": tuple(dict.fromkeys((*present, *people_in(brief, scene)))) if present else node.characters,
            "motivation_fit": motivation_fit(brief, scene),
            "theme_fit": theme_fit(brief, scene),
        }
    )


def _nearest(nodes: Sequence[Node], words: str) -> int:
    """Return the scene that shares most words; without any in common one in the middle of the story's turns."""
    wanted = frozenset(content_tokens(words))
    shared = [len(wanted & frozenset(content_tokens(f"{node.title} {node.scene}"))) for node in nodes]
    if max(shared) > 0:
        return shared.index(max(shared))
    turns = [index for index, node in enumerate(nodes) if node.function in KEY_FUNCTIONS]
    return turns[len(turns) // 2] if turns else len(nodes) // 2


def _still_fits(brief: Brief, node: Node, sentences: Sequence[str]) -> bool:
    """Tell whether the scene would still show what moves its people and what the story is about."""
    scene = paragraph(sentences, brief.language)
    theme_min = _THEME_MIN_KEY if node.function in KEY_FUNCTIONS else _THEME_MIN
    named = any(name in scene for name in node.characters)
    return named and motivation_fit(brief, scene) >= _MOTIVATION_MIN and theme_fit(brief, scene) >= theme_min


def _length(brief: Brief, sentences: Sequence[str]) -> int:
    return length_of(paragraph(sentences, brief.language), brief.language)


def _closings(brief: Brief) -> frozenset[str]:
    phrases = brief.material.phrases
    rows = (*phrases.closings.values(), *phrases.tones.values())
    return frozenset(text.replace("'", "\u2019") for row in rows for text in row)
