// The chart while the window moves: few lines fade in place; many are painted on a layer of their own, plainly and fast.
import { el } from "./dom.js";
import { applyWindow } from "./visibility.js";
import { linesInTime, outside } from "./window.js";

// Above so many lines cytoscape is too slow to draw twenty pictures a second.
const IN_PLACE = 60;
const FAINT = 0.13;
const WIDEST = 3;

export function createReplay(app) {
  const layer = el("canvas", { class: "replay", hidden: true });
  app.stage.after(layer);
  const replay = { moving: false, window: null, scene: null };
  const forget = () => {
    replay.scene = null;
  };
  app.cy.on("viewport position add remove", forget);
  const quiet = () => {
    replay.moving = false;
    layer.hidden = true;
    app.stage.classList.remove("behind");
  };
  replay.hear = (window, moving) => {
    if (app.data === null) return;
    replay.window = window;
    if (moving && app.cy.edges().length > IN_PLACE) {
      replay.moving = true;
      layer.hidden = false;
      app.stage.classList.add("behind");
      replay.scene ??= sceneOf(app, layer);
      paint(layer, replay.scene, window);
      return;
    }
    quiet();
    replay.moving = moving;
    applyWindow(app, window);
  };
  // A message that comes while the window moves knows an older one.
  replay.received = () => {
    forget();
    if (replay.moving) replay.hear(replay.window, true);
  };
  replay.stop = quiet;
  return replay;
}

// Where everything stands on the screen, and the whole chart faded as one picture to begin each frame with.
function sceneOf(app, layer) {
  const { cy } = app;
  const scale = globalThis.devicePixelRatio || 1;
  const [width, height] = [cy.width(), cy.height()];
  layer.width = Math.round(width * scale);
  layer.height = Math.round(height * scale);
  const [zoom, pan] = [cy.zoom(), cy.pan()];
  const plain = linesInTime(cy);
  const nodes = cy.nodes().map((node) => {
    const at = node.position();
    const colour = node.data("colour");
    const radius = Math.max(1.5, (node.data("size") * zoom) / 2);
    return { x: at.x * zoom + pan.x, y: at.y * zoom + pan.y, colour, radius, gone: node.hasClass("gone") };
  });
  const lines = cy.edges().map((edge, at) => {
    const [from, to] = [nodes[plain.lines[at].from], nodes[plain.lines[at].to]];
    const wide = Math.min(WIDEST, Math.max(1, edge.data("width") * zoom));
    return { from, to, colour: edge.data("colour"), wide, gone: edge.hasClass("gone") || from.gone || to.gone };
  });
  const scene = { plain, nodes, lines, width, height, scale, ground: document.createElement("canvas") };
  scene.ground.width = layer.width;
  scene.ground.height = layer.height;
  const pen = scene.ground.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.globalAlpha = FAINT;
  draw(pen, lines, nodes, () => true, () => true);
  return scene;
}

function paint(layer, scene, window) {
  const dark = outside(scene.plain, window);
  const pen = layer.getContext("2d");
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, layer.width, layer.height);
  pen.drawImage(scene.ground, 0, 0);
  pen.setTransform(scene.scale, 0, 0, scene.scale, 0, 0);
  draw(pen, scene.lines, scene.nodes, (at) => dark.lines[at] === 0, (at) => dark.nodes[at] === 0);
}

function draw(pen, lines, nodes, lineLit, nodeLit) {
  lines.forEach((line, at) => {
    if (line.gone || !lineLit(at)) return;
    pen.strokeStyle = line.colour;
    pen.lineWidth = line.wide;
    pen.beginPath();
    pen.moveTo(line.from.x, line.from.y);
    pen.lineTo(line.to.x, line.to.y);
    pen.stroke();
  });
  nodes.forEach((node, at) => {
    if (node.gone || !nodeLit(at)) return;
    pen.fillStyle = node.colour;
    // A small square is a tenth of the work of a circle, and no one sees the difference.
    if (node.radius < 4) pen.fillRect(node.x - node.radius, node.y - node.radius, 2 * node.radius, 2 * node.radius);
    else {
      pen.beginPath();
      pen.arc(node.x, node.y, node.radius, 0, 2 * Math.PI);
      pen.fill();
    }
  });
}
