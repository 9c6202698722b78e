"""The words of the interface in one language, from `ui/words.yml`."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import yaml

from graph.errors import SchemaError
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_FILE = Path(__file__).with_name("words.yml")


@functools.cache
def all_words() -> dict[str, dict[str, str]]:
    """Dotted name -> {zh, en}; SchemaError when a text lacks a language."""
    # The C parser: the Python one takes a third of a second at every start.
    raw = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    words = {f"{group}.{name}": pair for group, names in raw.items() for name, pair in names.items()}
    for name, pair in words.items():
        if not isinstance(pair, dict) or set(pair) != set(LANGUAGES) or not all(pair.values()):
            raise SchemaError(f"ui/words.yml: {name} needs a text in zh and in en.")
    return words


@dataclass(frozen=True, slots=True)
class Words:
    """Looks words up in one language."""

    language: Language

    def __call__(self, name: str, **values: object) -> str:
        """The text called `name` with its places filled; SchemaError for an unknown name."""
        words = all_words()
        if name not in words:
            raise SchemaError(f"ui/words.yml has no text {name!r}.")
        text = words[name][self.language]
        return text.format(**values) if values else text

    def type_label(self, name: str) -> str:
        """A node or relation type's name from the catalog."""
        declared = NODE_TYPES.get(name) or RELATION_TYPES[name]
        return declared.zh if self.language == "zh" else declared.en

    def property_label(self, type_name: str, name: str) -> str:
        """A property's name from the catalog; the code name where it has none (validity, confidence)."""
        declared = NODE_TYPES.get(type_name) or RELATION_TYPES[type_name]
        for prop in declared.properties:
            if prop.name == name:
                return prop.zh if self.language == "zh" else prop.en
        return name

    def pick(self, pair: dict[str, str]) -> str:
        """The text of a {zh, en} pair."""
        return pair[self.language]


def language_of(text: str | None, default: str) -> Language:
    """`text` when it names a language, else `default`."""
    return cast(Language, text if text in LANGUAGES else default)
