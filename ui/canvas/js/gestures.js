// Pointer gestures on the chart and what they send to Python.
import { act } from "./acts.js";
import { labelOf } from "./labels.js";

export function listen(app) {
  const { cy } = app;
  app.report = reporter(app);
  // `onetap` waits for a possible second tap, so a double click sends no selection of its own.
  cy.on("onetap", () => app.report());
  cy.on("dbltap", "node", (event) => (event.target.data("kind") === "group" ? act(app, "ungroup", event.target) : expand(app, event.target)));
  cy.on("dbltap", "edge", (event) => choose(app, event.target, "why"));
  cy.on("boxend", () => setTimeout(() => app.report(), 0));
  cy.on("cxttap", "node, edge", (event) => {
    const at = event.renderedPosition;
    app.menu.open(event.target, at);
  });
  cy.on("tapstart", () => app.menu.close());
  const flush = watchMoves(app);
  app.flushMoves = () => flush(true);
  const quiet = (event) => event.preventDefault();
  // At the click: cytoscape takes the focus away when a button goes down.
  const focus = () => app.root.focus({ preventScroll: true });
  app.stage.addEventListener("contextmenu", quiet);
  app.stage.addEventListener("click", focus);
  return () => {
    flush();
    app.stage.removeEventListener("contextmenu", quiet);
    app.stage.removeEventListener("click", focus);
  };
}

function reporter(app) {
  let last = JSON.stringify({ nodes: [], edges: [] });
  return () => {
    const { cy } = app;
    const ids = (eles) => eles.map((ele) => ele.id()).sort();
    const now = { nodes: ids(cy.nodes(":selected")), edges: ids(cy.edges(":selected")) };
    const text = JSON.stringify(now);
    app.refresh();
    if (text === last) return;
    last = text;
    app.setState("selected", now);
    const names = cy.$(":selected").slice(0, 3).map((ele) => labelOf(ele));
    app.announce(`${now.nodes.length + now.edges.length} ${app.say("selected_now")} ${names.join(", ")}`);
  };
}

// Unknown counts expand at once; counted and many open the menu, so nobody drowns the chart by accident.
export function expand(app, node, relation = null) {
  const counts = node.data("expansions");
  const total = counts.reduce((sum, one) => sum + one.count, 0);
  if (relation === null && counts.length > 0 && total === 0) {
    app.announce(app.say("nothing_to_expand"));
    app.menu.open(node);
    return;
  }
  // A rest brings ten however many it stands for.
  if (relation === null && total > app.data.ask_above && node.data("kind") !== "rest" && !app.menu.isOpen()) {
    app.menu.open(node);
    return;
  }
  app.menu.close();
  app.lastExpanded = node.id();
  app.trigger("expand", { id: node.id(), relation });
}

export function choose(app, ele, action) {
  if (action === "why") return whyOf(app, ele);
  app.trigger("menu", { id: ele.id(), action, target: ele.isNode() ? "node" : "edge" });
}

// The reasons stand beside the chart, for what is selected.
function whyOf(app, ele) {
  app.cy.$(":selected").unselect();
  ele.select();
  app.report();
  app.trigger("menu", { id: ele.id(), action: "why", target: ele.isNode() ? "node" : "edge" });
}

// A drag of several nodes is one step back and one message.
function watchMoves(app) {
  const from = new Map();
  const to = new Map();
  let timer = null;
  const flush = () => {
    clearTimeout(timer);
    timer = null;
    const ids = [...to.keys()].filter((id) => moved(from.get(id), to.get(id)));
    if (ids.length > 0) {
      const before = new Map(ids.map((id) => [id, from.get(id)]));
      const after = new Map(ids.map((id) => [id, to.get(id)]));
      app.history.push({ undo: () => put(app, before), redo: () => put(app, after) });
      sendPlaces(app, after, before);
    }
    from.clear();
    to.clear();
  };
  app.cy.on("grab", "node", (event) => {
    if (!from.has(event.target.id())) from.set(event.target.id(), { ...event.target.position() });
  });
  app.cy.on("dragfree", "node", (event) => {
    to.set(event.target.id(), { ...event.target.position() });
    clearTimeout(timer);
    timer = setTimeout(flush, 300);
  });
  return (send) => (send && timer !== null ? flush() : clearTimeout(timer));
}

function moved(a, b) {
  return a !== undefined && Math.hypot(a.x - b.x, a.y - b.y) > 0.5;
}

export function put(app, places, before = new Map()) {
  app.cy.batch(() => {
    for (const [id, place] of places) setPlace(app.cy.getElementById(id), place);
  });
  sendPlaces(app, places, before);
}

// A pinned node refuses a new place, also one from undo.
export function setPlace(node, place) {
  const pinned = node.locked();
  node.unlock().position({ ...place });
  if (pinned) node.lock();
}

function sendPlaces(app, places, before) {
  const round = (value) => Math.round(value * 10) / 10;
  const plain = (some) => Object.fromEntries([...some].map(([id, p]) => [id, [round(p.x), round(p.y)]]));
  app.trigger("moved", { places: plain(places), before: plain(before) });
}
