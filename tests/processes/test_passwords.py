"""What checking passwords costs a command API."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psutil
import pytest

from tests.kit.processes import Alone, running

HASH_BYTES = 19 * 1024 * 1024
"""What one check takes while it lasts."""


@pytest.fixture
def api(migrated: str) -> Iterator[Alone]:
    with running("services.command_api.main", migrated) as api:
        yield api


def test_what_a_check_of_a_password_takes_is_given_back(api: Alone) -> None:
    process = psutil.Process(api.process.pid)
    before = process.memory_full_info().uss

    def log_in(_: int) -> int:
        login = {"email": f"{uuid4().hex}@example.com", "password": "a guess"}
        return api.http.post("/api/v1/auth/login", json=login).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(log_in, range(40))) == {401}
    assert process.memory_full_info().uss - before < HASH_BYTES
