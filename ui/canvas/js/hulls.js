// A named hull behind the nodes of each group, on a canvas of its own under the chart.
const PADDING = 34;

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
    drawHulls(cy, brush, theme);
  };
  cy.on("render", () => draw(app.theme.now));
  return { draw };
}

// In the chart's own coordinates, so that the picture for export can use it too.
export function drawHulls(cy, brush, theme) {
  const groups = new Map();
  cy.nodes().not(".gone").forEach((node) => {
    const name = node.data("group");
    if (name !== null) groups.set(name, [...(groups.get(name) ?? []), node.position()]);
  });
  for (const [name, points] of groups) drawHull(brush, name, hullOf(points), theme);
}

function drawHull(brush, name, corners, theme) {
  brush.beginPath();
  corners.forEach((corner, position) => {
    const before = corners.at(position - 1);
    const after = corners[(position + 1) % corners.length];
    // One lone corner gets a whole circle, two a capsule.
    if (corners.length === 1) brush.arc(corner.x, corner.y, PADDING, 0, 2 * Math.PI);
    else brush.arc(corner.x, corner.y, PADDING, normal(before, corner), normal(corner, after));
  });
  brush.closePath();
  brush.fillStyle = brush.strokeStyle = theme.text;
  brush.globalAlpha = 0.045;
  brush.fill();
  brush.globalAlpha = 0.32;
  brush.lineWidth = 1;
  brush.stroke();
  const top = corners.reduce((best, corner) => (corner.y < best.y ? corner : best));
  brush.globalAlpha = 0.78;
  brush.font = '600 12px "Source Sans", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
  brush.textAlign = "center";
  brush.fillText(name, top.x, top.y - PADDING - 5);
  brush.globalAlpha = 1;
}

function normal(from, to) {
  return Math.atan2(to.y - from.y, to.x - from.x) - Math.PI / 2;
}

// Convex hull, clockwise on screen (Andrew's monotone chain, 1979).
export function hullOf(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 2) return sorted;
  const half = (list) => {
    const chain = [];
    for (const point of list) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const hull = [...half(sorted), ...half(sorted.reverse())];
  return hull.length === 0 ? sorted.slice(0, 1) : hull;
}

function turn(a, b, c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
