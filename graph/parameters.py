"""Parameters of rules and queries: their types, bounds and defaults, and how text becomes a value."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator

from graph.durations import format_duration, parse_duration
from graph.errors import InputError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Value = bool | int | float | str | timedelta | datetime | date | None
Plain = Annotated[Any, WithJsonSchema({"type": ["boolean", "integer", "number", "string", "null"]})]
PARAMETER_NAME = r"^[a-z][a-z0-9_]{0,39}$"
CHINA = timezone(timedelta(hours=8))
"""The zone of a time written without one: Asia/Shanghai since 1991."""
_LONGEST_TEXT = 200


class Strict(BaseModel):
    """What all parts of a rule file share: frozen, no unknown field, no silent change of type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Words(Strict):
    """One text in both languages; neither may be empty."""

    zh: Text
    en: Text

    def said(self, language: str) -> str:
        """The text in `zh` or `en`."""
        return self.zh if language == "zh" else self.en


class ParameterType(StrEnum):
    """What a parameter's value is; `identifier` may be personal: it has no default and is shown masked."""

    INTEGER = "integer"
    NUMBER = "number"
    SHARE = "share"
    MONEY_FEN = "money_fen"
    DURATION = "duration"
    INSTANT = "instant"
    DAY = "day"
    TEXT = "text"
    IDENTIFIER = "identifier"
    FLAG = "flag"


BOUNDED = frozenset(
    {ParameterType.INTEGER, ParameterType.NUMBER, ParameterType.MONEY_FEN, ParameterType.DURATION}
)
_HINTS = {
    ParameterType.INTEGER: "a whole number",
    ParameterType.NUMBER: "a number",
    ParameterType.SHARE: "a share from 0 to 1",
    ParameterType.MONEY_FEN: "a whole number of fen",
    ParameterType.DURATION: "a duration such as PT24H or P30D (no months or years)",
    ParameterType.INSTANT: "an instant such as 2024-03-01T09:00+08:00",
    ParameterType.DAY: "a day such as 2024-03-01",
    ParameterType.TEXT: f"text of at most {_LONGEST_TEXT} characters",
    ParameterType.IDENTIFIER: f"an identifier of at most {_LONGEST_TEXT} characters",
    ParameterType.FLAG: "true or false",
}


def read_instant(text: str) -> datetime:
    """An ISO instant or day as UTC; without a zone it is UTC+8. ValueError when it is neither."""
    value = datetime.fromisoformat(text)
    return (value if value.tzinfo else value.replace(tzinfo=CHINA)).astimezone(UTC)


def _whole(raw: object) -> int:
    if isinstance(raw, str):
        return int(raw) if raw.removeprefix("-").isascii() and raw.removeprefix("-").isdigit() else _refuse()
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else _refuse()


def _number(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return _refuse()
    value = float(raw)
    return value if value == value and abs(value) != float("inf") else _refuse()


def _span(raw: object) -> timedelta:
    if isinstance(raw, timedelta):
        return raw
    return parse_duration(raw) if isinstance(raw, str) else _refuse()


def _instant(raw: object) -> datetime:
    if isinstance(raw, datetime):
        return raw.astimezone(UTC) if raw.tzinfo else raw.replace(tzinfo=CHINA).astimezone(UTC)
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day, tzinfo=CHINA).astimezone(UTC)
    return read_instant(raw) if isinstance(raw, str) else _refuse()


def _day(raw: object) -> date:
    if isinstance(raw, str):
        return date.fromisoformat(raw)
    return raw if isinstance(raw, date) and not isinstance(raw, datetime) else _refuse()


def _text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip() or len(raw) > _LONGEST_TEXT or not raw.isprintable():
        return _refuse()
    return raw.strip()


