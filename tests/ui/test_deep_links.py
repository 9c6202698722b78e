"""Addresses carry opaque handles only, and say nothing that a page has not got."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui import deep_links

SCRIPT = """
import streamlit as st
from ui import deep_links

st.session_state["asked"] = deep_links.asked("chart")
deep_links.shown("explore", chart=st.session_state.get("now"))
deep_links.write("explore", "token-1")
"""


def run(**params: str) -> AppTest:
    app = AppTest.from_string(SCRIPT)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def address(app: AppTest) -> dict[str, str]:
    """The parameters, each once (the harness gives its own back as lists)."""
    said = dict(app.query_params)
    return {name: v if isinstance(v, str) else "|".join(v) for name, v in said.items()}


def test_what_the_browser_brought_is_asked_once_and_what_we_wrote_never() -> None:
    app = run(chart="a" * 32, desk="other")
    assert app.session_state["asked"] == "a" * 32
    assert address(app) == {"desk": "token-1"}, "the sender's desk is not taken over"
    app.session_state["now"] = "b" * 32
    app.run()
    assert address(app) == {"desk": "token-1", "chart": "b" * 32}
    app.run()
    assert app.session_state["asked"] is None, "our own handle asks for nothing"
    app.query_params["chart"] = "c" * 32
    app.run()
    assert app.session_state["asked"] == "c" * 32, "gone back in the browser"


@pytest.mark.parametrize("value", ["", "x" * 65, "a b", "<svg/onload=1>", "../..", "张三", "a\u202eb"])
def test_what_is_no_handle_is_not_read(value: str) -> None:
    assert run(chart=value).session_state["asked"] is None


def test_a_page_says_nothing_that_is_not_its_own() -> None:
    with pytest.raises(ValueError, match="no such names"):
        deep_links.shown("explore", account="1")


def test_only_the_one_module_touches_the_address() -> None:
    ui = Path(__file__).parents[2] / "ui"
    assert [p.name for p in ui.rglob("*.py") if "query_params" in p.read_text()] == ["deep_links.py"]
