"""Admits the SQL of a rule: one SELECT made only of listed nodes, functions and the lake's views."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from graph.errors import UnsafeQuery
from graph.lake.shape import BOTH_ENDS
from graph.schema.catalog import NODE_TYPES, stored_tables

LONGEST_TEXT = 20_000
VIEWS: dict[str, str] = {name.lower(): name for name in stored_tables()} | {
    f"{name.lower()}_by_to": name for name in BOTH_ENDS
}
_SHAPE = (
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Qualify, exp.Order, exp.Ordered,
    exp.Limit, exp.Offset, exp.With, exp.CTE, exp.Table, exp.TableAlias, exp.Subquery, exp.Alias, exp.Column,
    exp.Identifier, exp.Star, exp.Literal, exp.Boolean, exp.Null, exp.Placeholder, exp.Var, exp.Union,
    exp.Except, exp.Intersect, exp.Distinct, exp.Paren, exp.Tuple, exp.Window, exp.WindowSpec, exp.Filter,
    exp.Interval, exp.DataType, exp.IgnoreNulls,
)  # fmt: skip
_OPERATORS = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between,
    exp.Like, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.DPipe, exp.Case, exp.If,
    exp.Exists, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Any, exp.All, exp.AtTimeZone,
)  # fmt: skip
_FUNCTIONS = (
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.Stddev, exp.Median, exp.ArgMax, exp.ArgMin,
    exp.ArrayAgg, exp.ArrayContains, exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.Ln, exp.Sqrt, exp.Pow,
    exp.Greatest, exp.Least, exp.Coalesce,
    exp.Nullif, exp.Cast, exp.TryCast, exp.Lower, exp.Upper, exp.Length, exp.Substring, exp.Concat, exp.Left,
    exp.Right, exp.StartsWith, exp.SplitPart, exp.Trim,
    exp.TimestampTrunc, exp.DateTrunc, exp.DateDiff, exp.Extract,
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.First,
    exp.Last, exp.LogicalOr, exp.LogicalAnd, exp.ApproxDistinct, exp.CountIf, exp.StrPosition,
    exp.Hour, exp.Minute, exp.DayOfWeek, exp.TimeToUnix, exp.ArraySize,
)  # fmt: skip
# Functions that sqlglot has no node of its own for.
_BY_NAME = frozenset(
    {"epoch_us", "list_sort", "list_distinct", "list_slice", "list_concat", "array_to_string"}
)
_ADMITTED: frozenset[type[exp.Expr]] = frozenset((*_SHAPE, *_OPERATORS, *_FUNCTIONS))


@dataclass(frozen=True, slots=True)
class SqlText:
    """What an admitted statement names: columns, parameters, catalog types, and whether it is ordered."""

    columns: tuple[str, ...]
    parameters: frozenset[str]
    types: frozenset[str]
    relations: frozenset[str]
    ordered: bool


@functools.cache
def read_sql(text: str) -> SqlText:
    """Check a rule's SQL (DuckDB dialect) and name its parts; UnsafeQuery says what is not admitted.

    Admitted is one SELECT (set operations and common table expressions included) whose whole tree consists of
    listed nodes and functions, over the views of `graph.lake.duck.connect`; values come as `$name`.
    """
    tree = _parsed(text)
    own = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    for node in tree.walk():
        _check_node(node)
    views = {view for table in tree.find_all(exp.Table) for view in _view(table, own)}
    for placeholder in tree.find_all(exp.Placeholder):
        if not placeholder.args.get("this"):
            raise UnsafeQuery("Write parameters as $name, not as ?.")
    columns = tuple(tree.named_selects)
    if "*" in columns or "" in columns or len(set(columns)) != len(columns):
        raise UnsafeQuery("Name each returned column once, without *; write AS name.")
    types = frozenset(VIEWS[view] for view in views)
    return SqlText(
        columns,
        frozenset(placeholder.name for placeholder in tree.find_all(exp.Placeholder)),
        frozenset(name for name in types if name in NODE_TYPES),
        frozenset(name for name in types if name not in NODE_TYPES),
        tree.args.get("order") is not None,
    )


def to_spark(text: str) -> str:
    """The same statement in Spark's dialect; UnsafeQuery where it is not admitted."""
    read_sql(text)
    return sqlglot.transpile(text, read="duckdb", write="spark")[0]


def _parsed(text: str) -> exp.Query:
    if len(text) > LONGEST_TEXT:
        raise UnsafeQuery(f"The SQL is longer than {LONGEST_TEXT} characters; split the rule.")
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        raise UnsafeQuery("The SQL can't be parsed; check it against DuckDB's SELECT.") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.SetOperation):
        raise UnsafeQuery("A rule's SQL is exactly one SELECT.")
    return trees[0]


def _check_node(node: exp.Expr) -> None:
    if isinstance(node, exp.Anonymous) and node.name.lower() in _BY_NAME:
        return
    if type(node) not in _ADMITTED:
        name = node.name if isinstance(node, exp.Anonymous) else type(node).__name__
        raise UnsafeQuery(
            f"A rule's SQL may not use {name}; docs/queries.md lists what is admitted.", part=name
        )


def _view(table: exp.Table, own: set[str]) -> Iterator[str]:
    if not isinstance(table.this, exp.Identifier) or table.args.get("db") or table.args.get("catalog"):
        raise UnsafeQuery("A rule's SQL reads only the lake's views, by their plain names.")
    name = table.name.lower()
    if name in own:
        return
    if name not in VIEWS:
        raise UnsafeQuery(f"The lake has no view {table.name!r:.40}; views are the types of docs/schema.md.")
    yield name


def admitted_functions() -> tuple[str, ...]:
    """Names of the functions that a rule's SQL may call, for the documentation."""
    known = {function.sql_name().lower() for function in _FUNCTIONS if issubclass(function, exp.Func)}
    return tuple(sorted(known | _BY_NAME))
