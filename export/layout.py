"""Places the nodes of a map without randomness: by stress majorization, or columns by money level."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, shortest_path

Points = npt.NDArray[np.float64]
Pairs = Sequence[tuple[int, int]]

SPACING = 128.0
COLUMN = 225.0
ROW = 92.0
_ROUNDS = 160
_LEAST_X, _LEAST_Y = 138.0, 80.0  # room for a node and its two lines of text
_MARGIN = 110.0


def even_places(count: int, pairs: Pairs) -> list[tuple[int, int]]:
    """Whole coordinates for nodes 0..count-1 so that drawn distance follows the number of steps between them.

    Connected parts are laid out alone and packed in rows, the largest first. The same input gives the same
    places: starting positions come from the breadth-first tree and only element-wise sums follow.
    Source: Gansner, Koren, North, Graph drawing by stress majorization (2004), equation 8, weights d^-2.
    """
    if count == 0:
        return []
    steps = _steps(count, pairs)
    _, labels = connected_components(csr_matrix(np.isfinite(steps) & (steps == 1)), directed=False)
    parts = [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]
    parts.sort(key=lambda part: (-len(part), int(part[0])))
    placed = [(part, _spread(_majorized(steps[np.ix_(part, part)]))) for part in parts]
    return _whole(_packed(count, placed))


def level_places(count: int, pairs: Pairs, levels: Mapping[int, int]) -> list[tuple[int, int]]:
    """Whole coordinates with money levels as columns from left to right.

    levels: node -> column number. A node without one stands in the column nearest to its neighbours,
    below the money. Inside a column nodes follow the mean height of their neighbours (four sweeps).
    """
    if count == 0:
        return []
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in pairs:
        near[a].append(b)
        near[b].append(a)
    column = _columns(count, near, levels)
    order = _swept(column, near, levels)
    places = [(0, 0)] * count
    for number, members in order.items():
        upper = [n for n in members if n in levels]
        lower = [n for n in members if n not in levels]
        for position, node in enumerate(upper):
            places[node] = (round(number * COLUMN), round((position - (len(upper) - 1) / 2) * ROW))
        for position, node in enumerate(lower):
            places[node] = (round(number * COLUMN), position)
    return _bands(places, order, levels)


def _steps(count: int, pairs: Pairs) -> Points:
    ends = np.array([p for p in pairs if p[0] != p[1]], dtype=np.int64).reshape(-1, 2)
    links = csr_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    found: Points = shortest_path(links, directed=False, unweighted=True)
    return found


def _start(steps: Points) -> Points:
    """A radial tree around the most central node, subtrees side by side."""
    count = len(steps)
    root = int(np.argmin(steps.sum(axis=1)))
    children: dict[int, list[int]] = {n: [] for n in range(count)}
    for node in sorted(range(count), key=lambda n: (steps[root, n], n)):
        if node != root:
            closer = np.flatnonzero((steps[node] == 1) & (steps[root] == steps[root, node] - 1))
            children[int(closer[0])].append(node)
    angle = np.zeros(count)
    leaves = [0]

    def visit(start: int) -> None:
        stack = [(start, False)]
        while stack:
            node, done = stack.pop()
            if not children[node]:
                angle[node] = leaves[0]
                leaves[0] += 1
            elif done:
                angle[node] = float(np.mean([angle[child] for child in children[node]]))
            else:
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(children[node]))

    visit(root)
    turn = 2 * np.pi * angle / max(1, leaves[0])
    radius = steps[root] * SPACING
    return np.column_stack((radius * np.cos(turn), radius * np.sin(turn)))


def _majorized(steps: Points) -> Points:
    if len(steps) == 1:
        return np.zeros((1, 2))
    wanted = steps * SPACING
    with np.errstate(divide="ignore"):
        weight = np.where(wanted > 0, 1.0 / np.square(wanted), 0.0)
    total = weight.sum(axis=1)
    x, y = _start(steps).T
    for _ in range(_ROUNDS):
        dx, dy = x[:, None] - x[None, :], y[:, None] - y[None, :]
        apart = np.maximum(np.sqrt(dx * dx + dy * dy), 1e-6)
        pull = weight * wanted / apart
        x = ((weight * x[None, :]).sum(axis=1) + (pull * dx).sum(axis=1)) / total
        y = ((weight * y[None, :]).sum(axis=1) + (pull * dy).sum(axis=1)) / total
    return np.column_stack((x, y))


def _spread(places: Points) -> Points:
    """Push nodes apart until no two share the room of their texts, at most 80 rounds."""
    places = places.copy()
    count = len(places)
    tilt = np.linspace(-1.0, 1.0, count)  # tells nodes apart that share one point
    for _ in range(80):
        dx = places[:, 0][:, None] - places[:, 0][None, :]
        dy = places[:, 1][:, None] - places[:, 1][None, :]
        over_x, over_y = _LEAST_X - np.abs(dx), _LEAST_Y - np.abs(dy)
        close = (over_x > 0.5) & (over_y > 0.5)
        np.fill_diagonal(close, False)
        if not close.any():
            break
        side = np.where(np.abs(dx) > 1e-6, np.sign(dx), np.sign(tilt[:, None] - tilt[None, :]))
        height = np.where(np.abs(dy) > 1e-6, np.sign(dy), np.sign(tilt[:, None] - tilt[None, :]))
        sideways = close & (over_x * _LEAST_Y <= over_y * _LEAST_X)
        places[:, 0] += np.where(sideways, side * over_x / 3, 0.0).sum(axis=1)
        places[:, 1] += np.where(close & ~sideways, height * over_y / 3, 0.0).sum(axis=1)
    return places


def _packed(count: int, parts: list[tuple[npt.NDArray[np.int64], Points]]) -> Points:
    """Put the parts side by side in rows about as wide as the whole is high."""
    boxes = [places.max(axis=0) - places.min(axis=0) + _MARGIN for _, places in parts]
    area = float(sum(box[0] * box[1] for box in boxes))
    widest = max(max(float(box[0]) for box in boxes), (area * 1.7) ** 0.5)
    out = np.zeros((count, 2))
    left = top = height = 0.0
    for (part, places), box in zip(parts, boxes, strict=True):
        if left and left + box[0] > widest:
            left, top, height = 0.0, top + height, 0.0
        out[part] = places - places.min(axis=0) + (left, top)
        left, height = left + float(box[0]), max(height, float(box[1]))
    middle: Points = (out.max(axis=0) + out.min(axis=0)) / 2
    return out - middle


def _whole(places: Points) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in np.rint(places)]


def _columns(count: int, near: list[list[int]], levels: Mapping[int, int]) -> dict[int, int]:
    """Each node's column; what has no level takes the mean of its placed neighbours, wave by wave."""
    column = dict(levels)
    last = max(levels.values(), default=0)
    while True:
        wave: dict[int, int] = {}
        for node in range(count):
            known = [column[n] for n in near[node] if n in column]
            if node not in column and known:
                wave[node] = round(sum(known) / len(known))
        if not wave:
            break
        column.update(wave)
    return {node: column.get(node, last + 1) for node in range(count)}


def _swept(column: dict[int, int], near: list[list[int]], levels: Mapping[int, int]) -> dict[int, list[int]]:
    order: dict[int, list[int]] = {}
    for node in sorted(column):
        order.setdefault(column[node], []).append(node)
    for _ in range(4):
        height = {n: i - (len(m) - 1) / 2 for m in order.values() for i, n in enumerate(m)}
        for members in order.values():
            members.sort(key=lambda n: (n not in levels, _mean(height, near[n], height[n]), n))
    return dict(sorted(order.items()))


def _mean(height: Mapping[int, float], nodes: list[int], own: float) -> float:
    return sum(height[n] for n in nodes) / len(nodes) if nodes else own


def _bands(
    places: list[tuple[int, int]], order: Mapping[int, list[int]], levels: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Move what has no level below the lowest money node."""
    floor = max((places[n][1] for n in levels), default=-round(ROW))
    for members in order.values():
        for position, node in enumerate(n for n in members if n not in levels):
            # Two side by side, so that a line to the lower ones does not run through the upper ones.
            aside = 58 if position % 2 else -58
            places[node] = (places[node][0] + aside, round(floor + (position / 2 + 1.4) * ROW))
    return places
