"""Families, payrolls and shops explain their own evidence; nothing known explains that of a ring."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detect.doubt_layout import doubt_from, doubt_text
from detect.evidence import build_evidence
from detect.facts import Facts
from detect.gang_graph import GangGraph
from detect.gang_words import doubt_sentence
from detect.gangs import find_gangs
from detect.innocence import FILE, Innocents, doubt, load_innocence
from detect.results import Doubt, Gang
from graph.engines.embedded.algorithms import EmbeddedAlgorithms
from graph.errors import InvalidRule
from tests.detect.gang_world import at, family, lake, payroll, ring, rows_of


def _doubt(folder: Path, lines: list[str]) -> tuple[Doubt, GangGraph, set[tuple[str, int]]]:
    """Of all the evidence of a world as if it were one gang."""
    _, tables = lake(folder, lines)
    evidence = build_evidence(tables)
    graph = GangGraph.of(evidence, np.arange(evidence.nodes.height, dtype=np.int64))
    return doubt(graph, Innocents.of(Facts(tables), evidence.holder_of)), graph, rows_of(tables)


def _said(found: Doubt, language: str = "en") -> str:
    return doubt_sentence(Gang("g", 1.0, 1.0, (), (), (), None, found), language)


def test_a_family_explains_its_own_evidence_whole(tmp_path: Path) -> None:
    found, graph, rows = _doubt(tmp_path, family())
    assert graph.total > 0
    assert found.innocent is not None and found.innocent.name == "family"
    assert found.innocent.share == 1.0 and found.guilty is None
    assert found.innocent.rows and set(found.innocent.rows) <= rows
    assert "Family" in _said(found) and "No evidence is left" in _said(found)
    assert "家庭" in _said(found, "zh")


def test_a_family_explains_its_half_of_two_groups(tmp_path: Path) -> None:
    other = [f"OP{i} HOLDS OK{i}" for i in range(1, 5)]
    other += [f"OK{i} LOGGED_IN OV at={at(i, 19)} every=PT1H times=3" for i in range(1, 5)]
    found, _, _ = _doubt(tmp_path, family() + other)
    assert found.innocent is not None and found.innocent.name == "family"
    assert 0 < found.innocent.share < 0.5
    assert found.guilty is not None and found.guilty.name == "device"
    assert found.guilty.share + found.innocent.share == pytest.approx(1.0, abs=1e-5)


def _paid(memo: str) -> list[str]:
    lines = [line for line in payroll() if "TRANSFER" not in line and "OPENED_AT" not in line]
    lines += [f"BIGK TRANSFER CK at={at(5, 8)} amount=90000"]
    return lines + [f"CK TRANSFER CK{i} at={at(5, 9, i)} amount=8000 memo={memo}" for i in range(1, 11)]


def test_wages_explain_the_rows_whose_memo_says_so(tmp_path: Path) -> None:
    found, _, _ = _doubt(tmp_path / "a", _paid("工资"))
    assert found.innocent is not None and found.innocent.name == "payroll" and found.innocent.share == 1.0
    found, _, _ = _doubt(tmp_path / "b", _paid("货款"))
    assert dict(found.tested)["payroll"] == 0.0


def test_a_ring_has_no_innocent_explanation_and_the_words_say_so(tmp_path: Path) -> None:
    _, tables = lake(tmp_path, ring())
    (gang,) = find_gangs(tables, (), EmbeddedAlgorithms())
    found = gang.doubt
    assert found is not None and found.innocent is None
    assert found.guilty is not None and found.guilty.rows and set(found.guilty.rows) <= rows_of(tables)
    assert _said(found).startswith("No innocent explanation among the")
    assert "没有一种能覆盖超过" in _said(found, "zh")
    assert {name for name, _ in found.tested}.isdisjoint(found.untested)


def test_nothing_is_explained_where_there_is_nothing(tmp_path: Path) -> None:
    found, _, _ = _doubt(tmp_path, [])
    assert found.innocent is None and found.guilty is None and _said(found)


def test_a_doubt_comes_back_from_text(tmp_path: Path) -> None:
    found, _, _ = _doubt(tmp_path, family() + ring())
    assert doubt_from(doubt_text(found)) == found
    assert doubt_from(doubt_text(replace(found, innocent=None))) == replace(found, innocent=None)
    assert doubt_from(None) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("least_share: 0.05", "least_share: 2"),
        ("family:\n", "famly:\n"),
        ("[ip_slot]", "[ip]"),
        ("  cell:", "  sell:"),
    ],
)
def test_a_damaged_file_is_refused_by_name(old: str, new: str, tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "innocence.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidRule, match=r"innocence\.yml"):
        load_innocence(path)
