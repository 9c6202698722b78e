// Places on the ground: what has coordinates by them (equirectangular, north up), the rest beside what it touches.
const SPAN = 1500;
const GAP = 62;
const CELL = 420;

export function canPlace(nodes) {
  return nodes.some((node) => node.data("lon") !== null || node.data("region") !== "");
}

export function geoOf(eles) {
  const nodes = eles.nodes().toArray().sort((a, b) => (a.id() < b.id() ? -1 : 1));
  const anchors = located(nodes);
  byRegion(nodes, anchors);
  for (let found = true; found; ) found = beside(nodes, anchors);
  const lost = nodes.filter((node) => !anchors.has(node.id()));
  const bottom = Math.max(0, ...[...anchors.values()].map((place) => place.y)) + 3 * GAP;
  lost.forEach((node, at) => anchors.set(node.id(), { x: (at % 12) * GAP * 1.6, y: bottom + Math.floor(at / 12) * GAP * 1.6 }));
  return apart(nodes, anchors);
}

function located(nodes) {
  const known = nodes.filter((node) => node.data("lon") !== null);
  const anchors = new Map();
  if (known.length === 0) return anchors;
  const [west, east] = range(known.map((node) => node.data("lon")));
  const [south, north] = range(known.map((node) => node.data("lat")));
  // One degree of longitude is shorter than one of latitude, by the cosine of the latitude.
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const extent = Math.max((east - west) * squeeze, north - south);
  const scale = extent > 0 ? (SPAN * Math.max(1, Math.sqrt(nodes.length / 120))) / extent : 1;
  for (const node of known) {
    anchors.set(node.id(), { x: (node.data("lon") - west) * squeeze * scale, y: (north - node.data("lat")) * scale });
  }
  return anchors;
}

function range(values) {
  return [Math.min(...values), Math.max(...values)];
}

// A region stands where its located nodes are; regions without any in a grid to the right, by code: where they lie is not known.
function byRegion(nodes, anchors) {
  const regions = new Map();
  for (const node of nodes) {
    const region = node.data("region");
    if (region !== "") regions.set(region, [...(regions.get(region) ?? []), node]);
  }
  const right = anchors.size > 0 ? Math.max(...[...anchors.values()].map((place) => place.x)) + CELL : 0;
  const unknown = [...regions.keys()].sort().filter((name) => regions.get(name).every((node) => !anchors.has(node.id())));
  const columns = Math.max(1, Math.ceil(Math.sqrt(unknown.length)));
  for (const [name, members] of regions) {
    const placed = members.filter((node) => anchors.has(node.id())).map((node) => anchors.get(node.id()));
    const at = unknown.indexOf(name);
    const centre = at < 0 ? mean(placed) : { x: right + (at % columns) * CELL, y: Math.floor(at / columns) * CELL };
    for (const node of members) if (!anchors.has(node.id())) anchors.set(node.id(), { ...centre });
  }
}

function beside(nodes, anchors) {
  const fresh = [];
  for (const node of nodes) {
    if (anchors.has(node.id())) continue;
    const near = node.neighborhood("node").filter((other) => anchors.has(other.id()));
    if (near.nonempty()) fresh.push([node.id(), mean(near.map((other) => anchors.get(other.id())))]);
  }
  for (const [id, place] of fresh) anchors.set(id, place);
  return fresh.length > 0;
}

function mean(places) {
  const sum = (axis) => places.reduce((total, place) => total + place[axis], 0) / places.length;
  return { x: sum("x"), y: sum("y") };
}

// Nodes at one place stand in a spiral around it, the located one in the middle.
function apart(nodes, anchors) {
  const golden = Math.PI * (3 - Math.sqrt(5));
  const taken = new Map();
  const places = new Map();
  const first = [...nodes].sort((a, b) => (b.data("lon") !== null) - (a.data("lon") !== null));
  for (const node of first) {
    const { x, y } = anchors.get(node.id());
    const spot = `${Math.round(x / GAP)},${Math.round(y / GAP)}`;
    const turn = taken.get(spot) ?? 0;
    taken.set(spot, turn + 1);
    const reach = turn === 0 ? 0 : GAP * (0.35 + 0.62 * Math.sqrt(turn));
    places.set(node.id(), { x: x + reach * Math.cos(turn * golden), y: y + reach * Math.sin(turn * golden) });
  }
  return places;
}
