"""docs/request-sheets.md and how-to name the commands and codes that exist."""

from pathlib import Path

from typer.main import get_command

from export.__main__ import APP
from export.requests.kinds import KINDS

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_names_every_option_it_uses_and_every_kind() -> None:
    page = (DOCS / "request-sheets.md").read_text(encoding="utf-8")
    command = get_command(APP).commands["requests"]  # type: ignore[attr-defined]  # a group of commands
    options = {name for parameter in command.params for name in parameter.opts}
    used = {word.strip("`.,;()") for word in page.split() if word.strip("`(").startswith("--")}
    assert used and used <= options
    assert all(kind.value in page for kind in KINDS)


def test_the_how_to_shows_both_commands() -> None:
    page = (DOCS / "how-to.md").read_text(encoding="utf-8")
    assert "python -m export requests --kind" in page and "python -m funds refund --account" in page
