"""Ages: how they are written out, how somebody of an age looks, and how a text that tells an age is told another."""

from collections.abc import Mapping

import regex

from services.contexts.genesis.engine.casts.choosing import Chooser
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.voice import capitalised, render

ADULT = 25
_BANDS = ((13, "child"), (18, "youth"), (35, "young"), (55, "middle"), (90, "elder"))
_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SIGNS = "零一二三四五六七八九"


def age_in_words(age: int, language: Language) -> str:
    """Return an age below a hundred written out, others in digits."""
    if age >= 100:
        return str(age)
    if language == "zh":
        return _chinese(age)
    if age < 20:
        return _UNITS[age]
    tens, unit = divmod(age, 10)
    return _TENS[tens - 2] + (f"-{_UNITS[unit]}" if unit else "")


def age_line(age: int, ages: Mapping[str, tuple[str, ...]], chooser: Chooser, language: Language) -> str:
    """Return a sentence in which somebody has this age, and looks it."""
    band = next((name for limit, name in _BANDS if age < limit), "ancient")
    words = age_in_words(age, language)
    lines = [line for line in ages[band] if age != 1 or "years" not in line]
    return render(chooser.pick(f"age/{band}", lines), {"age": words, "Age": capitalised(words)}, language)


def tells_age(text: str, age: int, language: Language) -> bool:
    """Tell whether a text tells this age."""
    return bool(_pattern(age, language).search(text))


def with_other_age(text: str, old: int, new: int, language: Language) -> str:
    """Return the text with one age put for the other wherever it is told, in digits or words as it stood."""

    def other(found: "regex.Match[str]") -> str:
        told = found.group()
        if told.isdigit():
            return str(new)
        words = age_in_words(new, language)
        return capitalised(words) if told[:1].isupper() else words

    return _pattern(old, language).sub(other, text)


def _pattern(age: int, language: Language) -> "regex.Pattern[str]":
    """Match an age where it can only be one: "forty-one years ago" and "41 coins" tell nobody's age."""
    written = "|".join(regex.escape(form) for form in {str(age), age_in_words(age, language)})
    if language == "zh":
        return regex.compile(rf"(?<![0-9零一二三四五六七八九十百千万第])(?:{written})(?=\s*岁)")
    before = r"(?<=\b(?:aged?|is|was|turn(?:s|ed)|at|now|just|barely)\s)"
    after = r"(?=[\s-]years?[\s-]old|[\s-]year-old|\s+and\s+unbent)"
    return regex.compile(
        rf"{before}(?:{written})\b(?![\s-]*(?:o.clock|years?\s+(?!old)|[a-z]+s\b))|\b(?:{written}){after}|^(?:{written})(?=,)",
        regex.I,
    )


def _chinese(age: int) -> str:
    tens, unit = divmod(age, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_SIGNS[tens]}十"
    return head + (_SIGNS[unit] if unit or not tens else "")
