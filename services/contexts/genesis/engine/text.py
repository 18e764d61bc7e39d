"""What every engine does to a person's words: make them storable, measure them, quote them without changing them."""

from typing import Annotated, Literal

import regex
from pydantic import BeforeValidator

Language = Literal["zh", "en"]

_CONTROLS = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# A direction override left open in somebody's idea would turn round every word we print behind it.
_DIRECTION_CONTROLS = regex.compile(r"[\u202a-\u202e\u2066-\u2069]")
# Counted in runs: a match for each letter of a long text would cost several times as much.
_HAN = regex.compile(r"\p{Script=Han}+")
_LETTERS = regex.compile(r"\p{L}+")
_RIGHT_TO_LEFT = regex.compile(r"[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]")
_GRAPHEME = regex.compile(r"\X")
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*")
# Up to and with the first full stop that ends a sentence; decimals and "e.g." are followed by no blank or capital.
_SENTENCE = regex.compile(r".+?(?:[。！？!?…]+[”』」\"]*|\.(?=\s)|\n|$)", regex.DOTALL)
_BREAK = regex.compile(r"[\s,;:。，、；：！？!?—]")


def storable(text: str) -> str:
    """Return the text without what a database or JSON cannot hold: NUL, other controls, lone surrogates.

    Surrogate pairs written as two code points become the character they mean. Tabs and line ends stay.
    """
    # Whole documents pass here text by text: what can be printed holds nothing of all this.
    if text.isprintable():
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _DIRECTION_CONTROLS.sub("", _CONTROLS.sub("", whole.replace("\r\n", "\n")))


def _storable_if_text(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_storable_if_text)]
"""A string that is storable whatever it was made from."""


def detect_language(*texts: str) -> Language:
    """Tell the language to answer in; without any letter to go by it is Chinese, the product's own.

    A Chinese sentence may hold a few foreign names and the other way round; one Han character says about as much as
    two or three Latin letters, so a quarter of the letters decides.
    """
    joined = " ".join(texts)
    letters = _count(_LETTERS, joined)
    return "zh" if letters == 0 or _count(_HAN, joined) * 4 >= letters else "en"


def _count(characters: "regex.Pattern[str]", text: str) -> int:
    return len("".join(characters.findall(text)))


def listed(text: str) -> frozenset[str]:
    """Return the words of a list that is written as a paragraph, to keep long lists readable in the source."""
    return frozenset(text.split())


def words(text: str) -> list[str]:
    """Split into lower-case words; a run without blanks in Chinese is one word, so use it for spaced scripts."""
    return [word.lower() for word in _WORD.findall(text)]


def length_of(text: str, language: Language) -> int:
    """Length in the unit the targets use: characters without blanks in Chinese, words in English."""
    return len("".join(text.split())) if language == "zh" else len(text.split())


def excerpt(text: str, limit: int) -> str:
    """Return a literal beginning of the text of at most `limit` characters, ending where a reader would pause.

    It is all of the text if that fits, else its first sentence, else a cut at a blank or comma, else between two
    visible characters (never inside an emoji or an accent).
    """
    text = text.strip()
    if len(text) <= limit:
        return text
    window = text[: limit + 1]
    sentence = _SENTENCE.match(window)
    if sentence and 12 <= len(sentence.group().strip()) <= limit:
        return sentence.group().strip()
    breaks = [found.start() for found in _BREAK.finditer(window) if found.start() >= limit // 2]
    return window[: breaks[-1]].rstrip() if breaks else _whole_graphemes(window, limit)


def _whole_graphemes(text: str, limit: int) -> str:
    ends = [found.end() for found in _GRAPHEME.finditer(text) if found.end() <= limit]
    return text[: ends[-1]].rstrip() if ends else text[:limit]


def shortened(text: str, limit: int) -> str:
    """Return the text on one line, at most `limit` characters, with an ellipsis where something is missing."""
    line = " ".join(text.split())
    return line if len(line) <= limit else excerpt(line, limit - 1).rstrip(".,;:。，；：") + "…"


def is_right_to_left(text: str) -> bool:
    """Tell whether the text needs to be kept apart from a left-to-right sentence around it."""
    return bool(_RIGHT_TO_LEFT.search(text))


def isolated(text: str) -> str:
    """Wrap right-to-left words in invisible isolates, so that our punctuation around them stays in its place."""
    return f"\u2068{text}\u2069" if is_right_to_left(text) else text


def estimate_tokens(text: str) -> int:
    """Estimate the tokens of a text as language models count them: one per Han character, one per four others."""
    han = _count(_HAN, text)
    return han + (len(text) - han + 3) // 4
