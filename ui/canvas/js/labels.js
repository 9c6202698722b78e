// Labels for a projector or a screenshot: type and running number instead of names, on top of any masking.
export function hideLabels(app, anonymous) {
  app.anonymous = anonymous;
  nameMarks(app);
  app.theme.restyle();
  app.toolbar.refresh();
}

// A number, once given, stays with its node while the page is open.
export function nameMarks(app) {
  const { cy, data } = app;
  app.numbers ??= new Map();
  const next = new Map();
  for (const [, { type, number }] of app.numbers) next.set(type, Math.max(next.get(type) ?? 0, number));
  for (const spec of data.nodes) {
    if (app.numbers.has(spec.id) || spec.kind === "rest") continue;
    const number = (next.get(spec.type) ?? 0) + 1;
    next.set(spec.type, number);
    app.numbers.set(spec.id, { type: spec.type, number });
  }
  const named = (type) => data.legend.find((one) => one.kind === "node" && one.type === type)?.label ?? type;
  const names = new Map([...app.numbers].map(([id, { type, number }]) => [id, `${named(type)} ${number}`]));
  cy.scratch("names", app.anonymous ? names : null);
}

export function labelOf(ele) {
  const names = ele.cy().scratch("names");
  const name = names && ele.isNode() ? (names.get(ele.id()) ?? ele.data("label")) : ele.data("label");
  // The reference mark says that the analyst wrote a note on it.
  return ele.data("note") === "" || names ? name : `※ ${name}`;
}

// Lines of the card; without labels only what names nobody.
export function cardLines(app, ele) {
  if (app.anonymous) return [labelOf(ele)];
  const note = ele.data("note");
  return [ele.data("label"), ...ele.data("title"), ...(note === "" ? [] : [`※ ${note}`])].filter((line) => line !== "");
}
