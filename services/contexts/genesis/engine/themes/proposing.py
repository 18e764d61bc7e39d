"""The built-in author of themes: no network, no clock, no luck. Equal requests get equal answers."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.directives import ChangeCount, Exclude
from services.contexts.genesis.engine.documents import objects_among, told_in
from services.contexts.genesis.engine.foundations import Theme, ThemeProposal
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.themes.obeying import obeyed
from services.contexts.genesis.engine.themes.saved import completed
from services.contexts.genesis.engine.themes.speaking import (
    revision_suggested,
    revision_understood,
    themes_suggested,
    themes_understood,
)
from services.contexts.genesis.engine.themes.subject import read_subject
from services.contexts.genesis.engine.themes.writing import Workshop, axes_for, workshop_for, write_theme
from services.contexts.genesis.engine.wishes import Wish, wish_of, wishes_of

THEME_NAMESPACE = UUID("5b0c6e0e-3f5e-5d0b-8a43-2f7d1c9e6a10")
THEME_COUNT_MIN, THEME_COUNT_DEFAULT, THEME_COUNT_MAX = 3, 4, 5
_STAGE = "INITIAL_PROMPT"


def propose_themes(request: StageRequest) -> ThemeProposal:
    """Return 3-5 themes for the concept of a request, each with another argument about it, all wishes obeyed."""
    wishes = wishes_of(request)
    shop = workshop_of(request, wishes)
    wished = "\n".join(wish.text for wish in wishes)
    axes = axes_for(shop, wished)
    spare = write_theme(shop, axes[THEME_COUNT_MAX], THEME_COUNT_MAX, _theme_id(request, THEME_COUNT_MAX))
    themes = [
        _obedient(write_theme(shop, axis, seat, _theme_id(request, seat)), spare, wishes, shop)
        for seat, axis in enumerate(axes[: _count(wishes)])
    ]
    return ThemeProposal(
        understanding=themes_understood(shop, themes, [wish.text for wish in wishes]),
        suggestions=themes_suggested(shop, themes),
        candidates=tuple(themes),
    )


def revise_themes(request: StageRequest) -> ThemeProposal:
    """Return the newest theme, or the candidates if none is chosen, with the last feedback obeyed and all else kept."""
    saved = _saved_themes(request)
    if not saved or not request.feedback:
        return propose_themes(request)
    wish = wish_of(request.feedback[-1], request.language)
    shop = workshop_of(request, (wish,))
    count = asked_count((wish,))
    axes = axes_for(shop, wish.text)
    whole = [
        completed(theme, write_theme(shop, axes[seat % len(axes)], seat, _theme_id(request, seat)))
        for seat, theme in enumerate(saved)
    ]
    spare = write_theme(shop, axes[THEME_COUNT_MAX], THEME_COUNT_MAX, _theme_id(request, THEME_COUNT_MAX))
    themes = [_obedient(theme, spare, (wish,), shop) for theme in whole]
    if count is not None and len(saved) > 1:
        themes = _as_many(request, themes, _bounded(count), wish, shop)
    return ThemeProposal(
        understanding=revision_understood(shop, wish.text),
        suggestions=revision_suggested(shop),
        candidates=tuple(themes[:THEME_COUNT_MAX]),
    )


def workshop_of(request: StageRequest, wishes: Sequence[Wish]) -> Workshop:
    """Return what is needed to write about the concept of a request."""
    choices = Choices(request.seed)
    begun = request.idea or request.user_input
    subject = read_subject(concept_of(request), begun, request.language, Choices(request.story_seed))
    banned = tuple(directive.term for wish in wishes for directive in wish.directives if isinstance(directive, Exclude))
    shown = "\n".join(told_in(list(request.avoid)))
    return workshop_for(subject, choices, shown=shown, banned=banned)


def concept_of(request: StageRequest) -> Mapping[str, Any]:
    """Return the concept a request is about: chosen, confirmed, else the first candidate, else an empty one."""
    for document in (request.newest, request.confirmed.get(_STAGE, {})):
        for found in ([document.get("concept")], document.get("concept_candidates")):
            if objects := [entry for entry in objects_among(found) if entry]:
                return objects[0]
    return {}


def asked_count(wishes: Sequence[Wish]) -> int | None:
    """Return how many proposals were asked for last, if at all."""
    counts = [
        directive.count
        for wish in wishes
        for directive in wish.directives
        if isinstance(directive, ChangeCount) and _is_about_proposals(directive.what)
    ]
    return counts[-1] if counts else None


def _is_about_proposals(what: str) -> bool:
    """Tell whether a count is one of whole proposals."""
    word = what.casefold().replace("sub", "sub ")
    return any(
        name in word
        for name in (
            "theme",
            "candidate",
            "option",
            "proposal",
            "主题",
            "方案",
            "候选",
            "版",
            "concept",
            "概念",
            "创意",
        )
    ) and not ("sub" in word or "子" in word or "分主题" in word)


def _saved_themes(request: StageRequest) -> list[Object]:
    chosen = objects_among([request.newest.get("theme")])
    return [theme for theme in chosen or objects_among(request.newest.get("theme_candidates")) if theme]


def _obedient(theme: Theme, spare: Theme, wishes: Sequence[Wish], shop: Workshop) -> Theme:
    """Return a theme with all wishes obeyed; where that leaves a gap it is filled from a spare one."""
    for wish in wishes:
        for directive in wish.directives:
            filling = theme
            if isinstance(directive, Exclude):
                filling = completed(obeyed(spare.model_dump(mode="json"), directive, shop), spare)
            theme = completed(obeyed(theme.model_dump(mode="json"), directive, shop), filling)
    return theme


def _as_many(request: StageRequest, themes: list[Theme], count: int, wish: Wish, shop: Workshop) -> list[Theme]:
    """Return the first themes, or all and further ones."""
    shown = "\n".join(told_in([theme.model_dump(mode="json") for theme in themes]))
    further = workshop_for(shop.subject, shop.choices, shown=shown, banned=shop.banned)
    for seat, axis in enumerate(axes_for(further, wish.text), start=len(themes)):
        if len(themes) >= count:
            break
        themes = [*themes, write_theme(further, axis, seat, _theme_id(request, seat))]
    return themes[:count]


def _count(wishes: Sequence[Wish]) -> int:
    asked = asked_count(wishes)
    return THEME_COUNT_DEFAULT if asked is None else _bounded(asked)


def _bounded(count: int) -> int:
    return min(max(count, THEME_COUNT_MIN), THEME_COUNT_MAX)


def _theme_id(request: StageRequest, seat: int) -> str:
    return str(uuid5(THEME_NAMESPACE, f"{request.seed}/{seat}"))
