// The flow as bands between columns (d3-sankey): width is the sum, victims left, where it ended right.
import { sankey, sankeyLinkHorizontal } from "d3-sankey";
import { calm, svg } from "../dom.js";
import { touch } from "./touch.js";

const NODE_WIDTH = 13;
const HEAD = 48;
const END = 150; // room for the names of the last column
const LINE = 13;
const SIGN = 6.2; // a Latin letter of a name, in pixels; a Chinese one takes two
const DIGIT = 5.8; // the same of a sum
const SPINE = "\u0000";

export function drawBands(flow) {
  const { data } = flow;
  const [width, height] = [Math.max(320, flow.stage.clientWidth), data.height - 4];
  const laid = layOut(data, width, height);
  const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group" }, patterns());
  picture.append(...heads(data, laid));
  const bands = laid.links.map((link) => band(flow, link));
  const nodes = laid.nodes.map((node) => mark(flow, node));
  picture.append(
    svg("g", { class: "bands" }, ...bands),
    svg("g", { class: "nodes" }, ...nodes),
    svg("g", { class: "texts" }, ...labels(data, laid)),
  );
  light(picture, laid);
  if (!calm()) picture.classList.add("lively");
  return picture;
}

// d3-sankey takes a column from the longest path; a spine of empty nodes makes all columns there are.
function layOut(data, width, height) {
  const last = data.columns.length - 1;
  const spine = data.columns.map((_, column) => ({ id: SPINE + column, column, fixedValue: 0 }));
  const joints = spine.slice(1).map((node, at) => ({ source: SPINE + at, target: node.id, value: 0 }));
  const graph = sankey()
    .nodeId((node) => node.id)
    .nodeAlign((node) => node.column)
    .nodeWidth(NODE_WIDTH)
    .nodePadding(16)
    .iterations(24)
    .extent([[6, HEAD], [width - END, height - 8]])({
    nodes: [...spine, ...data.nodes.map((node) => ({ ...node }))],
    links: [...joints, ...data.links.map((link) => ({ ...link }))],
  });
  const real = (one) => !one.id.startsWith(SPINE);
  return {
    nodes: graph.nodes.filter(real),
    links: graph.links.filter((link) => real(link.source)),
    step: last > 0 ? (width - END - 6 - NODE_WIDTH) / last : width,
  };
}

