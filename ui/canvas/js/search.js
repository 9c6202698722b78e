// Find in the chart: matches in labels and card lines are marked, Enter goes from one to the next.
import { centre, select } from "./commands.js";
import { el } from "./dom.js";
import { cardLines } from "./labels.js";

export function createSearch(app) {
  const state = { found: [], at: -1 };
  const field = el("input", { type: "search", spellcheck: "false", autocomplete: "off" });
  const count = el("span", { class: "count", "aria-live": "polite" });
  const box = el("div", { class: "search panel", role: "search", hidden: true }, field, count);
  app.root.append(box);
  field.addEventListener("input", () => find(app, state, field.value, count));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") next(app, state, event.shiftKey ? -1 : 1, count);
    if (event.key === "Escape") close();
  });
  function open() {
    field.placeholder = app.say("search_hint");
    field.setAttribute("aria-label", app.say("search_hint"));
    box.hidden = false;
    field.focus();
    field.select();
  }
  function close() {
    app.cy.elements().removeClass("found");
    Object.assign(state, { found: [], at: -1 });
    field.value = count.textContent = "";
    box.hidden = true;
    app.root.focus({ preventScroll: true });
  }
  return { open, close, toggle: () => (box.hidden ? open() : close()) };
}

function find(app, state, typed, count) {
  const wanted = typed.trim().toLowerCase();
  const says = (ele) => cardLines(app, ele).some((line) => line.toLowerCase().includes(wanted));
  const found = wanted === "" ? app.cy.collection() : app.cy.nodes().not(".gone").filter(says);
  app.cy.batch(() => {
    app.cy.elements().removeClass("found");
    found.addClass("found");
  });
  Object.assign(state, { found: found.toArray(), at: -1 });
  count.textContent = wanted === "" ? "" : found.empty() ? app.say("no_match") : String(found.length);
}

function next(app, state, direction, count) {
  if (state.found.length === 0) return;
  const from = state.at < 0 && direction < 0 ? 0 : state.at;
  state.at = (from + direction + state.found.length) % state.found.length;
  const node = state.found[state.at];
  count.textContent = `${state.at + 1} / ${state.found.length}`;
  if (node.removed()) return;
  select(app, node);
  centre(app, node);
}
