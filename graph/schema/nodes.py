"""Every node type of the domain, once (DOMAIN 4)."""

from graph.schema.nodes_money import PEOPLE_AND_MONEY
from graph.schema.nodes_traces import TRACES
from graph.schema.types import NodeType

NODES: tuple[NodeType, ...] = PEOPLE_AND_MONEY + TRACES
