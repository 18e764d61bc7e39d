"""When a process that ended is started again, and when we stop trying."""

import random
from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class RestartPolicy:
    """Exponential back-off with jitter over the deaths of the last minute; at the sixth it says stop.

    Times are seconds; a process that has run for a whole window starts over with the shortest delay.
    """

    deaths_max: int = 6
    window_seconds: float = 60.0
    first_delay_seconds: float = 0.5
    delay_seconds_max: float = 15.0
    _deaths: deque[float] = field(default_factory=deque)

    def delay_after_death(self, now: float) -> float | None:
        """Seconds to wait before the next start, or None: it has died too often, stop trying."""
        self._deaths.append(now)
        while self._deaths[0] <= now - self.window_seconds:
            self._deaths.popleft()
        if len(self._deaths) >= self.deaths_max:
            return None
        delay = self.first_delay_seconds * 2.0 ** (len(self._deaths) - 1)
        # Jitter keeps processes that fell together from coming back together.
        return min(delay, self.delay_seconds_max) * random.uniform(0.5, 1.0)
