"""What is answered about users, each as the `data` of an envelope."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from services.kernel.responses import Response


class CamelResponse(Response):
    """An answer whose fields are in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel)


class UserResponse(CamelResponse):
    """A user."""

    id: UUID
    username: str
    email: str
    avatar: str | None
    is_active: bool
    is_admin: bool
    created_at: datetime
    updated_at: datetime


class NewUserResponse(UserResponse):
    """A user that an admin made; `password` when it was made up, told this once."""

    password: str | None = None


class CredentialsResponse(CamelResponse):
    """Tokens of a login, and for how many seconds the access token counts."""

    user_id: UUID
    token: str
    refresh_token: str
    expires_in: int


class MadeUpPasswordResponse(CamelResponse):
    """A password that was made up, told this once."""

    password: str


class ApiKeysResponse(Response):
    """Which keys of their own a user has."""

    has_glm_api_key: bool
    has_tuzi_api_key: bool
    has_gemini_api_key: bool
    has_doubao_api_key: bool


class UsersPageResponse(CamelResponse):
    """A page of all users, the newest first."""

    page: int
    page_size: int
    total: int
    items: list[UserResponse]


class ActionResponse(CamelResponse):
    """Something that happened to what is a user's: `actor_id` says who did it."""

    position: str
    event_type: str
    aggregate_type: str
    aggregate_id: str
    scope_type: str
    scope_id: str
    actor_id: str
    correlation_id: UUID | None
    created_at: datetime


class ActionsPageResponse(CamelResponse):
    """A page of what happened, the newest first."""

    page: int
    page_size: int
    total: int
    items: list[ActionResponse]
