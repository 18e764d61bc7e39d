"""English words for what somebody is like: telling them from others, and "braver" back into "brave"."""

from typing import Final

import regex

from services.contexts.genesis.engine.text import listed

_IRREGULAR: Final = {
    "better": "good",
    "worse": "bad",
    "freer": "free",
    "stranger": "strange",
    "younger": "young",
    "stronger": "strong",
    "longer": "long",
    "older": "old",
    "crueller": "cruel",
    "loyaler": "loyal",
}
_NO_COMPARATIVES: Final = listed("""
    after bitter clever eager elder ever former tender inner latter never other over proper sinister slender sober super
    under utter however whether either neither together
    character chapter monster number paper river sister brother mother father daughter winter summer water letter
    killer hunter ruler teacher soldier lawyer writer painter butler power order member danger anger hunger murder
    laughter matter corner wander wonder remember enter answer consider suffer discover deliver
""")
_PLAIN: Final = listed("""
    angry bad blind blunt bold brave calm clever cold cool cruel cunning deaf dumb eager evil fair fat fierce firm fond
    free gentle good grim grumpy hard harsh honest humble just keen kind lame lazy lonely loud loyal mad mean meek mild
    modest mute naive neat nice noble odd old patient plain polite poor proud pure quick quiet rash rich rough rude sad
    sane sharp short shrewd shy sick simple slow sly smart soft sober stern stiff stout strict strong stubborn subtle
    sweet tall tame tender thin tough true ugly vain warm weak wicked wild wise witty young human flawed
""")
_ENDINGS: Final = regex.compile(
    r"[\p{L}-]{2,}(?:ful|ous|ive|ic|ical|less|able|ible|ish|ent|ant|ary|ory|some|ted|ded|ned|sed|ced|red|ved|gry|ty|"
    r"dy|ny|ry|sy|ky|ly|my|py|ing|ate|ual|ial|nal|ral|tal|minded|hearted|going)",
    regex.I,
)
_COMPARATIVE: Final = regex.compile(r"[\p{L}-]{3,}er", regex.I)
_SILENT_E: Final = regex.compile(r"(?:[^aeioulr]l|[cv]|ns|r[gs]|ng|(?<![aeiouy])[aiou][bcdgklmnprstz])$")
_DOUBLED: Final = regex.compile(r"([bdgmnt])\1$")


def is_comparative(word: str) -> bool:
    """Tell whether the word is an adjective's second degree."""
    return bool(_COMPARATIVE.fullmatch(word)) and word.casefold() not in _NO_COMPARATIVES


def is_adjective(word: str) -> bool:
    """Tell whether the word can say what somebody is like; a wrong "no" makes a remark of it, which loses nothing."""
    return word.casefold() in _PLAIN or bool(_ENDINGS.fullmatch(word))


def positive(word: str) -> str:
    """Return the first degree: "braver" and "brave" are both "brave"."""
    small = word.casefold()
    if small in _IRREGULAR:
        return _IRREGULAR[small]
    if not is_comparative(small):
        return word
    if small.endswith("ier"):
        return small[:-3] + "y"
    stem = small[:-2]
    if _DOUBLED.search(stem):
        return stem[:-1]
    return stem + "e" if _SILENT_E.search(stem) else stem
