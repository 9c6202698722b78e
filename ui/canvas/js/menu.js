// The menu of one node or line: what can be fetched, counted first; then what can be done with it.
import { act, kept } from "./acts.js";
import { byIds } from "./chart.js";
import { el, thousands } from "./dom.js";
import { choose, expand } from "./gestures.js";
import { beside } from "./hover.js";
import { labelOf } from "./labels.js";
import { pin } from "./layouts.js";
import { common, group, selectNeighbours, writeNote } from "./selection.js";
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
    box.replaceChildren(el("div", { class: "head" }, labelOf(ele) || app.say("menu_for")), ...items);
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
  const fits = (one) => one.target !== "edge" && (!one.types || one.types.includes(node.data("type")));
  const own = node.data("kind") === "" ? app.data.actions.filter(fits) : [];
  return [
    ...fetch,
    ...node.data("leaves").map((one) => entry(one.label, one.count, () => [app.menu.close(), act(app, "leaves", node, one.relation)])),
    node.data("collapsible") ? item(app.say("collapse"), () => app.trigger("collapse", { id })) : null,
    el("hr"),
    item(app.say("why"), () => choose(app, node, "why")),
    ...own.map((one) => item(one.label, () => choose(app, node, one.action))),
    ...(kept(app) ? keptItems(app, node, item) : []),
    el("hr"),
    item(app.say("hide"), () => [hide(app, targets(node)), tell(app, node, "hide")]),
    item(app.say(pinned ? "unpin" : "pin"), () => [pin(app, targets(node), !pinned), tell(app, node, pinned ? "unpin" : "pin")]),
  ].filter(Boolean);
}

// Where Python keeps the history the act itself tells it.
function tell(app, ele, action) {
  if (!kept(app)) choose(app, ele, action);
}

function keptItems(app, node, item) {
  const all = byIds(app.cy, targets(node));
  const many = all.length > 1;
  const grouped = node.data("kind") === "group";
  const named = (name) => act(app, "rename", node, name);
  return [
    item(app.say("note"), () => writeNote(app, node)),
    item(app.say("copy_handle"), () => copy(app, node.id())),
    el("hr"),
    grouped ? item(app.say("ungroup"), () => act(app, "ungroup", all)) : null,
    grouped ? item(app.say("rename"), () => app.ask.open("group_name", "line", node.data("label").replace(/ \([\d,]+\)$/, ""), named)) : null,
    many ? item(app.say("group"), () => group(app)) : null,
    many ? item(app.say("common"), () => common(app)) : null,
    all.length === 2 ? item(app.say("paths"), () => act(app, "paths", all)) : null,
    item(app.say("neighbours"), () => [node.select(), selectNeighbours(app)]),
    many ? item(app.say("keep_only"), () => act(app, "keep", all)) : null,
    item(app.say("remove"), () => act(app, "remove", all)),
  ];
}

// Only the opaque name: it says nothing outside this installation.
function copy(app, text) {
  const field = el("textarea", { class: "probe" });
  field.value = text;
  app.root.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  app.root.focus({ preventScroll: true });
  app.announce(app.say("copied"));
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
  const ways = { confirmed: "solid", unconfirmed: "dashed", tentative: "dotted", recorded: null };
  const judged = kept(app) && !edge.data("bundle") && !edge.data("counted");
  return [
    item(app.say("why"), () => choose(app, edge, "why")),
    ...own.map((one) => item(one.label, () => choose(app, edge, one.action))),
    ...(kept(app) && !edge.data("counted") ? [item(app.say("note"), () => writeNote(app, edge))] : []),
    ...(judged ? [el("div", { class: "section" }, app.say("strength"))] : []),
    ...(judged ? Object.keys(ways).map((name) => item(app.say(`strength_${name}`), () => act(app, "strength", edge, name))) : []),
    ...(edge.data("parallel") ? [el("hr"), item(app.say("bundle"), () => act(app, "bundle", edge))] : []),
    ...(edge.data("parallel") ? [item(app.say("bundle_all"), () => act(app, "bundle", app.cy.collection()))] : []),
    ...(edge.data("bundle") ? [el("hr"), item(app.say("unbundle"), () => act(app, "unbundle", edge))] : []),
    ...(edge.data("bundle") ? [item(app.say("unbundle_all"), () => act(app, "unbundle", app.cy.collection()))] : []),
    ...(edge.data("counted") ? [] : [el("hr"), item(app.say("hide"), () => [hide(app, [edge.id()]), tell(app, edge, "hide")])]),
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
