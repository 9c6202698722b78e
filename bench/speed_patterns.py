"""Contenders of bench.speed for time-ordered cycles and for the whole suite of patterns."""

from typing import Any

import numpy as np

from bench.speed_engines import Kept, Prepare, Prepared
from bench.speed_graph import WINDOW_S, Transfers, make, money, sides
from detect.detectors import DETECTORS
from detect.facts import Facts
from detect.kernels.cycle_counts import CountBounds, cycle_counts
from detect.rule import load_rules
from graph.lake.tables import empty_tables

HOPS = 6
_MICROSECONDS = 1_000_000
_MOST = 2**62
_DAY_S = 86_400
SUITE = ("F01", "F02", "F10", "F11", "F12")
"""Fan-in with gather-out, fan-out, cycles, scatter-gather, stacked layers."""
_PATTERNS = ("fan", "degree", "scatter-gather", "temp-cycle", "lc-cycle")


def counted(hops: int) -> Prepare:
    """Our count of cycles of each length for every transfer, strict time order, nothing cut."""

    def prepare(graph: Transfers, _: bool, kept: Kept) -> Prepared:
        bounds = CountBounds(WINDOW_S * _MICROSECONDS, hops, 1, _MOST)
        cycle_counts(*sides(make(1_000, 1)), bounds)
        ins, outs = sides(graph)
        return lambda: cycle_counts(ins, outs, bounds)[0], lambda found: found[:, 2:]

    return prepare


def rules(*handles: str) -> Prepare:
    """Our rules with their own bounds, from arrays to hits with amounts, accounts and rows."""

    def prepare(graph: Transfers, _: bool, kept: Kept) -> Prepared:
        found = [rule for rule in load_rules() if rule.id in handles]
        work = [(DETECTORS[rule.detector], rule.parameter_values({})) for rule in found if rule.detector]

        def run(facts: Facts) -> list[int]:
            return [len(detector(facts, values).hits) for detector, values in work]

        run(_facts(make(5_000, 1)))
        facts = _facts(graph)
        return lambda: run(facts), np.asarray

    return prepare


def preprocessor(*patterns: str) -> Prepare:
    """snapml's GraphFeaturePreprocessor with these patterns only, all transfers in one batch.

    Windows: a day for fans, degrees and scatter-gather, that of F10 for cycles. Its temporal cycles have no
    bound on hops; lc-cycle, simple cycles without time order, has one.
    """

    def prepare(graph: Transfers, alone: bool, kept: Kept) -> Prepared:
        from snapml import GraphFeaturePreprocessor

        values: dict[str, Any] = {name: name in patterns for name in (*_PATTERNS, "vertex_stats")}
        values |= {f"{name}_tw": WINDOW_S if "cycle" in name else _DAY_S for name in _PATTERNS}
        values |= {"temp-cycle_bins": list(range(2, 10)), "lc-cycle_bins": list(range(2, 10))}
        values |= {"lc-cycle_len": HOPS, "time_window": -1}
        if alone:
            values["num_threads"] = 1
        made = GraphFeaturePreprocessor()
        made.set_params(values)
        columns = (np.arange(len(graph.at)), graph.payer, graph.payee, graph.at)
        rows = np.column_stack(columns).astype(np.float64)
        return lambda: made.transform(rows), lambda found: found[:, 4:].astype(np.int64)

    return prepare


def _facts(graph: Transfers) -> Facts:
    """Facts that hold the graph's money and no table of a lake."""
    facts = Facts(empty_tables())
    facts.hold("money", money(graph), ())
    return facts
