// What a chart looked like when its page was left, by key and only in this page's memory: nothing is stored.
const views = new Map();

export function remember(app) {
  const { cy } = app;
  if (cy.nodes().empty()) return;
  views.set(app.key, {
    zoom: cy.zoom(),
    pan: { ...cy.pan() },
    places: new Map(cy.nodes().map((node) => [node.id(), { ...node.position() }])),
    selected: cy.$(":selected").map((ele) => ele.id()),
    locked: cy.nodes(":locked").map((node) => node.id()),
    hidden: app.hidden,
    off: app.off,
    done: app.done,
    stood: app.stood,
    anonymous: app.anonymous,
  });
}

export function recall(app) {
  const view = views.get(app.key) ?? null;
  if (view !== null) Object.assign(app, { hidden: view.hidden, off: view.off, done: view.done, stood: view.stood, anonymous: view.anonymous });
  return view;
}
