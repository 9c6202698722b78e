// The chart as an SVG of plain shapes and texts: made as elements, so every text is escaped and nothing in it runs.
import { lineColour } from "./colour.js";
import { svg } from "./dom.js";
import { glyphShapes } from "./glyph.js";
import { hullShapes } from "./hulls.js";
import { labelOf } from "./labels.js";
import { LINE_FONT, LINE_LEAST, NODE_FONT, NODE_LEAST } from "./look.js";
import { outlineOf } from "./shapes.js";

export const FONT = "Source Sans, Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif";
const DASHES = { dashed: "7 4", dotted: "1 3" };
const OUTLINE_BOX = 17; // the outlines of the legend reach from 1.5 to 18.5
const LABEL_WIDTH = 132;

// All marks of these elements, in the chart's own coordinates; `zoom` says which labels have room.
export function marksOf(app, eles, zoom) {
  const { now } = app.theme;
  const edges = eles.edges().filter((edge) => edge.visible());
  const nodes = eles.nodes();
  return svg(
    "g",
    { "font-family": FONT },
    ...hullsOf(app.cy, now, zoom),
    ...edges.map((edge) => lineOf(edge, now)),
    ...(zoom * LINE_FONT >= LINE_LEAST ? edges.map((edge) => lineLabel(edge, now)) : []),
    ...nodes.map((node) => nodeOf(node, now)),
    ...(zoom * NODE_FONT >= NODE_LEAST ? nodes.map((node) => nodeLabel(node, now)) : []),
  );
}

// XML has no place for most control characters, and none for half a character.
export function clean(text) {
  return text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}

export function write(text, props) {
  return svg("text", props, clean(text));
}

function hullsOf(cy, theme, zoom) {
  const hulls = hullShapes(cy, zoom);
  return hulls.map(({ name, points, bridges, tops, padding }) => {
    const area = [
      ...points.map(({ x, y }) => svg("circle", { cx: round(x), cy: round(y), r: padding })),
      ...bridges.map((corners) => svg("polygon", { points: corners.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ") })),
    ];
    const style = { "text-anchor": "middle", "font-size": Math.max(12, 11 / zoom), "font-weight": 600, fill: theme.text };
    const names = tops.map(({ x, y }) => write(name, { x: round(x), y: round(y - padding - 5), ...style }));
    return svg("g", {}, svg("g", { opacity: 0.1, fill: theme.text }, ...area), ...names);
  });
}

function lineOf(edge, theme) {
  const colour = lineColour(edge.data("colour"), theme.dark);
  const [from, to] = [edge.sourceEndpoint(), edge.targetEndpoint()];
  const bends = edge.controlPoints() ?? [];
  const width = edge.data("width");
  const path = { d: pathOf(from, bends, to), fill: "none" };
  const opacity = edge.numericStyle("opacity");
  const dashes = DASHES[edge.data("style")] ?? null;
  const dotted = edge.data("style") === "dotted";
  const parts = [];
  if (edge.selected()) parts.push(svg("path", { ...path, stroke: theme.accent, "stroke-width": width + 8, opacity: 0.4 }));
  const stroke = { stroke: colour, "stroke-width": width, "stroke-dasharray": dashes, "stroke-linecap": dotted ? "round" : null };
  parts.push(svg("path", { ...path, ...stroke, opacity: 0.82 }));
  if (edge.data("arrow")) parts.push(arrow(bends.at(-1) ?? from, to, width, colour));
  return svg("g", { opacity: opacity < 1 ? opacity : null }, ...parts);
}

// As cytoscape draws it: each bend pulls a curve, the curves meet halfway between two bends.
function pathOf(from, bends, to) {
  const at = ({ x, y }) => `${round(x)} ${round(y)}`;
  if (bends.length === 0) return `M ${at(from)} L ${at(to)}`;
  const parts = bends.map((bend, number) => {
    const next = bends[number + 1];
    return `Q ${at(bend)} ${at(next ? { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 } : to)}`;
  });
  return `M ${at(from)} ${parts.join(" ")}`;
}

function arrow(from, to, width, colour) {
  const size = Math.max((width * 13.37) ** 0.9, 29) * 0.85;
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const corner = (side) => `${round(to.x - 0.3 * size * dx - side * 0.15 * size * dy)},${round(to.y - 0.3 * size * dy + side * 0.15 * size * dx)}`;
  return svg("polygon", { points: `${round(to.x)},${round(to.y)} ${corner(1)} ${corner(-1)}`, fill: colour });
}

function nodeOf(node, theme) {
  const { x, y } = node.position();
  const size = node.data("size");
  const opacity = node.numericStyle("opacity");
  const rim = theme.dark ? "rgb(255,255,255)" : "rgb(0,0,0)";
  const outline = outlineOf(node.data("shape"), node.data("colour"));
  if (!outline.hasAttribute("stroke")) {
    outline.setAttribute("stroke", node.locked() ? theme.text : rim);
    outline.setAttribute("stroke-opacity", node.locked() ? 1 : 0.3);
    outline.setAttribute("stroke-width", (node.locked() ? 2.5 : 1) / (size / OUTLINE_BOX));
  }
  const scale = size / OUTLINE_BOX;
  const glow = { r: round(size / 2 + 9), fill: theme.accent, opacity: 0.42 };
  return svg(
    "g",
    { transform: `translate(${round(x)} ${round(y)})`, opacity: opacity < 1 ? opacity : null },
    node.selected() ? svg("circle", glow) : null,
    svg("g", { transform: `scale(${round(scale)}) translate(-10 -10)` }, outline),
    svg("g", { transform: `scale(${round(size / 100)})` }, ...glyphShapes(node.data(), theme)),
  );
}

function nodeLabel(node, theme) {
  const { x, y } = node.position();
  const rings = node.data("rings").length;
  const top = y + node.data("size") / 2 + 4 + (rings > 0 ? node.data("size") * 0.08 * rings : 0) + 10;
  const lines = wrapped(labelOf(node), 11);
  const style = { ...halo(theme), "font-size": 11, "font-weight": node.selected() ? 700 : null };
  const texts = lines.map((line, row) => write(line, { x: round(x), y: round(top + row * 13), ...style }));
  const opacity = node.numericStyle("opacity");
  return svg("g", { opacity: opacity < 1 ? opacity : null }, ...texts);
}

function lineLabel(edge, theme) {
  const text = labelOf(edge);
  if (text === "") return null;
  const { x, y } = edge.midpoint();
  const [from, to] = [edge.sourceEndpoint(), edge.targetEndpoint()];
  let turn = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  if (turn > 90 || turn < -90) turn += 180;
  const opacity = edge.numericStyle("opacity");
  const place = { transform: `translate(${round(x)} ${round(y)}) rotate(${round(turn)})`, y: 3.5, "font-size": 10 };
  return write(text, { ...place, ...halo(theme), opacity: opacity < 1 ? opacity : null });
}

function halo(theme) {
  const around = { stroke: theme.ground, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" };
  return { "text-anchor": "middle", fill: theme.text, ...around };
}

let brush = null;
export function wrapped(text, size, width = LABEL_WIDTH) {
  brush ??= document.createElement("canvas").getContext("2d");
  brush.font = `${size}px ${FONT}`;
  const lines = [""];
  // A label of a megabyte is cut where nobody could read on.
  for (const sign of text.slice(0, 400)) {
    const longer = lines.at(-1) + sign;
    if (sign === "\n" || brush.measureText(longer).width > width) lines.push(sign === "\n" ? "" : sign);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

export function round(value) {
  return Math.round(value * 100) / 100;
}
