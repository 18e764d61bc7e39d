"""How often somebody may ask: at most so many requests in any window, by user or by address. See ADR 18.

Counted in the process, exactly: no window of the given length ever holds more than the quota, wherever it begins.
"""

from collections import OrderedDict, deque
from collections.abc import Hashable
from math import ceil
from time import time
from typing import Final, NamedTuple

from services.kernel.decider import Rejected
from services.runtime.security_headers import Header

SLICES: Final = 60
"""A window is counted in at most so many slices and one, so that a key takes the same space whatever its quota."""
KEYS_MAX: Final = 100_000
"""So many users or addresses are remembered; whoever has been quiet for longest is forgotten first."""


class Standing(NamedTuple):
    """Where a key stands after one request. `reset_seconds`: until some of what is used up comes back."""

    limit: "RateLimit"
    admitted: bool
    remaining: int
    reset_seconds: int

    def headers(self) -> list[Header]:
        """What every answer says about it: by the names that everybody knows, and by those of the IETF's draft."""
        remaining, seconds = b"%d" % self.remaining, b"%d" % self.reset_seconds
        return [
            (b"x-ratelimit-limit", self.limit.requests_text),
            (b"x-ratelimit-remaining", remaining),
            (b"x-ratelimit-reset", b"%d" % (time() + self.reset_seconds)),
            (b"ratelimit-policy", self.limit.policy),
            (b"ratelimit", b'"%b";r=%b;t=%b' % (self.limit.name, remaining, seconds)),
        ]

    def refusal(self) -> Rejected:
        """What a request over the quota is told."""
        detail = f"At most {self.limit.requests} requests in {self.limit.window_seconds} s; try again later."
        seconds = self.reset_seconds
        return Rejected("RATE_LIMITED", detail, retry_after=seconds, error={"data": {"retryAfter": seconds}})


class RateLimit:
    """One quota, counted for each key. A request over it is not counted: waiting is always enough."""

    def __init__(self, name: str, requests: int, window_seconds: int) -> None:
        self.name = name.encode()
        self.requests = requests
        self.requests_text = b"%d" % requests
        self.window_seconds = window_seconds
        self.policy = b'"%b";q=%d;w=%d' % (self.name, requests, window_seconds)
        self._slice_seconds = window_seconds / SLICES
        self._keys: OrderedDict[Hashable, _Counted] = OrderedDict()

    def take(self, key: Hashable, now: float) -> Standing:
        """Counts one request of this key at a time that never goes back, unless its quota is used up."""
        counted = self._keys.get(key)
        if counted is None:
            counted = self._remember(key)
        else:
            self._keys.move_to_end(key)
        counted.forget_until(now - self.window_seconds)
        admitted = counted.total < self.requests
        if admitted:
            counted.add(now, self._slice_seconds)
        reset_seconds = ceil(counted.slices[0].newest + self.window_seconds - now)
        return Standing(self, admitted, self.requests - counted.total, reset_seconds)

    def _remember(self, key: Hashable) -> "_Counted":
        if len(self._keys) >= KEYS_MAX:
            self._keys.popitem(last=False)
        counted = self._keys[key] = _Counted()
        return counted


class _Slice:
    """Requests that came close together: between `begin` and `newest`. They stop counting together, by the newest."""

    __slots__ = ("begin", "count", "newest")

    def __init__(self, begin: float) -> None:
        self.begin = begin
        self.newest = begin
        self.count = 0


class _Counted:
    """The requests of one key that still count."""

    __slots__ = ("slices", "total")

    def __init__(self) -> None:
        self.slices: deque[_Slice] = deque()
        self.total = 0

    def forget_until(self, when: float) -> None:
        slices = self.slices
        while slices and slices[0].newest <= when:
            self.total -= slices.popleft().count

    def add(self, now: float, slice_seconds: float) -> None:
        if not self.slices or now >= self.slices[-1].begin + slice_seconds:
            self.slices.append(_Slice(now))
        last = self.slices[-1]
        last.newest = now
        last.count += 1
        self.total += 1
