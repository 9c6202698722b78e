"""Lays what the user declared in `<home>/templates/*.yml` over the built-in templates.

`aliases.yml` adds header texts, date formats and codes to built-in templates; every other file is a layout of
its own: one bank's way of writing a kind of file. docs/how-to.md shows both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from graph.errors import SchemaError
from graph.lake.home import LakeHome
from ingest.layouts import Layouts, layouts_of
from ingest.plain_yaml import Loaded, as_codes, as_mapping, as_texts, load_plain
from ingest.template import TIME_FORMATS, Template, sealed, simple_name, templates

ALIASES = "aliases.yml"
_DIRECTIONS = ("in", "out")
_CODES = ("times", "zone", "success_codes", "direction_codes")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file says about one template beside its column names."""

    times: tuple[str, ...] = ()
    zone: str = ""
    success_codes: Mapping[str, bool] | None = None
    direction_codes: Mapping[str, str] | None = None


def overlay_folder(home: LakeHome) -> Path:
    """Where a home's own templates lie; it need not exist."""
    return home.root / "templates"


def layouts_in(home: LakeHome) -> Layouts:
    """The templates in force in a home; SchemaError, one sentence with file and next step, for a bad file."""
    return read_overlay(overlay_folder(home))


def read_overlay(folder: Path) -> Layouts:
    """The built-in templates with a folder's declarations laid over them; no folder, nothing laid over."""
    found = dict(templates())
    paths = sorted(folder.glob("*.yml")) if folder.is_dir() else []
    for path in paths:
        if path.name == ALIASES:
            for name, spec in load_plain(path).body.items():
                kind = _kind(found, name, path.name)
                found[kind.name] = _with_aliases(kind, as_mapping(spec, path.name, name), path.name)
    for path in paths:
        if path.name != ALIASES:
            layout = read_layout(load_plain(path), found)
            if layout.layout in found:
                raise SchemaError(
                    f"{path.name} is named {layout.layout!r} like another template; choose another name."
                )
            found[layout.layout] = layout
    return layouts_of(found)


def read_layout(loaded: Loaded, known: Mapping[str, Template]) -> Template:
    """One layout file as a template; SchemaError when it breaks the format."""
    file, body = loaded.file, loaded.body
    _only_keys(body, ("name", "base", "title", "files", "columns", "confirmed", *_CODES), file, "the layout")
    name = body.get("name")
    if not isinstance(name, str) or not name.isidentifier():
        raise SchemaError(f"{file} needs a `name` of letters, digits and underscores, such as my_bank.")
    base = _kind(known, body.get("base"), file)
    owners = dict(base.owners or {})
    listed = []
    for header, field in as_mapping(body.get("columns"), file, "columns").items():
        simple = simple_name(_text(header, file, "a header text"))
        if not simple or simple in listed:
            raise SchemaError(
                f"{file} lists the column {header!r} twice or without a name; correct `columns`."
            )
        listed.append(simple)
        owners.pop(simple, None)
        if field is not None:
            owners[simple] = _field(base, field, file)
    files = as_texts(body.get("files"), file, "files")
    if not listed and not files:
        raise SchemaError(f"{file} applies to no file; list its `columns`, or file names under `files`.")
    title = as_mapping(body.get("title"), file, "title")
    _only_keys(as_mapping(body.get("confirmed"), file, "confirmed"), ("by", "at"), file, "confirmed")
    laid = replace(
        _with_codes(base, _declared(body, file, base)),
        zh=str(title.get("zh", name)),
        en=str(title.get("en", name)),
        layout=name,
        listed=tuple(listed),
        files=tuple(files),
    )
    return sealed(laid, owners)


