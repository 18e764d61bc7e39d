"""When a process that ended is started again, and when we stop trying."""

import random
from dataclasses import dataclass


@dataclass(slots=True)
class RestartPolicy:
    """Exponential back-off with jitter over deaths soon after a start; at the sixth in a row it says stop.

    Times are seconds; a process that ran for `settled_seconds` was well, and starts over with the shortest delay:
    whatever killed it, waiting longer would only keep its users waiting.
    """

    deaths_max: int = 6
    settled_seconds: float = 10.0
    first_delay_seconds: float = 0.5
    delay_seconds_max: float = 15.0
    _deaths: int = 0
    _started_at: float = float("-inf")

    def delay_after_death(self, now: float) -> float | None:
        """Seconds to wait before the next start, or None: it has died too often, stop trying."""
        self._deaths = 1 if now - self._started_at >= self.settled_seconds else self._deaths + 1
        if self._deaths >= self.deaths_max:
            return None
        delay = min(self.first_delay_seconds * 2.0 ** (self._deaths - 1), self.delay_seconds_max)
        # Jitter keeps processes that fell together from coming back together.
        delay *= random.uniform(0.5, 1.0)
        self._started_at = now + delay
        return delay
