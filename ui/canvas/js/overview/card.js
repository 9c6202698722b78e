// The short card beside a node under the pointer: its label, type and how many lines it has here.
import { el, thousands } from "../dom.js";
import { beside } from "../hover.js";

const CARD_AFTER_MS = 300;

export function createCard(view) {
  const card = el("div", { class: "card", role: "tooltip", hidden: true });
  view.root.append(card);
  let timer = null;
  const hide = () => {
    clearTimeout(timer);
    card.hidden = true;
  };
  const show = (node) => {
    hide();
    timer = setTimeout(() => {
      const { graph, sigma, typeOf } = view.picture;
      const { x, y } = sigma.graphToViewport(graph.getNodeAttributes(node));
      card.replaceChildren(
        el("span", { class: "kind" }, typeOf(node).label),
        el("strong", {}, graph.getNodeAttribute(node, "label")),
        el("span", {}, `${thousands(graph.degree(node))} ${view.say("links")}`),
      );
      card.hidden = false;
      beside(view.root, card, { x, y });
    }, CARD_AFTER_MS);
  };
  return { show, hide };
}
