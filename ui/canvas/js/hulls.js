// A named hull behind the nodes of each group, on a canvas of its own under the chart.
const PADDING = 32;
const BRIDGE = 7; // half its width
const LONGEST_BRIDGE = 200;
const NAME_ALL_FROM = 0.6;
const FONT = '"Source Sans", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
const BRIDGES_UP_TO = 300; // drawn at every frame

export function createHulls(app) {
  const { cy, under, stage } = app;
  const draw = (theme) => {
    if (theme === null) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [stage.clientWidth, stage.clientHeight];
    if (under.width !== width * ratio || under.height !== height * ratio) {
      under.width = width * ratio;
      under.height = height * ratio;
    }
    const brush = under.getContext("2d");
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.clearRect(0, 0, width, height);
    const { x, y } = cy.pan();
    brush.setTransform(ratio * cy.zoom(), 0, 0, ratio * cy.zoom(), ratio * x, ratio * y);
    drawHulls(cy, brush, theme, cy.zoom());
  };
  cy.on("render", () => draw(app.theme.now));
  return { draw };
}

// In the chart's own coordinates, so that the picture for export can use it too.
export function drawHulls(cy, brush, theme, zoom) {
  for (const [name, points] of membersOf(cy)) drawHull(brush, name, points, theme, zoom);
}

// The same as shapes for a drawing: discs, corners of the bridges, and where the name stands.
export function hullShapes(cy, zoom) {
  return [...membersOf(cy)].map(([name, points]) => {
    const bridges = points.length <= BRIDGES_UP_TO ? bridgesOf(points) : [];
    const tops = topsOf(points, bridges);
    const named = zoom < NAME_ALL_FROM ? tops.slice(0, 1) : tops;
    return { name, points, bridges: bridges.map(([a, b]) => cornersOf(a, b)), tops: named, padding: PADDING };
  });
}

function membersOf(cy) {
  const groups = new Map();
  cy.nodes().not(".gone").forEach((node) => {
    const name = node.data("group");
    if (name !== null) groups.set(name, [...(groups.get(name) ?? []), node.position()]);
  });
  return groups;
}

function drawHull(brush, name, points, theme, zoom) {
  const bridges = points.length <= BRIDGES_UP_TO ? bridgesOf(points) : [];
  const area = areaOf(points, bridges);
  brush.fillStyle = brush.strokeStyle = theme.text;
  brush.globalAlpha = 0.4;
  brush.lineWidth = 2;
  brush.stroke(area);
  // Only the outer half of the outline stays: the parts of the area overlap.
  brush.globalAlpha = 1;
  brush.globalCompositeOperation = "destination-out";
  brush.fill(area);
  brush.globalCompositeOperation = "source-over";
  brush.globalAlpha = 0.07;
  brush.fill(area);
  brush.globalAlpha = 0.85;
  // From afar the name keeps its size on screen and stands once, at the largest part.
  brush.font = `600 ${Math.max(12, 11 / zoom)}px ${FONT}`;
  brush.textAlign = "center";
  const tops = topsOf(points, bridges);
  const named = zoom < NAME_ALL_FROM ? tops.slice(0, 1) : tops;
  for (const top of named) brush.fillText(name, top.x, top.y - PADDING - 5);
  brush.globalAlpha = 1;
}

// The highest member of each joined part carries the name; the largest part comes first.
function topsOf(points, bridges) {
  const part = new Map(points.map((point) => [point, point]));
  const root = (point) => (part.get(point) === point ? point : root(part.get(point)));
  for (const [a, b] of bridges) {
    const [upper, lower] = [root(a), root(b)].sort((one, other) => one.y - other.y);
    part.set(lower, upper);
  }
  const size = new Map();
  for (const point of points) size.set(root(point), (size.get(root(point)) ?? 0) + 1);
  return [...size.keys()].sort((one, other) => size.get(other) - size.get(one));
}

// A disc around each member and narrow bridges between near ones: a convex hull would take in people who don't
// belong, and a long bridge would look like a relation.
function areaOf(points, bridges) {
  const area = new Path2D();
  for (const { x, y } of points) {
    area.moveTo(x + PADDING, y);
    area.arc(x, y, PADDING, 0, 2 * Math.PI);
  }
  for (const [a, b] of bridges) bridge(area, a, b);
  return area;
}

// Wound like the discs, so that overlaps count once.
function bridge(area, a, b) {
  const [first, ...others] = cornersOf(a, b);
  area.moveTo(first.x, first.y);
  for (const { x, y } of others) area.lineTo(x, y);
  area.closePath();
}

function cornersOf(a, b) {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [x, y] = [(-(b.y - a.y) / length) * BRIDGE, ((b.x - a.x) / length) * BRIDGE];
  return [{ x: a.x - x, y: a.y - y }, { x: b.x - x, y: b.y - y }, { x: b.x + x, y: b.y + y }, { x: a.x + x, y: a.y + y }];
}

// The shortest set of bridges that joins all (Prim 1957).
function bridgesOf(points) {
  const open = points.slice(1).map((point) => ({ point, from: points[0], cost: distance(point, points[0]) }));
  const bridges = [];
  while (open.length > 0) {
    const best = open.reduce((least, one, at) => (one.cost < open[least].cost ? at : least), 0);
    const [{ point, from }] = open.splice(best, 1);
    bridges.push([from, point]);
    for (const one of open) {
      const cost = distance(one.point, point);
      if (cost < one.cost) Object.assign(one, { from: point, cost });
    }
  }
  return bridges.filter(([a, b]) => distance(a, b) <= LONGEST_BRIDGE);
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
