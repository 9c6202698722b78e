"""A hub on the chart of the real desk: the strongest ten, one counted rest, and leaves folded by hand."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import write_tables
from tests.frames import at, event, nodes, table

HUB = "6200000000000000999"
LEAVES = [f"62000000000000{number:05d}" for number in range(45)]
SCRIPT = """
import json
import streamlit as st
from graph.contract import Ref
from graph.settings import Settings
from ui.chart_steps import expand, fold_leaves
from ui.desk import desk
from ui.elements import Filters, chart
from ui.navigate import add_to_chart, history, remember

here = desk(Settings(home={home!r}, language="en"))
hub = Ref("Account", {hub!r})

def seen(name):
    drawn = chart(here, history().now, Filters())
    found = drawn.rests.values()
    rests = [[r.others, r.count, r.amount_fen, r.all_others, r.all_count, r.all_fen] for r in found]
    lines = [[line.count, line.amount_fen] for line in drawn.lines.values()]
    labels = [node.label for node in drawn.data.nodes if node.kind == "rest"]
    st.text(json.dumps([name, len(drawn.nodes), rests, lines, labels, len(drawn.groups)]))
    return drawn

if not history().now.shown:
    st.session_state["expand_limit"] = 20
    add_to_chart([hub])
    expand(here, hub, "TRANSFER/out")
    first = seen("ten")
    expand(here, Ref("Rest", next(iter(first.rests.values())).rest.mark.key), None)
    seen("twenty")
    remember(history().undo())
    seen("undone")
    st.session_state["expand_limit"] = 60
    expand(here, hub, None)
    whole = seen("all")
    fold_leaves(here, whole, hub, "Account")
    seen("folded")
"""


@pytest.fixture(scope="module")
def hub_home(tmp_path_factory: pytest.TempPathFactory) -> LakeHome:
    """One account that paid 45 others, one of them twice; the amounts grow."""
    home = lake_home(Path(tmp_path_factory.mktemp("hub")))
    paid = [
        event(f"t{n}", ("Account", HUB), ("Account", leaf), at(n), amount_fen=(n + 1) * 100, currency="CNY")
        for n, leaf in enumerate([*LEAVES, LEAVES[0]])
    ]
    write_tables(home, {"Account": nodes("Account", HUB, *LEAVES), "TRANSFER": table("TRANSFER", paid)})
    return home


def test_drawn_and_rest_are_all_at_every_step(hub_home: LakeHome) -> None:
    app = AppTest.from_string(SCRIPT.format(home=str(hub_home.root), hub=HUB), default_timeout=60).run()
    assert not app.exception, app.exception
    said = {name: rest for name, *rest in (json.loads(str(text.value)) for text in app.text)}
    total = sum((n + 1) * 100 for n in range(46))
    for name, drawn in (("ten", 10), ("twenty", 20), ("undone", 10)):
        shown, rests, lines, labels, _ = said[name]
        ((others, count, fen, all_others, all_count, all_fen),) = rests
        assert (shown, others) == (drawn + 1, 45 - drawn), name
        assert (all_others, all_count, all_fen) == (45, 46, total)
        assert count + sum(number for number, _ in lines) == 46
        assert fen + sum(amount for _, amount in lines) == total
        assert labels[0].startswith(f"{45 - drawn} further: Bank account · ¥")
    assert said["all"][:2] == [46, []]
    shown, rests, lines, _, groups = said["folded"]
    assert (shown, rests, groups) == (46, [], 1)
    assert lines == [[46, total]]
