"""Read-only Cypher of users: the lexer's gate, the plan's gate, then READ mode with time and row limits."""

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from graph.contract import QueryResult
from graph.engines.neo4j_gds.gate import check
from graph.engines.neo4j_gds.session import Session, translated
from graph.engines.neo4j_gds.values import bound, plain
from graph.errors import UnsafeQuery

if TYPE_CHECKING:
    from neo4j import Result

_FETCH = 1_000

OPERATORS = frozenset(
    """AllNodesScan NodeByLabelScan UnionNodeByLabelsScan IntersectionNodeByLabelsScan
    SubtractionNodeByLabelsScan NodeByElementIdSeek NodeIndexSeek NodeUniqueIndexSeek NodeIndexSeekByRange
    NodeUniqueIndexSeekByRange NodeIndexScan NodeIndexContainsScan NodeIndexEndsWithScan MultiNodeIndexSeek
    AssertingMultiNodeIndexSeek DirectedRelationshipTypeScan UndirectedRelationshipTypeScan
    DirectedAllRelationshipsScan UndirectedAllRelationshipsScan DirectedUnionRelationshipTypesScan
    UndirectedUnionRelationshipTypesScan DirectedRelationshipIndexSeek UndirectedRelationshipIndexSeek
    DirectedRelationshipIndexScan UndirectedRelationshipIndexScan DirectedRelationshipIndexSeekByRange
    UndirectedRelationshipIndexSeekByRange Expand(All) Expand(Into) OptionalExpand(All) OptionalExpand(Into)
    VarLengthExpand(All) VarLengthExpand(Into) VarLengthExpand(Pruning) PruningVarLengthExpand(All)
    VarLengthExpand(Pruning,BFS,All) VarLengthExpand(Pruning,BFS,Into) BFSPruningVarLengthExpand
    ShortestPath StatefulShortestPath(All) StatefulShortestPath(Into) Repeat(Trail) NullifyMetadata Filter
    Projection Argument CacheProperties Apply SemiApply AntiSemiApply LetSemiApply LetAntiSemiApply
    SelectOrSemiApply SelectOrAntiSemiApply LetSelectOrSemiApply LetSelectOrAntiSemiApply ConditionalApply
    AntiConditionalApply RollUpApply Optional CartesianProduct NodeHashJoin ValueHashJoin
    NodeLeftOuterHashJoin NodeRightOuterHashJoin LeftOuterHashJoin RightOuterHashJoin AssertSameNode
    AssertSameRelationship TriadicSelection TriadicBuild TriadicFilter Aggregation EagerAggregation
    OrderedAggregation Distinct OrderedDistinct Sort PartialSort Top PartialTop Top1WithTies Skip Limit
    ExhaustiveLimit Union OrderedUnion Unwind PartitionedUnwind Eager EmptyRow DropResult
    NodeCountFromCountStore RelationshipCountFromCountStore ProduceResults ProjectEndpoints""".split()
)


class Neo4jCypher:
    """See `graph.contract.Cypher`."""

    session: Session

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout_s: float = 30.0,
        row_limit: int = 10_000,
    ) -> QueryResult:
        """See `Cypher.query`; nodes and relationships come as maps of their properties (`values.plain`)."""
        check(text)
        began = time.monotonic()
        values = bound(dict(parameters or {}))
        with (
            translated(),
            self.session.driver.session(default_access_mode="READ", fetch_size=_FETCH) as session,
        ):
            from neo4j import Query

            plan = session.run(Query("EXPLAIN " + text, timeout=timeout_s), values).consume()
            _check_plan(plan.query_type, plan.plan)
            answer = session.run(Query(text, timeout=timeout_s), values)
            columns, rows = tuple(answer.keys()), _first_rows(answer, row_limit + 1)
        kept = tuple(rows[:row_limit])
        return QueryResult(columns, kept, len(rows) > row_limit, time.monotonic() - began)


def _first_rows(answer: "Result", limit: int) -> list[tuple[Any, ...]]:
    rows = []
    for record in answer:
        rows.append(tuple(plain(value) for value in record.values()))
        if len(rows) == limit:
            break
    return rows


def _check_plan(query_type: str | None, plan: Mapping[str, Any] | None) -> None:
    """Refuse a plan that is not of class read or has an operator not on the list (GUARANTEES 8, layer 2)."""
    if query_type != "r" or plan is None:
        raise UnsafeQuery("The query is refused: it does more than read; change it and try again.")
    for operator in _operators(plan):
        if operator not in OPERATORS:
            raise UnsafeQuery(
                f"The query is refused: its plan needs {operator}, which is not on the list.",
                operator=operator,
            )


def _operators(plan: Mapping[str, Any]) -> Iterator[str]:
    yield str(plan["operatorType"]).partition("@")[0]
    for child in plan.get("children", ()):
        yield from _operators(child)
