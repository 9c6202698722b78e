// Orders computed here: money levels left to right, rings around one node, first time left to right.
const COLUMN = 270;
const ROW = 66;

// Levels come with the nodes; those without one stand between the columns, beside what they touch.
export function layersOf(eles) {
  const levelled = eles.nodes().filter((node) => node.data("level") !== null);
  if (levelled.empty()) return radialFrom(eles, eles.nodes().slice(0, 0));
  const columns = new Map();
  levelled.forEach((node) => {
    const level = node.data("level");
    columns.set(level, [...(columns.get(level) ?? []), node]);
  });
  const levels = [...columns.keys()].sort((a, b) => a - b);
  const places = new Map();
  for (const level of levels) stack(columns.get(level), level, places);
  // A few sweeps by the mean height of the neighbours untangle most crossings.
  for (let sweep = 0; sweep < 6; sweep += 1) {
    for (const level of sweep % 2 === 0 ? levels : [...levels].reverse()) {
      const height = new Map(columns.get(level).map((node) => [node.id(), meanOf(node, places, "y")]));
      columns.get(level).sort((a, b) => height.get(a.id()) - height.get(b.id()) || byId(a, b));
      stack(columns.get(level), level, places);
    }
  }
  between(eles.nodes().difference(levelled), places);
  return places;
}

function stack(nodes, level, places) {
  nodes.forEach((node, row) => {
    places.set(node.id(), { x: level * COLUMN, y: (row - (nodes.length - 1) / 2) * ROW });
  });
}

// Nodes that reach the chart only through others wait until those have a place.
function between(rest, places) {
  for (let round = 0; rest.nonempty() && round < 4; round += 1) {
    const ready = rest.filter((node) => round === 3 || node.neighborhood("node").some((other) => places.has(other.id())));
    const gaps = new Map();
    ready.forEach((node) => {
      const x = (Math.round(meanOf(node, places, "x") / COLUMN) - 0.42) * COLUMN;
      gaps.set(x, [...(gaps.get(x) ?? []), { node, y: meanOf(node, places, "y") }]);
    });
    gaps.forEach((wanted, x) => spread(wanted, x, places));
    rest = rest.difference(ready);
  }
}

// Each as near as it can to the height it wants, in their order, a row apart.
function spread(wanted, x, places) {
  wanted.sort((a, b) => a.y - b.y || byId(a.node, b.node));
  const taken = [...places.values()].filter((place) => place.x === x).map((place) => place.y);
  let last = taken.length > 0 ? Math.max(...taken) : -Infinity;
  const rows = wanted.map(({ y }) => (last = Math.max(y, last + ROW)));
  const shift = rows.reduce((sum, row, position) => sum + wanted[position].y - row, 0) / rows.length;
  const room = taken.length > 0 ? 0 : shift;
  wanted.forEach(({ node }, position) => places.set(node.id(), { x, y: rows[position] + room }));
}

function meanOf(node, places, axis) {
  const near = node.neighborhood("node").map((other) => places.get(other.id())).filter(Boolean);
  if (near.length === 0) return places.get(node.id())?.[axis] ?? 0;
  return near.reduce((sum, place) => sum + place[axis], 0) / near.length;
}

function freeLane(lanes, x, gap) {
  let lane = lanes.findIndex((last) => x - last >= gap);
  if (lane < 0) lane = lanes.length;
  lanes[lane] = x;
  return lane;
}

// Rings by the number of steps from `chosen`, or from the node with most lines when none is chosen.
export function radialFrom(eles, chosen) {
  const start = chosen.nonempty() ? chosen[0] : eles.nodes().sort((a, b) => b.degree() - a.degree() || byId(a, b))[0];
  const rings = ringsFrom(eles, start);
  const places = new Map([[start.id(), { x: 0, y: 0 }]]);
  let radius = 0;
  rings.forEach((ring, depth) => {
    if (depth === 0) return;
    radius = Math.max(radius + 125, (ring.length * 58) / (2 * Math.PI));
    const angle = new Map(ring.map((node) => [node.id(), angleOf(node, places)]));
    ring.sort((a, b) => angle.get(a.id()) - angle.get(b.id()) || byId(a, b));
    ring.forEach((node, position) => {
      const turn = (2 * Math.PI * position) / ring.length - Math.PI / 2;
      places.set(node.id(), { x: radius * Math.cos(turn), y: radius * Math.sin(turn) });
    });
  });
  return places;
}

function ringsFrom(eles, start) {
  const seen = new Set([start.id()]);
  const rings = [[start]];
  for (let ring = rings[0]; ring.length > 0; ring = rings.at(-1)) {
    const next = [];
    for (const node of ring) {
      node.neighborhood("node").intersection(eles).forEach((other) => {
        if (seen.has(other.id())) return;
        seen.add(other.id());
        next.push(other);
      });
    }
    rings.push(next);
  }
  rings.pop();
  const apart = eles.nodes().filter((node) => !seen.has(node.id())).toArray();
  if (apart.length > 0) rings.push(apart);
  return rings;
}

function angleOf(node, places) {
  const turn = Math.atan2(meanOf(node, places, "y"), meanOf(node, places, "x")) + Math.PI / 2;
  return turn < 0 ? turn + 2 * Math.PI : turn;
}

// By the first time on any of its lines; those without a time stand below, under what they touch.
export function timeOf(eles) {
  const first = new Map();
  eles.nodes().forEach((node) => {
    const times = node.connectedEdges().map((edge) => edge.data("at_first")).filter((at) => at !== null);
    if (times.length > 0) first.set(node.id(), Math.min(...times));
  });
  const start = Math.min(...first.values());
  const span = Math.max(...first.values()) - start || 1;
  const width = Math.max(800, Math.sqrt(first.size) * 190);
  const timed = eles.nodes().filter((node) => first.has(node.id())).toArray();
  timed.sort((a, b) => first.get(a.id()) - first.get(b.id()) || byId(a, b));
  const lanes = [];
  const places = new Map();
  for (const node of timed) {
    const x = ((first.get(node.id()) - start) / span) * width;
    places.set(node.id(), { x, y: freeLane(lanes, x, 84) * ROW });
  }
  below(eles.nodes().filter((node) => !first.has(node.id())), places, lanes.length + 1);
  return places;
}

function below(rest, places, from) {
  const lanes = [];
  const wanted = rest.map((node) => ({ node, x: meanOf(node, places, "x") }));
  wanted.sort((a, b) => a.x - b.x || byId(a.node, b.node));
  for (const { node, x } of wanted) places.set(node.id(), { x, y: (from + freeLane(lanes, x, 90)) * ROW });
}

function byId(a, b) {
  return a.id() < b.id() ? -1 : 1;
}