def _with_aliases(kind: Template, spec: Mapping[str, Any], file: str) -> Template:
    """A built-in template that knows more header texts, date formats and codes; it stays that template."""
    _only_keys(spec, ("columns", *_CODES), file, kind.name)
    owners = dict(kind.owners or {})
    columns = dict(kind.columns)
    for word, texts in as_mapping(spec.get("columns"), file, f"{kind.name}.columns").items():
        field = _field(kind, word, file)
        more = as_texts(texts, file, f"{kind.name}.columns.{field}")
        for text in more:
            simple = simple_name(text)
            owner = owners.setdefault(simple, field)
            if not simple or owner != field:
                raise SchemaError(
                    f"{file} gives the header {text!r} to {kind.name}.{field}, but it already means {owner};"
                    " remove one of the two."
                )
        columns[field] = replace(columns[field], aliases=(*columns[field].aliases, *more))
    laid = _with_codes(replace(kind, columns=columns), _declared(spec, file, kind))
    return sealed(laid, owners)


def _with_codes(kind: Template, declared: Declared) -> Template:
    columns = kind.columns
    if declared.zone:
        # A column that names its own zone (a UTC column beside a local one) keeps it.
        own = {column.zone for column in columns.values()}
        usual = max(sorted(own), key=lambda zone: sum(c.zone == zone for c in columns.values()))
        columns = {
            field: replace(column, zone=declared.zone) if column.zone == usual else column
            for field, column in columns.items()
        }
    return replace(
        kind,
        columns=columns,
        times=tuple(dict.fromkeys((*kind.times, *declared.times))),
        success_codes={**kind.success_codes, **(declared.success_codes or {})},
        direction_codes={**(kind.direction_codes or {}), **(declared.direction_codes or {})},
    )


def _declared(spec: Mapping[str, Any], file: str, kind: Template) -> Declared:
    times = as_texts(spec.get("times"), file, "times")
    for name in times:
        if name not in TIME_FORMATS:
            raise SchemaError(
                f"{file} declares the unknown date format {name!r}; use {', '.join(TIME_FORMATS)}."
            )
    zone = str(spec.get("zone") or "")
    if zone:
        _check_zone(zone, file)
    success = as_codes(spec.get("success_codes"), file, "success_codes")
    for code, meaning in success.items():
        if meaning not in (True, False):
            raise SchemaError(f"{file} gives the success code {code!r} no meaning; write true or false.")
    directions = as_codes(spec.get("direction_codes"), file, "direction_codes")
    for code, meaning in directions.items():
        if meaning not in _DIRECTIONS:
            raise SchemaError(f"{file} gives the direction code {code!r} no meaning; write in or out.")
    kinds = {column.kind for column in kind.columns.values()}
    for word, codes, needed in (("success", success, "success"), ("direction", directions, "direction")):
        if codes and needed not in kinds:
            raise SchemaError(
                f"{file} declares {word} codes, but {kind.name} has no such column; remove them."
            )
    succeeded = {code: meaning is True for code, meaning in success.items()}
    return Declared(tuple(times), zone, succeeded, {code: str(way) for code, way in directions.items()})


def _check_zone(zone: str, file: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SchemaError(f"{file} names the unknown time zone {zone!r}; write one like UTC.") from error


def _kind(known: Mapping[str, Template], name: object, file: str) -> Template:
    kinds = [word for word, found in known.items() if found.built_in]
    if not isinstance(name, str) or name not in kinds:
        raise SchemaError(f"{file} names the unknown template {name!r}{_like(name, kinds)}.")
    return known[name]


def _field(kind: Template, word: object, file: str) -> str:
    if not isinstance(word, str) or word not in kind.columns:
        raise SchemaError(
            f"{file} names the field {word!r}, which {kind.name} does not have{_like(word, kind.columns)}."
        )
    return word


def _like(word: object, words: Mapping[str, object] | list[str]) -> str:
    close = get_close_matches(str(word), list(words), n=1)
    return f"; did you mean {close[0]!r}" if close else f"; use one of {', '.join(words)}"


def _only_keys(spec: Mapping[str, Any], allowed: tuple[str, ...], file: str, where: str) -> None:
    for key in spec:
        if key not in allowed:
            raise SchemaError(f"{file} has the unknown entry {key!r} in {where}{_like(key, list(allowed))}.")


def _text(value: object, file: str, what: str) -> str:
    if not isinstance(value, str):
        raise SchemaError(f"{file} has {value!r} as {what}; put it in quotes so that it is text.")
    return value
