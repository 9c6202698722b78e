// Undo and redo of what the user did on the chart: Python's one history where it keeps one, else this page's own.
import { act, kept } from "./acts.js";

export function createHistory(app, changed) {
  const done = [];
  const undone = [];
  const step = (from, to, name) => {
    const action = from.pop();
    if (action === undefined) return;
    action[name]();
    to.push(action);
    changed();
  };
  const push = (action) => {
    if (kept(app)) return;
    done.push(action);
    undone.length = 0;
    changed();
  };
  const ask = (name) => {
    app.flushMoves();
    act(app, name, app.cy.collection());
  };
  return {
    push,
    run(action) {
      action.redo();
      push(action);
    },
    undo: () => (kept(app) ? ask("undo") : step(done, undone, "undo")),
    redo: () => (kept(app) ? ask("redo") : step(undone, done, "redo")),
    canUndo: () => (kept(app) ? app.data.steps.undo > 0 : done.length > 0),
    canRedo: () => (kept(app) ? app.data.steps.redo > 0 : undone.length > 0),
  };
}
