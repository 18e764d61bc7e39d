"""JSON bodies of users, the same from a decision and from a read."""

from datetime import datetime
from typing import Any
from uuid import UUID


def user_body(
    user_id: UUID,
    *,
    username: str,
    email: str,
    avatar_url: str | None,
    is_active: bool,
    is_admin: bool,
    created_at: datetime,
    updated_at: datetime,
) -> dict[str, Any]:
    """UserResponse."""
    return {
        "id": user_id,
        "username": username,
        "email": email,
        "avatar": avatar_url,
        "isActive": is_active,
        "isAdmin": is_admin,
        "createdAt": created_at,
        "updatedAt": updated_at,
    }
