"""What tokens cost, and how many a text is at most."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import orjson

from services.kernel.text_models import Prompt

FRAME_TOKENS_MAX: Final = 1_500
"""What a provider puts round a request: roles, how a tool is used; and what is said to the model about its answer."""

_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for a million tokens; None where they are not known."""

    read: Decimal | None = None
    written: Decimal | None = None

    def cost(self, tokens_read: int, tokens_written: int) -> Decimal | None:
        """What so many tokens cost."""
        if self.read is None or self.written is None:
            return None
        return (self.read * tokens_read + self.written * tokens_written) / _MILLION


def estimated_tokens(text: str) -> int:
    """About how many tokens a text is: a Chinese character takes three bytes, an English token some four."""
    return -(-len(text.encode("utf-8", "replace")) // 3)


def tokens_max(prompt: Prompt) -> int:
    """More tokens than any tokenizer makes of a request: each stands for at least one byte."""
    texts = (prompt.system, *(message.content for message in prompt.messages))
    written = sum(len(text.encode("utf-8", "replace")) for text in texts)
    return written + len(orjson.dumps(prompt.schema)) + FRAME_TOKENS_MAX
