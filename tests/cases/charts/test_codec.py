"""Plain data of a chart: what is written is read back equal, and nothing of another shape is believed."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.board import Board
from cases.charts.codec import read_back, written
from cases.charts.drawing import Drawing, LineSum, View
from cases.marks import Rest, Strength
from graph.contract import Direction, Ref
from graph.errors import InputError, SchemaError

REFS = st.builds(Ref, st.sampled_from(["Person", "Account", "Sim"]), st.text(max_size=30))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def boards(draw: st.DrawFn) -> Board:
    """Boards as steps make them: parts speak of shown nodes only."""
    shown = draw(st.lists(REFS, unique=True, max_size=8))
    if not shown:
        return Board()
    some = st.sampled_from(shown)
    lines = st.tuples(st.sampled_from(["TRANSFER", "CALLED"]), some, some)
    board = Board(
        tuple(shown),
        draw(st.dictionaries(some, some, max_size=5)),
        draw(st.dictionaries(some, st.tuples(NUMBERS, NUMBERS), max_size=5)),
        frozenset(draw(st.lists(some, max_size=3))),
        frozenset(draw(st.lists(lines, max_size=2))),
        notes=draw(st.dictionaries(some | lines, st.text("ab\n", min_size=1, max_size=3), max_size=3)),
        strengths=draw(st.dictionaries(lines, st.sampled_from(Strength), max_size=3)),
    )
    return board.with_pins(draw(st.lists(some, max_size=2)), pinned=True)


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    lines = st.builds(
        LineSum, st.sampled_from(["TRANSFER", "HOLDS"]), REFS, REFS, st.integers(0), st.none() | st.integers()
    )
    instants = st.datetimes(timezones=st.just(UTC))
    days = st.tuples(instants, instants)
    view = View(
        frozenset(draw(st.lists(st.text(max_size=5), max_size=3))), frozenset(), draw(st.none() | days), 60
    )
    return Drawing(draw(boards()), view, draw(st.text(max_size=9)), tuple(draw(st.lists(lines, max_size=4))))


@given(drawings())
def test_what_is_written_is_read_back_equal_and_equal_drawings_give_one_text(drawing: Drawing) -> None:
    text = written(drawing)
    again = read_back(text, Drawing, "chart")
    assert again == drawing
    assert written(again) == text, "equal drawings have one digest"


@given(drawings(), st.data())
def test_a_cut_text_is_one_sentence_without_a_value(drawing: Drawing, data: st.DataObject) -> None:
    text = written(drawing)
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    with pytest.raises(InputError) as error:
        read_back(cut, Drawing, "chart")
    assert error.value.message.endswith(".") and "\n" not in error.value.message


@dataclass(frozen=True)
class Later:
    """What a later board may hold: every kind of field the codec promises."""

    note: Mapping[Ref, str]
    group: tuple[frozenset[Ref], ...] = ()
    strength: Literal["solid", "dashed"] = "solid"
    way: Direction = Direction.OUT
    at: datetime | None = None
    on: date = date(2024, 3, 1)
    share: float = 0.0
    pinned: bool = False


def test_every_kind_of_field_comes_back() -> None:
    a, b = Ref("Account", "1"), Ref("Person", "</script>\u202e" + "x" * 10**6)
    value = Later(
        {b: "第一手\n"}, (frozenset({a, b}), frozenset()), "dashed", Direction.IN,
        datetime(2024, 3, 1, 1, 5, tzinfo=UTC), date(1999, 12, 31), 0.1, True,
    )  # fmt: skip
    assert read_back(written(value), Later, "thing") == value
    assert read_back('{"format":1,"body":{"note":[]}}', Later, "thing") == Later({}), "defaults fill gaps"


@pytest.mark.parametrize(
    "body",
    [
        {"note": [], "groups": []},
        {"note": {}},
        {"note": [["Person", "1"]]},
        {"note": [[["Person", 1], "x"]]},
        {},
        {"note": [], "strength": "dotted"},
        {"note": [], "at": "2024-03-01T01:05:00"},
        {"note": [], "share": True},
        {"note": [], "pinned": 1},
        {"note": [], "group": "ab"},
        [],
        None,
    ],
)
def test_another_shape_is_refused_and_names_the_place_only(body: Any) -> None:
    with pytest.raises(InputError) as error:
        read_back(json.dumps({"format": 1, "body": body}), Later, "thing")
    assert "thing" in error.value.message and error.value.message.endswith(".")


@pytest.mark.parametrize("text", ["", "null", "[]", '{"format":2,"body":{}}', '{"body":{}}', "[" * 10**5])
def test_another_format_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="chart"):
        read_back(text, Drawing, "chart")


def test_no_number_is_read_that_json_does_not_have() -> None:
    with pytest.raises(InputError):
        read_back('{"format":1,"body":{"note":[],"share":NaN}}', Later, "thing")
    assert not math.isnan(read_back('{"format":1,"body":{"note":[],"share":1}}', Later, "thing").share)


def test_a_field_the_codec_does_not_know_stops_the_save_and_not_the_read() -> None:
    kind = make_dataclass("Odd", [("made", bytes, field(default=b""))], frozen=True)
    with pytest.raises(SchemaError, match="codec"):
        written(kind())


def test_a_board_with_all_that_a_hand_can_do_comes_back() -> None:
    a, b, c = (Ref("Account", name) for name in "abc")
    line = ("TRANSFER", a, b)
    board = Board((a, b, c)).with_group([a, b], "组").with_strengths([line], Strength.UNCONFIRMED)
    board = board.with_note(line, "存疑").with_note(c, "x").with_note(board.groups[0].mark, "y")
    board = board.with_hidden([c], [line]).with_pins([a], pinned=True).with_bundles([(a, c)], bundled=True)
    board = board.with_rests([Rest(a, "TRANSFER", Direction.OUT, "Account")])
    assert all(getattr(board, one.name) for one in fields(Board) if one.name not in ("origin", "places"))
    assert read_back(written(board), Board, "board") == board


def test_every_field_of_a_board_can_be_saved() -> None:
    assert read_back(written(Board()), Board, "board") == Board()
    assert {one.name for one in fields(Board)} == set(json.loads(written(Board()))["body"])
