// Asks for a text over the chart: a group's name, a note. Enter keeps it (with Ctrl where lines may break), Escape doesn't.
import { el } from "./dom.js";

export function createAsk(app) {
  const title = el("label", { for: "asked" });
  const fields = {
    line: el("input", { id: "asked", type: "text", maxlength: 80, autocomplete: "off", spellcheck: "false" }),
    text: el("textarea", { id: "asked", rows: 4, maxlength: 2000, spellcheck: "false" }),
  };
  const slot = el("div");
  const keep = el("button", { type: "button", class: "keep", click: () => finish(true) });
  const drop = el("button", { type: "button", click: () => finish(false) });
  const box = el("div", { class: "ask panel", role: "dialog", hidden: true }, title, slot, el("div", { class: "ends" }, keep, drop));
  app.root.append(box);
  let field = fields.line;
  let done = null;
  function open(word, kind, value, then) {
    title.textContent = app.say(word);
    keep.textContent = app.say("keep");
    drop.textContent = app.say("cancel");
    box.setAttribute("aria-label", app.say(word));
    field = fields[kind];
    field.value = value;
    slot.replaceChildren(field);
    done = then;
    box.hidden = false;
    field.focus();
    field.select();
  }
  function finish(kept) {
    if (box.hidden) return;
    box.hidden = true;
    app.root.focus({ preventScroll: true });
    if (kept) done(field.value);
  }
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") finish(false);
    if (event.key === "Enter" && (field === fields.line || event.ctrlKey || event.metaKey)) finish(true);
  });
  return { open };
}
