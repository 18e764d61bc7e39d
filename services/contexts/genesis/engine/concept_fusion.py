"""Fusing two to four concepts into a new one that keeps something of each."""

from collections.abc import Sequence

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.concept_writing import (
    Brief,
    Casting,
    Scene,
    by_seat,
    develop,
    finish_concept,
    genre_label,
    set_scene,
)
from services.contexts.genesis.engine.concepts import ConceptCandidate, ConceptDraft
from services.contexts.genesis.engine.library import genres_named
from services.contexts.genesis.engine.text import shortened
from services.contexts.genesis.engine.voice import paragraph, phrase, render, sentence

_TITLE_MAX, _HOOK_MAX, _ELEMENT_MAX = 60, 200, 200


def write_fusion(brief: Brief, casting: Casting, choices: Choices, sources: Sequence[ConceptCandidate]) -> ConceptDraft:
    """Write a concept in which all sources live on: an element and a conflict of each, named with its title."""
    scene = set_scene(brief, casting, choices)
    ordered = choices.ordered("sources", sources)
    elements = [_element(source, choices) for source in ordered]
    premise = paragraph(
        (
            scene.opening if brief.spark else "",
            _joined(brief, casting, ordered, elements),
            *_links(brief, ordered[2:], elements[2:], choices),
            ""
            if brief.spark
            else render(choices.one("hero", brief.material.phrases.fusion_heroes), scene.slots, brief.language),
            develop(brief, scene, choices),
        ),
        brief.language,
    )
    return finish_concept(
        brief,
        scene,
        choices,
        premise=premise,
        elements=[
            render(brief.material.phrases.fusion_element, {"element": element, "title": _title(source)}, brief.language)
            for source, element in zip(ordered, elements, strict=True)
        ],
        conflicts=[
            choices.one("conflict", source.potential_conflicts) for source in ordered if source.potential_conflicts
        ],
        themes=[choices.one("source_theme", source.themes) for source in ordered if source.themes],
        genre=_genre(brief, scene, ordered),
    )


def _joined(brief: Brief, casting: Casting, sources: Sequence[ConceptCandidate], elements: Sequence[str]) -> str:
    one, two = sources[0], sources[1]
    slots = {
        "one": _title(one),
        "two": _title(two),
        "hook_one": sentence(shortened(one.hook, _HOOK_MAX), brief.language),
        "hook_two": sentence(shortened(two.hook, _HOOK_MAX), brief.language),
        "element_one": elements[0],
        "element_two": elements[1],
    }
    return render(by_seat(brief, casting, "fusion", brief.material.phrases.fusions), slots, brief.language)


def _links(brief: Brief, sources: Sequence[ConceptCandidate], elements: Sequence[str], choices: Choices) -> list[str]:
    templates = choices.ordered("links", brief.material.phrases.fusion_links)
    return [
        render(templates[index % len(templates)], {"title": _title(source), "element": element}, brief.language)
        for index, (source, element) in enumerate(zip(sources, elements, strict=True))
    ]


def _element(source: ConceptCandidate, choices: Choices) -> str:
    """Return something that is the source's own: an element, else its hook, else its title."""
    # The first ones are the concept's own; wishes and what was merged into it stand behind.
    own = [element for element in source.unique_elements if element.strip()][:3]
    text = choices.one(f"element/{source.concept_id}", own) if own else source.hook or source.title
    return phrase(shortened(text, _ELEMENT_MAX)) or _title(source)


def _title(source: ConceptCandidate) -> str:
    return shortened(source.title, _TITLE_MAX)


def _genre(brief: Brief, scene: Scene, sources: Sequence[ConceptCandidate]) -> str:
    """Return the genres of the sources side by side, unless the person has asked for one."""
    if brief.wished_genre:
        return genre_label(brief, scene.casting)
    named = [genre.name for source in sources for genre in genres_named(source.genre, brief.material).genres]
    two = list(dict.fromkeys(named))[:2]
    name = brief.material.phrases.collided_genres.format(one=two[0], two=two[1]) if len(two) > 1 else "".join(two)
    return name or shortened(sources[0].genre, 80) or genre_label(brief, scene.casting)
