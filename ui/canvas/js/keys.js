// The keyboard: everything a pointer can do, and steps from node to node.
import { act, kept } from "./acts.js";
import { frame, shown } from "./chart.js";
import { centre, select } from "./commands.js";
import { choose, expand } from "./gestures.js";
import { canPlace } from "./geo.js";
import { runLayout } from "./layouts.js";
import { common, group, invert, selectNeighbours, writeNote } from "./selection.js";
import { hide } from "./visibility.js";

const LAYOUT_KEYS = { 1: "force", 2: "layers", 3: "radial", 4: "time", 5: "preset", 6: "geo" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function listenToKeys(app) {
  const pressed = (event) => {
    // A field or a menu inside the chart has its own keys.
    if (event.composedPath()[0] !== app.root) return;
    if (!press(app, event)) return;
    event.preventDefault();
    // Streamlit has page-wide keys of its own.
    event.stopPropagation();
  };
  app.root.addEventListener("keydown", pressed);
  return () => app.root.removeEventListener("keydown", pressed);
}

function press(app, event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return run(() => app.palette.open());
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") return run(() => select(app, shown(app.cy).nodes()));
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key in ARROWS) return run(() => step(app, ...ARROWS[event.key]));
  if (event.key === "6" && !canPlace(app.cy.nodes())) return false;
  if (event.key in LAYOUT_KEYS) return run(() => runLayout(app, LAYOUT_KEYS[event.key]));
  const chosen = app.cy.$(":selected");
  const actions = {
    f: () => frame(app),
    z: () => app.history.undo(),
    y: () => app.history.redo(),
    h: () => hide(app, chosen.map((ele) => ele.id())),
    delete: () => hide(app, chosen.map((ele) => ele.id())),
    l: () => app.lasso.toggle(),
    s: () => selectNeighbours(app),
    i: () => invert(app),
    e: () => chosen.nodes().forEach((node) => expand(app, node)),
    m: () => chosen.nonempty() && app.menu.open(chosen.first()),
    enter: () => chosen.nonempty() && choose(app, chosen.first(), "why"),
    "/": () => app.search.open(),
    escape: () => select(app, app.cy.collection()),
  };
  if (kept(app)) {
    Object.assign(actions, {
      g: () => group(app),
      n: () => chosen.length === 1 && writeNote(app, chosen),
      c: () => common(app),
      p: () => chosen.nodes().length === 2 && act(app, "paths", chosen.nodes()),
    });
  }
  const action = actions[event.key.toLowerCase()];
  return action === undefined ? false : run(action);
}

function run(action) {
  action();
  return true;
}

// The nearest node in the arrow's direction; without a selection, the one nearest to the middle.
function step(app, dx, dy) {
  const nodes = app.cy.nodes().not(".gone");
  const now = nodes.filter(":selected").first();
  const view = app.cy.extent();
  const from = now.nonempty() ? now.position() : { x: (view.x1 + view.x2) / 2, y: (view.y1 + view.y2) / 2 };
  let best = null;
  nodes.difference(now).forEach((node) => {
    const [x, y] = [node.position("x") - from.x, node.position("y") - from.y];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (now.nonempty() && ahead <= 0) return;
    const cost = now.nonempty() ? ahead + 2.5 * aside : Math.hypot(x, y);
    if (best === null || cost < best.cost) best = { node, cost };
  });
  if (best === null) return;
  select(app, best.node);
  const at = best.node.renderedPosition();
  const out = at.x < 20 || at.y < 20 || at.x > app.cy.width() - 20 || at.y > app.cy.height() - 20;
  if (out) centre(app, best.node);
}
