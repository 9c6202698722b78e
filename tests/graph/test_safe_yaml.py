"""YAML of others: plain data only; anything else is refused with file and line."""

from datetime import date
from pathlib import Path

import pytest

from graph.errors import InvalidRule
from graph.safe_yaml import MOST_BYTES, parse_yaml, read_yaml


def test_plain_data_is_read_and_words_stay_words() -> None:
    lines = ["a: no", "b: on", "c: true", "d: 3", "e: 0.5", "f: 2024-03-01", "g: ~", "h: 12:30"]
    lines += ["i: 是", "j: 00123"]
    assert parse_yaml("\n".join(lines).encode(), "x.yml") == {
        "a": "no",
        "b": "on",
        "c": True,
        "d": 3,
        "e": 0.5,
        "f": date(2024, 3, 1),
        "g": None,
        "h": "12:30",
        "i": "是",
        "j": "00123",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: !!python/object/apply:os.system [id]", "x.yml, line 1"),
        ("a: !mine 1", "x.yml, line 1"),
        ("a: &one [1]\nb: *one", "anchors and aliases"),
        ("a: 1\na: 2", "line 2"),
        ("? [a, b]\n: 1", "plain text"),
        ("a: [1", "x.yml, line"),
        ("- 1", "holds no fields"),
        ("", "holds no fields"),
        ("a: " + "[" * 30 + "]" * 30, "nested too deeply"),
        ("a: 2024-13-45", "can be read"),
        ("a: \x01", "x.yml"),
        ("a: 1\n---\nb: 2", "x.yml"),
    ],
)
def test_anything_else_is_refused(text: str, says: str) -> None:
    with pytest.raises(InvalidRule, match=r"x\.yml") as caught:
        parse_yaml(text.encode(), "x.yml")
    assert says in caught.value.message


def test_an_alias_bomb_costs_nothing() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    with pytest.raises(InvalidRule, match="anchors and aliases"):
        parse_yaml(f"l0: &l0 [x]\n{levels}".encode(), "x.yml")


def test_a_large_or_foreign_file_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.yml"
    large.write_bytes(b"a: " + b"x" * MOST_BYTES)
    with pytest.raises(InvalidRule, match="larger than"):
        read_yaml(large)
    with pytest.raises(InvalidRule, match="not UTF-8"):
        parse_yaml("名: 值".encode("gb18030"), "x.yml")
    with pytest.raises(InvalidRule, match="can't be opened"):
        read_yaml(tmp_path / "none.yml")
