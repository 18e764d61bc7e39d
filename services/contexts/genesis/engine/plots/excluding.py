"""Leaving something out of a plot, and making good what went with it."""

from collections.abc import Iterator

from services.contexts.genesis.engine.feedback.applying import exclude_from
from services.contexts.genesis.engine.foundations import Node, Outline, PlotProposal
from services.contexts.genesis.engine.plots.amending import complete, rewritten, sentences_of, with_sentence
from services.contexts.genesis.engine.plots.brief import Brief, fill
from services.contexts.genesis.engine.plots.newest import read
from services.contexts.genesis.engine.plots.scenes import values_of


def without_term(brief: Brief, proposal: PlotProposal, term: str) -> PlotProposal:
    """Return the plot without a thing: without the sentences that speak of it, and without its name in any list."""
    document = exclude_from(proposal.model_dump(mode="json", by_alias=True), term, brief.language)
    plot = read(PlotProposal, document) or proposal
    nodes = tuple(
        _mended(brief, node, old, term) for node, old in zip(plot.outline.nodes, proposal.outline.nodes, strict=False)
    )
    outline = plot.outline.model_copy(update={"nodes": nodes})
    # What is said about the plot stays: it may quote the very wish.
    kept = {"understanding": proposal.understanding, "suggestions": proposal.suggestions}
    return plot.model_copy(update={"outline": _without_subplots(outline, term), **kept})


def _mended(brief: Brief, node: Node, old: Node, term: str) -> Node:
    """Return a scene that lost sentences with others in their place, and a title if it lost that."""
    if node == old and not _holds(f"{node.title} {node.place} {node.scene}", term):
        return node
    place = None if node.place and _holds(node.place, term) else node.place
    title = brief.material.phrases.untitled if _holds(node.title, term) else node.title
    people = tuple(name for name in node.characters if not _holds(name, term))
    kept = [sentence for sentence in sentences_of(node.scene) if not _holds(sentence, term)]
    scene = node.model_copy(
        update={"place": place, "title": title, "characters": people or (brief.material.phrases.nobody,)}
    )
    scene = rewritten(brief, scene, kept or [brief.material.phrases.untitled])
    for sentence in _substitutes(brief, node, term):
        if sentence not in scene.scene and not complete(brief, scene):
            scene = with_sentence(brief, scene, sentence)
    return scene


def _substitutes(brief: Brief, node: Node, term: str) -> Iterator[str]:
    """Return sentences that may stand where others are gone: what is wanted, what it argues, what it struggles with."""
    phrases, language = brief.material.phrases, brief.language
    choices = brief.choices.under("mending", node.node_id)
    said = [
        fill(choices.one(f"goal/{drive}", phrases.goal_leads), {"who": brief.hero.name, "fact": drive}, language)
        for drive in choices.ordered("drives", brief.hero.drives)
    ]
    said += [
        fill(choices.one(f"value/{value}", phrases.value_leads), {"fact": value}, language)
        for value in choices.ordered("values", values_of(brief))
    ]
    conflicts = choices.ordered("conflicts", phrases.conflicts[node.conflict_type])
    said += [fill(text, {}, language) for text in conflicts]
    return (sentence for sentence in said if not _holds(sentence, term))


def _without_subplots(outline: Outline, term: str) -> Outline:
    kept = tuple(one for one in outline.subplots if not _holds(f"{one.title} {one.summary}", term))
    return outline.model_copy(update={"subplots": kept})


def _holds(text: str, term: str) -> bool:
    return term.casefold() in text.casefold()
