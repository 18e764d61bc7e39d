"""What a text model is told: prompts from versioned files, and what people wrote inside blocks of data.

A file is `<step>.<action>.<language>.v<version>.md`: a line that says what it is for, what the model is (the system
prompt) and what it is asked. Nothing that a person wrote gets into the system prompt; in the message it stands as JSON
between delimiters that it cannot close, because JSON has another way to write the angle brackets.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b, sha256
from importlib.resources import files
from string import Template
from typing import Any, Final

from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.text import Language, estimate_tokens, shortened, storable
from services.contexts.genesis.values.steps import Step
from services.kernel.text_models import Message, Prompt, Refused

PROMPT_VERSION: Final = "1"
CONTEXT_TOKENS_MAX: Final = 32_000
OLD_FEEDBACK_LENGTH: Final = 120
COUNTS: Final[Mapping[Step, int]] = {
    Step.CONCEPT: 4,
    Step.THEME: 3,
    Step.WORLD: 1,
    Step.CHARACTER: 4,
    Step.NETWORK: 1,
    Step.PLOT: 3,
    Step.DETAILS: 10,
}
"""How many proposals are asked for when nobody says."""
OUTPUT_TOKENS_MAX: Final[Mapping[Step, int]] = {
    Step.CONCEPT: 8_000,
    Step.THEME: 8_000,
    Step.WORLD: 10_000,
    Step.CHARACTER: 12_000,
    Step.NETWORK: 6_000,
    Step.PLOT: 16_000,
    Step.DETAILS: 16_000,
}

_NOTHING: Final[tuple[object, ...]] = (None, "", [], {}, ())
_RULES = "rules"
_SEPARATOR = "\n---\n"


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A prompt as it is written. `name` is the file's without the version; `purpose` its first line."""

    name: str
    version: str
    text: str

    @property
    def purpose(self) -> str:
        """What it is for."""
        return self.parts[0]

    @property
    def parts(self) -> list[str]:
        """The purpose, the system prompt, and what is asked, where it has that."""
        return [part.strip() for part in self.text.split(_SEPARATOR)]

    @property
    def sha(self) -> str:
        """SHA-256 of the text, in hexadecimal: which prompt it was, whatever the version says."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Material:
    """What a request has in it: `settled` always in full, of the others the oldest are the first to go."""

    settled: Mapping[str, Any]
    talk: Sequence[Any]
    earlier: Sequence[Any]
    feedback: Sequence[str]

    @property
    def cuts_max(self) -> int:
        """How often it can be made shorter: talk goes, then earlier proposals; old feedback is shortened and goes."""
        return len(self.talk) + len(self.earlier) + 2 * self._old

    @property
    def _old(self) -> int:
        return max(len(self.feedback) - 1, 0)

    def cut(self, cuts: int) -> "_Material":
        """The same after so many cuts."""
        unsaid = min(cuts, len(self.talk))
        gone = min(cuts - unsaid, len(self.earlier))
        short = min(cuts - unsaid - gone, self._old)
        dropped = cuts - unsaid - gone - short
        told = [shortened(text, OLD_FEEDBACK_LENGTH) for text in self.feedback[:short]]
        feedback = [*told, *self.feedback[short:]][dropped:]
        return replace(self, talk=self.talk[unsaid:], earlier=self.earlier[gone:], feedback=feedback)

    def blocks(self) -> Iterator[tuple[str, Any]]:
        """What there is to tell, by name; the newest feedback last, where it is read best."""
        told = {**self.settled, "conversation": self.talk, "earlier_proposals": self.earlier}
        told["earlier_feedback"] = self.feedback[:-1]
        told["newest_feedback"] = self.feedback[-1:]
        return ((name, value) for name, value in told.items() if value not in _NOTHING)


def build_prompt(request: StageRequest, schema: Mapping[str, Any]) -> Prompt:
    """The prompt for a request. Raises Refused if what is settled alone is more than a model is given to read."""
    action, language = "revise" if request.is_revision else "propose", request.language
    file = prompt_file(f"{request.step}.{action}.{language}")
    rules = prompt_file(f"{_RULES}.{language}")
    canary = f"GS-{blake2b(f'{file.sha}{rules.sha}{request.seed}'.encode(), digest_size=8).hexdigest()}"
    _, role, task = file.parts
    system = f"{role}\n\n{Template(rules.parts[1]).substitute(canary=canary)}"
    ask = Template(task)
    frame = estimate_tokens(system + task + json.dumps(schema))
    data = _fitted(_material(request), CONTEXT_TOKENS_MAX - frame, language)
    return Prompt(
        system=system,
        messages=(Message("user", ask.substitute(data=data, count=count_of(request))),),
        schema=schema,
        language=language,
        temperature=request.temperature,
        output_tokens_max=OUTPUT_TOKENS_MAX[request.step],
        secrets=(canary,),
    )


def prompt_file(name: str) -> PromptFile:
    """The file of that name in the current version. Raises KeyError."""
    return prompt_files()[name]


@cache
def prompt_files() -> Mapping[str, PromptFile]:
    """All files of the current version, by name; read once."""
    suffix = f".v{PROMPT_VERSION}.md"
    folder = files("services.contexts.genesis").joinpath("prompts")
    found = sorted((file for file in folder.iterdir() if file.name.endswith(suffix)), key=lambda file: file.name)
    names = [file.name.removesuffix(suffix) for file in found]
    return {
        name: PromptFile(name, PROMPT_VERSION, file.read_text(encoding="utf-8"))
        for name, file in zip(names, found, strict=True)
    }


def data_block(name: str, value: object) -> str:
    """A block that nothing in the value can close."""
    text = storable(json.dumps(value, ensure_ascii=False, default=str))
    return f'<data name="{name}">\n{text.replace("<", chr(92) + "u003c").replace(">", chr(92) + "u003e")}\n</data>'


def _fitted(material: _Material, room: int, language: Language) -> str:
    """The data with as few cuts as the room allows."""
    cuts = bisect_left(
        range(material.cuts_max + 1), True, key=lambda cuts: estimate_tokens(_data(material.cut(cuts))) <= room
    )
    if cuts > material.cuts_max:
        raise Refused(
            "已确认的设定太长，一次写不下，请先精简。"
            if language == "zh"
            else "The settings are too long for one request; please shorten them first."
        )
    return _data(material.cut(cuts))


def _data(material: _Material) -> str:
    return "\n".join(data_block(name, value) for name, value in material.blocks())


def count_of(request: StageRequest) -> int:
    """How many proposals are asked for."""
    return int(request.options.get("candidate_count") or COUNTS[request.step])


def _material(request: StageRequest) -> _Material:
    options = dict(request.options)
    known, merge = options.pop("earlier", ()), options.pop("merge", ())
    options.pop("candidate_count", None)
    is_another_round = request.step is Step.CONCEPT and not request.is_revision
    settled = {
        "confirmed": request.confirmed,
        "config": request.config,
        "preferences": request.preferences,
        "requirements": request.requirements,
        "idea": request.idea,
        "concepts_to_merge": merge,
        # The earlier concepts tell all that a document of concepts has to say.
        "current_document": {} if is_another_round else request.newest,
        "options": {name: value for name, value in options.items() if value not in _NOTHING},
        "message": request.user_input,
    }
    earlier = map(_gist, known) if is_another_round else (one for one in request.avoid if one != request.newest)
    return _Material(settled, request.conversation, list(earlier)[::-1], request.feedback)


def _gist(concept: Object) -> Object:
    """As much of an earlier concept as tells it from others."""
    return {name: concept.get(name) for name in ("title", "premise")}
