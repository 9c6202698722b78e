"""The fields of a rule file, `queries/<theme>/<name>.yml`, before they are checked against each other."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from detect.cypher_text import read_cypher
from detect.rule_parts import Examples, Many, Needs
from detect.sql_text import read_sql
from graph.answer_columns import Column, ColumnName
from graph.parameters import Parameters, Strict, Text, Words

RULE_ID = r"^(\d{6}-)?[A-Z]\d{2,3}$"
Body = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class RuleFields(Strict):
    """Every field of a rule file with its own limits; `detect.rule.Rule` adds what holds between them."""

    id: Annotated[str, StringConstraints(pattern=RULE_ID)]
    uuid: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    revision: Annotated[int, Field(ge=1)]
    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
    title: Words
    description: Words
    status: Literal["draft", "trial", "stable", "retired"]
    reason: Words | None = None
    successor: Annotated[str, StringConstraints(pattern=RULE_ID)] | None = None
    authors: Annotated[Many[Text], Field(min_length=1)]
    created: date
    changed: date
    region: Annotated[str, StringConstraints(pattern=r"^(all|\d{6})$")] = "all"
    answers: Annotated[Many[str], Field(min_length=1)]
    basis: Annotated[str, StringConstraints(pattern=r"^[LSD?]( [LSD?])*$")]
    severity: Literal["low", "medium", "high", "critical"]
    confidence: Annotated[float, Field(ge=0, le=1)]
    needs: Needs
    reach: Literal["account", "lake"] = "lake"
    parameters: Parameters = Field(default_factory=dict)
    exclude: Many[str] = ()
    sql: Body | None = None
    query: Body | None = None
    detector: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,59}$")] | None = None
    columns: dict[ColumnName, Column] = Field(default_factory=dict)
    evidence: Body | None = None
    message: Words
    false_positives: Annotated[Many[Words], Field(min_length=1)]
    limits: Annotated[Many[Words], Field(min_length=1)]
    next_steps: Annotated[Many[Words], Field(min_length=1)]
    examples: Examples

    @property
    def form(self) -> Literal["sql", "query", "detector"]:
        """Which of the three bodies the rule has."""
        return "sql" if self.sql is not None else "query" if self.query is not None else "detector"

    @property
    def returned(self) -> tuple[str, ...]:
        """Names of the columns that one hit has, in order; a detector's are those it declares."""
        if self.query is not None:
            return read_cypher(self.query).columns
        return read_sql(self.sql).columns if self.sql is not None else tuple(self.columns)

    @model_validator(mode="before")
    @classmethod
    def _region_as_text(cls, raw: Any) -> Any:
        # `region: 430100` is a whole number to YAML; no region's code starts with 0.
        if isinstance(raw, dict) and type(raw.get("region")) is int:
            return raw | {"region": str(raw["region"])}
        return raw
