"""Boundaries that the user supplies for the point map: a GeoJSON file, read bounded and checked."""

import json
import math
from pathlib import Path
from typing import Any

from graph.errors import InputError

MOST_BYTES = 20_000_000
MOST_POINTS = 200_000
Ring = tuple[tuple[float, float], ...]


def read_boundaries(path: Path) -> tuple[Ring, ...]:
    """Rings of (longitude, latitude) of all polygons and lines; InputError for any other file."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            raise InputError(
                f"The boundaries are no file of at most {MOST_BYTES:,} bytes; check MAP_GEOJSON.",
                reason="file",
            )
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            "The boundaries are no readable JSON in UTF-8; check MAP_GEOJSON.", reason="json"
        ) from error
    rings: list[Ring] = []
    for shape in _shapes(raw):
        rings += _rings(shape)
    if sum(map(len, rings)) > MOST_POINTS:
        raise InputError(
            f"The boundaries have more than {MOST_POINTS:,} points; simplify them first.", reason="points"
        )
    if not rings:
        raise InputError("The boundaries hold no polygon or line; check MAP_GEOJSON.", reason="empty")
    return tuple(rings)


def _shapes(raw: Any) -> list[dict[str, Any]]:
    features = raw.get("features") if isinstance(raw, dict) else None
    listed = features if isinstance(features, list) else [raw]
    shapes = [one.get("geometry", one) for one in listed if isinstance(one, dict)]
    return [shape for shape in shapes if isinstance(shape, dict)]


def _rings(shape: dict[str, Any]) -> list[Ring]:
    depth = {"LineString": 0, "Polygon": 1, "MultiLineString": 1, "MultiPolygon": 2}.get(
        str(shape.get("type"))
    )
    return [] if depth is None else _unfolded(shape.get("coordinates"), depth)


def _unfolded(part: Any, depth: int) -> list[Ring]:
    if not isinstance(part, list):
        raise InputError("A boundary has no list of places; check MAP_GEOJSON.", reason="shape")
    if depth:
        return [ring for one in part for ring in _unfolded(one, depth - 1)]
    return [tuple(_place(one) for one in part)]


def _place(raw: Any) -> tuple[float, float]:
    numbers = raw[:2] if isinstance(raw, list) else []
    if len(numbers) == 2 and all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        lon, lat = float(numbers[0]), float(numbers[1])
        if math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90:
            return lon, lat
    raise InputError(
        "A boundary has a place that is no longitude and latitude; check MAP_GEOJSON.", reason="place"
    )
