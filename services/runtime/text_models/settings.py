"""The settings of the text model that writes."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from services.runtime.settings import ProcessSettings
from services.runtime.text_models.limits import Limits


class TextModelSettings(ProcessSettings):
    """A process that lets a text model write. `offline` is built in and needs nothing else."""

    text_model_provider: Literal["offline", "openai", "anthropic"] = "offline"
    text_model_base_url: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="where another server speaks that protocol; empty: the provider's"
    )
    text_model_key: SecretStr = Field(SecretStr(""), description="the key of the provider")
    text_model_name: str = Field("", description="which of the provider's models writes")
    text_model_input_price: Decimal | None = Field(None, ge=0, description="US dollars for a million tokens read")
    text_model_output_price: Decimal | None = Field(None, ge=0, description="US dollars for a million tokens written")
    text_model_deadline_seconds: float = Field(100.0, ge=1, le=110, description="how long one call may take in all")
    text_model_concurrency_max: int = Field(4, ge=1, le=64, description="calls at once of this process")
    text_model_budget_usd: Decimal | None = Field(
        None, ge=0, description="US dollars that a user may spend in a calendar month (UTC); empty: no limit"
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.text_model_provider == "offline":
            return self
        if not self.text_model_name:
            raise ValueError("STUDIO_TEXT_MODEL_NAME is missing: which of the provider's models is to write")
        if not (self.text_model_key.get_secret_value() or self.text_model_base_url):
            raise ValueError("STUDIO_TEXT_MODEL_KEY is missing: the provider takes nobody without one")
        prices = (self.text_model_input_price, self.text_model_output_price)
        if prices.count(None) == 1:
            raise ValueError("STUDIO_TEXT_MODEL_INPUT_PRICE and _OUTPUT_PRICE are given together or not at all")
        if self.text_model_budget_usd is not None and None in prices:
            raise ValueError("STUDIO_TEXT_MODEL_BUDGET_USD can't be kept without the prices of tokens")
        return self

    def limits(self) -> Limits:
        """The bounds of a call."""
        return Limits(
            deadline_seconds=self.text_model_deadline_seconds, concurrency_max=self.text_model_concurrency_max
        )
