"""What ends a rebuild early. Whatever it was, nothing that readers see has changed."""


class RebuildError(Exception):
    """It can't be done as things are: one plain sentence, and what to do about it."""

    def __init__(self, sentence: str, *, remedy: str) -> None:
        super().__init__(f"{sentence} {remedy}")
        self.sentence = sentence
        self.remedy = remedy


class StopAsked(Exception):
    """Somebody asked the rebuild to stop, from another terminal; it goes on where it was when it is run again."""
