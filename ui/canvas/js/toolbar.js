// The row of buttons above the chart.
import { frame } from "./chart.js";
import { el } from "./dom.js";
import { canPlace } from "./geo.js";
import { hideLabels } from "./labels.js";
import { runLayout } from "./layouts.js";

const LAYOUTS = ["force", "layers", "radial", "time", "preset", "geo"];

export function createToolbar(app) {
  const choice = el("select", { change: () => pick(app, choice) });
  const buttons = {
    fit: button(() => frame(app)),
    undo: button(() => app.history.undo()),
    redo: button(() => app.history.redo()),
    search: button(() => app.search.toggle()),
    lasso: button(() => app.lasso.toggle()),
    labels: button(() => hideLabels(app, !app.anonymous)),
    map: button(() => app.map.toggle()),
    full_screen: button(() => fullScreen(app.root)),
  };
  const keys = { fit: "F", undo: "Z", redo: "Y", search: "/", lasso: "L" };
  const box = el("div", { class: "toolbar panel", role: "toolbar" }, choice, ...Object.values(buttons));
  app.root.append(box);
  let drawn = "";
  const refresh = () => {
    if (app.data === null) return;
    if (drawn !== app.data.lang) fill(app, choice);
    drawn = app.data.lang;
    for (const [name, node] of Object.entries(buttons)) {
      node.textContent = app.say(name);
      node.title = keys[name] ? `${app.say(name)} (${keys[name]})` : app.say(name);
    }
    buttons.undo.disabled = !app.history.canUndo();
    buttons.redo.disabled = !app.history.canRedo();
    const pressed = { lasso: app.lasso.isOn(), labels: app.anonymous, map: app.map?.isOpen() ?? true };
    for (const [name, on] of Object.entries(pressed)) buttons[name].setAttribute("aria-pressed", String(on));
    choice.querySelector('[value="geo"]').disabled = !canPlace(app.cy.nodes());
    const placed = app.cy.nodes().some((node) => node.data("x") !== null);
    choice.querySelector('[value="preset"]').disabled = !placed;
    box.hidden = app.cy.nodes().empty();
  };
  return { refresh };
}

function button(action) {
  return el("button", { type: "button", click: action });
}

function fill(app, choice) {
  const options = LAYOUTS.map((name, position) => el("option", { value: name }, `${app.say(`layout_${name}`)} (${position + 1})`));
  const head = el("option", { value: "", selected: true, disabled: true, hidden: true }, app.say("layout"));
  choice.replaceChildren(head, ...options);
  choice.setAttribute("aria-label", app.say("layout"));
}

function pick(app, choice) {
  runLayout(app, choice.value);
  // Back to the heading, so that the same layout can be asked for again.
  choice.value = "";
  app.root.focus({ preventScroll: true });
}

function fullScreen(root) {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.();
}
