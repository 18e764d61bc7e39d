"""What an author is asked for after the concept: one step of a stage, with everything that is already settled."""

from hashlib import blake2b
from json import dumps
from typing import Any

from pydantic import Field

from services.contexts.genesis.engine.concepts import Value
from services.contexts.genesis.engine.text import Language, Text, detect_language
from services.contexts.genesis.values.steps import Step

Object = dict[str, Any]


class StageRequest(Value):
    """Everything an answer depends on. Equal requests get equal answers.

    `newest` is the stage's settings document as it stands ({} when there is none), `confirmed` the confirmed documents
    of the earlier stages by stage name; a person may have edited either by hand, so nothing in them can be relied on.
    `feedback` is all that was said in this record, oldest first; in a revision (`is_revision`) the last one is new and
    the rest is done already, and what nobody complained of stays as it is. `options` are the command's own fields:
    `dimension`, `character_id`, `character_ids`, `structure`, `plan_id`, `node_id`, `categories`, `counts`, `style`,
    `theme_preferences`; of concepts also `candidate_count`, those to `merge` and those known `earlier`. `idea` is what
    the person began with. `avoid` holds earlier proposals of the step, the newest first, from which a new one (not a
    revision) must differ. `round_totals` are the scores of the step's results so far, the oldest first. `conversation`
    is what was said last in the session, and by whom, the newest last: nothing has to follow from it.
    """

    step: Step
    language: Language
    is_revision: bool = False
    idea: Text | None = None
    user_input: Text | None = None
    feedback: tuple[Text, ...] = ()
    conversation: tuple[Object, ...] = ()
    newest: Object = Field(default_factory=dict)
    confirmed: dict[str, Object] = Field(default_factory=dict)
    config: Object = Field(default_factory=dict)
    preferences: Object = Field(default_factory=dict)
    requirements: Object = Field(default_factory=dict)
    options: Object = Field(default_factory=dict)
    avoid: tuple[Object, ...] = ()
    round_totals: tuple[float, ...] = ()
    iteration_number: int = Field(default=1, ge=0)
    temperature: float = Field(default=0.9, ge=0, le=2)

    @property
    def seed(self) -> str:
        """The digest of all that is asked, from which every choice follows; earlier scores and talk ask nothing."""
        return blake2b(
            _written(self.model_dump(exclude={"round_totals", "conversation"})).encode(), digest_size=16
        ).hexdigest()

    @property
    def story_seed(self) -> str:
        """The digest of what the story is, whatever is asked: names made from it are the same in every step."""
        concept = self.confirmed.get("INITIAL_PROMPT", self.newest).get("concept") or {}
        return blake2b(f"{self.idea}\x1f{concept!r}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def language_of_texts(*texts: str | None) -> Language:
    """The language of the first text that has a letter in it; Chinese, the product's own, without any."""
    for text in texts:
        if text and any(letter.isalpha() for letter in text):
            return detect_language(text)
    return "zh"


def _written(asked: Object) -> str:
    # Half a character in somebody's document is no text that can be encoded: it stands for itself, as an escape.
    return dumps(asked, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace").decode()
