"""The graph of the bench in the WebGL overview, placed by the server as the explore screen does."""

import sys

import streamlit as st

from bench.ui_graph import KINDS, label_of, ring_graph
from cases.places import place_hints
from graph.contract import Ref
from graph.schema.catalog import NODE_TYPES
from ui.canvas.overview import WORDS, Kind, Mark, OverviewData, network_overview
from ui.words import Words

nodes, edges, seed = map(int, sys.argv[1:4])
st.set_page_config(layout="wide")
words = Words("en")


@st.cache_resource
def drawn() -> OverviewData:
    """Worked out once: a screen keeps its network while lake and chart stay."""
    graph = ring_graph(nodes, edges, seed)
    refs = [Ref("Account", label_of(n)) for n in range(graph.nodes)]
    hints = place_hints(refs, [(refs[a], refs[b]) for a, b in graph.edges])
    marks = [Mark(f"n{n}", label_of(n), KINDS[k], 30, *hints[refs[n]]) for n, k in enumerate(graph.kinds)]
    types = [Kind(name, NODE_TYPES[name].en, NODE_TYPES[name].colour) for name in KINDS]
    return OverviewData(
        marks, [(a, b, "TRANSFER") for a, b in graph.edges], types, [Kind("TRANSFER", "transfer", "#1b7f5c")]
    )


network_overview(drawn(), key="bench", words={name: words(f"large.{name}") for name in WORDS})
