// Who is on the chart: the data's own marks, what the user hid, what the legend filters, what the time window fades.
import { act, kept } from "./acts.js";
import { byIds } from "./chart.js";

export function applyVisibility(app) {
  const { cy, data } = app;
  cy.batch(() => {
    cy.nodes().forEach((node) => {
      node.toggleClass("gone", hiddenNode(app, node));
      node.toggleClass("outside", false);
    });
    cy.edges().forEach((edge) => {
      edge.toggleClass("gone", hiddenEdge(app, edge));
      edge.toggleClass("outside", outside(edge, data.window));
    });
    if (data.window) fadeIdle(cy);
  });
  app.refresh();
}

function hiddenNode(app, node) {
  return node.data("hidden") || app.hidden.has(node.id()) || app.off.has(`node:${node.data("type")}`);
}

function hiddenEdge(app, edge) {
  const filtered = app.off.has(`edge:${edge.data("type")}`) || app.off.has(`style:${edge.data("style")}`);
  return edge.data("hidden") || app.hidden.has(edge.id()) || filtered;
}

// Without a time an edge can't be said to lie outside.
function outside(edge, window) {
  if (!window) return false;
  const first = edge.data("at_first") ?? edge.data("at_last");
  const last = edge.data("at_last") ?? edge.data("at_first");
  return first !== null && (last < window[0] || first > window[1]);
}

function fadeIdle(cy) {
  cy.nodes().forEach((node) => {
    const lines = node.connectedEdges();
    node.toggleClass("outside", lines.nonempty() && lines.every((edge) => edge.hasClass("outside")));
  });
}

export function hide(app, ids) {
  if (ids.length === 0) return;
  const eles = byIds(app.cy, ids);
  eles.unselect();
  app.history.run({
    redo: () => change(app, () => ids.forEach((id) => app.hidden.add(id))),
    undo: () => change(app, () => ids.forEach((id) => app.hidden.delete(id))),
  });
  if (kept(app)) act(app, "hide", eles);
}

export function showHidden(app) {
  if (kept(app)) return act(app, "show", app.cy.collection());
  const before = [...app.hidden];
  if (before.length === 0) return;
  app.history.run({
    redo: () => change(app, () => app.hidden.clear()),
    undo: () => change(app, () => before.forEach((id) => app.hidden.add(id))),
  });
}

export function toggleFilter(app, name) {
  if (!app.off.delete(name)) app.off.add(name);
  applyVisibility(app);
}

function change(app, step) {
  step();
  applyVisibility(app);
  app.report();
}
