"""Turns a person's decisions about columns into a layout, and keeps it in the lake's home."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl
import yaml

from graph.durable import write_once
from graph.errors import InputError, SchemaError
from graph.lake.home import LakeHome
from ingest.clean.times import clean_time
from ingest.layouts import Layouts, layouts_of
from ingest.mapping.proposal import Proposal
from ingest.overlay import overlay_folder, read_layout, read_overlay
from ingest.plain_yaml import parse_plain
from ingest.recognise import Recognised, recognise
from ingest.template import Template, simple_name, templates
from ingest.unknown import UnknownTable


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who said yes to a mapping, and when (UTC)."""

    by: str
    at: datetime


def decide(table: UnknownTable, proposal: Proposal, said: Mapping[str, str]) -> dict[int, str]:
    """Column index -> field: the proposal with what a person said laid over it.

    said: header text, or `#` and the column's number from 1, -> field; an empty field leaves the column out.
    InputError for a column or field that is not there, or a field given to two columns.
    """
    fields = dict(proposal.fields)
    for word, field in said.items():
        index = _index(table, word)
        if field and field not in proposal.template.columns:
            known = ", ".join(proposal.template.columns)
            raise InputError(f"{proposal.template.name} has no field {field!r}; use one of {known}.")
        fields.pop(index, None)
        if field:
            # What a person says of one column takes the field from a column that only the proposal gave it.
            mine = {_index(table, other) for other, chosen in said.items() if chosen}
            fields = {at: f for at, f in fields.items() if f != field or at in mine}
            fields[index] = field
    repeated = {field for field in fields.values() if list(fields.values()).count(field) > 1}
    if repeated:
        raise InputError(f"The field {sorted(repeated)[0]} is given to two columns; choose one of them.")
    return dict(sorted(fields.items()))


def layout_text(name: str, table: UnknownTable, proposal: Proposal, fields: Mapping[int, str]) -> str:
    """The layout as YAML. InputError when two columns of the file have one name, or a mapped one has none."""
    header = [text.strip() for text in table.grid.header]
    columns: dict[str, str | None] = {}
    for index, text in enumerate(header):
        simple = simple_name(text)
        if any(simple_name(known) == simple for known in columns) and simple:
            raise InputError(f"{table.file} has the column {text} twice; rename one in a copy and map that.")
        if not simple and index in fields:
            raise InputError(f"Column {index + 1} of {table.file} has no name; write one above it in a copy.")
        if simple:
            columns[text] = fields.get(index)
    body: dict[str, object] = {
        "name": name,
        "base": proposal.template.name,
        "title": {"zh": f"{proposal.template.zh}（{name}）", "en": f"{proposal.template.en} ({name})"},
        "columns": columns,
    }
    times = _further_times(table, proposal.template, fields)
    if times:
        body["times"] = times
    if proposal.direction_codes and "direction" in fields.values():
        body["direction_codes"] = dict(proposal.direction_codes)
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=110)


def recognised(
    name: str, table: UnknownTable, proposal: Proposal, fields: Mapping[int, str]
) -> tuple[Recognised, str]:
    """What loading would see with this layout, and its YAML.

    UnknownColumns names the needed columns that are still missing; SchemaError a bad name.
    """
    text = layout_text(name, table, proposal, fields)
    layout = read_layout(parse_plain(text.encode(), f"{name}.yml"), templates())
    known = recognise(table.grid.header, table.file, name, layouts_of({name: layout}))
    return known, text


def save_layout(home: LakeHome, name: str, text: str, yes: Confirmed) -> Template:
    """Keep a layout as `<home>/templates/<name>.yml`, with who said yes to it.

    An existing one is never written over (InputError), and nobody's yes is none (InputError).
    """
    if not yes.by.strip():
        raise InputError("A mapping is kept with the name of who says yes to it; give one.")
    said = {"confirmed": {"by": yes.by.strip(), "at": yes.at.astimezone(UTC).isoformat(timespec="seconds")}}
    text += yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=110)
    file = f"{name}.yml"
    folder = overlay_folder(home)
    layout = read_layout(parse_plain(text.encode(), file), templates())
    if layout.layout != name or name in read_overlay(folder).templates:
        raise SchemaError(f"There is a template {name} already; choose another name.")
    if not write_once(folder / file, text.encode()):
        raise InputError(f"{file} is there already; choose another name.")
    return layout


def in_force(home: LakeHome) -> Layouts:
    """The templates in force after a save."""
    return read_overlay(overlay_folder(home))


def _index(table: UnknownTable, word: str) -> int:
    header = [simple_name(text) for text in table.grid.header]
    if word.startswith("#") and word[1:].isdecimal() and 1 <= int(word[1:]) <= len(header):
        return int(word[1:]) - 1
    found = [index for index, text in enumerate(header) if text and text == simple_name(word)]
    if len(found) != 1:
        count = "no column" if not found else "more than one column"
        raise InputError(
            f"{table.file} has {count} called {word!r}; name it as the table shows, or #1, #2, ..."
        )
    return found[0]


def _further_times(table: UnknownTable, kind: Template, fields: Mapping[int, str]) -> list[str]:
    """Date formats beyond the template's that read times it can't: declared with the person's yes."""
    found: list[str] = []
    for index, field in fields.items():
        column = kind.columns[field]
        if column.kind not in ("time", "day"):
            continue
        texts = pl.Series("t", table.texts(index)[:400], dtype=pl.String)
        if clean_time(texts, kind.times, column.zone).values.null_count() == 0:
            continue
        wider = replace(kind, times=(*kind.times, "hanzi"))
        if clean_time(texts, wider.times, column.zone).values.null_count() < texts.len():
            found.append("hanzi")
    return sorted(set(found) - set(kind.times))
