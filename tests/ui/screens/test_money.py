"""The screen "Follow the money": what it says with nothing loaded, and its sums beside the tracer's."""

from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from cases.audit import Audit, audit_path
from export.signs import money_text
from funds.account_lines import account_lines
from funds.claims import reported_claims, reported_payments
from funds.comparison import compare
from funds.ledgers import load_ledgers
from funds.methods import METHODS, narrowed
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables, write_tables
from tests.frames import small_world
from tests.ui.screens.screen import screen, texts
from ui.words import LANGUAGES, Language, Words

WORDS = Words("en")


@pytest.fixture(scope="module")
def case(sample_home: LakeHome) -> str:
    sums = reported_payments(open_tables(sample_home)).group_by("case").agg(fen=pl.col("amount_fen").sum())
    return str(sums.sort("fen", "case", descending=[True, False])["case"][0])


def set_to(app: AppTest, **values: object) -> AppTest:
    """The screen with widgets set as a user would leave them."""
    for name, value in values.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_lake_says_what_to_load(tmp_path: Path, language: Language) -> None:
    assert Words(language)("empty.lake") in texts(screen("money", lake_home(tmp_path), language))


def test_a_lake_without_reports_says_which_sheet_brings_them(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    frames = {name: frame for name, frame in small_world().items() if name not in ("PAID_TO", "PAID_FROM")}
    write_tables(home, frames)
    assert WORDS("money.no_reports") in texts(screen("money", home))


def test_the_greatest_case_is_shown_with_paid_held_and_ended(sample_home: LakeHome, case: str) -> None:
    app = screen("money", sample_home)
    tables = open_tables(sample_home)
    ledgers = load_ledgers(tables)
    found = compare(ledgers, reported_claims(tables, ledgers), ("fifo",)).traced["fifo"]
    mine = narrowed(found, [case])
    paid = sum(mine.claims.paid_fen)
    held = int(mine.held.filter(pl.col("owner") >= 2)["fen"].sum())
    said = WORDS(
        "money.equation", paid=money_text(paid), held=money_text(held), ended=money_text(paid - held)
    )
    assert said in texts(app)


def test_a_look_at_a_case_is_in_the_audit_once(sample_home: LakeHome) -> None:
    def looks() -> int:
        if not audit_path(sample_home).exists():
            return 0
        rows = Audit(audit_path(sample_home)).rows(limit=10_000)
        return sum(row["purpose"] == "follow the money" for row in rows)

    before = looks()
    app = screen("money", sample_home)
    app.run()
    assert looks() == before + 2  # what was meant, and that it was done


@pytest.mark.parametrize("direction", ["from", "backward"])
def test_an_account_nobody_knows_gives_one_sentence(sample_home: LakeHome, direction: str) -> None:
    app = set_to(screen("money", sample_home), money_direction=direction)
    assert WORDS("money.no_account") in texts(app)
    app = set_to(app, money_account="000")
    said = "money.no_payment_from" if direction == "from" else "money.nothing_paid"
    assert WORDS(said) in texts(app)


def test_backward_tells_whose_money_came_to_an_account(sample_home: LakeHome, case: str) -> None:
    tables = open_tables(sample_home)
    ledgers = load_ledgers(tables)
    found = compare(ledgers, reported_claims(tables, ledgers), ("fifo",))
    lines = [line for line in account_lines(found, "fifo") if line.level == 3]
    account = lines[0].account
    whose = sorted({line.victim for line in account_lines(found, "fifo") if line.account == account})
    app = set_to(
        screen("money", sample_home), money_direction="backward", money_account=account, money_view="lines"
    )
    shown = app.dataframe[0].value
    assert sorted(shown[WORDS("money.case")]) == whose
    assert account not in texts(app)
    assert set_to(app, money_view="bands")


def test_all_methods_stand_side_by_side(sample_home: LakeHome, case: str) -> None:
    app = set_to(screen("money", sample_home), money_view="compare")
    tables = open_tables(sample_home)
    ledgers = load_ledgers(tables)
    found = compare(ledgers, reported_claims(tables, ledgers), METHODS)
    for name in METHODS:
        mine = narrowed(found.traced[name], [case])
        column = app.dataframe[0].value[WORDS(f"money.method_{name}")]
        assert column[0] == money_text(sum(mine.claims.paid_fen))
        assert column[1] == money_text(int(mine.held.filter(pl.col("owner") >= 2)["fen"].sum()))


def test_poison_offers_no_positions_at_an_instant_and_warns(sample_home: LakeHome) -> None:
    app = set_to(screen("money", sample_home), money_mode="there")
    assert app.slider
    app = set_to(app, money_method="poison")
    assert not app.slider
    assert WORDS("money.bounds") in texts(app)


def test_a_role_that_may_not_look_gets_one_sentence(
    sample_home: LakeHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUANLIAN_ROLE", "auditor")
    app = screen("money", sample_home)
    assert [one.value for one in app.error] == [
        "The role auditor may not do view; ask a person with another role."
    ]
    assert not app.dataframe
