"""The graph of the bench in our canvas, placed by the server as the explore screen does."""

import sys

import streamlit as st

from bench.ui_graph import KINDS, label_of, ring_graph, sum_of
from cases.places import place_hints
from graph.contract import Ref
from graph.schema.catalog import NODE_TYPES
from ui.canvas.model import CanvasData, Edge, LegendEntry, Node, Shape
from ui.canvas.widget import network_canvas

SHAPES: tuple[Shape, ...] = ("rectangle", "ellipse", "hexagon", "diamond")
nodes, edges, seed = map(int, sys.argv[1:4])
st.set_page_config(layout="wide")
graph = ring_graph(nodes, edges, seed)
refs = [Ref("Account", label_of(n)) for n in range(graph.nodes)]
hints = place_hints(refs, [(refs[a], refs[b]) for a, b in graph.edges])
types = [NODE_TYPES[name] for name in KINDS]
network_canvas(
    CanvasData(
        [
            Node(f"n{n}", label_of(n), KINDS[k], types[k].colour, SHAPES[k], types[k].icon,
                 hint=hints[refs[n]], title=(f"{KINDS[k]} {label_of(n)}",))
            for n, k in enumerate(graph.kinds)
        ],
        [Edge(f"e{i}", f"n{a}", f"n{b}", "TRANSFER", sum_of(i)) for i, (a, b) in enumerate(graph.edges)],
        [LegendEntry("node", t.name, t.zh, t.colour, SHAPES[k], t.icon) for k, t in enumerate(types)],
    ),
    key="bench",
    height=660,
)  # fmt: skip
