"""Runs the Cypher text of one query file; the whole rule format is above, in `detect/rule.py`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.answer_columns import Column, ColumnName, masked_answer
from graph.contract import Cypher, Engine, Promise, QueryResult
from graph.errors import InvalidRule, NotSupportedByEngine
from graph.parameters import Parameter, Parameters, parameter_values
from graph.safe_yaml import line_of, parse_yaml, yaml_bytes

# A sentence on what holds between fields begins with the field.
_FIELD = re.compile(r"([a-z_]+(?:\.\w+)*)")


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


def first_problem(path: Path, raw: bytes, error: ValidationError) -> InvalidRule:
    """The refusal of the YAML `raw` of a file: file, line, field, what is wrong; without the value itself."""
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    says = problem["msg"].removeprefix("Value error, ").rstrip(".")
    place = list(problem["loc"])
    said = _FIELD.match(says)
    line = line_of(raw, place or (said[1].split(".") if said else []))
    field = ".".join(str(part) for part in place) or "the whole file"
    more = error.error_count() - 1
    rest = f" ({more} more)" if more else ""
    text = f"{path.name}, line {line}, {field}: {says}{rest}; correct the file."
    return InvalidRule(text, file=str(path), line=line)
