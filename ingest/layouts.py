"""The templates in force for one load: the built-in ones and what the lake's home lays over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from graph.errors import SchemaError
from ingest.template import Template, simple_name, templates

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Layouts:
    """Templates by layout name: a plain value, so that a parser that may open no file can be handed it.

    names: every simplified header text that some template knows. informant: those of columns that only the
    vault may store.
    """

    templates: Mapping[str, Template]
    names: frozenset[str]
    informant: frozenset[str]

    def named(self, name: str) -> Template:
        """The template or layout called `name`; SchemaError names those there are."""
        if name not in self.templates:
            raise SchemaError(
                f"There is no template {name!r}; the templates are {', '.join(self.templates)}."
            )
        return self.templates[name]

    def header_score(self, texts: Sequence[str]) -> int:
        """How many columns of the best template a row of texts names: the readers' header test.

        Names are counted once, and below two no template is asked: a row of data rarely holds any.
        """
        simple = {simple_name(text) for text in texts if text and len(text) <= _LONGEST_NAME}
        known = simple & self.names
        if len(known) < 2:
            return len(known)
        return max(len({(t.owners or {}).get(name) for name in known} - {None}) for t in self._all())

    def names_informant(self, texts: Sequence[str]) -> bool:
        """Whether a row of texts holds a column name that only the vault may store."""
        return any(simple_name(text) in self.informant for text in texts if len(text) <= _LONGEST_NAME)

    def _all(self) -> Sequence[Template]:
        return list(self.templates.values())


def layouts_of(found: Mapping[str, Template]) -> Layouts:
    """The value for a set of templates, in their order."""
    names = frozenset(name for t in found.values() for name in t.owners or {})
    informant = frozenset(
        name
        for t in found.values()
        for name, field in (t.owners or {}).items()
        if t.columns[field].vault and field != "content"
    )
    return Layouts(dict(found), names, informant)


@cache
def built_in() -> Layouts:
    """The built-in templates alone."""
    return layouts_of(templates())
