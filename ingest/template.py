"""The source templates: which columns a file of each kind has, and how each is cleaned."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from graph.errors import SchemaError

TEMPLATE_FOLDER = Path(__file__).parent / "templates"
TIME_FORMATS = ("dash", "slash", "compact", "hanzi", "iso", "serial")
"""The names of date formats that a template may declare; `clean.times` reads them."""
_DROPPED = re.compile(r"[\s\u3000*＊_:：\"'“”‘’\ufeff\u200b-\u200f]+")
# The same safe loader, in C where the library was built with it.
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a template: its field name, how it is cleaned, and the header texts that mean it.

    side: `out` or `in` for one of two amount columns, which `clean.sides` joins to amount and direction.
    """

    field: str
    kind: str
    header: str
    aliases: tuple[str, ...]
    zh: str
    en: str
    zone: str
    vault: bool
    side: str = ""

    @property
    def stored(self) -> bool:
        """Whether batches have it: the vault's columns stay away, sides become amount and direction."""
        return not self.vault and not self.side

    @property
    def names(self) -> tuple[str, ...]:
        """Every header text that means this column, simplified; the field's own name is one of them."""
        return tuple(dict.fromkeys(simple_name(text) for text in (self.header, *self.aliases, self.field)))


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of source file, or a layout: one bank's way of writing such a file, declared by the user.

    name: the kind, which says how rows are stored. layout: the layout's own name, the kind's where it is
    built in. header_needs: of each group one column must be there. row_needs: of each group one cell must be
    filled. owners: simplified header text -> field. listed: header texts (simplified) that a layout's file
    must all have. files: patterns of which a layout's file name must match one. content: sha256 over all
    this, kept with whatever the template has read.
    """

    name: str
    zh: str
    en: str
    times: tuple[str, ...]
    header_needs: tuple[tuple[str, ...], ...]
    row_needs: tuple[tuple[str, ...], ...]
    columns: Mapping[str, Column]
    success_codes: Mapping[str, bool]
    order_counts: bool = False
    """Whether the order of rows is part of what the file says: equal rows are then different ones."""
    direction_codes: Mapping[str, str] | None = None
    layout: str = ""
    owners: Mapping[str, str] | None = None
    listed: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    content: str = ""

    @property
    def has_vault(self) -> bool:
        """Whether some column may be stored in the vault only."""
        return any(column.vault for column in self.columns.values())

    @property
    def built_in(self) -> bool:
        """Whether it is the kind itself and no layout of the user's."""
        return self.layout == self.name

    def field_of(self, header: str) -> str | None:
        """The field that a header text means, None for a text the template does not know."""
        return (self.owners or {}).get(simple_name(header))


def simple_name(text: str) -> str:
    """A header text without blanks, stars, quotes and underscores, half-width, in lower case."""
    return _DROPPED.sub("", text.translate(_HALF_WIDTH)).lower()


def sealed(template: Template, owners: Mapping[str, str] | None = None) -> Template:
    """The template with `owners` (by default every column's names) and the hash of its content.

    SchemaError when two columns claim one header text.
    """
    if owners is None:
        owners = _owners(template)
    named = replace(template, layout=template.layout or template.name, owners=owners, content="")
    return replace(named, content=hashlib.sha256(template_body(named).encode()).hexdigest())


def template_body(template: Template) -> str:
    """Everything a template says, as canonical JSON."""
    return json.dumps(asdict(template), ensure_ascii=False, sort_keys=True)


@cache
def templates(folder: Path = TEMPLATE_FOLDER) -> Mapping[str, Template]:
    """All built-in templates by name, in name order; SchemaError when a file breaks the format."""
    found = [_read(path) for path in sorted(folder.glob("*.yml"))]
    return {template.name: template for template in found}


def template(name: str) -> Template:
    """The built-in template called `name`; SchemaError names those there are."""
    known = templates()
    if name not in known:
        raise SchemaError(f"There is no template {name!r}; the templates are {', '.join(known)}.")
    return known[name]


def _read(path: Path) -> Template:
    raw: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506  safe
    try:
        zone = raw["zone"]
        columns = {field: _column(field, spec, zone) for field, spec in raw["columns"].items()}
        read = Template(
            raw["name"],
            raw["title"]["zh"],
            raw["title"]["en"],
            tuple(raw["times"]),
            tuple(tuple(group) for group in raw["header_needs"]),
            tuple(tuple(group) for group in raw["row_needs"]),
            columns,
            {str(k): bool(v) for k, v in raw.get("success_codes", {}).items()},
            bool(raw.get("order_counts", False)),
            {str(k): str(v) for k, v in raw.get("direction_codes", {}).items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise SchemaError(
            f"Template {path.name} lacks or misspells {error}; compare it with bank_sheet.yml."
        ) from error
    _check(read, path.name)
    return sealed(read)


def _column(field: str, spec: Mapping[str, Any], zone: str) -> Column:
    header = str(spec["header"])
    aliases = tuple(str(alias) for alias in spec.get("aliases", ()))
    return Column(
        field,
        str(spec["kind"]),
        header,
        aliases,
        str(spec.get("zh", header)),
        str(spec["en"]),
        str(spec.get("zone", zone)),
        bool(spec.get("vault", False)),
        str(spec.get("side", "")),
    )


def _owners(read: Template) -> dict[str, str]:
    owners: dict[str, str] = {}
    for column in read.columns.values():
        for name in column.names:
            if owners.setdefault(name, column.field) != column.field:
                raise SchemaError(
                    f"Template {read.layout or read.name} gives the header {name!r} to {owners[name]} and to"
                    f" {column.field}; remove one alias."
                )
    return owners


def _check(read: Template, file: str) -> None:
    for group in (*read.header_needs, *read.row_needs):
        for field in group:
            if field not in read.columns:
                raise SchemaError(
                    f"Template {file} needs a column {field} that it does not have; add or rename it."
                )
    for name in read.times:
        if name not in TIME_FORMATS:
            raise SchemaError(
                f"Template {file} declares the unknown date format {name!r}; use {', '.join(TIME_FORMATS)}."
            )
