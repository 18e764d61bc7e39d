"""How new a work is: unlike its siblings and what was shown before, and free of worn-out phrases."""

from services.contexts.genesis.engine.documents import object_in, objects_in, text_in, told_in
from services.contexts.genesis.engine.quality.works import text_of_work
from services.contexts.genesis.engine.scoring_words import CLICHES
from services.contexts.genesis.engine.similarity import content_tokens, similarity
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.values.steps import Step

_CLICHE_COST, _CLICHES_COUNTED = 0.1, 3
_ONE_OF_SEVERAL = (Step.CONCEPT, Step.THEME, Step.PLOT)


def novelty_of(request: StageRequest, work: Object) -> float:
    """Return 1 less the likeness to the nearest that stands beside or came before, and less each cliché; 0-1."""
    text = text_of_work(work)
    if not content_tokens(text):
        return 0.0
    worn = min(len(CLICHES[request.language].findall(text)), _CLICHES_COUNTED)
    return max(0.0, 1 - max(_nearest_earlier(request, work), _nearest_sibling(request, work)) - _CLICHE_COST * worn)


def _nearest_earlier(request: StageRequest, work: Object) -> float:
    """Return the likeness to what was shown before; a revision is meant to be like it."""
    if request.is_revision:
        return 0.0
    given = _given(request)
    own = [_bare(one, given) for one in _works(request, work)]
    earlier = [_bare(one, given) for shown in request.avoid for one in _works(request, shown)]
    return max((similarity(one, other) for one in own for other in earlier), default=0.0)


def _nearest_sibling(request: StageRequest, work: Object) -> float:
    given = _given(request)
    texts = [_bare(one, given) for one in _works(request, work)]
    pairs = ((one, other) for at, one in enumerate(texts) for other in texts[at + 1 :])
    return max((similarity(one, other) for one, other in pairs), default=0.0)


def _works(request: StageRequest, work: Object) -> list[Object]:
    return (objects_in(work, "candidates") if request.step in _ONE_OF_SEVERAL else []) or [work]


def _bare(work: Object, given: list[str]) -> str:
    """Return the text without what is given: names and titles stand in all that is told of one story."""
    text = text_of_work(work)
    for words in given:
        text = text.replace(words, " ")
    return text


def _given(request: StageRequest) -> list[str]:
    concept = object_in(request.confirmed.get("INITIAL_PROMPT"), "concept") or object_in(request.newest, "concept")
    named = [
        text_in(one, "name")
        for stage, key in (("WORLDVIEW", "entries"), ("CHARACTERS", "characters"))
        for one in objects_in(request.confirmed.get(stage), key)
    ]
    given = {text_in(concept, "title"), *named, *told_in(request.requirements)}
    return sorted((words for words in given if len(words) > 1), key=lambda words: (-len(words), words))
