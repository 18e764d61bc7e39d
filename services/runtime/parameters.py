"""Parameters of a read: path and query string, strictly parsed into the model that its route declares."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import QueryParams

from services.kernel.decider import FieldError, Rejected

Model = TypeVar("Model", bound=BaseModel)


def parse_parameters(model: type[Model], path: Mapping[str, str], query: QueryParams) -> Model:
    """Raises Rejected VALIDATION_ERROR for a parameter that is unknown, there twice, missing or wrong."""
    errors = _unreadable(parameter_names(model) - path.keys(), query)
    values = {**dict(query), **path}
    errors += [
        FieldError(_pointer(name), "nul_character", "The character NUL is not allowed.")
        for name, value in values.items()
        if "\0" in value
    ]
    if errors:
        raise _refused(errors)
    try:
        return model.model_validate_strings(values)
    except ValidationError as error:
        raise _refused([_field_error(item) for item in error.errors(include_url=False)]) from None


def parse_body(model: type[Model], path: Mapping[str, str], query: QueryParams, body: Mapping[str, Any]) -> Model:
    """The same where what is asked for is the body; pointers lead into it."""
    errors = _unreadable(set(), query)
    if errors:
        raise _refused(errors)
    try:
        return model.model_validate({**path, "body": body})
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise _refused(
            [
                FieldError(_pointer(*item["loc"][item["loc"][0] == "body" :]), item["type"], item["msg"])
                for item in found
            ]
        ) from None


def parameter_names(model: type[BaseModel]) -> set[str]:
    """The names by which a model's fields are sent."""
    return {field.alias or name for name, field in model.model_fields.items()}


def _unreadable(known: set[str], query: QueryParams) -> list[FieldError]:
    errors: list[FieldError] = []
    for name in query:
        if name not in known:
            errors.append(FieldError(_pointer(name), "extra_forbidden", "This parameter is not known here."))
        elif len(query.getlist(name)) > 1:
            errors.append(FieldError(_pointer(name), "repeated", "This parameter may be there once."))
    return errors


def _field_error(item: ErrorDetails) -> FieldError:
    return FieldError(_pointer(*item["loc"]), item["type"], item["msg"])


def _pointer(*steps: str | int) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _refused(errors: list[FieldError]) -> Rejected:
    first = errors[0]
    return Rejected("VALIDATION_ERROR", f"{first.pointer}: {first.message}", errors=tuple(errors))
