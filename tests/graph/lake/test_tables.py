import hashlib
import json
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import SchemaError, UnreadableSource
from graph.lake.digest import canonical_text, graph_digest, table_digest
from graph.lake.duck import connect
from graph.lake.home import lake_home
from graph.lake.tables import MANIFEST, open_tables, write_tables
from graph.schema.catalog import digest_columns
from tests.frames import at, nodes, small_world, table


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    written = write_tables(home, small_world())
    opened = open_tables(home)
    assert opened == written
    for name, frame in small_world().items():
        assert opened.frame(name).sort(pl.all()).equals(frame.sort(pl.all())), name
    assert opened.frame("CALLED").is_empty()


def test_an_empty_lake_has_every_table(tmp_path: Path) -> None:
    opened = open_tables(lake_home(tmp_path))
    assert opened.frame("TRANSFER").is_empty()
    assert connect(opened).sql("SELECT count(*) FROM transfer").fetchall() == [(0,)]


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for place, frames in (("a", small_world()), ("b", {k: f.reverse() for k, f in small_world().items()})):
        tables = write_tables(lake_home(tmp_path / place), frames)
        (folder,) = tables.folders
        contents.append({f.name: f.read_bytes() for f in sorted(folder.iterdir())})
    assert contents[0] == contents[1]


def test_a_new_state_replaces_the_old_one_whole(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    first = write_tables(home, small_world())
    second = write_tables(home, {"Person": nodes("Person", "990101199001010018")})
    assert open_tables(home).rows == second.rows
    assert not first.folders[0].exists()


def test_wrong_columns_are_refused_with_their_name(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    transfer = small_world()["TRANSFER"]
    with pytest.raises(SchemaError, match="TRANSFER lacks the column amount_fen"):
        write_tables(home, {"TRANSFER": transfer.drop("amount_fen")})
    with pytest.raises(SchemaError, match=r"TRANSFER\.amount_fen is Float64"):
        write_tables(home, {"TRANSFER": transfer.cast({"amount_fen": pl.Float64()})})
    with pytest.raises(SchemaError, match="column colour"):
        write_tables(home, {"TRANSFER": transfer.with_columns(colour=pl.lit("red"))})
    with pytest.raises(SchemaError, match="Gang is no stored table"):
        write_tables(home, {"Gang": nodes("Gang", "g1")})


def test_missing_files_are_said_with_the_next_step(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    tables = write_tables(home, small_world())
    tables.folders[0].rename(tmp_path / "elsewhere")
    with pytest.raises(UnreadableSource, match="ingest rebuild"):
        open_tables(home)


def test_a_state_is_in_force_only_when_the_manifest_says_so(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    write_tables(home, small_world())
    (home.tables / "half-written.tmp").mkdir()
    assert json.loads((home.tables / MANIFEST).read_text())["rows"]["TRANSFER"] == 5
    assert open_tables(home).rows["TRANSFER"] == 5


def test_the_digest_ignores_order_and_provenance_and_notices_a_fen() -> None:
    world = small_world()
    digest = graph_digest(world)
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=4) for name, frame in world.items()}
    assert graph_digest(shuffled) == digest
    moved = {n: f.with_columns(pl.lit("0" * 64).alias("source")) for n, f in world.items()}
    assert graph_digest(moved).digest == digest.digest
    assert graph_digest(moved).custody != digest.custody
    dearer = world | {"TRANSFER": world["TRANSFER"].with_columns(pl.col("amount_fen") + 1)}
    assert graph_digest(dearer).digest != digest.digest


def test_composed_and_decomposed_text_are_one_value() -> None:
    composed = {"Person": nodes("Person", "p", name="\u00e9")}
    decomposed = {"Person": nodes("Person", "p", name="e\u0301")}
    assert graph_digest(composed).digest == graph_digest(decomposed).digest


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=20))
def test_a_repeated_element_changes_the_digest(amounts: list[int]) -> None:
    rows = [
        {"event_key": f"k{n}", "from_type": "Account", "from_key": "1", "to_type": "Account", "to_key": "2",
         "at": at(n), "amount_fen": amount} for n, amount in enumerate(amounts)
    ]  # fmt: skip
    once = graph_digest({"TRANSFER": table("TRANSFER", rows)})
    twice = graph_digest({"TRANSFER": table("TRANSFER", rows + rows[:1])})
    assert once.digest != twice.digest


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM read_text('{outside}')",
        "SELECT * FROM '{outside}'",
        "ATTACH '{outside}.db'",
        "COPY (SELECT 1) TO '{outside}.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '20GB'",
        "SET enable_external_access = true",
        "SELECT * FROM read_parquet('{folder}/../../../secret.parquet')",
    ],
)  # fmt: skip
def test_the_connection_reads_its_own_tables_only(tmp_path: Path, attack: str) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "secret.parquet")
    tables = write_tables(lake_home(tmp_path / "home"), small_world())
    connection = connect(tables)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(
        Exception, match=r"(?i)permission|disabled|locked|not allowed|cannot|lock|does not exist"
    ):
        connection.execute(attack.format(outside=outside, folder=tables.folders[0])).fetchall()
    assert sorted(tmp_path.iterdir()) == before
    assert connection.sql("SELECT count(*) FROM transfer").fetchall() == [(5,)]


@pytest.mark.parametrize("name", ["Cafe\u0301", "\u0338\u8d77", "\u5f20\u62df\u1100\u1161"])
def test_a_decomposed_name_counts_like_its_composed_text_even_behind_the_equals_sign(name: str) -> None:
    """The oracle normalises each whole text; a combining mark in front joins the sign before the value."""
    frame = pl.concat([nodes("Person", "p1"), nodes("Person", "p2")]).with_columns(name=pl.lit(name))
    texts = canonical_text("Person", frame, digest_columns("Person"))
    hashes = [hashlib.sha256(unicodedata.normalize("NFC", text).encode()).digest() for text in texts]
    assert table_digest("Person", frame) == sum(int.from_bytes(h, "big") for h in hashes) % (1 << 256)
