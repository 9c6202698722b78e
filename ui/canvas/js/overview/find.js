// Find in the overview: matching labels are marked, Enter goes from one to the next; and the button that shows all.
import { calm, el } from "../dom.js";
import { choose } from "./overview.js";

export function createFind(view) {
  const state = { found: [], at: -1 };
  const fit = el("button", { type: "button", click: () => view.picture?.sigma.getCamera().setState({ x: 0.5, y: 0.5, ratio: 1, angle: 0 }) });
  const field = el("input", { type: "search", spellcheck: "false", autocomplete: "off" });
  const count = el("span", { class: "count", "aria-live": "polite" });
  view.root.append(el("div", { class: "toolbar panel" }, fit), el("div", { class: "search panel", role: "search" }, field, count));
  field.addEventListener("input", () => look(view, state, field.value, count));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") next(view, state, event.shiftKey ? -1 : 1, count);
    if (event.key !== "Escape") return;
    field.value = "";
    look(view, state, "", count);
  });
  const refresh = () => {
    fit.textContent = view.say("fit");
    field.placeholder = view.say("search_hint");
    field.setAttribute("aria-label", view.say("search_hint"));
  };
  return { refresh };
}

function look(view, state, typed, count) {
  const wanted = typed.trim().toLowerCase();
  const found = [];
  if (wanted !== "") view.data.nodes.label.forEach((label, i) => label.toLowerCase().includes(wanted) && found.push(String(i)));
  Object.assign(state, { found, at: -1 });
  // Hundreds of marks mark nothing.
  view.found = new Set(found.slice(0, 200));
  count.textContent = wanted === "" ? "" : found.length === 0 ? view.say("no_match") : String(found.length);
  view.draw();
}

function next(view, state, direction, count) {
  if (state.found.length === 0 || view.picture === null) return;
  const from = state.at < 0 && direction < 0 ? 0 : state.at;
  state.at = (from + direction + state.found.length) % state.found.length;
  const node = state.found[state.at];
  count.textContent = `${state.at + 1} / ${state.found.length}`;
  const { sigma } = view.picture;
  const { x, y } = sigma.getNodeDisplayData(node);
  const target = { x, y, ratio: Math.min(sigma.getCamera().getState().ratio, 0.15) };
  if (calm()) sigma.getCamera().setState(target);
  else sigma.getCamera().animate(target, { duration: 200 });
  choose(view, node);
}
