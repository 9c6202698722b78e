// The one queue of what people do to the chart: in order, numbered, and repeated until Python surely has it.
const REPEATED = 20; // messages may overtake each other; Python takes each number once
const QUEUED = new Set(["expand", "collapse", "menu", "moved", "act"]);

export function createQueue(app) {
  const chart = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  let list = [];
  let last = 0;
  return (name, value) => {
    if (!QUEUED.has(name)) return app.component.setTriggerValue(name, value);
    last += 1;
    list = [...list, { n: last, name, value }].slice(-REPEATED);
    app.component.setTriggerValue("acts", { chart, list });
  };
}

// An act on marks; Python changes the board and the new data come back.
export function act(app, action, eles, text = "") {
  const ids = (some) => some.map((ele) => ele.id());
  app.trigger("act", { action, nodes: ids(eles.nodes()), edges: ids(eles.edges()), text });
}

// Python keeps the history of this chart: what is done goes there, and undo comes back as data.
export function kept(app) {
  return app.data?.steps != null;
}
