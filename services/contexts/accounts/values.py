"""Words of the accounts context."""

import unicodedata
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, EmailStr, StringConstraints

from services.kernel.scope import AggregateKey, ScopeKey

USER: Final = "User"
"""The aggregate, and the scope that it has to itself."""

USERNAME_LENGTHS: Final = (3, 20)
EMAIL_LENGTH_MAX: Final = 255


class Provider(StrEnum):
    """Whose services a user may bring a key of their own for."""

    GLM = "glm"
    TUZI = "tuzi"
    GEMINI = "gemini"
    DOUBAO = "doubao"


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _visible(name: str) -> str:
    """Two names must not look alike to the last dot: compatibility forms are one, and nothing is invisible."""
    name = unicodedata.normalize("NFKC", name)
    if not all(letter.isprintable() for letter in name):
        raise ValueError("a name has visible characters only")
    low, high = USERNAME_LENGTHS
    if not low <= len(name) <= high:
        raise ValueError(f"a name has {low} to {high} characters")
    return name


def _in_lower_case(email: str) -> str:
    return email.lower()


Username = Annotated[str, BeforeValidator(_trimmed), AfterValidator(_visible)]

Email = Annotated[
    EmailStr, BeforeValidator(_trimmed), StringConstraints(max_length=EMAIL_LENGTH_MAX), AfterValidator(_in_lower_case)
]
"""An address, in lower case: addresses are compared without regard to it."""


def user_key(user_id: UUID) -> AggregateKey:
    """The aggregate of a user."""
    return AggregateKey(USER, str(user_id))


def user_scope(user_id: UUID) -> ScopeKey:
    """What a user's own events belong to."""
    return ScopeKey("USER", str(user_id))
