"""Opens the text model that the settings name."""

# ruff: noqa: PLC0415  A process that writes offline loads neither an HTTP client nor what checks answers (18 MB).

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from services.kernel.text_models import TextModel
from services.runtime.text_models.limits import Limits
from services.runtime.text_models.settings import TextModelSettings

BASE_URLS: Final = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
CONNECTIONS_SPARE: Final = 2


@asynccontextmanager
async def open_text_model(settings: TextModelSettings, limits: Limits | None = None) -> AsyncIterator[TextModel | None]:
    """The model, for as long as the context lasts; None where the built-in author is to write.

    Without `limits` they are those of the settings.
    """
    if settings.text_model_provider == "offline":
        yield None
        return
    import httpx

    from services.runtime.text_models.anthropic_wire import AnthropicWire
    from services.runtime.text_models.http_text_model import HttpTextModel
    from services.runtime.text_models.openai_wire import OpenAIWire
    from services.runtime.text_models.prices import Prices

    limits = limits or settings.limits()
    speak = OpenAIWire if settings.text_model_provider == "openai" else AnthropicWire
    async with httpx.AsyncClient(
        base_url=settings.text_model_base_url or BASE_URLS[settings.text_model_provider],
        # No compression: a small answer could become a huge one before it is counted.
        headers={"Accept-Encoding": "identity"},
        timeout=httpx.Timeout(limits.idle_seconds, connect=limits.connect_seconds),
        limits=httpx.Limits(max_connections=limits.concurrency_max + CONNECTIONS_SPARE),
    ) as client:
        yield HttpTextModel(
            speak(settings.text_model_key.get_secret_value()),
            client,
            model=settings.text_model_name,
            prices=Prices(settings.text_model_input_price, settings.text_model_output_price),
            limits=limits,
        )
