"""Keeps what is derived from the rule files fresh: lock, JSON schema, blank template and docs/queries.md."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from detect.rule import Rule, load_rules
from detect.rule_heads import QUERIES
from detect.rule_lock import LOCK_FILE, next_lock, read_lock
from detect.rule_words import blank_template
from detect.rules_page import render_queries_page
from graph.errors import DuanlianError

PAGE = QUERIES.parent / "docs" / "queries.md"


def rule_schema() -> str:
    """JSON Schema of a rule file, for editors; `detect/rule.py` checks more than a schema can say."""
    return _json(Rule.model_json_schema())


def derived_files(rules: Sequence[Rule], folder: Path = QUERIES, page: Path = PAGE) -> dict[Path, str]:
    """Path -> text that each derived file should have; InvalidRule when the lock forbids the rules."""
    return {
        folder / LOCK_FILE: _json(next_lock(rules, read_lock(folder))),
        folder / "schema.json": rule_schema(),
        folder / "blank.yml": blank_template(),
        page: render_queries_page(rules),
    }


def stale_files(rules: Sequence[Rule], folder: Path = QUERIES, page: Path = PAGE) -> list[Path]:
    """Derived files that are missing or differ from what the rules say now."""
    return [
        path
        for path, text in derived_files(rules, folder, page).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def refresh(folder: Path = QUERIES, page: Path = PAGE) -> list[Path]:
    """Write every derived file that is not fresh and name those written."""
    rules = load_rules(folder)
    stale = stale_files(rules, folder, page)
    texts = derived_files(rules, folder, page)
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path], encoding="utf-8")
    return stale


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m detect.library [--check]`; 0 fresh, 1 stale or refused, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m detect.library",
        description="Write lock.json, schema.json, blank.yml of queries/ and docs/queries.md from the rules.",
        epilog="examples: python -m detect.library | python -m detect.library --check",
    )
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when a file is not fresh")
    asked = parser.parse_args(arguments)
    try:
        paths = stale_files(load_rules()) if asked.check else refresh()
    except DuanlianError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    for path in paths:
        sys.stdout.write(
            f"{path.relative_to(QUERIES.parent)} {'is not fresh' if asked.check else 'written'}\n"
        )
    return 1 if asked.check and paths else 0


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
