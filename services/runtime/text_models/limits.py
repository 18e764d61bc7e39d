"""How far a call of a text model may go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a call, and from when on the provider is left alone.

    `idle_seconds` may pass without a word. A request is made `requests_max` times at most, as long as nothing came of
    it; `answer_length_max` counts characters. After `failures_max` failures in a row there is rest for `rest_seconds`.
    """

    deadline_seconds: float = 100.0
    concurrency_max: int = 4
    connect_seconds: float = 5.0
    idle_seconds: float = 60.0
    requests_max: int = 3
    first_wait_seconds: float = 1.0
    answer_length_max: int = 400_000
    failures_max: int = 5
    rest_seconds: float = 30.0
