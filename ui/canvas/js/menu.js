// The menu of one node or line: what can be fetched, counted first; then what can be done with it.
import { el, thousands } from "./dom.js";
import { choose, expand } from "./gestures.js";
import { beside } from "./hover.js";
import { pin } from "./layouts.js";
import { hide } from "./visibility.js";

export function createMenu(app) {
  const box = el("div", { class: "menu", role: "menu", hidden: true, keydown: (event) => walk(event, box, close) });
  app.root.append(box);
  function close() {
    if (box.hidden) return;
    const inside = box.contains(box.getRootNode().activeElement);
    box.hidden = true;
    if (inside) app.root.focus({ preventScroll: true });
  }
  function open(ele, at = ele.isNode() ? ele.renderedPosition() : ele.renderedMidpoint()) {
    const item = (label, action, count = null) => entry(label, count, () => [close(), action()]);
    const items = ele.isNode() ? nodeItems(app, ele, item) : edgeItems(app, ele, item);
    box.replaceChildren(el("div", { class: "head" }, ele.data("label") || app.say("menu_for")), ...items);
    box.setAttribute("aria-label", app.say("menu_for"));
    box.hidden = false;
    beside(app.root, box, at);
    box.querySelector("button:not([disabled])")?.focus();
  }
  return { open, close, isOpen: () => !box.hidden };
}

function nodeItems(app, node, item) {
  const id = node.id();
  const pinned = node.locked();
  const fetch = expansions(app, node);
  const own = app.data.actions.filter((one) => one.target !== "edge");
  return [
    ...fetch,
    node.data("collapsible") ? item(app.say("collapse"), () => app.trigger("collapse", { id })) : null,
    el("hr"),
    item(app.say("why"), () => choose(app, node, "why")),
    ...own.map((one) => item(one.label, () => choose(app, node, one.action))),
    el("hr"),
    item(app.say("hide"), () => [hide(app, targets(node)), choose(app, node, "hide")]),
    item(app.say(pinned ? "unpin" : "pin"), () => [pin(app, [id], !pinned), choose(app, node, pinned ? "unpin" : "pin")]),
  ].filter(Boolean);
}

// Counts stand beside every choice; a choice with nothing behind it can't be taken.
function expansions(app, node) {
  const counts = node.data("expansions");
  const total = counts.reduce((sum, one) => sum + one.count, 0);
  if (counts.length === 0) return [entry(app.say("expand"), null, () => expand(app, node))];
  if (total === 0) return [el("div", { class: "none" }, app.say("nothing_to_expand"))];
  const all = entry(app.say("expand_all"), total, () => expand(app, node));
  const single = counts.map((one) => entry(one.label, one.count, () => expand(app, node, one.relation)));
  return [el("div", { class: "section" }, app.say("expand")), ...single, ...(counts.length > 1 ? [all] : [])];
}

function edgeItems(app, edge, item) {
  const own = app.data.actions.filter((one) => one.target !== "node");
  return [
    item(app.say("why"), () => choose(app, edge, "why")),
    ...own.map((one) => item(one.label, () => choose(app, edge, one.action))),
    el("hr"),
    item(app.say("hide"), () => [hide(app, [edge.id()]), choose(app, edge, "hide")]),
  ];
}

// A menu on one of several selected nodes means all of them.
function targets(node) {
  return node.selected() ? node.cy().nodes(":selected").map((one) => one.id()) : [node.id()];
}

function entry(label, count, action) {
  const number = count === null ? null : el("span", { class: "count" }, thousands(count));
  const off = count === 0;
  return el("button", { type: "button", role: "menuitem", disabled: off, click: action }, el("span", {}, label), number);
}

function walk(event, box, close) {
  const items = [...box.querySelectorAll("button:not([disabled])")];
  const at = items.indexOf(box.getRootNode().activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key === "Escape" || event.key === "Tab") close();
  else if (event.key in steps) items.at(steps[event.key] % items.length)?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
