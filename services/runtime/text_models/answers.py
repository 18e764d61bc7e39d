"""Telling a valid answer from others, and asking for a better one."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

import orjson
from jsonschema import Draft202012Validator

from services.kernel.text_models import InvalidOutput, Prompt

COMPLAINTS_MAX: Final = 5
COMPLAINT_LENGTH_MAX: Final = 200
_REPAIR: Mapping[str, str] = {
    "en": "That answer can't be used:\n{complaints}\nAnswer again with the whole object, corrected, and nothing else.",
    "zh": "这个回答无法使用：\n{complaints}\n请重新给出改正后的完整对象，除此之外什么也不要写。",
}
_CUT: Mapping[str, str] = {
    "en": "it was cut off because it got too long: be briefer in every text",
    "zh": "内容过长，被截断了：每段文字都请写得更短",
}
_NO_OBJECT: Mapping[str, str] = {"en": "it is not a JSON object", "zh": "它不是一个 JSON 对象"}


class WrongAnswer(Exception):
    """An answer that is not what was asked for; `complaints` say why."""

    def __init__(self, *complaints: str) -> None:
        super().__init__(*complaints)
        self.complaints = complaints


def parse_answer(text: str, prompt: Prompt, *, is_cut: bool) -> Mapping[str, Any]:
    """The object that was asked for. Raises WrongAnswer, or InvalidOutput for one that tells what it must not."""
    if is_cut:
        raise WrongAnswer(_CUT[prompt.language])
    try:
        found = orjson.loads(_unfenced(text))
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise WrongAnswer(_NO_OBJECT[prompt.language])
    # Once more than while it came: JSON has other ways to write the same letters.
    refuse_secrets(orjson.dumps(found).decode(), prompt)
    if complaints := _complaints(found, prompt.schema):
        raise WrongAnswer(*complaints)
    return found


def repair_request(wrong: WrongAnswer, prompt: Prompt) -> str:
    """What is said to the model about its answer."""
    complaints = "\n".join(f"- {complaint}" for complaint in wrong.complaints)
    return _REPAIR[prompt.language].format(complaints=complaints)


def refuse_secrets(text: str, prompt: Prompt) -> None:
    """Raises InvalidOutput if the text holds one of the lines that are ours; a repair would only repeat it."""
    if any(secret in text for secret in prompt.secrets):
        raise InvalidOutput("The text model repeated its instructions instead of following them.")


def _complaints(found: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    errors = islice(Draft202012Validator(schema).iter_errors(found), COMPLAINTS_MAX)
    return [f"{error.json_path}: {error.message}"[:COMPLAINT_LENGTH_MAX] for error in errors]


def _unfenced(text: str) -> str:
    """The text without the fence that models like to put round code."""
    text = text.strip()
    if text.startswith("```") and text.endswith("```"):
        return text.removesuffix("```").partition("\n")[2]
    return text