function patterns() {
  const hatch = svg("pattern", { id: "held", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  hatch.append(svg("rect", { width: 2, height: 5, class: "hatch" }));
  return svg("defs", {}, hatch);
}

function heads(data, laid) {
  return data.columns.map((column, at) => {
    const last = at === data.columns.length - 1;
    const x = 6 + at * laid.step;
    const room = last ? END - 8 : laid.step - 8;
    const line = (said, row, kind) => svg("text", { x, y: 12 + row * LINE, class: kind }, said);
    const sums = column.lines.filter((said) => taken(said, DIGIT) <= room);
    return svg("g", {}, line(fitted(column.title, room), 0, "head"), ...sums.map((said, row) => line(said, row + 1, "sum")));
  });
}

function band(flow, link) {
  const path = svg("path", {
    d: sankeyLinkHorizontal()(link),
    class: `band ${link.source.kind}`,
    "stroke-width": Math.max(1.2, link.width),
    "data-from": link.source.id,
    "data-to": link.target.id,
  });
  return touch(flow, path, link);
}

function mark(flow, node) {
  const height = Math.max(2, node.y1 - node.y0);
  const shape = { x: node.x0, y: node.y0, width: NODE_WIDTH, height };
  const parts = [svg("rect", { ...shape, class: "body", rx: node.kind === "victim" ? 5 : 1 })];
  if (node.held_share > 0) {
    const part = Math.max(2, height * Math.min(1, node.held_share));
    parts.push(svg("rect", { ...shape, y: node.y0 + height - part, height: part, class: "held", fill: "url(#held)" }));
  }
  if (node.frozen) {
    for (const off of [2.5, 5.5]) {
      parts.push(svg("rect", { x: node.x0 - off, y: node.y0 - off, width: NODE_WIDTH + 2 * off, height: height + 2 * off, rx: 3, class: "ring" }));
    }
  }
  const group = svg("g", { class: `node ${node.kind}${node.open ? " open" : ""}` }, ...parts);
  return touch(flow, group, node);
}

function labels(data, laid) {
  const found = [];
  for (let column = 0; column < data.columns.length; column += 1) {
    const here = laid.nodes.filter((node) => node.column === column).sort((a, b) => a.y0 - b.y0);
    let free = HEAD - LINE;
    for (const node of here) {
      const middle = (node.y0 + node.y1) / 2;
      const tall = node.y1 - node.y0 >= 2 * LINE - 4;
      const top = middle - (tall ? LINE : LINE / 2);
      if (top < free - 1) continue; // the hover card says it
      free = top + (tall ? 2 : 1) * LINE;
      found.push(label(node, tall, middle, column === data.columns.length - 1, laid.step));
    }
  }
  return [...found, ...laid.links.map((link) => bandText(link)).filter((text) => text !== null)];
}

function label(node, tall, middle, last, step) {
  const place = { x: node.x1 + 6, "text-anchor": "start" };
  const room = last ? END - NODE_WIDTH - 8 : step - NODE_WIDTH - 10;
  const name = taken(node.label) <= room ? node.label : fitted(node.brief[0] || node.label, room);
  // A sum is shown whole or not at all: a cut number would be read as another one.
  const sum = [node.sum, node.brief[1]].find((said) => said !== "" && taken(said, DIGIT) <= room) ?? "";
  const both = `${name} ${sum}`;
  const lines = tall ? [name, sum] : [taken(both) <= room ? both : name];
  const first = middle + (tall ? -2 : 4);
  const texts = lines.map((line, at) =>
    svg("text", { ...place, y: first + at * LINE, class: at === 0 ? "name" : "sum" }, line),
  );
  return svg("g", { class: "label", "data-of": node.id }, ...texts);
}

// Sum · count · first-last, where the band is high and long enough to carry it beside the node's own label.
function bandText(link) {
  const named = Math.max(taken(link.source.label), taken(link.source.sum)) + 14;
  const room = link.target.x0 - link.source.x1 - named - 12;
  // Over a column in between it would lie on that column's names.
  if (link.target.column > link.source.column + 1) return null;
  if (link.width < LINE + 3 || taken(link.label) > room) return null;
  const place = { x: link.target.x0 - 6, y: link.y1 + 4, "text-anchor": "end", class: "onband" };
  return svg("text", place, link.label);
}

function taken(text, sign = SIGN) {
  return [...text].reduce((sum, one) => sum + (one.codePointAt(0) > 0x2e7f ? 2 : 1), 0) * sign;
}

function fitted(text, room) {
  if (taken(text) <= room) return text;
  let kept = text;
  while (kept.length > 1 && taken(`${kept}…`) > room) kept = kept.slice(0, -1);
  return `${kept}…`;
}

// Over a node or a band, what hangs together stays and the rest fades.
function light(picture, laid) {
  const over = (event) => {
    const id = event.target.closest?.("[data-id]")?.dataset.id;
    picture.classList.toggle("lit", id !== undefined);
    for (const one of picture.querySelectorAll(".near")) one.classList.remove("near");
    if (id === undefined) return;
    const near = new Set([id]);
    for (const link of laid.links) {
      const touches = [link.id, link.source.id, link.target.id].includes(id);
      if (touches) [link.id, link.source.id, link.target.id].forEach((one) => near.add(one));
    }
    for (const one of picture.querySelectorAll("[data-id], [data-of]")) {
      one.classList.toggle("near", near.has(one.dataset.id ?? one.dataset.of));
    }
  };
  picture.addEventListener("pointerover", over);
  picture.addEventListener("focusin", over);
  picture.addEventListener("pointerleave", () => picture.classList.remove("lit"));
  picture.addEventListener("focusout", () => picture.classList.remove("lit"));
}
