// Free-hand selection: by the button or L, or at once with Shift and Alt; a drag with Shift alone stays the box.
import { select } from "./commands.js";
import { svg } from "./dom.js";

const NEAR = 3; // pixels between two points of the line

export function createLasso(app) {
  const line = svg("polygon", { class: "lasso-line" });
  const sheet = svg("svg", { class: "lasso", "aria-hidden": "true" }, line);
  app.root.append(sheet);
  const state = { on: false, points: null };
  const at = (event) => {
    const box = app.stage.getBoundingClientRect();
    return { x: event.clientX - box.x, y: event.clientY - box.y };
  };
  const toggle = (on = !state.on) => {
    state.on = on;
    app.root.classList.toggle("lassoing", on);
    app.toolbar.refresh();
  };
  const start = (event) => {
    if (event.button !== 0 || !(state.on || (event.shiftKey && event.altKey))) return;
    // Before cytoscape sees it: the chart must neither pan nor draw its box.
    event.preventDefault();
    event.stopImmediatePropagation();
    state.points = [at(event)];
    state.more = event.ctrlKey || event.metaKey;
    window.addEventListener("pointermove", move, true);
    window.addEventListener("pointerup", end, true);
  };
  const move = (event) => {
    event.stopImmediatePropagation();
    const point = at(event);
    const last = state.points.at(-1);
    if (Math.hypot(point.x - last.x, point.y - last.y) < NEAR) return;
    state.points.push(point);
    line.setAttribute("points", state.points.map(({ x, y }) => `${x},${y}`).join(" "));
  };
  const end = (event) => {
    event.stopImmediatePropagation();
    const { points } = state;
    stop();
    toggle(false);
    if (points.length > 2) choose(app, points, state.more);
  };
  const stop = () => {
    state.points = null;
    line.setAttribute("points", "");
    window.removeEventListener("pointermove", move, true);
    window.removeEventListener("pointerup", end, true);
  };
  // Cytoscape listens to the mouse, the pen and the finger apart.
  const quiet = (event) => {
    if (!state.on && !(event.shiftKey && event.altKey)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  app.root.addEventListener("pointerdown", onStage(app, start), true);
  for (const name of ["mousedown", "touchstart"]) app.root.addEventListener(name, onStage(app, quiet), true);
  return { toggle, isOn: () => state.on, stop };
}

// Only what begins on the chart itself: buttons and panels over it stay in use.
function onStage(app, work) {
  return (event) => app.stage.contains(event.composedPath()[0]) && work(event);
}

function choose(app, points, more) {
  const inside = app.cy.nodes().not(".gone").filter((node) => holds(points, node.renderedPosition()));
  select(app, more ? app.cy.$(":selected").union(inside) : inside);
}

// Even-odd rule.
export function holds(points, { x, y }) {
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i, i += 1) {
    const [a, b] = [points[i], points[j]];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}
