// Brings the chart to the data by id: what stays is never moved, what is new comes in near its source.
import { kept } from "./acts.js";
import { LARGE, byIds } from "./chart.js";
import { setPlace } from "./gestures.js";
import { nameMarks } from "./labels.js";
import { drawFirst, settle } from "./layouts.js";

const NODE = {
  icon: "", badges: [], rings: [], group: null, level: null, hidden: false, collapsible: false, title: [],
  expansions: [], x: null, y: null, hint: null, kind: "", members: [], mix: [], leaves: [], pinned: false, note: "",
  lon: null, lat: null, region: "",
};
const EDGE = {
  label: "", arrow: false, at_first: null, at_last: null, runs: [], standing: false, hidden: false, title: [],
  note: "", parallel: false, bundle: false, counted: false,
};

export function sync(app) {
  const { cy, data } = app;
  const nodes = new Map(data.nodes.map((spec) => [spec.id, { ...NODE, ...spec }]));
  const edges = new Map(data.edges.map((spec) => [spec.id, { ...EDGE, ...spec }]));
  const addedNodes = [];
  nameMarks(app);
  cy.batch(() => {
    const gone = cy.elements().filter((ele) => stale(ele, ele.isNode() ? nodes : edges));
    gone.nodes().forEach((node) => app.stood.set(node.id(), { ...node.position() }));
    gone.remove();
    for (const spec of nodes.values()) {
      if (!patch(cy, spec)) addedNodes.push(spec);
    }
    cy.add(addedNodes.map((spec) => ({ group: "nodes", data: spec })));
    const addedEdges = [...edges.values()].filter((spec) => !patch(cy, spec));
    const alone = aloneIn(edges);
    cy.edges().forEach((edge) => {
      if (edge.hasClass("alone") !== alone.has(edge.id())) edge.toggleClass("alone");
    });
    cy.add(addedEdges.map((spec) => ({ group: "edges", data: spec, classes: alone.has(spec.id) ? "alone" : "" })));
  });
  cy.elements().forEach((ele) => {
    ele.scratch("spec", JSON.stringify((ele.isNode() ? nodes : edges).get(ele.id())));
  });
  if (addedNodes.length > 0) place(app, byIds(cy, addedNodes.map((spec) => spec.id)));
  if (kept(app)) cy.nodes().forEach((node) => (node.data("pinned") ? node.lock() : node.unlock()));
  // A large chart is moved as the picture it was last drawn as, and drawn sharp again where it comes to rest.
  cy.renderer().textureOnViewport = cy.edges().length > LARGE;
}

// Bending every line round lines that may lie beside it is slow: in a large chart a line with none is straight.
function aloneIn(edges) {
  if (edges.size <= LARGE) return new Set();
  const lines = new Map();
  const pair = (spec) => (spec.source < spec.target ? `${spec.source} ${spec.target}` : `${spec.target} ${spec.source}`);
  for (const spec of edges.values()) lines.set(pair(spec), (lines.get(pair(spec)) ?? 0) + 1);
  const found = [...edges.values()].filter((spec) => spec.source !== spec.target && lines.get(pair(spec)) === 1);
  return new Set(found.map((spec) => spec.id));
}

function stale(ele, wanted) {
  const spec = wanted.get(ele.id());
  if (spec === undefined) return true;
  // The ends of a line can't be changed in place.
  return ele.isEdge() && (ele.data("source") !== spec.source || ele.data("target") !== spec.target);
}

function patch(cy, spec) {
  const ele = cy.getElementById(spec.id);
  if (ele.empty()) return false;
  if (ele.scratch("spec") === JSON.stringify(spec)) return true;
  // A place that Python changed is one that somebody undid or took up again.
  const put = ele.isNode() && spec.x !== null && (spec.x !== ele.data("x") || spec.y !== ele.data("y"));
  ele.data(spec);
  if (put) setPlace(ele, { x: spec.x, y: spec.y });
  return true;
}

function place(app, added) {
  const old = app.cy.nodes().difference(added);
  const memory = app.memory;
  app.memory = null;
  const rest = added.filter((node) => !known(app, node, memory));
  const placed = added.difference(rest);
  if (memory !== null && placed.nonempty()) {
    settle(app, rest, old.union(placed));
    restore(app.cy, memory);
  } else if (old.empty()) drawFirst(app, rest, placed);
  else settle(app, rest, old.union(placed));
}

function restore(cy, memory) {
  cy.viewport({ zoom: memory.zoom, pan: memory.pan });
  byIds(cy, memory.selected).select();
  byIds(cy, memory.locked).lock();
}

// A place from the last visit wins over one from the data: it is what the user saw.
// What was taken away and comes back stands where it stood; a group comes in amid its members.
function known(app, node, memory) {
  const seen = memory?.places.get(node.id()) ?? (node.data("x") === null ? stoodAt(app, node) : null) ?? undefined;
  if (seen !== undefined) node.position(seen);
  else if (node.data("x") !== null) node.position({ x: node.data("x"), y: node.data("y") });
  else return false;
  return true;
}

function stoodAt(app, node) {
  const alone = app.stood.get(node.id());
  if (alone !== undefined) return alone;
  const places = node.data("members").map((id) => app.stood.get(id)).filter((place) => place !== undefined);
  if (places.length === 0) return null;
  const mean = (axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
  return { x: mean("x"), y: mean("y") };
}
