"""Counting how often somebody asks: exact, whatever the times, in a space that does not grow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime import rate_limits
from services.runtime.client_address import ClientAddresses, counted_as, parse_networks
from services.runtime.rate_limits import SLICES, RateLimit

WINDOW = 60
# Fractions of two, so that sums of times are exact.
PAUSES = st.lists(st.integers(0, 16 * WINDOW // 8).map(lambda sixteenths: sixteenths / 16), min_size=1, max_size=200)


@given(PAUSES, st.integers(1, 12))
def test_no_window_holds_more_than_the_quota_wherever_it_begins(pauses: list[float], quota: int) -> None:
    limit, now = RateLimit("user", quota, WINDOW), 0.0
    admitted: list[float] = []
    for pause in pauses:
        now += pause
        recent = [when for when in admitted if when > now - WINDOW]
        standing = limit.take("somebody", now)
        if standing.admitted:
            admitted.append(now)
            assert len(recent) < quota
            assert 0 <= standing.remaining <= quota - len(recent) - 1
        else:
            # What came close together stops counting together.
            slice_seconds = WINDOW / SLICES
            assert len([when for when in admitted if when > now - WINDOW - slice_seconds]) >= quota
            assert standing.remaining == 0


@given(PAUSES, st.integers(1, 12))
def test_whoever_waits_as_long_as_told_is_admitted(pauses: list[float], quota: int) -> None:
    limit, now = RateLimit("user", quota, WINDOW), 0.0
    for pause in pauses:
        now += pause
        standing = limit.take("somebody", now)
        assert 1 <= standing.reset_seconds <= WINDOW
        if not standing.admitted:
            now += standing.reset_seconds
            assert limit.take("somebody", now).admitted


def test_a_key_takes_the_same_space_whatever_its_quota() -> None:
    limit = RateLimit("user", 1_000_000, WINDOW)
    for tenth in range(10_000):
        limit.take("somebody", tenth / 10)
    (counted,) = limit._keys.values()
    assert len(counted.slices) <= SLICES + 1


def test_whoever_has_been_quiet_for_longest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "KEYS_MAX", 3)
    limit = RateLimit("user", 1, WINDOW)
    for second, name in enumerate(("first", "second", "third", "first", "fourth")):
        limit.take(name, second)
    assert not limit.take("first", 6).admitted
    assert not limit.take("third", 6).admitted
    assert limit.take("second", 6).admitted


FORWARDED, REAL, PROTO = b"x-forwarded-for", b"x-real-ip", b"x-forwarded-proto"


@pytest.mark.parametrize(
    ("trusted", "headers", "address"),
    [
        ("", [(FORWARDED, b"1.2.3.4"), (REAL, b"5.6.7.8")], "10.0.0.7"),
        ("10.0.0.0/8", [(FORWARDED, b"1.2.3.4, 9.9.9.9"), (REAL, b"5.6.7.8")], "1.2.3.4"),
        ("10.0.0.7", [(REAL, b"5.6.7.8")], "5.6.7.8"),
        ("10.0.0.8, 10.0.0.7", [(FORWARDED, b"2001:db8::1")], "2001:db8::1"),
        ("10.0.0.7", [(FORWARDED, b"<script>"), (REAL, b"")], "10.0.0.7"),
        ("10.0.0.8", [(FORWARDED, b"1.2.3.4")], "10.0.0.7"),
        ("10.0.0.7", [], "10.0.0.7"),
    ],
)
def test_only_our_proxies_say_for_whom_they_ask(trusted: str, headers: list[tuple[bytes, bytes]], address: str) -> None:
    scope = {"client": ("10.0.0.7", 1234), "headers": headers, "scheme": "http"}
    assert ClientAddresses(parse_networks(trusted)).address(scope) == address


@pytest.mark.parametrize(
    ("trusted", "scheme", "said", "secure"),
    [("", "http", b"https", False), ("10.0.0.7", "http", b"https", True), ("", "https", b"http", True)],
)
def test_only_our_proxies_say_that_they_were_asked_by_tls(trusted: str, scheme: str, said: bytes, secure: bool) -> None:  # noqa: FBT001
    scope = {"client": ("10.0.0.7", 1234), "headers": [(PROTO, said)], "scheme": scheme}
    assert ClientAddresses(parse_networks(trusted)).is_secure(scope) is secure


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("unknown", "unknown"),
    ],
)
def test_an_address_of_many_counts_as_the_network_they_are_of(address: str, key: str) -> None:
    assert counted_as(address) == key
