"""The graph of the bench in st-link-analysis, with the layout named on the command line."""

import sys

import streamlit as st
from st_link_analysis import EdgeStyle, NodeStyle, st_link_analysis

from bench.ui_graph import KINDS, label_of, ring_graph, sum_of

nodes, edges, seed = map(int, sys.argv[1:4])
st.set_page_config(layout="wide")
graph = ring_graph(nodes, edges, seed)
st_link_analysis(
    {
        "nodes": [
            {"data": {"id": f"n{n}", "label": KINDS[k], "name": label_of(n)}}
            for n, k in enumerate(graph.kinds)
        ],
        "edges": [
            {
                "data": {
                    "id": f"e{i}",
                    "label": "TRANSFER",
                    "source": f"n{a}",
                    "target": f"n{b}",
                    "sum": sum_of(i),
                }
            }
            for i, (a, b) in enumerate(graph.edges)
        ],
    },
    layout=sys.argv[4],
    node_styles=[
        NodeStyle(kind, colour, "name", icon)
        for kind, colour, icon in zip(
            KINDS,
            ("#1b7f5c", "#c4501b", "#2a6fb0", "#3f7f93"),
            ("account_balance", "person", "smartphone", "sim_card"),
            strict=True,
        )
    ],
    edge_styles=[EdgeStyle("TRANSFER", caption="sum", directed=True)],
    height=660,
    key="bench",
)
