"""What a good text model would answer to a prompt of ours: it reads the message as a model does, and writes well.

The built-in author does the writing, from nothing but what the prompt says; so what a prompt forgets to tell is missing
in the answer too.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from services.contexts.genesis.engine.concepts import ConceptDraft
from services.contexts.genesis.engine.offline_author import write_offline
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import detect_language
from services.contexts.genesis.model_author import PROPOSALS, DraftProposal
from services.contexts.genesis.values.steps import REVISABLE, Step

DATA = re.compile(r'<data name="(\w+)">\n(.*?)\n</data>', re.DOTALL)
STEPS = {kind.__name__: step for step, kind in PROPOSALS.items()} | {DraftProposal.__name__: Step.CONCEPT}


@cache
def written_answer(schema: str, message: str, temperature: float) -> Mapping[str, Any]:
    """The answer to the message, as the schema (its JSON) wants it."""
    asked = json.loads(schema)
    told = {name: json.loads(text) for name, text in DATA.findall(message)}
    step = STEPS[asked["title"]]
    document = told.get("current_document", {})
    proposal = write_offline(
        StageRequest(
            step=step,
            language=detect_language(DATA.sub("", message)),
            is_revision=bool(document and told.get("newest_feedback")) and step in REVISABLE,
            idea=told.get("idea"),
            user_input=told.get("message"),
            feedback=(*told.get("earlier_feedback", ()), *told.get("newest_feedback", ())),
            newest=document,
            confirmed=told.get("confirmed", {}),
            config=told.get("config", {}),
            preferences=told.get("preferences", {}),
            requirements=told.get("requirements", {}),
            options=told.get("options", {}) | _concept_options(step, asked, told),
            temperature=temperature,
        )
    )
    answer: dict[str, Any] = proposal.model_dump(mode="json", by_alias=True)
    if step is Step.CONCEPT:
        drafted = set(ConceptDraft.model_fields)
        answer["candidates"] = [
            {name: value for name, value in candidate.items() if name in drafted} for candidate in answer["candidates"]
        ]
    return {name: value for name, value in answer.items() if value is not None}


def _concept_options(step: Step, asked: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    count = asked["properties"].get("candidates", {}).get("minItems", 1)
    merge = told.get("concepts_to_merge", [])
    return {"candidate_count": count, "merge": merge} if step is Step.CONCEPT else {}
