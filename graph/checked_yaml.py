"""Reads a YAML file into a typed form; what does not fit is refused with file, line and field."""

import re
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from graph.errors import InvalidRule
from graph.safe_yaml import line_of, parse_yaml, yaml_bytes

T = TypeVar("T")

# A sentence on what holds between fields begins with the field.
_FIELD = re.compile(r"([a-z_]+(?:\.\w+)*)")


def read_checked(path: Path, form: type[T]) -> T:
    """The file as a `form`: a pydantic model, a dataclass, a mapping; InvalidRule when it does not fit."""
    raw = yaml_bytes(path)
    try:
        return TypeAdapter(form).validate_python(parse_yaml(raw, path.name))
    except ValidationError as error:
        raise first_problem(path, raw, error) from error


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
