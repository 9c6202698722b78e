// The flow as columns of cards: one card an account under its level, the same choices as on the bands.
import { el } from "../dom.js";
import { touch } from "./touch.js";

export function drawColumns(flow) {
  const { data } = flow;
  const columns = data.columns.map((column, at) => {
    const cards = data.nodes.filter((node) => node.column === at).map((node) => card(flow, node));
    const head = el("header", {}, el("strong", {}, column.title), ...column.lines.map((said) => el("span", {}, said)));
    return el("section", { class: "column", "aria-label": column.title }, head, ...cards);
  });
  return el("div", { class: "columns" }, ...columns);
}

function card(flow, node) {
  const lines = node.card.map(([name, value]) => el("span", { class: "fact" }, el("i", {}, name), el("b", {}, value)));
  const signs = node.signs.map((sign) => el("em", {}, sign));
  const frozen = node.frozen ? " frozen" : "";
  const box = el(
    "button",
    { type: "button", class: `box ${node.kind}${frozen}${node.open ? " open" : ""}` },
    el("strong", {}, node.label),
    ...lines,
    signs.length > 0 ? el("span", { class: "signs" }, ...signs) : null,
  );
  return touch(flow, box, node);
}
