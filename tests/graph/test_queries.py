"""Running one query file: its text and typed parameters reach the engine, and nothing else does."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from graph.contract import Promise, QueryResult
from graph.errors import InputError, InvalidRule, NotSupportedByEngine
from graph.queries import read_query_file, run_query_file

TEXT = """
query: RETURN $window AS window ORDER BY window
parameters:
  window: {type: duration, default: PT24H, min: PT1H, max: P30D, meaning: {zh: 窗, en: window}}
"""


class Recorder:
    """An engine that hands back what it was asked; stands for no real one."""

    name = "recorder"
    promises = frozenset({Promise.CYPHER})

    def close(self) -> None:
        """Nothing is open."""

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout_s: float = 30.0,
        row_limit: int = 10_000,
    ) -> QueryResult:
        """One row: the text, the parameters, the bounds."""
        return QueryResult(
            ("text", "parameters", "timeout_s", "row_limit"),
            ((text, dict(parameters or {}), timeout_s, row_limit),),
        )


class Silent(Recorder):
    """The same without the promise."""

    promises = frozenset({Promise.VIEW})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "windows.yml"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_text_and_typed_parameters_reach_the_engine(path: Path) -> None:
    result = run_query_file(Recorder(), path, {"window": "PT2H"}, row_limit=5)
    text, parameters, _, row_limit = result.rows[0]
    assert text == "RETURN $window AS window ORDER BY window"
    assert parameters == {"window": timedelta(hours=2)} and row_limit == 5


def test_an_engine_without_cypher_is_named_with_the_way_out(path: Path) -> None:
    with pytest.raises(NotSupportedByEngine, match="neo4j start"):
        run_query_file(Silent(), path, {})


def test_wrong_parameters_never_reach_the_engine(path: Path) -> None:
    with pytest.raises(InputError, match="from PT1H to P30D"):
        run_query_file(Recorder(), path, {"window": "PT1S"})


def test_a_rule_without_cypher_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.yml"
    file.write_text("sql: SELECT 1", encoding="utf-8")
    with pytest.raises(InvalidRule, match="has no `query`"):
        read_query_file(file)
    file.write_text("query: x\nparameters: {least: {type: integer}}", encoding="utf-8")
    with pytest.raises(InvalidRule, match=r"other\.yml, line 2, parameters\.least"):
        read_query_file(file)
