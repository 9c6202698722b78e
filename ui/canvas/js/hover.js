// Hovering lights the neighbours and fades the rest; after a moment a card shows the given lines.
import { el } from "./dom.js";
import { cardLines } from "./labels.js";
import { LARGE } from "./large.js";

const CARD_AFTER_MS = 300;
const FADE_AFTER_MS = 90; // a pointer crossing the chart must not make it flicker

export function watchHover(app) {
  const { cy, root } = app;
  const card = el("div", { class: "card", role: "tooltip", hidden: true });
  root.append(card);
  let timers = [];
  let marked = null;
  const clear = () => {
    timers.forEach(clearTimeout);
    timers = [];
    card.hidden = true;
    // At every move of the picture: looking for marks among thousands of elements would hold it up.
    if (marked !== null) cy.batch(() => marked.removeClass("faded lit"));
    marked = null;
  };
  cy.on("mouseover", "node, edge", (event) => {
    clear();
    if (app.menu.isOpen()) return;
    const ele = event.target;
    const at = event.renderedPosition;
    timers = [setTimeout(() => (marked = light(cy, ele)), FADE_AFTER_MS), setTimeout(() => show(app, card, ele, at), CARD_AFTER_MS)];
  });
  cy.on("mouseout", "node, edge", clear);
  cy.on("grab tapstart cxttapstart cxttap viewport remove", clear);
  return () => timers.forEach(clearTimeout);
}

// The elements it marked; in a large chart the rest isn't faded: that takes a second.
function light(cy, ele) {
  const near = ele.isNode() ? ele.closedNeighborhood() : ele.union(ele.connectedNodes());
  const large = cy.elements().length > 2 * LARGE;
  cy.batch(() => {
    near.addClass("lit");
    if (!large) cy.elements().difference(near).addClass("faded");
  });
  return large ? near : cy.elements();
}

function show(app, card, ele, at) {
  if (app.menu.isOpen()) return;
  const lines = cardLines(app, ele);
  if (lines.length === 0) return;
  const kind = ele.isNode() ? "node" : "edge";
  const entry = app.data.legend.find((one) => one.kind === kind && one.type === ele.data("type"));
  card.replaceChildren(
    el("span", { class: "kind" }, entry?.label ?? ele.data("type")),
    el("strong", {}, lines[0]),
    ...lines.slice(1).map((line) => el("span", {}, line)),
  );
  card.hidden = false;
  beside(app.root, card, at);
}

// Puts a box at a point of the chart, inside its borders.
export function beside(root, box, at) {
  const left = Math.min(at.x + 14, root.clientWidth - box.offsetWidth - 6);
  const top = Math.min(at.y + 14, root.clientHeight - box.offsetHeight - 6);
  box.style.left = `${Math.max(6, left)}px`;
  box.style.top = `${Math.max(6, top)}px`;
}
