// The chart as a picture for Python: of what is in view or of all of it, hulls, legend, title and notice included.
import { shown } from "./chart.js";
import { svg } from "./dom.js";
import { marksOf } from "./drawing.js";
import { bandsOf, drawBands, drawLegend, LEGEND_WIDTH, legendHeight } from "./frame.js";
import { drawHulls } from "./hulls.js";
import { LINE_FONT, LINE_LEAST, NODE_FONT, NODE_LEAST } from "./look.js";

const LONGEST_SIDE = 8000; // canvases above this fail in some browsers
const MARGIN = 48;

export async function sendPicture(app, command, form) {
  if (shown(app.cy).empty()) return;
  const plan = planOf(app, command);
  if (form === "svg") return app.trigger("png", { command: command.id, svg: text(wholeSvg(app, plan)) });
  const page = await painted(app, plan);
  app.trigger("png", { command: command.id, data: page.toDataURL("image/png").split(",")[1] });
}

// Sizes in pixels of the picture at scale 1; `zoom`, `x`, `y` bring the chart's coordinates there.
function planOf(app, command) {
  const { cy } = app;
  const bands = bandsOf(command.lines ?? []);
  if (command.whole === false) {
    const { x, y } = cy.pan();
    const [width, height] = [cy.width(), cy.height() + bands.head + bands.foot];
    return { bands, whole: false, width, height, zoom: cy.zoom(), x, y: y + bands.head, legend: app.legendOpen() ? 8 : null };
  }
  const box = shown(cy).boundingBox();
  const side = bands.head > 0 && app.legendRows().length > 0 ? LEGEND_WIDTH : 0;
  const height = Math.max(box.h + 2 * MARGIN, side > 0 ? legendHeight(app) : 0) + bands.head + bands.foot;
  const width = box.w + 2 * MARGIN + side;
  const place = { x: MARGIN + side - box.x1, y: MARGIN + bands.head - box.y1 };
  return { bands, whole: true, width, height, zoom: 1, ...place, box, side, legend: side > 0 ? 8 : null };
}

function wholeSvg(app, plan) {
  const { width, height, zoom, x, y, bands } = plan;
  const size = { width: Math.ceil(width), height: Math.ceil(height), viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}` };
  const eles = plan.whole ? shown(app.cy) : inView(app);
  // Labels are there as they are on screen, also where the whole chart is drawn larger.
  const marks = svg("g", { transform: `translate(${x} ${y}) scale(${zoom})` }, marksOf(app, eles, app.cy.zoom()));
  const ground = svg("rect", { width: size.width, height: size.height, fill: app.theme.now.ground });
  const clip = { x: 0, y: bands.head, width: size.width, height: Math.ceil(height - bands.head - bands.foot) };
  const defs = svg("defs", {}, svg("clipPath", { id: "view" }, svg("rect", clip)));
  return svg("svg", size, defs, ground, svg("g", { "clip-path": "url(#view)" }, marks), ...over(app, plan));
}

function over(app, plan) {
  const legend = plan.legend === null ? null : drawLegend(app, plan.legend, plan.height - plan.bands.foot - 8);
  return [legend, drawBands(app, plan.bands, plan.width, plan.height)].filter(Boolean);
}

// Marks outside the view would only make the file larger.
function inView(app) {
  const { x1, y1, x2, y2 } = app.cy.extent();
  return shown(app.cy).filter((ele) => {
    const box = ele.boundingBox();
    return box.x2 >= x1 && box.x1 <= x2 && box.y2 >= y1 && box.y1 <= y2;
  });
}

function text(element) {
  return new XMLSerializer().serializeToString(element);
}

// The marks as they are on screen, by the chart's own renderer; title, notice and legend drawn over them.
async function painted(app, plan) {
  const { cy } = app;
  const { width, height, zoom, x, y, bands } = plan;
  const scale = Math.min(2, LONGEST_SIDE / Math.max(width, height));
  const [page, brush] = sheet(width * scale, height * scale);
  const [hulls, hullBrush] = sheet(width * scale, height * scale);
  brush.fillStyle = app.theme.now.ground;
  brush.fillRect(0, 0, page.width, page.height);
  hullBrush.setTransform(scale * zoom, 0, 0, scale * zoom, x * scale, y * scale);
  drawHulls(cy, hullBrush, app.theme.now, zoom);
  brush.drawImage(hulls, 0, 0);
  const limits = { maxWidth: LONGEST_SIDE, maxHeight: LONGEST_SIDE };
  const marks = await image(asOnScreen(cy, () => cy.png({ full: plan.whole, scale, bg: "transparent", ...limits })));
  const [left, top] = plan.whole ? [MARGIN + plan.side, MARGIN + bands.head] : [0, bands.head];
  brush.drawImage(marks, left * scale, top * scale);
  const frame = svg("svg", { width: Math.ceil(width * scale), height: Math.ceil(height * scale), viewBox: `0 0 ${width} ${height}` }, ...over(app, plan));
  brush.drawImage(await image(`data:image/svg+xml;utf8,${encodeURIComponent(text(frame))}`), 0, 0);
  return page;
}

// A larger picture has room for labels that the screen leaves out; what is seen is what is given.
function asOnScreen(cy, draw) {
  const quiet = cy.collection();
  if (cy.zoom() * LINE_FONT < LINE_LEAST) quiet.merge(cy.edges());
  if (cy.zoom() * NODE_FONT < NODE_LEAST) quiet.merge(cy.nodes());
  quiet.addClass("unlabelled");
  try {
    return draw();
  } finally {
    quiet.removeClass("unlabelled");
  }
}

async function image(source) {
  const found = new Image();
  found.src = source;
  await found.decode();
  return found;
}

function sheet(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width);
  canvas.height = Math.ceil(height);
  return [canvas, canvas.getContext("2d")];
}
