"""Places for the nodes of a chart, computed here so that a browser need not: same graph, same places."""

from graph.layout.places import EDGE_LENGTH, places

__all__ = ["EDGE_LENGTH", "places"]
