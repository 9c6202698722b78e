"""Runs a model with splink on DuckDB: which pairs meet, how each comparison comes out, how much it weighs."""

import logging
from typing import Any

import duckdb
import polars as pl

from ingest.resolve.models import (
    DOUBLES,
    LEAST_M,
    LEAST_PAIRS_FOR_M,
    LEAST_RECORDS_FOR_U,
    LEAST_U,
    SAMPLED_PAIRS,
    SEED,
    Comparison,
    Model,
)

_MEMORY = "2GB"
_TABLE = "resolved_records"
# One thread: the sample that u is estimated from depends on the order of rows. No file is read.
_SETTINGS = {
    "threads": "1",
    "memory_limit": f"'{_MEMORY}'",
    "TimeZone": "'UTC'",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
}
# Checking settings that never change would cost a quarter of a small lake's run, and only logs what it finds.
_LINKER: dict[str, Any] = {"log_level": None, "validate_settings": False}
# splink writes its progress for the person at a notebook; failures come as exceptions.
_QUIET = logging.ERROR


def scored_pairs(model: Model, records: pl.DataFrame) -> pl.DataFrame:
    """Every pair of records that meets: key_a, key_b (in order), weight, and one level number a comparison.

    records: key and the model's columns. weight: log2 of the odds that both are one, two decimals. A
    comparison's level is its place in the model from 0, null where nothing can be said. Sorted by the keys;
    fewer than two records give no rows. The same records give the same numbers: one thread, one seed.
    """
    if records.height < 2:
        return pl.DataFrame(schema=_schema(model))
    connection = duckdb.connect(":memory:")
    try:
        for name, value in _SETTINGS.items():
            connection.execute(f"SET {name} = {value}")
        return _scored(model, records.select("key", *model.columns).sort("key"), connection)
    finally:
        connection.close()


def _scored(model: Model, records: pl.DataFrame, connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(_QUIET)
    connection.register(_TABLE, records.to_arrow())
    table = DuckDBAPI(connection=connection).register(_TABLE)
    settings = _settings(model, records.height)
    if records.height >= LEAST_RECORDS_FOR_U:
        settings = _trained(Linker(table, settings, **_LINKER), model, connection, settings)
    predicted = Linker(table, settings, **_LINKER).inference.predict()
    levels = {c.name: f"gamma_{c.name}" for c in model.comparisons}
    chosen = ", ".join(f'"{column}" AS "{name}"' for name, column in levels.items())
    asked = connection.sql(
        "SELECT least(key_l, key_r) AS key_a, greatest(key_l, key_r) AS key_b, match_weight AS weight, "
        f"{chosen} FROM {predicted.physical_name}"
    )
    pairs = pl.DataFrame(asked.arrow().read_all())
    numbered = [_place(c) for c in model.comparisons]
    ready = pairs.with_columns(pl.col("weight").round(2), *numbered).select(list(_schema(model)))
    return ready.cast(_schema(model)).sort("key_a", "key_b")  # type: ignore[arg-type]  # names to types


def _schema(model: Model) -> dict[str, pl.DataType]:
    levels: dict[str, pl.DataType] = {c.name: pl.Int64() for c in model.comparisons}
    return {"key_a": pl.String(), "key_b": pl.String(), "weight": pl.Float64(), **levels}


def _place(comparison: Comparison) -> pl.Expr:
    """splink numbers levels from the last (0) to the first and unknown as -1; ours count from the first."""
    value = pl.col(comparison.name)
    return pl.when(value >= 0).then(len(comparison.levels) - 1 - value).alias(comparison.name)


def _settings(model: Model, records: int) -> dict[str, Any]:
    """The model as splink takes it, with the numbers of the model file."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "key",
        "probability_two_random_records_match": min(0.5, 2 * DOUBLES / max(records - 1, 1)),
        "comparisons": [_comparison(c) for c in model.comparisons],
        "blocking_rules_to_generate_predictions": [
            {
                "blocking_rule": f"({meeting.sql}) AND NOT coalesce({model.never}, false)",
                "sql_dialect": "duckdb",
                **({"arrays_to_explode": [meeting.each]} if meeting.each else {}),
            }
            for meeting in model.meetings
        ],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for place, level in enumerate(comparison.levels):
        rare = {"tf_adjustment_column": comparison.rare} if comparison.rare and place == 0 else {}
        levels.append(
            {
                "sql_condition": level.sql,
                "label_for_charts": str(place),
                "m_probability": level.m,
                "u_probability": level.u,
                **rare,
            }
        )
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _trained(
    linker: Any, model: Model, connection: duckdb.DuckDBPyConnection, stated: dict[str, Any]
) -> dict[str, Any]:
    """The settings with m and u as splink estimates them from the records, kept inside the stated bounds."""
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=SEED)
    never = f"NOT coalesce({model.never}, false)"
    for rule in model.training:
        if _pairs_of(f"({rule}) AND {never}", connection) >= LEAST_PAIRS_FOR_M:
            linker.training.estimate_parameters_using_expectation_maximisation(f"({rule}) AND {never}")
    learnt = linker.misc.save_model_to_json()["comparisons"]
    for comparison, estimate in zip(stated["comparisons"], learnt, strict=True):
        levels = comparison["comparison_levels"][1:]
        _take_over(levels, estimate["comparison_levels"][1:])
    return stated


def _take_over(levels: list[dict[str, Any]], estimates: list[dict[str, Any]]) -> None:
    """Write bounded estimates into the levels; m and u of a comparison each sum to one again."""
    for name, least in (("m_probability", LEAST_M), ("u_probability", LEAST_U)):
        values = [
            max(estimate.get(name) or level[name], least)
            for level, estimate in zip(levels, estimates, strict=True)
        ]
        for level, value in zip(levels, values, strict=True):
            level[name] = value / sum(values)


def _pairs_of(rule: str, connection: duckdb.DuckDBPyConnection) -> int:
    """How many pairs a training rule brings together."""
    asked = connection.execute(f"SELECT count(*) FROM {_TABLE} l JOIN {_TABLE} r ON l.key < r.key AND {rule}")
    return int(asked.fetchall()[0][0])
