"""Runs the Cypher text of one query file; the whole rule format is above, in `detect/rule.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.answer_columns import Column, ColumnName, masked_answer
from graph.checked_yaml import first_problem
from graph.contract import Cypher, Engine, Promise, QueryResult
from graph.errors import InvalidRule, NotSupportedByEngine
from graph.parameters import Parameter, Parameters, parameter_values
from graph.safe_yaml import parse_yaml, yaml_bytes


@dataclass(frozen=True, slots=True)
class QueryFile:
    """The part of a rule file that is needed to run its query."""

    text: str
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, Column]


class _QueryPart(BaseModel):
    """The fields read here; the others are checked by `python -m detect rules`."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    query: str
    parameters: Parameters = Field(default_factory=dict)
    columns: dict[ColumnName, Column] = Field(default_factory=dict)


def read_query_file(path: Path) -> QueryFile:
    """Cypher text, typed parameters and columns of a rule file; InvalidRule names file and field."""
    raw = yaml_bytes(path)
    fields = parse_yaml(raw, path.name)
    if not isinstance(fields.get("query"), str):
        raise InvalidRule(
            f"{path.name} has no `query`; `sql` and `detector` rules run by `python -m detect --rule ID`.",
            file=str(path),
        )
    try:
        part = _QueryPart.model_validate(fields)
    except ValidationError as error:
        raise first_problem(path, raw, error) from error
    return QueryFile(part.query, part.parameters, part.columns)


def run_query_file(
    engine: Engine,
    path: Path,
    raw_params: Mapping[str, object],
    *,
    timeout_s: float = 30.0,
    row_limit: int = 10_000,
    show_keys: bool = True,
) -> QueryResult:
    """Run the query of `path` with parameters as text (`window=PT24H`) or values, defaults for the rest.

    The result has the columns of the query's RETURN; without `show_keys` keys and other personal values are
    masked as the file's `columns` say. NotSupportedByEngine where the engine speaks no Cypher,
    InputError for a parameter that does not fit, UnsafeQuery and QueryFailed as the engine's `query` says.
    """
    query = read_query_file(path)
    answer = cypher_of(engine).query(
        query.text,
        parameter_values(query.parameters, raw_params),
        timeout_s=timeout_s,
        row_limit=row_limit,
    )
    return answer if show_keys else masked_answer(query.columns, answer)


def cypher_of(engine: Engine) -> Cypher:
    """The engine's Cypher promise; NotSupportedByEngine where it has none."""
    if Promise.CYPHER not in engine.promises or not isinstance(engine, Cypher):
        raise NotSupportedByEngine(
            engine.name, Promise.CYPHER.value, "start the local Neo4j with `python -m graph neo4j start`"
        )
    return engine
