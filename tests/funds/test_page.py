"""docs/funds.md says what the code does: its table, methods, ends and commands."""

import re
from pathlib import Path

from funds.events import SINKS
from funds.methods import METHODS
from tests.funds.test_tracing import TABLE

PAGE = (Path(__file__).parents[2] / "docs" / "funds.md").read_text(encoding="utf-8")


def test_the_table_of_the_page_is_what_the_methods_give() -> None:
    told = re.findall(
        r"^\| (\w+) \| ([\d,.]+) \| ([\d,.]+) \| ([\d,.]+) \| ([\d,.]+) \| ([\d,.]+) \|$", PAGE, re.M
    )
    found = {name: tuple(int(re.sub(r"\D", "", cell)) for cell in cells) for name, *cells in told}
    assert found == TABLE


def test_every_method_end_and_flag_is_on_the_page() -> None:
    for word in (*METHODS, *SINKS, "--case", "--from", "--backward", "--compare", "--json", "--show-keys"):
        assert f"`{word}" in PAGE, word
