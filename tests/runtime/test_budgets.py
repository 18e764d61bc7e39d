"""A user's money for text models is never overspent, on a real database."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from services.kernel.text_models import (
    InvalidOutput,
    Message,
    ModelAnswer,
    OnText,
    Prompt,
    TextModelError,
    Unavailable,
    Usage,
)
from services.runtime.budgets import BudgetedTextModel, Budgets
from services.runtime.database import Pool
from services.runtime.tasks import TaskError

pytestmark = pytest.mark.anyio

TEN = Decimal(10)
PROMPT = Prompt(system="s", messages=(Message("user", "u"),), schema={})


@dataclass
class PricedModel:
    """A model whose calls cost what it is told, if it does not fail or wait for ever."""

    most: Decimal
    cost: Decimal = Decimal(0)
    error: TextModelError | None = None
    is_endless: bool = False

    async def write(self, prompt: Prompt, on_text: OnText) -> ModelAnswer:
        await on_text("four")
        if self.is_endless:
            await asyncio.Event().wait()
        if self.error:
            self.error.usage = Usage(1, 1, self.cost)
            raise self.error
        return ModelAnswer({}, Usage(1, 1, self.cost), "m", 1, 1)

    def cost_max(self, prompt: Prompt) -> Decimal | None:
        return self.most

    def cost_broken_off(self, prompt: Prompt, written: str) -> Decimal | None:
        return Decimal(len(written))


async def _silent(text: str) -> None:
    pass


async def _spent(pool: Pool, user_id: UUID) -> Decimal:
    query = "SELECT coalesce(sum(coalesce(cost, reserved)), 0) AS dollars FROM text_model_calls WHERE user_id = %s"
    async with pool.connection() as connection:
        row = await (await connection.execute(query, [user_id])).fetchone()
    assert row is not None
    return Decimal(row["dollars"])


async def _change(pool: Pool, statement: str) -> None:
    async with pool.connection() as connection:
        await connection.execute(statement.encode())


async def test_twenty_reservations_at_once_take_no_more_than_there_is(pool: Pool) -> None:
    budgets, user_id = Budgets(pool, TEN), uuid4()

    found = await asyncio.gather(*(budgets.reserve(user_id, Decimal("1.5")) for _ in range(20)), return_exceptions=True)

    assert sum(isinstance(one, UUID) for one in found) == 6
    assert await _spent(pool, user_id) == 9


async def test_a_refusal_says_what_is_left_and_is_not_tried_again(pool: Pool) -> None:
    budgets, user_id = Budgets(pool, TEN), uuid4()
    await budgets.reserve(user_id, Decimal(8))

    with pytest.raises(TaskError, match=r"up to \$3\.00, and \$8\.00 of this month's \$10\.00") as refused:
        await budgets.reserve(user_id, Decimal(3))

    assert (refused.value.code, refused.value.retryable) == ("BUDGET_EXCEEDED", False)


async def test_all_of_the_budget_may_be_spent(pool: Pool) -> None:
    budgets, user_id = Budgets(pool, TEN), uuid4()

    await budgets.reserve(user_id, TEN)

    assert await _spent(pool, user_id) == 10


async def test_what_a_call_did_not_cost_is_there_again(pool: Pool) -> None:
    budgets, user_id = Budgets(pool, TEN), uuid4()
    await budgets.settle(await budgets.reserve(user_id, Decimal(9)), Decimal("0.25"))

    await budgets.reserve(user_id, Decimal(9))

    assert await _spent(pool, user_id) == Decimal("9.25")


async def test_settling_twice_counts_once(pool: Pool) -> None:
    budgets, user_id = Budgets(pool, TEN), uuid4()
    reservation = await budgets.reserve(user_id, Decimal(9))

    await budgets.settle(reservation, Decimal(1))
    await budgets.settle(reservation, Decimal(5))

    assert await _spent(pool, user_id) == 1


async def test_users_do_not_share_a_budget(pool: Pool) -> None:
    budgets = Budgets(pool, TEN)

    for _ in range(3):
        await budgets.reserve(uuid4(), TEN)


async def test_the_reservation_of_a_dead_worker_expires(pool: Pool) -> None:
    budgets, user_id = Budgets(pool, TEN), uuid4()
    reservation = await budgets.reserve(user_id, TEN)
    await _change(pool, "UPDATE text_model_calls SET expires_at = now() - interval '1 second'")

    await budgets.reserve(user_id, Decimal(4))
    await budgets.settle(reservation, Decimal(6))

    with pytest.raises(TaskError):
        await budgets.reserve(user_id, Decimal("0.01"))


async def test_a_new_month_is_a_new_budget(pool: Pool) -> None:
    budgets, user_id = Budgets(pool, TEN), uuid4()
    await budgets.reserve(user_id, TEN)
    await _change(pool, "UPDATE text_model_calls SET month = (month - interval '1 month')::date")

    await budgets.reserve(user_id, TEN)


async def test_a_call_costs_what_it_did_cost(pool: Pool) -> None:
    user_id = uuid4()
    model = BudgetedTextModel(PricedModel(most=TEN, cost=Decimal("0.02")), Budgets(pool, TEN), user_id)

    await model.write(PROMPT, _silent)

    assert await _spent(pool, user_id) == Decimal("0.02")


@pytest.mark.parametrize("error", [Unavailable("down"), InvalidOutput("nonsense")])
async def test_a_call_that_fails_costs_what_was_used(pool: Pool, error: TextModelError) -> None:
    user_id = uuid4()
    model = BudgetedTextModel(PricedModel(most=TEN, cost=Decimal(2), error=error), Budgets(pool, TEN), user_id)

    with pytest.raises(type(error)):
        await model.write(PROMPT, _silent)

    assert await _spent(pool, user_id) == 2


async def test_a_cancelled_call_costs_about_what_was_written(pool: Pool) -> None:
    user_id = uuid4()
    model = BudgetedTextModel(PricedModel(most=TEN, is_endless=True), Budgets(pool, TEN), user_id)
    told = asyncio.Event()

    async def note(text: str) -> None:
        told.set()

    call = asyncio.create_task(model.write(PROMPT, note))
    await told.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert await _spent(pool, user_id) == len("four")


async def test_a_call_beyond_the_budget_is_not_made(pool: Pool) -> None:
    user_id = uuid4()
    told: list[str] = []

    async def note(text: str) -> None:
        told.append(text)

    with pytest.raises(TaskError, match=r"11\.00"):
        await BudgetedTextModel(PricedModel(most=Decimal(11)), Budgets(pool, TEN), user_id).write(PROMPT, note)

    assert told == []
    assert await _spent(pool, user_id) == 0
