// The legend: what is on the chart with counts; a click on a type, a relation or a strength hides or shows it.
import { lineColour } from "./colour.js";
import { el, svg } from "./dom.js";
import { ringColour, ringDash } from "./glyph.js";
import { outlineOf } from "./shapes.js";
import { selectType } from "./selection.js";
import { toggleFilter } from "./visibility.js";

export function createLegend(app) {
  const title = el("summary");
  const list = el("div", { class: "rows" });
  const box = el("details", { class: "legend panel", open: true }, title, list);
  app.root.append(box);
  const refresh = () => {
    const { legend } = app.data;
    title.textContent = app.say("legend");
    box.hidden = legend.length === 0;
    const rows = ["node", "edge", "style", "ring"].flatMap((kind) => section(app, kind));
    list.replaceChildren(...rows, ...notesOf(app).map((text) => el("p", { class: "note" }, text)));
  };
  app.legendOpen = () => box.open && !box.hidden;
  app.legendRows = () => plainRows(app);
  return { refresh, width: () => (box.open && !box.hidden ? box.offsetWidth + 8 : 0) };
}

// The legend's rows for a picture; a row without a sign is a note.
function plainRows(app) {
  const entries = ["node", "edge", "style", "ring"].flatMap((kind) => app.data.legend.filter((one) => one.kind === kind));
  const rows = entries.map((entry) => {
    const count = entry.count ?? counted(app.cy, entry);
    return { entry, label: entry.label, count: count === null ? "" : String(count), on: !app.off.has(`${entry.kind}:${entry.type}`) };
  });
  return [...rows, ...notesOf(app).map((label) => ({ entry: null, label, count: "", on: true }))];
}

function notesOf(app) {
  const noted = app.cy.elements().some((ele) => ele.data("note") !== "") ? app.say("note_sign") : "";
  return [app.data.note, noted].filter(Boolean);
}

function section(app, kind) {
  const entries = app.data.legend.filter((one) => one.kind === kind);
  if (entries.length === 0) return [];
  return [el("div", { class: "group", role: "group" }, ...entries.map((one) => row(app, one)))];
}

function row(app, entry) {
  const name = `${entry.kind}:${entry.type}`;
  const count = entry.count ?? counted(app.cy, entry);
  const inside = [
    framed(entry, app.theme.now),
    el("span", { class: "label" }, entry.label),
    el("span", { class: "count" }, count === null ? "" : String(count)),
  ];
  if (entry.kind === "ring") {
    const all = () => selectType(app, "ring", entry.type);
    return el("button", { type: "button", class: "row", title: app.say("select_all"), click: all }, ...inside);
  }
  const on = !app.off.has(name);
  const toggle = (event) => {
    // Two clicks hide and show again; the second one then selects all of it.
    toggleFilter(app, name);
    if (event.detail === 2 || event.shiftKey) {
      if (event.shiftKey) toggleFilter(app, name);
      selectType(app, entry.kind, entry.type);
    }
    // The row was drawn anew; the keyboard stays on it.
    const root = event.currentTarget?.getRootNode() ?? app.root.getRootNode();
    root.querySelector(`[data-filter="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
  };
  const props = { type: "button", class: "row", "aria-pressed": String(on), "data-filter": name, title: `${app.say("filter_hint")} · ${app.say("select_hint")}` };
  return el("button", { ...props, click: toggle }, ...inside);
}

function counted(cy, entry) {
  if (entry.kind === "ring") return cy.nodes().filter((node) => node.data("rings").includes(entry.type)).length;
  if (entry.kind === "node") return cy.nodes().filter((node) => node.data("type") === entry.type).length;
  return cy.edges().filter((edge) => edge.data(entry.kind === "edge" ? "type" : "style") === entry.type).length;
}

function framed(entry, theme) {
  return svg("svg", { viewBox: "0 0 20 20", width: 16, height: 16, "aria-hidden": "true" }, ...swatch(entry, theme, "currentColor"));
}

// The sign of one entry in a box of 20 by 20.
export function swatch(entry, theme, ink) {
  const line = { x1: 1, y1: 10, x2: 19, y2: 10, stroke: lineColour(entry.colour, theme.dark), "stroke-width": 2.4 };
  if (entry.kind === "edge") return [svg("line", line)];
  if (entry.kind === "style") {
    const dash = { dashed: "5 3", dotted: "1.5 3" }[entry.type] ?? null;
    return [svg("line", { ...line, stroke: ink, "stroke-width": 2, "stroke-dasharray": dash })];
  }
  if (entry.kind === "ring") return ringSwatch(entry.type, theme);
  return [outlineOf(entry.shape, entry.colour)];
}

function ringSwatch(name, theme) {
  const colour = ringColour(name, theme.dark);
  const circle = (r, width) => svg("circle", { cx: 10, cy: 10, r, fill: "none", stroke: colour, "stroke-width": width });
  if (name === "frozen") return [circle(8, 1.2), circle(5.2, 1.2)];
  const one = circle(7, name === "suspect" ? 3 : 2);
  const dash = ringDash(name);
  if (dash) one.setAttribute("stroke-dasharray", name === "victim" ? "5 2.6" : "1.2 2.2");
  return [one];
}
