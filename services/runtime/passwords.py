"""Passwords, hashed with argon2id in threads, so many at a time and no more."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.kernel.decider import Rejected

AT_A_TIME: Final = 2
WAITING_MAX: Final = 64
"""Beyond this a login is refused instead of waiting longer: each takes about 20 ms of a core."""

# What OWASP asks for at least; 19 MiB a hash, so that the process stays small.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class Passwords:
    """Hashes and checks passwords for one process."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_A_TIME)
        self._waiting = 0
        # For addresses that nobody has: checking must take as long as for those that somebody has.
        self._nobodys = _HASHER.hash(secrets.token_hex())

    async def hash(self, password: str) -> str:
        """The hash to store. Raises Rejected STORE_UNAVAILABLE when too many wait."""
        async with self._turn():
            return await asyncio.to_thread(_HASHER.hash, password)

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether it is the password; never for None, which takes as long. Raises Rejected when too many wait."""
        async with self._turn():
            right = await asyncio.to_thread(_verify, password_hash or self._nobodys, password)
        return right and password_hash is not None

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= WAITING_MAX:
            raise Rejected("STORE_UNAVAILABLE", "Too many people are logging in at this moment; try again.")
        self._waiting += 1
        try:
            async with self._turns:
                yield
        finally:
            self._waiting -= 1


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
