"""Whom a wish means: by name, or by what somebody is in the story."""

import regex

from services.contexts.genesis.engine.plots.brief import Brief

_HERO = regex.compile(r"\b(?:protagonist|hero|heroine|main character|lead)\b|主角|主人公|男主|女主", regex.I)
_RIVAL = regex.compile(r"\b(?:villain|antagonist|rival|enemy|bad guy)\b|反派|对手|仇人|敌人", regex.I)
_PLACE = regex.compile(r"(?:city|town|village|place|capital)|城市?|城镇|镇子?|村子?|都城", regex.I)
_ARTICLE = regex.compile(r"^(?:the|our|this)\s+", regex.I)


def person_meant(brief: Brief, words: str) -> str | None:
    """Return the name of whom the words mean, None if of nobody in particular."""
    said = words.casefold()
    named = [person.name for person in brief.settled.people if person.name.casefold() in said]
    if named:
        return max(named, key=len)
    if _RIVAL.search(words) and brief.settled.rival:
        return brief.settled.rival.name
    return brief.hero.name if _HERO.search(words) else _by_first_name(brief, said)


def named_by_kind(brief: Brief, words: str) -> str | None:
    """Return the name of what is called by its kind only ("the hero", "the city"), None if it is not."""
    kind = _ARTICLE.sub("", words.strip())
    if _RIVAL.fullmatch(kind):
        return brief.settled.rival.name if brief.settled.rival else None
    if _PLACE.fullmatch(kind):
        return next(iter(brief.settled.places), None)
    return brief.hero.name if _HERO.fullmatch(kind) else None


def _by_first_name(brief: Brief, said: str) -> str | None:
    """Return who is called by one part of a name: "Mara" for "Mara Voss"."""
    for person in brief.settled.people:
        parts = [part for part in person.name.casefold().split() if len(part) > 2]
        if any(regex.search(rf"(?<!\w){regex.escape(part)}(?!\w)", said) for part in parts):
            return person.name
    return None
