"""A user's money for text models: no more than so many US dollars in a calendar month, whatever happens at once.

Before a call the most that it can cost is reserved; afterwards what it did cost takes the place of that. So the sum of
what was spent and what is reserved never exceeds the budget. A reservation whose worker died expires.
"""

from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

from services.kernel.text_models import ModelAnswer, OnText, Prompt, TextModel, TextModelError
from services.runtime.database import Pool
from services.runtime.sql_files import read_sql
from services.runtime.tasks import ATTEMPT_DEADLINE_SECONDS, TaskError

RESERVATION_SECONDS: Final = 5 * ATTEMPT_DEADLINE_SECONDS
"""Longer than any call of a living worker takes, so that no call is under way whose reservation has expired."""

_SQL = read_sql("services.runtime", "budgets.sql")


class Budgets:
    """What all users may spend, `dollars_max` each and month."""

    def __init__(self, pool: Pool, dollars_max: Decimal) -> None:
        self._pool = pool
        self._dollars_max = dollars_max

    async def reserve(self, user_id: UUID, dollars: Decimal) -> UUID:
        """Sets so much aside and names it. Raises TaskError BUDGET_EXCEEDED if there is not so much left."""
        reservation = uuid4()
        parameters = {
            "id": reservation,
            "user_id": str(user_id),
            "dollars": dollars,
            "dollars_max": self._dollars_max,
            "expire_seconds": RESERVATION_SECONDS,
        }
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_SQL["lock_user"], parameters)
            row = await (await connection.execute(_SQL["reserve"], parameters)).fetchone()
        assert row is not None, "the sum of no rows is a row as well"
        if not row["is_reserved"]:
            raise TaskError("BUDGET_EXCEEDED", self._refusal(row["used"], dollars), retryable=False)
        return reservation

    async def settle(self, reservation: UUID, cost: Decimal) -> None:
        """Puts the cost in the place of the reservation, once; nothing gives all of it back."""
        async with self._pool.connection() as connection:
            await connection.execute(_SQL["settle"], {"id": reservation, "cost": cost})

    def _refusal(self, used: Decimal, dollars: Decimal) -> str:
        return (
            f"This could cost up to ${dollars:.2f}, and ${used:.2f} of this month's ${self._dollars_max:.2f} are "
            "spent or set aside."
        )


class BudgetedTextModel:
    """A text model that writes for one user, on that user's budget. Raises TaskError BUDGET_EXCEEDED as well."""

    def __init__(self, model: TextModel, budgets: Budgets, user_id: UUID) -> None:
        self._model = model
        self._budgets = budgets
        self._user_id = user_id

    async def write(self, prompt: Prompt, on_text: OnText) -> ModelAnswer:
        """See the port."""
        reservation = await self._budgets.reserve(self._user_id, _known(self._model.cost_max(prompt)))
        written: list[str] = []

        async def note(text: str) -> None:
            written.append(text)
            await on_text(text)

        try:
            answer = await self._model.write(prompt, note)
        except TextModelError as error:
            await self._budgets.settle(reservation, _known(error.usage.cost))
            raise
        except BaseException:
            # Cancelled, for the most part: the provider has been at work until now.
            spent = self._model.cost_broken_off(prompt, "".join(written))
            await self._budgets.settle(reservation, _known(spent))
            raise
        await self._budgets.settle(reservation, _known(answer.usage.cost))
        return answer

    def cost_max(self, prompt: Prompt) -> Decimal | None:
        """See the port."""
        return self._model.cost_max(prompt)

    def cost_broken_off(self, prompt: Prompt, written: str) -> Decimal | None:
        """See the port."""
        return self._model.cost_broken_off(prompt, written)


def _known(dollars: Decimal | None) -> Decimal:
    assert dollars is not None, "the settings take no budget without prices"
    return dollars
