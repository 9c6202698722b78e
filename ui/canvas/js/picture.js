// The chart as a PNG for Python: all of it, hulls included, on the page's ground.
import { drawHulls } from "./hulls.js";

const LONGEST_SIDE = 8000; // canvases above this fail in some browsers
const MARGIN = 48;

export async function sendPicture(app, command) {
  const { cy } = app;
  const eles = cy.elements().not(".gone");
  if (eles.empty()) return;
  const box = eles.boundingBox();
  const [width, height] = [box.w + 2 * MARGIN, box.h + 2 * MARGIN];
  const scale = Math.min(2, LONGEST_SIDE / Math.max(width, height));
  const [page, brush] = sheet(width * scale, height * scale);
  const [hulls, hullBrush] = sheet(width * scale, height * scale);
  brush.fillStyle = app.theme.now.ground;
  brush.fillRect(0, 0, page.width, page.height);
  hullBrush.setTransform(scale, 0, 0, scale, (MARGIN - box.x1) * scale, (MARGIN - box.y1) * scale);
  drawHulls(cy, hullBrush, app.theme.now, 1);
  brush.drawImage(hulls, 0, 0);
  const marks = new Image();
  marks.src = cy.png({ full: true, scale, bg: "transparent", maxWidth: LONGEST_SIDE, maxHeight: LONGEST_SIDE });
  await marks.decode();
  brush.drawImage(marks, MARGIN * scale, MARGIN * scale);
  app.trigger("png", { command, data: page.toDataURL("image/png").split(",")[1] });
}

function sheet(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width);
  canvas.height = Math.ceil(height);
  return [canvas, canvas.getContext("2d")];
}
