// What is selected: ways to select, and the bar of what can be done with several at once.
import { act, kept } from "./acts.js";
import { shown } from "./chart.js";
import { select } from "./commands.js";
import { el, thousands } from "./dom.js";
import { pin } from "./layouts.js";
import { hide } from "./visibility.js";

export function selectType(app, kind, type) {
  const field = kind === "style" ? "style" : "type";
  const eles = kind === "node" ? shown(app.cy).nodes() : shown(app.cy).edges();
  const ring = () => shown(app.cy).nodes().filter((node) => node.data("rings").includes(type));
  select(app, kind === "ring" ? ring() : eles.filter((ele) => ele.data(field) === type));
}

export function selectNeighbours(app) {
  const chosen = app.cy.nodes(":selected");
  select(app, chosen.union(chosen.neighborhood("node").not(".gone")));
}

export function invert(app) {
  const nodes = shown(app.cy).nodes();
  select(app, nodes.difference(app.cy.nodes(":selected")));
}

// Nodes on the chart that touch at least two of the selected; the answer from all data comes beside the chart.
export function common(app) {
  const chosen = app.cy.nodes(":selected");
  if (chosen.length < 2) return;
  act(app, "common", chosen);
  const touched = new Map();
  chosen.forEach((node) => {
    node.neighborhood("node").difference(chosen).not(".gone").forEach((other) => {
      touched.set(other.id(), (touched.get(other.id()) ?? 0) + 1);
    });
  });
  const shared = app.cy.nodes().filter((node) => (touched.get(node.id()) ?? 0) > 1);
  app.announce(`${thousands(shared.length)} ${app.say("common_here")}`);
  app.cy.batch(() => {
    app.cy.elements().removeClass("found");
    shared.addClass("found");
  });
}

// One group's mark alone is dissolved; anything else is asked for its name and grouped.
export function group(app) {
  const chosen = app.cy.nodes(":selected");
  if (chosen.length === 1 && chosen.data("kind") === "group") act(app, "ungroup", chosen);
  else if (chosen.length > 1) app.ask.open("group_name", "line", "", (name) => act(app, "group", chosen, name));
}

export function writeNote(app, ele) {
  app.ask.open("note", "text", ele.data("note"), (text) => act(app, "note", ele, text));
}

export function createBar(app) {
  const box = el("div", { class: "bar panel", role: "toolbar", hidden: true });
  app.root.append(box);
  const chosen = () => app.cy.nodes(":selected");
  const ids = () => chosen().map((node) => node.id());
  const todo = {
    group: () => group(app),
    common: () => common(app),
    paths: () => act(app, "paths", chosen()),
    neighbours: () => selectNeighbours(app),
    invert: () => invert(app),
    hide: () => hide(app, ids()),
    pin: () => pin(app, ids(), true),
    keep_only: () => act(app, "keep", chosen()),
    remove: () => act(app, "remove", chosen()),
  };
  const keys = { group: "G", common: "C", paths: "P", neighbours: "S", invert: "I", hide: "H" };
  const refresh = () => {
    const number = chosen().length;
    box.hidden = !kept(app) || number < 2;
    if (box.hidden) return;
    const buttons = Object.entries(todo).map(([name, click]) => {
      const hint = keys[name] ? `${app.say(name)} (${keys[name]})` : app.say(name);
      return el("button", { type: "button", title: hint, disabled: name === "paths" && number !== 2, click }, app.say(name));
    });
    box.setAttribute("aria-label", app.say("selected_now"));
    box.replaceChildren(el("span", { class: "count" }, `${thousands(number)} ${app.say("selected_now")}`), ...buttons);
  };
  return { refresh };
}
