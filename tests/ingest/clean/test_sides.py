"""Two amount columns become amount and direction; what they contradict waits with a reason."""

import polars as pl
import pytest

from ingest.clean.column import clean_column
from ingest.clean.sides import join_sides
from ingest.reasons import Reason
from ingest.template import template

KIND = template("bank_sheet")


def joined(**cells: str | None) -> tuple[int | None, str | None, dict[str, set[Reason]]]:
    """Amount, direction and the reasons by field of one row of raw texts."""
    cleaned = {
        field: clean_column(pl.Series([text], dtype=pl.String), KIND.columns[field], KIND)
        for field, text in cells.items()
    }
    found = join_sides(cleaned, KIND)
    reasons = {field: {r for r, mask in one.codes.items() if mask[0]} for field, one in found.items()}
    amount, direction = (found[f].values[0] if f in found else None for f in ("amount", "direction"))
    return amount, direction, {field: codes for field, codes in reasons.items() if codes}


@pytest.mark.parametrize("nothing", [None, "", "-", "0", "0.00", "-0"])
def test_the_side_that_is_filled_is_amount_and_direction(nothing: str | None) -> None:
    assert joined(amount_out="1,234.50", amount_in=nothing) == (123_450, "out", {})
    assert joined(amount_out=nothing, amount_in="1,234.50") == (123_450, "in", {})


def test_a_sign_stays_as_in_a_single_column() -> None:
    assert joined(amount_out="-5.00", amount_in="") == (-500, "out", {})
    assert joined(amount_out="0.00", amount_in="-5.00") == (-500, "in", {})


def test_both_sides_are_never_chosen_between() -> None:
    assert joined(amount_out="5.00", amount_in="7.00")[2] == {"amount_out": {Reason.AMOUNTS_DIFFER}}
    assert joined(amount_out="5.00", amount_in="-5.00")[2] == {"amount_out": {Reason.AMOUNTS_DIFFER}}


@pytest.mark.parametrize("nothing", [None, "0.00"])
def test_neither_side_lacks_the_key(nothing: str | None) -> None:
    assert joined(amount_out=nothing, amount_in=nothing)[2] == {"amount_out": {Reason.MISSING_KEY}}


def test_a_side_that_is_no_amount_keeps_its_own_reason() -> None:
    assert joined(amount_out="1.2万", amount_in=None)[2] == {"amount_out": {Reason.BAD_AMOUNT}}
    assert joined(amount_out="", amount_in="0.005")[2] == {"amount_in": {Reason.BAD_AMOUNT}}


def test_the_sheets_own_amount_and_direction_must_agree() -> None:
    sides = {"amount_out": "5.00", "amount_in": ""}
    assert joined(**sides, amount="5.00", direction="借") == (500, "out", {})
    assert joined(**sides, amount="-5.00") == (500, "out", {})
    assert joined(**sides, amount="6.00")[2] == {"amount_out": {Reason.AMOUNTS_DIFFER}}
    assert joined(**sides, direction="贷")[2] == {"amount_out": {Reason.AMOUNTS_DIFFER}}
    assert joined(**sides, direction="O") == (500, "out", {})


def test_one_side_beside_an_own_amount_and_direction_leaves_the_other_rows_to_them() -> None:
    assert joined(amount_out="", amount="6.00", direction="进") == (600, "in", {})
    assert joined(amount_out="6.00", amount="6.00", direction="进")[2] == {
        "amount_out": {Reason.AMOUNTS_DIFFER}
    }


def test_a_sheet_without_sides_stays_as_it_was() -> None:
    assert joined(amount="6.00", direction="O") == (600, None, {})
