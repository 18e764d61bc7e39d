"""What an author is asked for after the concept: one step of a stage, with everything that is already settled."""

from enum import StrEnum
from hashlib import blake2b
from typing import Any

from pydantic import Field

from services.contexts.genesis.engine.concepts import Value
from services.contexts.genesis.engine.text import Language, Text, detect_language

Object = dict[str, Any]


class Step(StrEnum):
    """What is to be written."""

    CONCEPT = "concept"
    THEME = "theme"
    WORLD = "world"
    CHARACTER = "character"
    NETWORK = "network"
    PLOT = "plot"
    DETAILS = "details"


class StageRequest(Value):
    """Everything an answer depends on. Equal requests get equal answers.

    `newest` is the stage's settings document as it stands ({} when there is none), `confirmed` the confirmed documents
    of the earlier stages by stage name; a person may have edited either by hand, so nothing in them can be relied on.
    `feedback` is all that was said in this record, oldest first; in a revision (`is_revision`) the last one is new and
    the rest is done already, and what nobody complained of stays as it is. `options` are the command's own fields:
    `dimension`, `character_id`, `character_ids`, `structure`, `plan_id`, `node_id`, `categories`, `counts`, `style`,
    `theme_preferences`. `idea` is what the person began with. `avoid` holds earlier proposals of the step, from which a
    new one (not a revision) must differ.
    """

    step: Step
    language: Language
    is_revision: bool = False
    idea: Text | None = None
    user_input: Text | None = None
    feedback: tuple[Text, ...] = ()
    newest: Object = Field(default_factory=dict)
    confirmed: dict[str, Object] = Field(default_factory=dict)
    config: Object = Field(default_factory=dict)
    preferences: Object = Field(default_factory=dict)
    requirements: Object = Field(default_factory=dict)
    options: Object = Field(default_factory=dict)
    avoid: tuple[Object, ...] = ()
    iteration_number: int = Field(default=1, ge=0)
    temperature: float = Field(default=0.9, ge=0, le=2)

    @property
    def seed(self) -> str:
        """The digest of all that it says, from which every choice of the answer follows."""
        return blake2b(self.model_dump_json().encode("utf-8", "replace"), digest_size=16).hexdigest()

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
