"""What new sheets change by themselves, and what makes all tables be made anew."""

import json
from pathlib import Path

import polars as pl
import pytest

from graph.errors import UnreadableSource
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables
from ingest.kept import lookup
from ingest.ledger import Ledger
from ingest.settle import settle
from ingest.unload import unload
from tests.ingest.build import CARD_A, A, B, C
from tests.ingest.settle.increment.worlds import D, World, must_equal

EMPTY = (
    "",
    A,
    "",
    "2024-03-04 10:00:00",
    "1.00",
    "",
    "出",
    B,
    "",
    "",
    "",
    "",
    "转账",
    "成功",
    "",
    "",
    "",
    "",
)
PERSON = "990101199001010011"
FIELDS = ("card", "own", "name", "at", "amount", "balance", "direction", "peer", "peer_name", "bank", "cash",
          "serial", "memo", "success", "merchant", "merchant_name", "branch", "region")  # fmt: skip


def row(**said: str) -> tuple[str, ...]:
    """A sheet row with these fields."""
    return tuple(said.get(field, value) for field, value in zip(FIELDS, EMPTY, strict=True))


def alone(world: World) -> None:
    """The sheets that came since are settled by themselves, and rightly."""
    few = world.settle_few()
    assert few is not None
    must_equal(few, world)


def transfers(world: World) -> pl.DataFrame:
    return open_tables(world.home).frame("TRANSFER").sort("at", "event_key")


def test_the_other_half_of_a_transfer_joins_the_half_that_was_there() -> None:
    with World() as world:
        world.load([row(), row(own=C, peer=D, amount="7.00")])
        settle(world.home)
        world.load([row(own=B, peer=A, direction="进", at="2024-03-04 10:00:30")])
        alone(world)
        found = transfers(world)
        assert found.height == 2
        assert found.filter(pl.col("other_source").is_not_null())["from_key"].to_list() == [A]


def test_a_card_that_gets_its_account_takes_along_what_others_said_of_it() -> None:
    with World() as world:
        world.load([row(peer=CARD_A, own=B, peer_name="虚构甲"), row(own=C, peer=B)])
        world.load_others(
            {
                "案件.csv": [("A1", "990100", B, CARD_A, "1.00", "2024-03-04 10:00:00", "")],
                "登录日志.csv": [("样例平台", CARD_A, "2024-03-04 10:00:00", "203.0.113.7", "D-1", "", "")],
                "线索.csv": [("T1", "2024-03-04 10:00:00", "热线", f"{CARD_A} {C}")],
            }
        )
        settle(world.home)
        tables = open_tables(world.home)
        assert CARD_A in tables.frame("Account")["key"].to_list()
        assert tables.frame("LOGGED_IN")["from_type"].to_list() == ["NetAccount"]
        world.load([row(card=CARD_A, own=A, peer=C, amount="3.00")])
        alone(world)
        tables = open_tables(world.home)
        assert CARD_A not in tables.frame("Account")["key"].to_list()
        assert tables.frame("PAID_TO")["to_key"].to_list() == [A]
        assert tables.frame("LOGGED_IN").select("from_type", "from_key").row(0) == ("Account", A)
        assert tables.rows["NetAccount"] == 0
        assert A in transfers(world).filter(pl.col("from_key") == B)["to_key"].to_list()


def test_a_row_told_by_two_files_is_cited_from_the_one_that_settling_anew_would_cite() -> None:
    for first, second in (("1.00", "9.00"), ("9.00", "1.00")):
        with World() as world:
            world.load([row(), row(amount=first, own=C, peer=D)])
            settle(world.home)
            world.load([row(), row(amount=second, own=A, peer=D)])
            alone(world)


def test_an_account_that_only_a_case_names_stays_when_its_new_rows_all_failed() -> None:
    with World() as world:
        world.load([row(own=C, peer=D)])
        world.load_others({"案件.csv": [("A1", "990100", A, C, "1.00", "2024-03-04 10:00:00", "")]})
        settle(world.home)
        world.load([row(success="失败", peer=C)])
        alone(world)
        assert A in open_tables(world.home).frame("Account")["key"].to_list()


def test_rows_that_name_only_the_card_of_an_account_belong_to_its_ledger() -> None:
    with World() as world:
        world.load([row(card=CARD_A, own="", amount="2.00", balance="10.00"), row(own=C, peer=D)])
        world.load_others(
            {"账户信息.csv": [(A, CARD_A, "虚构甲", PERSON, "样例银行", "2024-01-02", "", "", "")]}
        )
        settle(world.home)
        world.load([row(at="2024-03-04 11:00:00", balance="9.00")])
        alone(world)
        (grade,) = open_tables(world.home).frame("Account").filter(pl.col("key") == A)["grade"]
        assert grade == "A"


