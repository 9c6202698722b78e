from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import durable
from graph.errors import SchemaError, StorageFailed, UnreadableSource
from graph.lake.digest import graph_digest
from graph.lake.duck import connect
from graph.lake.home import LakeHome, lake_home
from graph.lake.layers import DEFAULT_LIMITS, Change, LayerLimits, compose, net, write_changes
from graph.lake.parts import file_name
from graph.lake.seal import write_sealed
from graph.lake.shape import identity, in_order, orders
from graph.lake.tables import (
    MANIFEST,
    LakeTables,
    open_tables,
    remove_old_tables,
    state_name,
    write_tables,
)
from tests.frames import at, edge, event, small_world, table

NAMES = ("Account", "TRANSFER", "HOLDS")
Rows = dict[tuple[Any, ...], dict[str, Any]]
World = dict[str, Rows]


def row(name: str, number: int, value: int) -> dict[str, Any]:
    """One row of invented values: the number says which, the value what it holds."""
    proof = {"source": f"{value % 3:064d}", "row": value + 1}
    if name == "Account":
        return {"key": f"8801{number:04d}", "balance_fen": value, **proof}
    start = ("Account", f"8801{number % 5:04d}")
    if name == "TRANSFER":
        when = at(value % 4)
        return event(f"t{number:04d}", start, ("Account", "88020000"), when, amount_fen=value, **proof)
    since = at(number) if number % 3 else None
    return edge(("Person", f"P{number % 4}"), ("Account", f"8801{number:04d}"), since, **proof)


def frames(world: World) -> dict[str, pl.DataFrame]:
    return {name: table(name, list(rows.values())) for name, rows in world.items()}


def stepped(world: World, step: Mapping[str, Mapping[int, int]]) -> dict[str, Change]:
    """Apply a step to the world: number -> new value, below 0 the row goes; the change it comes to."""
    changes = {}
    for name, values in step.items():
        gone, fresh = [], []
        for number, value in sorted(values.items()):
            new = row(name, number, value)
            key = tuple(new.get(column) for column in identity(name))
            old = world[name].pop(key, None)
            if old is not None:
                gone.append(old)
            if value >= 0:
                fresh.append(new)
                world[name][key] = new
        changes[name] = Change(table(name, gone), table(name, fresh))
    return changes


