"""Telling sentences from each other."""

import regex

_ENDED = regex.compile(r".+?(?:[。！？]+[”』」]*|[.!?]+[”’]*(?:\s+|$)|$)", regex.DOTALL)
_GOES_ON = regex.compile(r"[，；、：,;:]")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each with the blank behind it; what is quoted inside of one does not end it."""
    parts: list[str] = []
    for part in _ENDED.findall(text):
        if parts and (parts[-1].count("\u201c") > parts[-1].count("\u201d") or _GOES_ON.match(part)):
            parts[-1] += part
        else:
            parts.append(part)
    return parts
