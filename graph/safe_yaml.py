"""Reads YAML that others wrote: plain data only, no tags, no aliases, no double keys, bounded in size."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from graph.errors import InvalidRule

MOST_BYTES = 256 * 1024
_DEEPEST = 24
# Stricter than YAML 1.1, where `no` is a flag, `12:30` a number in base 60 and `00123` an octal one.
_PLAIN = (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
)


class _PlainLoader(yaml.CSafeLoader):
    """The C SafeLoader (every command reads all rules), that takes little for anything but text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {getattr(key, 'value', '?')!r:.40} stands twice or is no plain text",
                    problem_mark=key.start_mark,
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _check_events(text: str) -> None:
    """Refuse anchors, aliases and deep nesting before anything is built; an alias bomb never unfolds."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.events.AliasEvent) or getattr(event, "anchor", None):
            raise _refused("anchors and aliases are not allowed", event)
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
            if depth >= _DEEPEST:
                raise _refused("it is nested too deeply", event)
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1


def _refused(problem: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    error = yaml.MarkedYAMLError(problem=problem)
    error.problem_mark = event.start_mark  # type: ignore[assignment]  # the C parser has marks of its own
    return error


def _plain_resolvers() -> dict[str, list[tuple[str, Any]]]:
    """First letter -> patterns; text that is no plain number, flag, null or day stays text."""
    resolvers: dict[str, list[tuple[str, Any]]] = {}
    for name, pattern, first_letters in _PLAIN:
        whole = re.compile(rf"(?:{pattern})\Z", re.ASCII)
        for letter in first_letters:
            resolvers.setdefault(letter, []).append((f"tag:yaml.org,2002:{name}", whole))
    return resolvers


_PlainLoader.yaml_implicit_resolvers = _plain_resolvers()


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping that a YAML file holds; InvalidRule names the file and the line of what is wrong."""
    return parse_yaml(yaml_bytes(path), path.name)


def yaml_bytes(path: Path) -> bytes:
    """A YAML file as it lies on disk; InvalidRule when it can't be opened or is too large."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidRule(f"{path.name} can't be opened; check the path.", file=str(path)) from error
    if len(raw) > MOST_BYTES:
        raise InvalidRule(f"{path.name} is larger than {MOST_BYTES // 1024} KiB; split it.", file=str(path))
    return raw


def parse_yaml(raw: bytes, name: str) -> dict[str, Any]:
    """The mapping in `raw` (UTF-8); `name` stands for the file in errors, InvalidRule as in `read_yaml`."""
    try:
        text = raw.decode("utf-8")
        _check_events(text)
        data = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader, only stricter
    except UnicodeDecodeError as error:
        raise InvalidRule(f"{name} is not UTF-8; save it as UTF-8.", file=name) from error
    except yaml.MarkedYAMLError as error:
        # What is missing at the end is marked one line below the last.
        line = min(error.problem_mark.line, text.count("\n")) + 1 if error.problem_mark else 0
        problem = error.problem or "it is no YAML"
        raise InvalidRule(
            f"{name}, line {line}: {problem}; correct the file.", file=name, line=line
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidRule(f"{name} is no YAML that can be read; correct the file.", file=name) from error
    if not isinstance(data, dict):
        raise InvalidRule(f"{name} holds no fields; start from the blank template.", file=name)
    return data


def line_of(raw: bytes, field: Sequence[str | int]) -> int:
    """Line (from 1) where a field of the YAML in `raw` begins, of its nearest parent where it isn't there.

    raw must have been read by `parse_yaml`; field: names of mappings and places of lists, from the top.
    """
    node = yaml.compose(raw.decode("utf-8"), Loader=yaml.CSafeLoader)
    line = 1
    for part in field:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = (node.value[part], node.value[part])
        else:
            found = None
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line
