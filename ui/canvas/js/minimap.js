// The whole chart in a corner: dots and the present view; a click or drag moves the view.
import { shown } from "./chart.js";
import { lineColour } from "./colour.js";
import { el } from "./dom.js";

const WIDTH = 168;
const HEIGHT = 112;
const MARGIN = 6;
const LINES_UP_TO = 600;

export function createMiniMap(app) {
  const canvas = el("canvas", { width: WIDTH * 2, height: HEIGHT * 2 });
  const close = el("button", { type: "button", class: "close", click: () => toggle() }, "×");
  const box = el("div", { class: "minimap panel", hidden: true }, canvas, close);
  app.root.append(box);
  const state = { open: true, scale: 1, x: 0, y: 0, asked: false, picture: null };
  const redraw = () => {
    state.asked = false;
    box.hidden = !state.open || app.cy.nodes().length < 2 || app.cy.width() < 620 || allInView(app.cy);
    if (box.hidden || app.theme.now === null) return;
    close.title = app.say("map_close");
    canvas.setAttribute("aria-label", app.say("map"));
    draw(app, canvas, state);
  };
  // At most once a frame, whatever happens on the chart.
  const ask = () => {
    if (state.asked) return;
    state.asked = true;
    requestAnimationFrame(redraw);
  };
  const toggle = () => {
    state.open = !state.open;
    app.toolbar.refresh();
    redraw();
  };
  const go = (event) => {
    if (event.buttons !== 1) return;
    const at = canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - at.x - state.x) / state.scale, (event.clientY - at.y - state.y) / state.scale];
    const zoom = app.cy.zoom();
    app.cy.pan({ x: app.cy.width() / 2 - x * zoom, y: app.cy.height() / 2 - y * zoom });
  };
  canvas.addEventListener("pointerdown", (event) => [canvas.setPointerCapture(event.pointerId), go(event)]);
  canvas.addEventListener("pointermove", go);
  app.cy.on("viewport position add remove", ask);
  app.map = { toggle, isOpen: () => state.open };
  return { refresh: ask };
}

// While nothing lies outside, the map would only cover what it shows.
function allInView(cy) {
  const view = cy.extent();
  return shown(cy)
    .nodes()
    .every((node) => {
      const { x, y } = node.position();
      return x >= view.x1 && x <= view.x2 && y >= view.y1 && y <= view.y2;
    });
}

function draw(app, canvas, state) {
  const { cy } = app;
  const nodes = shown(cy).nodes();
  const places = nodes.map((node) => node.position());
  const [left, right] = [Math.min(...places.map((p) => p.x)), Math.max(...places.map((p) => p.x))];
  const [top, bottom] = [Math.min(...places.map((p) => p.y)), Math.max(...places.map((p) => p.y))];
  const scale = Math.min((WIDTH - 2 * MARGIN) / (right - left || 1), (HEIGHT - 2 * MARGIN) / (bottom - top || 1), 1);
  state.scale = scale;
  state.x = WIDTH / 2 - (scale * (left + right)) / 2;
  state.y = HEIGHT / 2 - (scale * (top + bottom)) / 2;
  const brush = canvas.getContext("2d");
  brush.setTransform(2, 0, 0, 2, 0, 0);
  brush.clearRect(0, 0, WIDTH, HEIGHT);
  const put = (point) => [state.x + point.x * scale, state.y + point.y * scale];
  if (cy.edges().length <= LINES_UP_TO) drawLines(cy, brush, put, app.theme.now);
  nodes.forEach((node) => {
    const [x, y] = put(node.position());
    brush.fillStyle = node.selected() ? app.theme.now.accent : lineColour(node.data("colour"), app.theme.now.dark);
    const size = node.data("kind") === "" ? 3 : 5;
    brush.fillRect(x - size / 2, y - size / 2, size, size);
  });
  const view = cy.extent();
  const [x, y] = put({ x: view.x1, y: view.y1 });
  brush.strokeStyle = app.theme.now.accent;
  brush.lineWidth = 1.4;
  brush.strokeRect(x, y, view.w * scale, view.h * scale);
}

function drawLines(cy, brush, put, theme) {
  brush.strokeStyle = theme.border;
  brush.lineWidth = 0.6;
  brush.beginPath();
  cy.edges().not(".gone").forEach((edge) => {
    brush.moveTo(...put(edge.source().position()));
    brush.lineTo(...put(edge.target().position()));
  });
  brush.stroke();
}
