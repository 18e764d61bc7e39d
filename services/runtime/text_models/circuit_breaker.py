"""Leaves a provider alone that has failed several times in a row, so that calls fail at once instead of waiting."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from services.kernel.text_models import InvalidOutput, RateLimited, Refused, TimedOut, Unavailable


class Resting(Unavailable):
    """The provider is being left alone."""


class CircuitBreaker:
    """Counts failures in a row. After `failures_max` nobody is let through for `rest_seconds`, then one to try.

    A provider that refuses, asks for patience or writes nonsense is there: only silence and errors count as failures.
    """

    def __init__(self, *, failures_max: int, rest_seconds: float, now: Callable[[], float] = monotonic) -> None:
        self._failures_max = failures_max
        self._rest_seconds = rest_seconds
        self._now = now
        self._failures = 0
        self._rests_until = 0.0
        self._is_tried = False

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Goes round a request. Raises Resting instead of letting it through."""
        self._admit()
        try:
            yield
        except (Unavailable, TimedOut):
            self._failures += 1
            self._rests_until = self._now() + self._rest_seconds
            raise
        except (RateLimited, Refused, InvalidOutput):
            self._failures = 0
            raise
        else:
            self._failures = 0
        finally:
            # Also after a cancellation, which says nothing about the provider: the next one tries.
            self._is_tried = False

    def _admit(self) -> None:
        if self._failures < self._failures_max:
            return
        wait = self._rests_until - self._now()
        if wait > 0 or self._is_tried:
            raise Resting("The text model's provider keeps failing and is left alone for a while.")
        self._is_tried = True