def same_rows(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    return one.sort(pl.all(), nulls_last=True).equals(other.sort(pl.all(), nulls_last=True))


def must_hold(home: LakeHome, tables: LakeTables, world: World, limits: LayerLimits) -> None:
    """The tables in force are those of the world, for every reader."""
    wanted = frames(world)
    assert open_tables(home) == tables
    assert tables.intact
    assert tables.digest == graph_digest(wanted)
    with connect(tables) as duck:
        for name, frame in wanted.items():
            assert tables.rows[name] == frame.height
            for by_to in orders(name):
                assert same_rows(tables.scan(name, by_to).collect(), frame), name
                view = name.lower() + ("_by_to" if by_to else "")
                columns = ", ".join(f'"{column}"' for column in frame.columns)
                found = pl.from_arrow(duck.sql(f"SELECT {columns} FROM {view}").to_arrow_table())
                assert isinstance(found, pl.DataFrame)
                assert same_rows(found.cast(dict(frame.schema)), frame), view
            must_be_tidy(tables, name, limits)
    named = {
        folder / name for folder, p in zip(tables.folders, tables.parts, strict=True) for name in p.files
    }
    assert set(home.tables.rglob("*.parquet")) == named


def must_be_tidy(tables: LakeTables, name: str, limits: LayerLimits) -> None:
    """Few layers, few rows in them, every file in its order."""
    stack = tables.stack(name)
    assert len(stack.layers) <= limits.layers
    if stack.whole is None:
        assert not stack.layers
        return
    assert stack.layered <= limits.share * stack.whole.rows
    for folder, part in zip(tables.folders, tables.parts, strict=True):
        for kind in ("", ".fresh", ".gone"):
            for by_to in orders(name):
                file = file_name(name, kind, by_to)
                if file in part.files:
                    found = pl.read_parquet(folder / file)
                    by_to = by_to and kind != ".gone"
                    assert found.equals(in_order(name, found, by_to)), file
                    assert found.height == part.files[file].rows


STEPS = st.lists(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.dictionaries(st.integers(0, 14), st.integers(-3, 9), max_size=6),
        max_size=3,
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(
    first=st.dictionaries(st.sampled_from(NAMES), st.dictionaries(st.integers(0, 14), st.integers(0, 9))),
    steps=STEPS,
    most=st.integers(1, 4),
    share=st.sampled_from([0.1, 2.0, 50.0]),
)
def test_tables_changed_in_steps_are_those_written_whole(
    first: dict[str, dict[int, int]], steps: list[dict[str, dict[int, int]]], most: int, share: float
) -> None:
    world: World = {name: {} for name in NAMES}
    limits = LayerLimits(most, share)
    with TemporaryDirectory() as folder:
        home = lake_home(Path(folder))
        stepped(world, first)
        tables = write_tables(home, frames(world), "first")
        for number, step in enumerate(steps):
            tables = write_changes(home, tables, stepped(world, step), f"step {number}", limits=limits)
            assert tables.made_of == f"step {number}"
            must_hold(home, tables, world, limits)
        whole = write_tables(home, frames(world))
        assert (whole.state, whole.digest) == (tables.state, tables.digest)
        must_hold(home, whole, world, limits)
        assert len(whole.parts) <= 1


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    first=st.dictionaries(st.integers(0, 9), st.integers(0, 4)),
    steps=st.lists(st.dictionaries(st.integers(0, 9), st.integers(-2, 4)), min_size=2, max_size=5),
)
def test_changes_put_together_come_to_what_they_do_one_by_one(
    name: str, first: dict[int, int], steps: list[dict[int, int]]
) -> None:
    world: World = {name: {}}
    stepped(world, {name: first})
    before = frames(world)[name]
    changes = [stepped(world, {name: step})[name] for step in steps]
    whole = changes[0]
    for change in changes[1:]:
        whole = compose(name, whole, change)
    whole = net(name, whole)
    after = frames(world)[name]
    assert same_rows(whole.gone, before.join(after, on=before.columns, how="anti", nulls_equal=True))
    assert same_rows(whole.fresh, after.join(before, on=before.columns, how="anti", nulls_equal=True))


def start(folder: Path) -> tuple[LakeHome, LakeTables, World]:
    """A lake of 100 rows a table."""
    world: World = {name: {} for name in NAMES}
    stepped(world, {name: {number: number for number in range(100)} for name in NAMES})
    home = lake_home(folder)
    return home, write_tables(home, frames(world), "start"), world


def test_a_small_change_writes_its_rows_only_and_leaves_the_whole_tables_alone(tmp_path: Path) -> None:
    home, tables, world = start(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in home.tables.rglob("*.parquet")}
    (whole,) = tables.parts
    changed = write_changes(home, tables, stepped(world, {"TRANSFER": {3: 50, 200: 1, 7: -1}}))
    assert changed.parts[0] == whole
    rows = {name: stored.rows for name, stored in changed.parts[1].files.items()}
    assert rows == {
        "TRANSFER.fresh.parquet": 2,
        "TRANSFER.fresh.by_to.parquet": 2,
        "TRANSFER.gone.parquet": 2,
    }
    assert {path: path.stat().st_mtime_ns for path in before} == before
    must_hold(home, changed, world, DEFAULT_LIMITS)


def test_a_change_reads_no_whole_table(tmp_path: Path) -> None:
    home, tables, world = start(tmp_path)
    kept = [(path, path.read_bytes()) for path in tables.folders[0].iterdir()]
    for path, _ in kept:
        path.write_bytes(b"")
    changed = write_changes(home, tables, stepped(world, {name: {5: -1} for name in NAMES}))
    for path, content in kept:
        path.write_bytes(content)
    must_hold(home, changed, world, DEFAULT_LIMITS)


def test_rows_that_come_back_as_they_were_are_no_change(tmp_path: Path) -> None:
    home, tables, _ = start(tmp_path)
    same = tables.frame("TRANSFER").head(3)
    found = write_changes(home, tables, {"TRANSFER": Change(same, same.reverse())}, "seen")
    assert (found.parts, found.sums, found.made_of) == (tables.parts, tables.sums, "seen")
    assert open_tables(home) == found


def test_a_change_taken_back_gives_the_state_from_before(tmp_path: Path) -> None:
    home, tables, world = start(tmp_path)
    change = stepped(world, {"HOLDS": {1: 9, 2: -1, 300: 4}})["HOLDS"]
    changed = write_changes(home, tables, {"HOLDS": change})
    back = write_changes(home, changed, {"HOLDS": change.undone()})
    assert changed.state != tables.state
    assert (back.state, back.digest, back.sums) == (tables.state, tables.digest, tables.sums)
    assert same_rows(back.frame("HOLDS"), tables.frame("HOLDS"))


def test_layers_are_put_together_before_there_are_too_many_and_small_ones_first(tmp_path: Path) -> None:
    home, tables, world = start(tmp_path)
    limits = LayerLimits(3, 10.0)
    sizes = []
    for number in range(8):
        step = {"Account": {number * 10 + n: 1000 for n in range(6 if number == 0 else 1)}}
        tables = write_changes(home, tables, stepped(world, step), limits=limits)
        sizes.append([layer.rows for layer in tables.stack("Account").layers])
    assert sizes == [[12], [12, 2], [12, 2, 2], [12, 6], [12, 6, 2], [12, 6, 4], [24], [24, 2]]
    must_hold(home, tables, world, limits)


def test_a_tenth_of_a_table_in_layers_makes_it_whole_again_and_its_old_files_go(tmp_path: Path) -> None:
    home, tables, world = start(tmp_path)
    first = write_changes(
        home, tables, stepped(world, {"TRANSFER": dict.fromkeys(range(10), -1), "HOLDS": {1: -1}})
    )
    assert len(first.stack("TRANSFER").layers) == 1
    then = write_changes(home, first, stepped(world, {"TRANSFER": {50: -1}}))
    assert then.stack("TRANSFER").layers == ()
    assert then.stack("TRANSFER").folder == then.parts[-1].folder
    assert len(then.stack("HOLDS").layers) == 1
    must_hold(home, then, world, DEFAULT_LIMITS)


def test_a_table_without_rows_has_no_files_left(tmp_path: Path) -> None:
    home, tables, world = start(tmp_path)
    gone = stepped(world, {"HOLDS": dict.fromkeys(range(100), -1)})
    found = write_changes(home, tables, gone)
    assert not [file for part in found.parts for file in part.files if file.startswith("HOLDS")]
    must_hold(home, found, world, DEFAULT_LIMITS)


def test_what_does_not_add_up_is_refused_and_the_old_state_stays(tmp_path: Path) -> None:
    home, tables, _ = start(tmp_path)
    rows = tables.frame("Account")
    nothing, one = rows.clear(), rows.head(1)
    other = table("Account", [row("Account", 500, 1)])
    refused: list[tuple[dict[str, Change], str]] = [
        ({"Account": Change(nothing, pl.concat([other, other]))}, "twice"),
        ({"Account": Change(pl.concat([one, one]), nothing)}, "twice"),
        ({"Account": Change(pl.concat([rows, other]), nothing)}, "not in it"),
        ({"Account": Change(pl.concat([rows[1:], other]), nothing)}, "not in it"),
        ({"Account": Change(pl.concat([rows[50:], other]), nothing)}, "do not fit"),
        ({"Person": Change(table("Person", [{"key": "p"}]), table("Person", []))}, "not in it"),
        ({"Account": Change(one.drop("bank"), nothing)}, "lacks the column bank"),
        ({"Gang": Change(one, nothing)}, "no stored table"),
    ]
    for changes, said in refused:
        with pytest.raises(SchemaError, match=said):
            write_changes(home, tables, changes)
        assert open_tables(home) == tables
        assert tables.intact
        assert len(list(home.tables.iterdir())) == 2


def test_tables_that_are_not_in_force_any_more_are_not_changed(tmp_path: Path) -> None:
    home, tables, world = start(tmp_path)
    write_changes(home, tables, stepped(world, {"Account": {1: -1}}))
    with pytest.raises(SchemaError, match="open them again"):
        write_changes(home, tables, stepped(world, {"Account": {2: -1}}))


def test_a_damaged_layer_gives_no_answer(tmp_path: Path) -> None:
    home, tables, world = start(tmp_path)
    changed = write_changes(home, tables, stepped(world, {"TRANSFER": {1: 60}, "HOLDS": {1: -1}}))
    path = changed.folders[1] / "TRANSFER.gone.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    assert not open_tables(home).intact
    for read in (changed.frame, lambda name: connect(changed)):
        with pytest.raises(UnreadableSource, match="TRANSFER is damaged on disk; run `python -m ingest"):
            read("TRANSFER")
    assert changed.frame("HOLDS").height == 99


def faulted(fail_at: int, error: BaseException) -> Callable[[str, Path], None]:
    """A durable step that fails at its n-th call."""
    count = iter(range(1, 1_000_000))

    def step(name: str, path: Path) -> None:
        if next(count) == fail_at:
            raise error

    return step


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("error", [Killed(), OSError(28, "No space left on device")])
@pytest.mark.parametrize("share", [0.01, 0.1])
def test_whatever_durable_step_fails_the_state_is_the_old_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, share: float
) -> None:
    """share: so small that tables are written whole, or that a layer takes in the others."""
    at_step = 0
    while True:
        at_step += 1
        home, tables, world = start(tmp_path / str(at_step))
        limits = LayerLimits(2, share)
        for number in range(3):
            tables = write_changes(home, tables, stepped(world, {"TRANSFER": {number: 200}}), limits=limits)
        new = {name: dict(rows) for name, rows in world.items()}
        changes = stepped(new, {"TRANSFER": {9: -1, 400: 1}, "HOLDS": dict.fromkeys(range(100), -1)})
        monkeypatch.setattr(durable, "step", faulted(at_step, error))
        try:
            write_changes(home, tables, changes, limits=limits)
            break
        except (Killed, StorageFailed):
            pass
        finally:
            monkeypatch.setattr(durable, "step", lambda name, path: None)
        found = open_tables(home)
        assert found.state in (tables.state, state_of(new))
        remove_old_tables(home)
        must_hold(home, found, new if found.state != tables.state else world, limits)
        if found.state == tables.state:
            must_hold(home, write_changes(home, found, changes, limits=limits), new, limits)
    assert at_step > 12


def state_of(world: World) -> str:
    return state_name(graph_digest(frames(world)))


def test_a_layer_beside_the_tables_that_no_manifest_names_counts_for_nothing(tmp_path: Path) -> None:
    home, tables, world = start(tmp_path)
    changed = write_changes(home, tables, stepped(world, {"TRANSFER": {1: 60}}))
    stray = home.tables / "layer-000002-left"
    stray.mkdir()
    (stray / "TRANSFER.gone.parquet").write_bytes(b"half")
    (changed.folders[1] / "HOLDS.gone.parquet").write_bytes(b"half")
    assert open_tables(home) == changed
    remove_old_tables(home)
    must_hold(home, changed, world, DEFAULT_LIMITS)


def test_tables_of_an_older_form_are_said_to_need_a_rebuild(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    tables = write_tables(home, small_world())
    older = {"folder": tables.parts[0].folder, "rows": tables.rows, "digest": tables.digest.as_dict()}
    write_sealed(home.tables / MANIFEST, {**older, "made_of": "7:x", "files": {}})
    with pytest.raises(UnreadableSource, match="older form; run `python -m ingest rebuild`"):
        open_tables(home)
    assert write_tables(home, small_world()) == open_tables(home)
