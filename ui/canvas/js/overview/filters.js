// The legend of the overview: types and relations with counts, each hidden or shown by a click; how much is drawn.
import { lineColour } from "../colour.js";
import { el, svg, thousands } from "../dom.js";

export function createFilters(view) {
  const title = el("summary");
  const list = el("div", { class: "rows" });
  const box = el("details", { class: "legend panel", open: true }, title, list);
  const status = el("div", { class: "status panel" });
  view.root.append(box, status);
  const refresh = () => {
    const { types, kinds, nodes, edges, note } = view.data;
    box.hidden = status.hidden = nodes.id.length === 0;
    title.textContent = view.say("legend");
    const group = (kind, entries) => el("div", { class: "group", role: "group" }, ...entries.map((one) => row(view, kind, one, refresh)));
    list.replaceChildren(group("node", types), group("edge", kinds), ...(note ? [el("p", { class: "note" }, note)] : []));
    const shown = nodes.type.filter((type) => !view.off.has(`node:${types[type].type}`)).length;
    const count = shown === nodes.id.length ? thousands(shown) : `${thousands(shown)} / ${thousands(nodes.id.length)}`;
    status.textContent = `${count} ${view.say("nodes")} · ${thousands(edges.source.length)} ${view.say("links")}`;
  };
  return { refresh };
}

function row(view, kind, entry, refresh) {
  const name = `${kind}:${entry.type}`;
  const colour = kind === "edge" ? lineColour(entry.colour, view.theme.now.dark) : entry.colour;
  const mark = kind === "edge" ? svg("line", { x1: 1, y1: 10, x2: 19, y2: 10, stroke: colour, "stroke-width": 2.4 })
    : svg("circle", { cx: 10, cy: 10, r: 7, fill: colour });
  const toggle = () => {
    if (!view.off.delete(name)) view.off.add(name);
    refresh();
    view.root.querySelector(`[data-filter="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
    view.draw();
  };
  return el(
    "button",
    { type: "button", class: "row", "aria-pressed": String(!view.off.has(name)), "data-filter": name, title: view.say("filter_hint"), click: toggle },
    svg("svg", { viewBox: "0 0 20 20", width: 16, height: 16, "aria-hidden": true }, mark),
    el("span", { class: "label" }, entry.label),
    el("span", { class: "count" }, thousands(entry.count)),
  );
}
