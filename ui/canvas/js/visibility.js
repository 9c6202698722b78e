// Who is on the chart: the data's own marks, what the user hid, what the legend filters, what the time window fades.
import { act, kept } from "./acts.js";
import { byIds } from "./chart.js";
import { linesInTime, outside } from "./window.js";

export function applyVisibility(app) {
  const { cy } = app;
  cy.batch(() => {
    cy.nodes().forEach((node) => node.toggleClass("gone", hiddenNode(app, node)));
    cy.edges().forEach((edge) => edge.toggleClass("gone", hiddenEdge(app, edge)));
  });
  applyWindow(app, app.data.window);
  app.refresh();
}

// Fades what lies outside the window, and gives it back where there is none.
export function applyWindow(app, window) {
  const { cy } = app;
  const dark = outside(linesInTime(cy), window);
  const fade = (flags) => (ele, at) => {
    if (ele.hasClass("outside") !== (flags[at] === 1)) ele.toggleClass("outside");
  };
  cy.batch(() => {
    cy.edges().forEach(fade(dark.lines));
    cy.nodes().forEach(fade(dark.nodes));
  });
}

function hiddenNode(app, node) {
  return node.data("hidden") || app.hidden.has(node.id()) || app.off.has(`node:${node.data("type")}`);
}

function hiddenEdge(app, edge) {
  const filtered = app.off.has(`edge:${edge.data("type")}`) || app.off.has(`style:${edge.data("style")}`);
  return edge.data("hidden") || app.hidden.has(edge.id()) || filtered;
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
