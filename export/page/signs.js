// Draws the catalog's shapes, their characters, badges and rings; the legend draws with the same hand.
"use strict";
const FONT = '"Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif';
const VICTIM = "#0f766e";

function polygon(sides, turn) {
  return Array.from({ length: sides }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / sides;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

function starPoints() {
  return Array.from({ length: 10 }, (_, i) => {
    const angle = -Math.PI / 2 + (Math.PI * i) / 5;
    const reach = i % 2 ? 0.55 : 1.12;
    return [reach * Math.cos(angle), reach * Math.sin(angle)];
  });
}

// Corner points around a circle of radius 1.
const OUTLINES = {
  rectangle: [[-1, -0.72], [1, -0.72], [1, 0.72], [-1, 0.72]],
  "cut-rectangle": [[-0.7, -0.78], [0.7, -0.78], [1, -0.45], [1, 0.45], [0.7, 0.78], [-0.7, 0.78], [-1, 0.45], [-1, -0.45]],
  diamond: [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]],
  pentagon: polygon(5, -Math.PI / 2),
  triangle: [[0, -1.15], [1.1, 0.8], [-1.1, 0.8]],
  hexagon: polygon(6, 0),
  octagon: polygon(8, Math.PI / 8),
  vee: [[-1, -0.95], [0, -0.6], [1, -0.95], [0, 1.1]],
  tag: [[-1, -0.75], [0.5, -0.75], [1.15, 0], [0.5, 0.75], [-1, 0.75]],
  star: starPoints(),
  "concave-hexagon": [[-1, -0.9], [1, -0.9], [0.78, 0], [1, 0.9], [-1, 0.9], [-0.78, 0]],
  rhomboid: [[-1.15, -0.75], [0.65, -0.75], [1.15, 0.75], [-0.65, 0.75]],
};

function outline(ctx, shape, x, y, r) {
  ctx.beginPath();
  if (shape === "ellipse") {
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    return;
  }
  if (shape === "barrel") {
    ctx.moveTo(x - r * 0.85, y - r * 0.8);
    ctx.lineTo(x + r * 0.85, y - r * 0.8);
    ctx.quadraticCurveTo(x + r * 1.25, y, x + r * 0.85, y + r * 0.8);
    ctx.lineTo(x - r * 0.85, y + r * 0.8);
    ctx.quadraticCurveTo(x - r * 1.25, y, x - r * 0.85, y - r * 0.8);
    ctx.closePath();
    return;
  }
  const round = shape.startsWith("round-");
  const points = OUTLINES[round ? shape.slice(6) : shape] || polygon(12, 0);
  rounded(ctx, points.map(([px, py]) => [x + px * r, y + py * r]), round ? r * 0.28 : 0);
}

function rounded(ctx, points, radius) {
  const last = points[points.length - 1];
  ctx.moveTo((last[0] + points[0][0]) / 2, (last[1] + points[0][1]) / 2);
  points.forEach((point, i) => {
    const next = points[(i + 1) % points.length];
    if (radius > 0) ctx.arcTo(point[0], point[1], (point[0] + next[0]) / 2, (point[1] + next[1]) / 2, radius);
    else ctx.lineTo(point[0], point[1]);
  });
  ctx.closePath();
}

function drawSign(ctx, type, x, y, r, member) {
  outline(ctx, type.shape, x, y, r);
  ctx.fillStyle = member ? type.colour : "#ffffff";
  ctx.fill();
  ctx.lineWidth = member ? 1 : 2;
  ctx.strokeStyle = member ? "rgba(0,0,0,0.35)" : type.colour;
  ctx.stroke();
  centred(ctx, type.icon, x, y, r * 0.95, 600, member ? "#ffffff" : type.colour);
}

function centred(ctx, text, x, y, size, weight, colour) {
  ctx.font = `${weight} ${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y + size * 0.06);
}

function drawBadges(ctx, badges, x, y, r) {
  const corners = [[0.85, -0.85], [-0.85, -0.85], [-0.85, 0.85]];
  badges.forEach(([badge, confirmed], i) => {
    const [bx, by] = [x + corners[i][0] * r, y + corners[i][1] * r];
    ctx.beginPath();
    ctx.arc(bx, by, confirmed ? 8.5 : 9.5, 0, 2 * Math.PI);
    ctx.fillStyle = confirmed ? "#1d2530" : "#ffffff";
    ctx.fill();
    ctx.lineWidth = confirmed ? 1.5 : 1;
    ctx.strokeStyle = confirmed ? "#ffffff" : "#1d2530";
    ctx.setLineDash(confirmed ? [] : [2.5, 2]);
    ctx.stroke();
    ctx.setLineDash([]);
    centred(ctx, badge, bx, by, confirmed ? 10 : 9, confirmed ? 700 : 500, confirmed ? "#ffffff" : "#1d2530");
  });
}

function drawVictimRing(ctx, x, y, r) {
  ctx.beginPath();
  ctx.arc(x, y, r + 5, 0, 2 * Math.PI);
  ctx.lineWidth = 2.5;
  ctx.setLineDash([7, 4]);
  ctx.strokeStyle = VICTIM;
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawHalo(ctx, x, y, r, strength) {
  ctx.beginPath();
  ctx.arc(x, y, r + 8, 0, 2 * Math.PI);
  ctx.fillStyle = `rgba(31,95,153,${strength})`;
  ctx.fill();
}

function drawLines(ctx, lines, x, y, scale, strong) {
  if (scale < 0.42 && !strong) return; // smaller text can't be read
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  let top = y;
  lines.forEach((line, i) => {
    if (line === "") return; // no name
    ctx.font = `${i === 0 || strong ? 600 : 400} ${i === 0 ? 13 : 12}px ${FONT}`;
    ctx.lineWidth = 3;
    ctx.lineJoin = "round";
    ctx.strokeStyle = "#ffffff";
    ctx.strokeText(line, x, top);
    ctx.fillStyle = i === 0 ? "#1d2530" : "#4b5665";
    ctx.fillText(line, x, top);
    top += 15;
  });
}
