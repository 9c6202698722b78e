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
  const page = document.createElement("canvas");
  page.width = Math.ceil(width * scale);
  page.height = Math.ceil(height * scale);
  const brush = page.getContext("2d");
  brush.fillStyle = app.theme.now.ground;
  brush.fillRect(0, 0, page.width, page.height);
  brush.setTransform(scale, 0, 0, scale, (MARGIN - box.x1) * scale, (MARGIN - box.y1) * scale);
  drawHulls(cy, brush, app.theme.now);
  const marks = new Image();
  marks.src = cy.png({ full: true, scale, bg: "transparent", maxWidth: LONGEST_SIDE, maxHeight: LONGEST_SIDE });
  await marks.decode();
  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.drawImage(marks, MARGIN * scale, MARGIN * scale);
  app.trigger("png", { command, data: page.toDataURL("image/png").split(",")[1] });
}
