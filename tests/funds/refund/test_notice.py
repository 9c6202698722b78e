"""The days of a refund plan: thirty whole days of objections in China, three working days for the bank."""

from datetime import date, timedelta

import pytest

from funds.refund.notice import Stage, bank_deadline, objections, stage
from funds.refund.plan import refund_plan
from graph.errors import InputError
from tests.funds.controls.orders import local
from tests.funds.refund.test_plan import EXAMPLE, FROZEN, SINGLE

PLAN = refund_plan(FROZEN, EXAMPLE)
DAY = date(2024, 1, 31)


def test_thirty_days_after_the_notice_the_last_day_whole() -> None:
    period = objections(DAY)
    assert period.last_on == date(2024, 3, 1)  # 2024 is a leap year
    assert period.closes_at == local("2024-03-02T00:00")


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2024-03-01T23:59:59", Stage.OBJECTIONS), ("2024-03-02T00:00", Stage.DECIDABLE)],
)
def test_a_plan_in_proportion_is_decided_after_objections(now: str, expected: Stage) -> None:
    assert stage(PLAN, local(now), DAY) is expected
    assert stage(PLAN, local(now)) is Stage.TO_ANNOUNCE
    assert stage(refund_plan(SINGLE, EXAMPLE[:1]), local(now)) is Stage.DECIDABLE


def test_a_decision_before_the_end_of_objections_is_refused() -> None:
    closes = objections(DAY).closes_at
    assert stage(PLAN, closes, DAY, closes) is Stage.DECIDED
    assert stage(PLAN, closes, DAY, closes + timedelta(days=1)) is Stage.DECIDABLE
    with pytest.raises(InputError):
        stage(PLAN, closes, DAY, closes - timedelta(seconds=1))
    with pytest.raises(InputError):
        stage(PLAN, closes, None, closes)


def test_the_bank_has_three_working_days() -> None:
    friday = date(2024, 3, 1)
    assert bank_deadline(friday) == date(2024, 3, 6)
    assert bank_deadline(friday, holidays=[date(2024, 3, 5)]) == date(2024, 3, 7)
    assert bank_deadline(friday, workdays=[date(2024, 3, 2)]) == date(2024, 3, 5)
