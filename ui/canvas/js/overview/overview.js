// The overview of a large network, drawn by WebGL: places come with the data, nothing is laid out here.
import css from "../canvas.css";
import { el } from "../dom.js";
import { watchTheme } from "../theme.js";
import { createCard } from "./card.js";
import { createFind } from "./find.js";
import { createFilters } from "./filters.js";
import { applyTo, createPicture, hasWebGl } from "./picture.js";

// Where the reader looked when the page was left, by key: only in this page's memory.
const cameras = new Map();
// A double click is two clicks first: a selection waits until it can't become one.
const DOUBLE_MS = 280;

export function createOverview(host, key) {
  const stage = el("div", { class: "stage" });
  const message = el("p", { class: "empty" });
  const root = el("div", { class: "chart overview", tabindex: "0", role: "application" }, stage, message);
  host.append(el("style", {}, css), root);
  const view = { key, root, stage, data: null, chosen: null, off: new Set(), found: new Set(), picture: null, near: null };
  view.say = (word) => view.data?.words?.[word] ?? "";
  view.draw = () => view.picture?.sigma.refresh({ skipIndexation: true });
  view.theme = watchTheme(root, () => repaint(view));
  view.theme.paint({ style: () => {} });
  view.filters = createFilters(view);
  view.find = createFind(view);
  view.card = createCard(view);
  view.receive = (component) => receive(view, component, message);
  view.leave = () => leave(view, host);
  return view;
}

function receive(view, component, message) {
  view.setState = component.setStateValue;
  view.trigger = component.setTriggerValue;
  const before = view.data;
  view.data = component.data;
  view.root.style.height = `${view.data.height}px`;
  view.root.lang = view.data.lang === "zh" ? "zh-CN" : "en";
  view.root.setAttribute("aria-label", view.say("aria_label"));
  const empty = view.data.nodes.id.length === 0;
  const able = hasWebGl();
  message.textContent = !able ? view.say("no_webgl") : empty ? view.say("empty") : "";
  view.root.dataset.state = !able ? "no-webgl" : empty ? "empty" : "drawn";
  if (able && !empty && before?.digest !== view.data.digest) renew(view);
  view.filters.refresh();
  view.find.refresh();
  view.draw();
}

// New data is a new picture; the camera stays where it was.
function renew(view) {
  const camera = view.picture?.sigma.getCamera().getState() ?? cameras.get(view.key) ?? null;
  view.picture?.sigma.kill();
  view.picture = createPicture(view);
  const { sigma } = view.picture;
  if (camera !== null) sigma.getCamera().setState(camera);
  view.stage.sigma = sigma;
  let waiting = null;
  sigma.on("clickNode", ({ node }) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => choose(view, node), DOUBLE_MS);
  });
  sigma.on("clickStage", () => choose(view, null));
  sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
    preventSigmaDefault();
    clearTimeout(waiting);
    view.trigger("open", { id: view.picture.idOf(node) });
  });
  sigma.on("enterNode", ({ node }) => {
    view.near = new Set([node, ...view.picture.graph.neighbors(node)]);
    view.card.show(node);
    view.draw();
  });
  sigma.on("leaveNode", () => {
    view.near = null;
    view.card.hide();
    view.draw();
  });
  sigma.on("downStage", () => view.card.hide());
}

export function choose(view, node) {
  if (view.chosen === node) return;
  view.chosen = node;
  view.setState("chosen", { id: node === null ? null : view.picture.idOf(node) });
  view.draw();
}

function repaint(view) {
  if (view.picture === null) return;
  applyTo(view.picture.sigma, view.theme.now);
  view.filters.refresh();
  view.draw();
}

function leave(view, host) {
  view.theme.stop();
  if (view.picture !== null) {
    cameras.set(view.key, view.picture.sigma.getCamera().getState());
    view.picture.sigma.kill();
  }
  host.replaceChildren();
}
