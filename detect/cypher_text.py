"""Reads a Cypher text without running it: the columns, parameters, labels and properties it names."""

import re
from dataclasses import dataclass

from graph.schema.catalog import NODE_TYPES, RELATION_TYPES, table_columns

# Quoted text and comments are replaced first, so that words inside them never count.
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|//[^\n]*|/\*.*?\*/", re.DOTALL)
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_LABELS = re.compile(r":\s*([A-Z]\w*(?:\s*[|&]\s*:?\s*[A-Z]\w*)*)")
_PROPERTY = re.compile(r"(?<=[\w)\]])\.([A-Za-z_]\w*)\b(?!\s*[(.])")
_MAP_KEY = re.compile(r"[{,]\s*([a-z_]\w*)\s*:")
_ALIAS = re.compile(r"(?:.*\bAS\s+)?([A-Za-z_]\w*)", re.DOTALL | re.IGNORECASE)
_RETURN = re.compile(r"\bRETURN\b(?:\s+DISTINCT\b)?", re.IGNORECASE)
_TAIL = re.compile(r"\b(?:ORDER\s+BY|SKIP|LIMIT|UNION)\b", re.IGNORECASE)
_TIME_PARTS = frozenset(
    {"seconds", "minutes", "hours", "days", "epochSeconds", "epochMillis", "year", "month", "day"}
)


@dataclass(frozen=True, slots=True)
class CypherText:
    """What a query names; `unknown` are names that the catalog lacks."""

    columns: tuple[str, ...]
    parameters: frozenset[str]
    types: frozenset[str]
    relations: frozenset[str]
    unknown: tuple[str, ...]
    ordered: bool


def read_cypher(text: str) -> CypherText:
    """The names in a read-only query; ValueError when it has no RETURN or a returned value has no name."""
    code = _QUOTED.sub(" '' ", text)
    names = {
        name.strip().lstrip(":").strip()
        for found in _LABELS.findall(code)
        for name in re.split(r"[|&]", found)
    }
    unknown = sorted(names - set(NODE_TYPES) - set(RELATION_TYPES))
    unknown += sorted(
        set(_PROPERTY.findall(code)) - _known_properties() - set(_MAP_KEY.findall(code)) - _TIME_PARTS
    )
    columns, rest = _returned(code)
    return CypherText(
        columns,
        frozenset(_PARAMETER.findall(code)),
        frozenset(names & set(NODE_TYPES)),
        frozenset(names & set(RELATION_TYPES)),
        tuple(unknown),
        re.search(r"\bORDER\s+BY\b", rest, re.IGNORECASE) is not None,
    )


def _known_properties() -> set[str]:
    return {column for name in [*NODE_TYPES, *RELATION_TYPES] for column in table_columns(name)}


def _returned(code: str) -> tuple[tuple[str, ...], str]:
    """Names after the last RETURN, and the text behind them."""
    places = list(_RETURN.finditer(code))
    if not places:
        raise ValueError("the query has no RETURN")
    after = code[places[-1].end() :]
    tail = _TAIL.search(after)
    listed, rest = (after[: tail.start()], after[tail.start() :]) if tail else (after, "")
    columns = []
    for item in _split(listed):
        found = _ALIAS.fullmatch(item.strip())
        if found is None:
            raise ValueError(f"the returned value {item.strip()!r:.40} has no name, write AS name")
        columns.append(found[1])
    return tuple(columns), rest


def _split(text: str) -> list[str]:
    """Parts between commas that stand outside every bracket."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]
