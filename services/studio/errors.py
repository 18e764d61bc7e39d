"""The one error of this package that a user is meant to read."""


class StudioError(Exception):
    """Something foreseeable went wrong: one plain sentence, and what to do about it.

    `str()` gives both; the command line prints them without a traceback.
    """

    def __init__(self, sentence: str, *, remedy: str) -> None:
        super().__init__(f"{sentence} {remedy}")
        self.sentence = sentence
        self.remedy = remedy
