"""Ids and titles of rules, read from the head of each file: a table of hits needs no more."""

import itertools
from collections.abc import Mapping
from pathlib import Path

import yaml

QUERIES = Path(__file__).resolve().parent.parent / "queries"
REGIONS = "regions"
NOT_THEMES = frozenset({REGIONS, "weights", "exceptions"})
"""Folders of `queries/` that hold other data than rules."""
# A title stands near the top; a file that has none among its first parts has none for us.
_MOST_BYTES, _MOST_EVENTS = 4096, 100


def rule_files(folder: Path = QUERIES) -> list[Path]:
    """Every file that may hold a rule, in the order in which rules are loaded."""
    return sorted(p for p in folder.glob("*/*.yml") if p.parent.name not in NOT_THEMES)


def rule_titles(folder: Path = QUERIES) -> dict[str, Mapping[str, str]]:
    """Rule id -> title by language (`zh`, `en`); nothing is checked, and files without both are left out.

    Of two files with one id the first counts, as in `open_library`.
    """
    titles: dict[str, Mapping[str, str]] = {}
    for path in rule_files(folder):
        head = _head(path)
        if head is not None:
            titles.setdefault(*head)
    return titles


def _head(path: Path) -> tuple[str, Mapping[str, str]] | None:
    """Id and title of one file; None when it has none."""
    found: dict[str, str] = {}
    title: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", errors="ignore")
        scalars: list[str] = []
        depth = 0
        # The parser hands out one part after the other: what stands below the title is never looked at.
        for event in itertools.islice(yaml.parse(text, Loader=yaml.CSafeLoader), _MOST_EVENTS):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth == 2:
                    scalars = scalars[-1:]
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                if scalars[:1] == ["title"]:
                    title = dict(zip(scalars[1::2], scalars[2::2], strict=False))
                    break
                scalars = []
            elif isinstance(event, yaml.ScalarEvent):
                scalars.append(event.value)
                if depth == 1 and len(scalars) == 2:
                    found[scalars[0]], scalars = scalars[1], []
    except (OSError, yaml.YAMLError):
        return None
    return (found["id"], title) if "id" in found and title.keys() >= {"zh", "en"} else None