def test_a_card_that_sources_dispute_makes_all_tables_anew() -> None:
    with World() as world:
        world.load([row(card=CARD_A)])
        settle(world.home)
        world.load([row(card=CARD_A, own=B, peer=C)])
        assert world.settle_few() is None


def test_a_reversal_of_earlier_cash_makes_all_tables_anew() -> None:
    cash = {"peer": "", "cash": "是", "merchant": "M1", "memo": "现金"}
    with World() as world:
        world.load([row(**cash)])
        settle(world.home)
        world.load([row(**{**cash, "direction": "进", "memo": "冲正", "at": "2024-03-04 11:00:00"})])
        assert world.settle_few() is None


def test_a_register_or_an_unloaded_file_makes_all_tables_anew() -> None:
    with World() as world:
        world.load([row()])
        world.load([row(own=C)])
        settle(world.home)
        world.load_others({"查控.csv": [("K1", A, "止付", "2024-03-04 10:00:00")]})
        assert world.settle_few() is None
        settle(world.home)
        ledger = Ledger(world.home)
        sha256 = ledger.files()[0].sha256
        ledger.close()
        unload(world.home, sha256)
        assert world.settle_few() is None


def test_much_at_once_is_settled_anew() -> None:
    with World() as world:
        world.load([row()])
        settle(world.home)
        world.load([row(own=C)])
        settle(world.home)
        assert [part.folder.startswith("layer-") for part in open_tables(world.home).parts] == [False]


def test_a_few_rows_in_a_larger_lake_become_a_layer_without_being_asked_for() -> None:
    with World() as world:
        world.load([row(amount=f"{amount}.00") for amount in range(1, 31)])
        settle(world.home)
        world.load([row(own=C, peer=D), row(own=C, peer=A)])
        few = settle(world.home)
        assert any(part.folder.startswith("layer-") for part in few.tables.parts)
        must_equal(few, world)
        assert settle(world.home, anew=True).tables.digest == few.tables.digest


def test_a_row_that_a_fuller_one_replaces_makes_all_tables_anew() -> None:
    with World() as world:
        world.load([row(serial="S1", memo="")])
        settle(world.home)
        world.load([row(serial="S1", peer_name="虚构丙", bank="样例银行")])
        assert world.settle_few() is None


def test_tables_that_are_not_what_the_rows_give_are_made_anew() -> None:
    """An increment never builds on tables that it can't make again for the accounts at hand."""
    with World() as world:
        world.load([row()])
        settle(world.home)
        body = world.home.settling.glob("state-*.json")
        place = next(iter(body))
        said = json.loads(place.read_text(encoding="utf-8"))
        said["method"] += 1
        place.write_text(json.dumps({key: value for key, value in said.items() if key != "seal"}))
        world.load([row(own=C)])
        assert world.settle_few() is None


def damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_damaged_lookups_are_made_again_and_damaged_statements_not_believed() -> None:
    with World() as world:
        world.load([row(), row(own=C)])
        settle(world.home)
        world.load([row(own=C, at="2024-03-04 12:00:00")])
        alone(world)
        for path in (world.home.settling / "lookups").iterdir():
            damaged(path)
        world.load([row(own=C, at="2024-03-04 13:00:00")])
        alone(world)
        damaged(next(world.home.settling.glob("accounts.*")))
        world.load([row(own=C, at="2024-03-04 14:00:00")])
        assert world.settle_few() is None


def test_a_damaged_row_is_not_settled_again() -> None:
    with World() as world:
        world.load([row(), row(own=C)])
        settle(world.home)
        world.load([row(own=C, at="2024-03-04 12:00:00")])
        alone(world)
        first = _batch_with(world.home, 2)
        rows = pl.read_parquet(first)
        rows.with_columns(amount=pl.col("amount") + 1).write_parquet(first)
        world.load([row(own=C, at="2024-03-04 13:00:00")])
        with pytest.raises(UnreadableSource, match="damaged"):
            world.settle_few()


def _batch_with(home: LakeHome, rows: int) -> Path:
    paths = sorted((home.batches / "bank_sheet").glob("*.parquet"))
    return next(path for path in paths if pl.scan_parquet(path).select(pl.len()).collect().item() == rows)


def test_hashes_of_numbers_do_not_hang_on_the_release() -> None:
    """Lookups live longer than the program that wrote them."""
    found = lookup.number_hashes(pl.Series([A, None, B])).to_list()
    assert found == [16822729187374772710, None, 1049989505969265460]
