// Undo and redo of what the user did on the chart.
export function createHistory(changed) {
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
    done.push(action);
    undone.length = 0;
    changed();
  };
  return {
    push,
    run(action) {
      action.redo();
      push(action);
    },
    undo: () => step(done, undone, "undo"),
    redo: () => step(undone, done, "redo"),
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,
  };
}
