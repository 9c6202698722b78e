// One chart: its elements, its parts and what happens when a message arrives or the page is left.
import { createQueue, kept } from "./acts.js";
import { createAsk } from "./ask.js";
import css from "./canvas.css";
import { hearWindow } from "./channel.js";
import { createChart, frame } from "./chart.js";
import { runCommand } from "./commands.js";
import { el } from "./dom.js";
import { listen } from "./gestures.js";
import { createHistory } from "./history.js";
import { watchHover } from "./hover.js";
import { createHulls } from "./hulls.js";
import { listenToKeys } from "./keys.js";
import { createLasso } from "./lasso.js";
import { createLegend } from "./legend.js";
import { createMenu } from "./menu.js";
import { createMiniMap } from "./minimap.js";
import { createPalette } from "./palette.js";
import { createReplay } from "./replay.js";
import { createSearch } from "./search.js";
import { createBar } from "./selection.js";
import { createStatus } from "./status.js";
import { sync } from "./sync.js";
import { watchTheme } from "./theme.js";
import { createToolbar } from "./toolbar.js";
import { recall, remember } from "./views.js";
import { applyVisibility } from "./visibility.js";

export function createApp(host, key) {
  const stage = el("div", { class: "stage" });
  const under = el("canvas", { class: "under" });
  const empty = el("p", { class: "empty" });
  const live = el("div", { class: "live", "aria-live": "polite" });
  const root = el("div", { class: "chart", tabindex: "0", role: "application" }, under, stage, empty, live);
  host.append(el("style", {}, css), root);
  const app = { key, root, stage, under, data: null, ...memoryless() };
  app.say = (word) => app.data?.words?.[word] ?? "";
  app.announce = (text) => {
    live.textContent = text;
  };
  app.cy = createChart(stage);
  app.memory = recall(app);
  app.trigger = createQueue(app);
  app.history = createHistory(app, () => app.toolbar.refresh());
  app.theme = watchTheme(root, (theme) => app.repaint(theme));
  const parts = addParts(app);
  app.repaint = (theme) => parts.hulls.draw(theme);
  app.refresh = () => refresh(app, parts, empty);
  app.receive = (component) => receive(app, component);
  app.leave = () => leave(app, host);
  return app;
}

function memoryless() {
  return { hidden: new Set(), off: new Set(), done: new Set(), stood: new Map(), anonymous: false };
}

function addParts(app) {
  const hulls = createHulls(app);
  app.menu = createMenu(app);
  app.ask = createAsk(app);
  app.lasso = createLasso(app);
  app.search = createSearch(app);
  app.palette = createPalette(app);
  app.toolbar = createToolbar(app);
  app.stop = [watchHover(app), listen(app), listenToKeys(app), watchSize(app), () => app.theme.stop()];
  app.replay = createReplay(app);
  app.stop.push(hearWindow(app.key, app.replay.hear), app.replay.stop);
  const legend = createLegend(app);
  app.legendWidth = legend.width;
  return { hulls, legend, status: createStatus(app), bar: createBar(app), map: createMiniMap(app) };
}

function watchSize(app) {
  const observer = new ResizeObserver(() => {
    app.cy.resize();
    // A chart drawn while its tab was hidden had no size to fit into.
    if (app.unfitted && app.cy.width() > 0) app.unfitted = !frame(app);
  });
  observer.observe(app.stage);
  return () => observer.disconnect();
}

function receive(app, component) {
  // Listeners use the newest setters; those of the first call go stale.
  app.component = component;
  app.setState = component.setStateValue;
  const first = app.data === null;
  app.data = component.data;
  app.root.style.height = `${app.data.height}px`;
  app.root.lang = app.data.lang === "zh" ? "zh-CN" : "en";
  app.root.setAttribute("aria-label", app.say("aria_label"));
  app.cy.resize();
  if (first) app.theme.paint(app.cy);
  // What Python keeps comes with the data; what was shown ahead of its answer has been answered.
  if (kept(app)) app.hidden.clear();
  sync(app);
  applyVisibility(app);
  app.replay.received();
  if (app.unfitted) app.unfitted = !frame(app);
  app.toolbar.refresh();
  runCommand(app, app.data.command);
  app.report();
}

function refresh(app, parts, empty) {
  empty.textContent = app.cy.nodes().empty() ? app.say("empty") : "";
  parts.legend.refresh();
  parts.status.refresh();
  parts.bar.refresh();
  parts.map.refresh();
  parts.hulls.draw(app.theme.now);
}

function leave(app, host) {
  remember(app);
  for (const stop of app.stop) stop();
  app.cy.destroy();
  host.replaceChildren();
}
