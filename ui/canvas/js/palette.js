// Ctrl-K: everything that can be done now, found by typing; it does nothing that a key, a button or the menu doesn't do.
import { act, kept } from "./acts.js";
import { frame, shown } from "./chart.js";
import { select } from "./commands.js";
import { el } from "./dom.js";
import { canPlace } from "./geo.js";
import { expand } from "./gestures.js";
import { hideLabels } from "./labels.js";
import { pin, runLayout } from "./layouts.js";
import { common, group, invert, selectNeighbours, writeNote } from "./selection.js";
import { hide } from "./visibility.js";

export function createPalette(app) {
  const field = el("input", { type: "text", spellcheck: "false", autocomplete: "off" });
  const list = el("div", { class: "choices", role: "listbox" });
  const box = el("div", { class: "palette panel", role: "dialog", hidden: true }, field, list);
  app.root.append(box);
  const state = { found: [], at: 0 };
  const draw = () => {
    const wanted = field.value.trim().toLowerCase();
    state.found = entries(app).filter(([label]) => label.toLowerCase().includes(wanted));
    state.at = Math.min(state.at, Math.max(0, state.found.length - 1));
    const rows = state.found.map(([label, key], number) =>
      el("button", { type: "button", role: "option", "aria-selected": String(number === state.at), click: () => run(number) }, label, el("span", { class: "count" }, key)),
    );
    list.replaceChildren(...(rows.length > 0 ? rows : [el("div", { class: "none" }, app.say("no_match"))]));
    list.children[state.at]?.scrollIntoView({ block: "nearest" });
  };
  function open() {
    field.value = "";
    state.at = 0;
    field.placeholder = app.say("palette_hint");
    field.setAttribute("aria-label", app.say("palette_hint"));
    box.hidden = false;
    draw();
    field.focus();
  }
  function close() {
    box.hidden = true;
    app.root.focus({ preventScroll: true });
  }
  function run(number) {
    const chosen = state.found[number];
    if (chosen === undefined) return;
    close();
    chosen[2]();
  }
  field.addEventListener("input", draw);
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    if (step !== 0) event.preventDefault();
    state.at = Math.max(0, Math.min(state.found.length - 1, state.at + step));
    if (event.key === "Escape") close();
    else if (event.key === "Enter") run(state.at);
    else if (step !== 0) draw();
  });
  return { open };
}

// [label, key, what it does]; only what the present selection allows.
function entries(app) {
  const chosen = app.cy.nodes(":selected");
  const ids = chosen.map((node) => node.id());
  const one = app.cy.$(":selected");
  const placed = canPlace(app.cy.nodes());
  const orders = ["force", "layers", "radial", "time", "geo"].filter((name) => name !== "geo" || placed);
  const held = kept(app);
  const when = (holds, ...entry) => (holds ? [entry] : []);
  return [
    ...when(held && chosen.length > 1, app.say("group"), "G", () => group(app)),
    ...when(held && chosen.some((node) => node.data("kind") === "group"), app.say("ungroup"), "G", () => act(app, "ungroup", chosen)),
    ...when(held && chosen.length === 2, app.say("paths"), "P", () => act(app, "paths", chosen)),
    ...when(held && chosen.length > 1, app.say("common"), "C", () => common(app)),
    ...when(held && one.length === 1, app.say("note"), "N", () => writeNote(app, one)),
    ...when(held && chosen.nonempty(), app.say("keep_only"), "", () => act(app, "keep", chosen)),
    ...when(held && chosen.nonempty(), app.say("remove"), "", () => act(app, "remove", chosen)),
    ...when(held, app.say("bundle_all"), "", () => act(app, "bundle", app.cy.collection())),
    ...when(held, app.say("unbundle_all"), "", () => act(app, "unbundle", app.cy.collection())),
    ...when(chosen.length === 1, app.say("expand"), "E", () => expand(app, chosen.first())),
    ...when(chosen.nonempty(), app.say("hide"), "H", () => hide(app, ids)),
    ...when(chosen.nonempty(), app.say("pin"), "", () => pin(app, ids, true)),
    ...when(chosen.nonempty(), app.say("unpin"), "", () => pin(app, ids, false)),
    ...when(chosen.nonempty(), app.say("neighbours"), "S", () => selectNeighbours(app)),
    [app.say("invert"), "I", () => invert(app)],
    [app.say("all_nodes"), "Ctrl-A", () => select(app, shown(app.cy).nodes())],
    [app.say("lasso"), "L", () => app.lasso.toggle()],
    [app.say("search"), "/", () => app.search.open()],
    [app.say("fit"), "F", () => frame(app)],
    [app.say("undo"), "Z", () => app.history.undo()],
    [app.say("redo"), "Y", () => app.history.redo()],
    [app.say("labels"), "", () => hideLabels(app, !app.anonymous)],
    ...orders.map((name) => [`${app.say("layout")}: ${app.say(`layout_${name}`)}`, "", () => runLayout(app, name)]),
  ];
}
