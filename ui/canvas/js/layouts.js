// Layouts: the first drawing, new nodes beside old ones, and a new order for all on request.
import { byIds, frame, shown } from "./chart.js";
import { put } from "./gestures.js";
import { act, kept } from "./acts.js";
import { geoOf } from "./geo.js";
import { layersOf, radialFrom, timeOf } from "./orders.js";

const DRAFT_ABOVE = 400; // fcose's default quality blocks the page: 1.4 s at 500 nodes, 40 s at 2,000
const NEIGHBOURHOOD_ABOVE = 1500;
const TRANSPLANT_ABOVE = 150;

export function drawFirst(app, added, placed) {
  const { cy } = app;
  const name = app.data.layout === "preset" ? "force" : app.data.layout;
  if (placed.nonempty()) settle(app, added, placed);
  else if (name === "force" && hinted(added)) cy.batch(() => hintsOf(added).forEach((place, id) => cy.getElementById(id).position(place)));
  else if (name === "force") force(cy.elements(), cy.collection(), true);
  else cy.batch(() => order(app, name, cy.elements()).forEach((place, id) => cy.getElementById(id).position(place)));
  app.unfitted = true;
}

// New nodes start near what they belong to; the old ones are put back exactly where they were.
export function settle(app, added, old) {
  if (added.empty()) return;
  const { cy } = app;
  if (added.length > TRANSPLANT_ABOVE && hinted(added)) {
    transplant(cy, added, old);
    return;
  }
  const before = new Map(old.map((node) => [node.id(), { ...node.position() }]));
  startNear(app, added, old);
  const some = cy.nodes().length > NEIGHBOURHOOD_ABOVE ? added.closedNeighborhood() : cy.elements();
  force(some, old.intersection(some), false);
  cy.batch(() => before.forEach((place, id) => cy.getElementById(id).position(place)));
}

// Places from Python: above some hundreds of nodes working them out here would block the page.
function hinted(eles) {
  return eles.nodes().length > 0 && eles.nodes().every((node) => node.data("hint") !== null);
}

function hintsOf(eles) {
  return new Map(eles.nodes().map((node) => [node.id(), { x: node.data("hint")[0], y: node.data("hint")[1] }]));
}

// Many at once come in as they lie to their nearest old neighbour in the picture worked out by Python.
function transplant(cy, added, old) {
  const shift = new Map();
  let frontier = old.filter((node) => node.data("hint") !== null);
  frontier.forEach((node) => {
    const [x, y] = node.data("hint");
    shift.set(node.id(), { x: node.position("x") - x, y: node.position("y") - y });
  });
  const about = shift.values().next().value ?? { x: 0, y: 0 };
  while (frontier.nonempty()) {
    const next = cy.collection();
    frontier.forEach((node) => node.neighborhood("node").intersection(added).forEach((other) => {
      if (shift.has(other.id())) return;
      shift.set(other.id(), shift.get(node.id()));
      next.merge(other);
    }));
    frontier = next;
  }
  cy.batch(() => hintsOf(added).forEach((place, id) => {
    const by = shift.get(id) ?? about;
    cy.getElementById(id).position({ x: place.x + by.x, y: place.y + by.y });
  }));
}

function startNear(app, added, old) {
  const golden = Math.PI * (3 - Math.sqrt(5));
  const centre = middle(app.cy);
  added.forEach((node, position) => {
    const beside = node.neighborhood("node").intersection(old);
    const source = beside.empty() ? app.cy.getElementById(app.lastExpanded ?? "") : beside.first();
    const from = source.nonempty() ? source.position() : centre;
    const reach = 55 + 9 * Math.sqrt(position);
    node.position({ x: from.x + reach * Math.cos(position * golden), y: from.y + reach * Math.sin(position * golden) });
  });
}

function middle(cy) {
  const view = cy.extent();
  return { x: (view.x1 + view.x2) / 2, y: (view.y1 + view.y2) / 2 };
}

export function runLayout(app, name) {
  const { cy } = app;
  const eles = shown(cy);
  if (eles.nodes().empty()) return;
  const before = new Map(eles.nodes().map((node) => [node.id(), { ...node.position() }]));
  if (name === "force" && (eles.nodes().length <= DRAFT_ABOVE || !hinted(eles))) force(eles, eles.nodes(":locked"), true);
  else {
    const places = name === "force" ? hintsOf(eles.nodes().not(":locked")) : order(app, name, eles);
    cy.batch(() => places.forEach((place, id) => cy.getElementById(id).position(place)));
  }
  const after = new Map(eles.nodes().map((node) => [node.id(), { ...node.position() }]));
  app.history.push({ undo: () => put(app, before), redo: () => put(app, after) });
  put(app, after, before);
  frame(app);
}

function order(app, name, eles) {
  const orders = {
    layers: () => layersOf(eles),
    radial: () => radialFrom(eles, app.cy.nodes(":selected").intersection(eles).first()),
    time: () => timeOf(eles),
    preset: () => presetOf(eles),
    geo: () => geoOf(eles),
  };
  return orders[name]();
}

function presetOf(eles) {
  const given = eles.nodes().filter((node) => node.data("x") !== null);
  return new Map(given.map((node) => [node.id(), { x: node.data("x"), y: node.data("y") }]));
}

function force(eles, fixed, randomize) {
  const count = eles.nodes().length;
  if (count === 0) return;
  const constraint = fixed.map((node) => ({ nodeId: node.id(), position: { ...node.position() } }));
  seeded(() =>
    eles
      .layout({
        name: "fcose",
        quality: randomize && count > DRAFT_ABOVE ? "draft" : "default",
        randomize: randomize && constraint.length === 0,
        animate: false,
        fit: false,
        nodeDimensionsIncludeLabels: false,
        nodeSeparation: 110,
        idealEdgeLength: (edge) => 92 + 1.5 * (edge.source().degree() > 12 || edge.target().degree() > 12 ? 30 : 0),
        nodeRepulsion: () => 9000,
        gravity: 0.28,
        fixedNodeConstraint: constraint.length > 0 ? constraint : undefined,
      })
      .run(),
  );
}

// fcose draws from Math.random; with a fixed sequence the same data gives the same picture.
function seeded(work) {
  const original = Math.random;
  let state = 20240301;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  try {
    return work();
  } finally {
    Math.random = original;
  }
}

export function pin(app, ids, locked) {
  if (kept(app)) return act(app, locked ? "pin" : "unpin", byIds(app.cy, ids));
  const apply = (value) => byIds(app.cy, ids).forEach((node) => (value ? node.lock() : node.unlock()));
  app.history.run({ redo: () => apply(locked), undo: () => apply(!locked) });
}
