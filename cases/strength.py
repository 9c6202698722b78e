"""How sure a line is by what the lake knows of its rows, never by how it looks."""

from collections.abc import Iterable

from cases.marks import Strength
from graph.contract import Edge
from graph.schema.catalog import relation_type

TENTATIVE_BELOW = 0.5


def strength_of(relation: str, edges: Iterable[Edge]) -> Strength:
    """The strength of a line that these rows of one relation between two nodes make.

    One row that is sure makes it confirmed: the others only repeat it. A row without a source, of a derived
    relation, with a confidence below 1, or judged otherwise than `same`, is unconfirmed; with a confidence
    below 0.5 tentative. No rows give TENTATIVE.
    """
    found = [_of_row(relation, edge) for edge in edges]
    return min(found, key=list(Strength).index, default=Strength.TENTATIVE)


def _of_row(relation: str, edge: Edge) -> Strength:
    confidence = edge.properties.get("confidence")
    if confidence is not None and confidence < TENTATIVE_BELOW:
        return Strength.TENTATIVE
    doubt = confidence is not None and confidence < 1
    judged_otherwise = edge.properties.get("verdict", "same") != "same"
    if not edge.rows or not relation_type(relation).stored or doubt or judged_otherwise:
        return Strength.UNCONFIRMED
    return Strength.CONFIRMED
