"""Account, card, branch and teller nodes and their edges, from registers and sheets."""

import polars as pl

from ingest.settle.cards import CardBook
from ingest.settle.carried import Carried, first_spots
from ingest.settle.collect import Collector
from ingest.settle.holdings import INSTANT, Holdings
from ingest.settle.ledgers import Ledgers
from ingest.settle.persons import add_holdings, add_named, with_party

_CORPORATE = r"对公|单位|基本户|一般户"


def add_accounts(register: pl.DataFrame, book: CardBook, sims: Holdings, found: Collector) -> None:
    """Everything `account_register` rows state, balances apart (see `add_ledgers`)."""
    rows = with_party(_resolved(register, book), "holder_id", "holder_name")
    unit = pl.col("party_type") == "Organization"
    worded = pl.col("account_class").str.contains(_CORPORATE).fill_null(False)
    teller = pl.coalesce(pl.col("branch_code") + ":" + pl.col("teller"), pl.col("teller"))
    stated = rows.select(
        "row_key", "source", "row", "bank", "holder_name", "account_class", "status", "reserved_phone",
        key="number", corporate=unit | worded, opened_at="opened", closed_at="closed",
        branch=pl.coalesce("branch_code", "branch_name"), teller=teller, as_of="queried",
    )  # fmt: skip
    found.add_nodes("Account", stated, 0)
    add_named(rows, "holder_name", found, 1)
    add_holdings(rows, "number", "Account", "opened", "closed", found)
    _add_openings(rows.with_columns(teller_key=teller), found)
    _add_phones(rows, sims, found)


def _resolved(register: pl.DataFrame, book: CardBook) -> pl.DataFrame:
    number = register.select(pl.coalesce("account", "card")).to_series()
    return register.with_columns(number=book.resolve(number))


def add_cards(book: CardBook, found: Collector) -> None:
    """Card nodes and CARD_OF edges of the pairs that sources state."""
    found.add_nodes("Card", book.pairs.select("row_key", "source", "row", "bank", key="card"), 0)
    found.add_relations(
        "CARD_OF", book.pairs.select("row_key", "source", "row", from_key="card", to_key="account")
    )


def _add_openings(rows: pl.DataFrame, found: Collector) -> None:
    branch = pl.coalesce("branch_code", "branch_name")
    opened = rows.filter(pl.col("opened").is_not_null())
    precision = (
        pl.when(pl.col("flags").str.contains("DAY_ONLY@opened", literal=True).fill_null(False))
        .then(pl.lit("day"))
        .otherwise(pl.lit("second"))
    )
    found.add_relations(
        "OPENED_AT",
        opened.select(
            "row_key", "source", "row", "region",
            event_key="row_key", from_key="number", to_key=branch, at="opened",
            teller="teller_key", precision=precision,
        ),
    )  # fmt: skip
    branches = rows.select("row_key", "source", "row", "region", "bank", key=branch, name="branch_name").sort(
        "row_key"
    )
    found.add_nodes("Branch", branches.unique(["key", "name", "bank"], keep="first", maintain_order=True), 0)
    tellers = rows.select("row_key", "source", "row", key="teller_key").sort("row_key")
    found.add_nodes("Teller", tellers.unique("key", keep="first", maintain_order=True), 0)
    agents = with_party(opened.filter(pl.col("agent_id").is_not_null()), "agent_id", "agent_name")
    agents = agents.filter(pl.col("party_type") == "Person")
    add_named(agents, "agent_name", found, 2)
    found.add_relations(
        "OPENED_BY_AGENT",
        agents.select(
            "source", "row", "region", event_key="row_key", from_key="number", to_key="party", at="opened"
        ),
    )


def _add_phones(rows: pl.DataFrame, sims: Holdings, found: Collector) -> None:
    """BOUND_TO: the holding of the account's own holder, else the one at opening, else the bare number."""
    bound = rows.filter(pl.col("reserved_phone").is_not_null())
    same = sims.of_holder(bound["reserved_phone"], bound["holder_id"])
    then = sims.resolve(bound["reserved_phone"], bound["opened"])
    key = same.zip_with(same.is_not_null(), then)
    found.add_relations(
        "BOUND_TO",
        bound.with_columns(sim=key).select(
            "row_key", "source", "row",
            from_type=pl.lit("Account"), from_key="number", to_key="sim",
            valid_from_at="opened", valid_to_at="closed",
        ),
    )  # fmt: skip


def add_ledgers(ledgers: Ledgers, register: pl.DataFrame, book: CardBook, found: Collector) -> None:
    """What sheets say of accounts: bank, names, grade, and the latest known balance of register or sheet."""
    rows = ledgers.rows
    if ledgers.carried is None:
        rows = rows.with_columns(spot=pl.int_range(pl.len(), dtype=pl.UInt32))
    carried = ledgers.carried or Carried(rows.lazy())
    said = [
        _said(rows, carried, "ledger", "own_bank", "own_name"),
        _said(rows, carried, "peer", "peer_bank", "peer_name"),
        first_spots(rows, ["ledger"]).rename({"ledger": "key"}),
        _last_balances(rows),
    ]
    said = [part.with_columns(pl.col("key").cast(pl.String)) for part in said]
    told = carried.take(*((part["spot"], ["row_key", "source", "row"]) for part in said))
    own, peers, first, last = (part.hstack(rest) for part, rest in zip(said, told, strict=True))
    found.add_nodes("Account", own, 2)
    found.add_nodes("Account", peers, 3)
    graded = ledgers.grades.select(key="ledger", grade="grade").join(first, on="key")
    found.add_nodes("Account", graded, 2)
    found.add_nodes("Account", _balances(last, _resolved(register, book)), 1)


def _said(rows: pl.DataFrame, carried: Carried, key: str, bank: str, name: str) -> pl.DataFrame:
    """Different statements (key, bank, holder_name), and the spot that is cited for each."""
    (texts,) = carried.take((rows["spot"], [bank, name]))
    coded = texts.select(pl.all().cast(pl.Categorical(pl.Categories.random())).to_physical())
    number = pl.int_range(rows.height, dtype=pl.UInt32, eager=True)
    # Spots among these rows first, where the texts are at hand.
    first = first_spots(rows.select("rank", key, spot=number).hstack(coded), [key, bank, name])["spot"]
    said = texts[first].rename({bank: "bank", name: "holder_name"})
    return said.with_columns(rows["spot"].gather(first), key=rows[key].gather(first))


def _last_balances(rows: pl.DataFrame) -> pl.DataFrame:
    """Ledger (key), balance_fen, balance_at and spot of each ledger's last row with a balance."""
    known = rows.filter(pl.col("balance").is_not_null())
    # Rows lie in ledger order: behind the last one of a ledger there is another ledger, or nothing.
    last = known.filter((pl.col("ledger") != pl.col("ledger").shift(-1)).fill_null(True))
    return last.select("spot", key="ledger", balance_fen="balance", balance_at="time")


def _balances(last: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    columns = ["key", "balance_fen", "balance_at", "row_key", "source", "row"]
    stated = register.filter(pl.col("balance").is_not_null()).select(
        key="number",
        balance_fen="balance",
        balance_at=pl.col("queried").cast(INSTANT),
        row_key="row_key",
        source="source",
        row="row",
    )
    both = pl.concat([last.select(columns), stated.select(columns)])
    latest = both.sort("balance_at", "row_key", descending=[True, False], nulls_last=True)
    return latest.unique("key", keep="first", maintain_order=True)
