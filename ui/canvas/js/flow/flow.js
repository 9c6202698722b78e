// One money flow: draws the newest message as bands or as columns of cards, tells Python what was chosen.
import css from "./flow.css";
import { el } from "../dom.js";
import { drawBands } from "./bands.js";
import { drawColumns } from "./columns.js";

export function createFlow(host) {
  const stage = el("div", { class: "stage" });
  const card = el("div", { class: "card", role: "tooltip", hidden: true });
  const root = el("div", { class: "flow", role: "group" }, stage, card);
  host.append(el("style", {}, css), root);
  const flow = { root, stage, card, data: null, chosen: null, choose: null, width: 0 };
  const observer = new ResizeObserver(() => {
    // Drawing again changes nothing but widths; heights come with the message.
    if (flow.data !== null && Math.abs(stage.clientWidth - flow.width) > 1) draw(flow);
  });
  observer.observe(stage);
  flow.receive = (component) => receive(flow, component);
  flow.leave = () => {
    observer.disconnect();
    host.replaceChildren();
  };
  return flow;
}

function receive(flow, component) {
  // Listeners use the newest setter; that of the first call goes stale.
  flow.choose = (id) => {
    flow.chosen = flow.chosen === id ? null : id;
    mark(flow);
    component.setStateValue("chosen", { id: flow.chosen });
  };
  flow.data = component.data;
  flow.chosen = component.data.chosen;
  flow.root.style.height = `${flow.data.height}px`;
  flow.root.lang = flow.data.lang === "zh" ? "zh-CN" : "en";
  flow.root.setAttribute("aria-label", flow.data.words.aria_label);
  draw(flow);
}

function draw(flow) {
  const held = flow.root.getRootNode().activeElement?.dataset?.id;
  flow.width = flow.stage.clientWidth;
  flow.card.hidden = true;
  if (flow.data.nodes.length === 0) {
    flow.stage.replaceChildren(el("p", { class: "empty" }, flow.data.words.empty));
    return;
  }
  const drawn = flow.data.view === "columns" ? drawColumns(flow) : drawBands(flow);
  flow.stage.replaceChildren(drawn);
  mark(flow);
  // Who works by keyboard stays where they were.
  if (held !== undefined) flow.stage.querySelector(`[data-id="${CSS.escape(held)}"]`)?.focus();
}

function mark(flow) {
  for (const one of flow.stage.querySelectorAll("[data-id]")) {
    const chosen = one.dataset.id === flow.chosen;
    one.classList.toggle("chosen", chosen);
    one.setAttribute("aria-pressed", String(chosen));
  }
}