def _flag(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    return raw == "true" if raw in ("true", "false") else _refuse()


def _refuse() -> NoReturn:
    raise ValueError("wrong kind of value")


_READERS: dict[ParameterType, Callable[[object], Value]] = {
    ParameterType.INTEGER: _whole,
    ParameterType.NUMBER: _number,
    ParameterType.SHARE: _number,
    ParameterType.MONEY_FEN: _whole,
    ParameterType.DURATION: _span,
    ParameterType.INSTANT: _instant,
    ParameterType.DAY: _day,
    ParameterType.TEXT: _text,
    ParameterType.IDENTIFIER: _text,
    ParameterType.FLAG: _flag,
}


def typed(kind: ParameterType, raw: object) -> Value:
    """`raw` (a value from YAML or text from a command line) as a value of the type; ValueError otherwise."""
    return _READERS[kind](raw)


class Parameter(Strict):
    """One threshold or input of a rule: every number that decides lives here, with its bounds.

    default, min, max: values of `type` (durations as timedelta). A parameter without default is either
    `required` or null when not given; `identifier` never has a default, since rule files carry no data.
    """

    type: Annotated[ParameterType, Field(strict=False)]
    default: Plain = None
    min: Plain = None
    max: Plain = None
    choices: Annotated[tuple[str, ...], Field(strict=False)] = ()
    required: bool = False
    meaning: Words

    @model_validator(mode="before")
    @classmethod
    def _read_values(cls, raw: Any) -> Any:
        if not isinstance(raw, dict) or raw.get("type") not in list(ParameterType):
            return raw
        kind = ParameterType(raw["type"])
        read = dict(raw)
        for name in ("default", "min", "max"):
            if read.get(name) is not None:
                try:
                    read[name] = typed(kind, read[name])
                except ValueError as error:
                    raise ValueError(f"{name} must be {_HINTS[kind]}") from error
        if kind is ParameterType.SHARE:
            read = {"min": 0.0, "max": 1.0} | read
        return read

    @model_validator(mode="after")
    def _check(self) -> "Parameter":
        if self.type in BOUNDED and (self.min is None or self.max is None):
            raise ValueError("min and max are needed")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is above max")
        if self.required and self.default is not None:
            raise ValueError("a required parameter has no default")
        if self.type is ParameterType.IDENTIFIER and self.default is not None:
            raise ValueError("an identifier has no default, since a rule file carries no data")
        if self.choices and self.type is not ParameterType.TEXT:
            raise ValueError("choices are for text only")
        if self.default is not None:
            self.value(self.default)
        return self

    def value(self, raw: object) -> Value:
        """`raw` as a value within type, bounds and choices; ValueError says what is allowed, never `raw`."""
        try:
            value = typed(self.type, raw)
        except (ValueError, OverflowError) as error:
            raise ValueError(f"must be {_HINTS[self.type]}") from error
        comparable: Any = value
        if (self.min is not None and comparable < self.min) or (
            self.max is not None and comparable > self.max
        ):
            raise ValueError(f"must be from {written(self.min)} to {written(self.max)}")
        if self.choices and value not in self.choices:
            raise ValueError(f"must be one of {', '.join(self.choices)}")
        return value


Parameters = dict[Annotated[str, StringConstraints(pattern=PARAMETER_NAME)], Parameter]


def written(value: Value) -> str:
    """A value as rule files and command lines write it; no value gives empty text."""
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def parameter_values(parameters: Mapping[str, Parameter], given: Mapping[str, object]) -> dict[str, Value]:
    """Every declared parameter with the given value or its default, in the order declared.

    given: values or their text (`PT24H`); null and empty text count as not given. InputError names an unknown
    parameter, a missing required one, or one that is out of bounds; never the value itself.
    """
    for name in given:
        if name not in parameters:
            known = ", ".join(parameters) or "none"
            raise InputError(f"There is no parameter {name!r:.60}; this query has: {known}.", parameter=name)
    values: dict[str, Value] = {}
    for name, parameter in parameters.items():
        raw = given.get(name)
        if raw is None or raw == "":
            if parameter.required:
                raise InputError(f"The parameter {name} is needed: {parameter.meaning.en}.", parameter=name)
            values[name] = parameter.default
            continue
        try:
            values[name] = parameter.value(raw)
        except ValueError as error:
            raise InputError(f"The parameter {name} {error}.", parameter=name) from error
    return values
