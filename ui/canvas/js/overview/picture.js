// The WebGL picture: the graph with its places, sizes and colours, and what makes a node stand out.
import Graph from "graphology";
import Sigma from "sigma";
import { EdgeLineProgram } from "sigma/rendering";
import { brightness, lineColour } from "../colour.js";

const FONT = '"Source Sans", "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
// Lines are left out while the picture moves above so many: a drag then stays smooth without a graphics card.
const HIDE_LINES_ABOVE = 5000;

export function hasWebGl() {
  const canvas = document.createElement("canvas");
  return canvas.getContext("webgl2") !== null || canvas.getContext("webgl") !== null;
}

export function createPicture(view) {
  const { nodes, edges, types, kinds } = view.data;
  const graph = new Graph({ multi: true, type: "directed" });
  const scale = nodeScale(nodes.id.length);
  nodes.id.forEach((id, i) => {
    // y runs down in the data and up here.
    graph.addNode(i, {
      label: nodes.label[i], x: nodes.x[i], y: -nodes.y[i], size: nodes.size[i] * scale, color: types[nodes.type[i]].colour,
      kind: nodes.type[i],
    });
  });
  edges.source.forEach((from, i) => graph.addEdgeWithKey(i, from, edges.target[i], { kind: edges.kind[i], size: 1 }));
  const sigma = new Sigma(graph, view.stage, {
    allowInvalidContainer: true,
    defaultEdgeType: "line",
    edgeProgramClasses: { line: EdgeLineProgram },
    hideEdgesOnMove: edges.source.length > HIDE_LINES_ABOVE,
    hideLabelsOnMove: true,
    labelFont: FONT,
    labelSize: 11,
    labelDensity: 0.6,
    labelRenderedSizeThreshold: 7,
    minCameraRatio: 0.005,
    maxCameraRatio: 2.5,
    stagePadding: 44,
    zIndex: true,
    nodeReducer: (node, data) => nodeLook(view, node, data),
    edgeReducer: (edge, data) => edgeLook(view, kinds, graph, edge, data),
    defaultDrawNodeHover: (context, data, settings) => drawHover(view, context, data, settings),
  });
  applyTo(sigma, view.theme.now);
  return { graph, sigma, idOf: (node) => nodes.id[Number(node)], typeOf: (node) => types[nodes.type[Number(node)]] };
}

export function applyTo(sigma, theme) {
  sigma.setSetting("labelColor", { color: theme.text });
}

// Marks shrink as there are more of them, so that a full picture is no single blot.
function nodeScale(count) {
  return Math.max(0.055, Math.min(0.25, 6 / Math.sqrt(count)));
}

function nodeLook(view, node, data) {
  if (view.off.has(`node:${view.data.types[data.kind].type}`)) return { ...data, hidden: true };
  const marked = node === view.chosen || view.found.has(node);
  if (marked) return { ...data, size: data.size * 1.8 + 2, highlighted: node === view.chosen, forceLabel: true, zIndex: 3 };
  if (view.near !== null && !view.near.has(node)) return { ...data, color: faded(view, data.color), label: null };
  return view.near !== null ? { ...data, zIndex: 2 } : data;
}

function edgeLook(view, kinds, graph, edge, data) {
  const kind = kinds[data.kind];
  if (view.off.has(`edge:${kind.type}`)) return { ...data, hidden: true };
  const lit = view.near !== null && graph.extremities(edge).includes([...view.near][0]);
  if (view.near !== null && !lit) return { ...data, hidden: true };
  const colour = lineColour(kind.colour, view.theme.now.dark);
  return { ...data, color: lit ? colour : faded(view, colour), zIndex: lit ? 1 : 0 };
}

const FADED = new Map();

// Towards the ground: WebGL lines have no opacity of their own.
function faded(view, colour) {
  const ground = view.theme.now.ground;
  const key = `${colour} ${ground}`;
  if (!FADED.has(key)) {
    const [a, b] = [parts(colour), parts(ground)];
    FADED.set(key, `#${a.map((value, i) => Math.round(value * 0.3 + b[i] * 0.7).toString(16).padStart(2, "0")).join("")}`);
  }
  return FADED.get(key);
}

function parts(colour) {
  if (colour.startsWith("#")) return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return (colour.match(/[\d.]+/g) ?? ["255", "255", "255"]).slice(0, 3).map(Number);
}

// sigma's own writes on white whatever the theme.
function drawHover(view, context, data, settings) {
  const theme = view.theme.now;
  context.beginPath();
  context.arc(data.x, data.y, data.size + 3, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = brightness(theme.ground) < 0.5 ? "#ffffff" : theme.accent;
  context.stroke();
  if (typeof data.label !== "string" || data.label === "") return;
  context.font = `${settings.labelSize}px ${settings.labelFont}`;
  const width = context.measureText(data.label).width;
  context.fillStyle = theme.ground;
  context.fillRect(data.x + data.size + 4, data.y - settings.labelSize, width + 6, settings.labelSize * 1.7);
  context.fillStyle = theme.text;
  context.fillText(data.label, data.x + data.size + 7, data.y + settings.labelSize / 3);
}
