"""Reads the YAML files that users write: plain values only, nothing repeated, nothing expanded."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from graph.errors import SchemaError

_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file's name and what it says."""

    file: str
    body: Mapping[Any, Any]


def load_plain(path: Path) -> Loaded:
    """The mapping a file holds; SchemaError for anchors, repeated keys, other tags or broken YAML."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SchemaError(f"{path.name} can't be read; check its rights.") from error
    return parse_plain(data, path.name)


def parse_plain(data: bytes, file: str) -> Loaded:
    """As `load_plain`, from bytes."""
    if len(data) > _LARGEST:
        raise SchemaError(f"{file} is larger than {_LARGEST // 1024} KiB; a template needs far less.")
    try:
        text = data.decode("utf-8-sig")
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            # A few lines of anchors and references unfold to gigabytes; no template needs one.
            if isinstance(event, yaml.AliasEvent):
                raise SchemaError(f"{file} line {_line(event.start_mark)} refers to an anchor; write it out.")
        _refuse_repeats(yaml.compose(text, Loader=yaml.SafeLoader), file)
        body = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        raise SchemaError(f"{file} is not UTF-8 text; save it as UTF-8.") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {_line(mark)}" if mark is not None else ""
        raise SchemaError(
            f"{file}{line} is no plain YAML; check indents, colons and quotes there."
        ) from error
    return Loaded(file, as_mapping(body, file, "the file"))


def as_mapping(value: object, file: str, where: str) -> Mapping[Any, Any]:
    """`value` as a mapping, empty for nothing."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SchemaError(
            f"{file}: {where} must be a list of `name: value` lines; compare it with the how-to."
        )
    return value


def as_texts(value: object, file: str, where: str) -> list[str]:
    """`value` as a list of texts, empty for nothing."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise SchemaError(f"{file}: {where} must be a list of texts in brackets; put numbers in quotes.")
    return value


def as_codes(value: object, file: str, where: str) -> dict[str, object]:
    """`value` as a mapping whose keys are texts: 01 without quotes would be the number 1."""
    found = as_mapping(value, file, where)
    for code in found:
        if not isinstance(code, str):
            raise SchemaError(f'{file}: {where} has the code {code!r} without quotes; write it as "{code}".')
    return dict(found)


def _refuse_repeats(node: yaml.Node | None, file: str) -> None:
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, value in node.value:
            if keys.count(key.value) > 1:
                raise SchemaError(
                    f"{file} line {_line(key.start_mark)} has {key.value!r} more than once; join the two."
                )
            _refuse_repeats(value, file)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeats(item, file)


def _line(mark: Any) -> int:
    return int(mark.line) + 1 if mark is not None else 0
