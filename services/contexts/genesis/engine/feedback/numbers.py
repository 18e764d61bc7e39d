"""Reading numbers as people write them: 12, twelve, thirty-five, 十二, 两百."""

from typing import Final

import regex

_FIRST: Final = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
"""
_UNITS: Final = {word: number for number, word in enumerate(_FIRST.split())}
_ROUND: Final = "- - twenty thirty forty fifty sixty seventy eighty ninety"
_TENS: Final = {word: number * 10 for number, word in enumerate(_ROUND.split()) if number > 1}
_LOOSE: Final = {"a couple of": 2, "a dozen": 12, "a hundred": 100, "a single": 1}
_SIGNS: Final = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "俩": 2}

_WRITTEN: Final = "|".join(sorted(_UNITS, key=len, reverse=True))
_COMPOSED: Final = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(list(_UNITS)[1:10])}))?"

ENGLISH_NUMBER: Final = rf"(?:[0-9]{{1,6}}|{'|'.join(_LOOSE)}|{_COMPOSED}|{_WRITTEN})"
"""A number as it stands in an English pattern."""

CHINESE_NUMBER: Final = r"(?:[0-9]{1,6}|[零〇一二两俩三四五六七八九十百]{1,7})"
"""A number as it stands in a Chinese pattern."""


def number_in(words: str) -> int | None:
    """Return the number that the words are, None if they are none."""
    text = words.strip().casefold()
    if regex.fullmatch(r"[0-9]{1,6}", text):
        return int(text)
    if regex.fullmatch(r"[零〇一二两俩三四五六七八九十百]+", text):
        return _chinese(text)
    return _english(text)


def _english(text: str) -> int | None:
    if text in _LOOSE:
        return _LOOSE[text]
    tens, _, unit = text.replace("-", " ").partition(" ")
    if tens in _TENS:
        return _TENS[tens] + _UNITS.get(unit, 0)
    return _UNITS.get(text)


def _chinese(text: str) -> int:
    """Read up to the hundreds; 十二 begins with a ten that has no digit before it."""
    total, digit = 0, 0
    for sign in text:
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = _SIGNS[sign]
    return total + digit
