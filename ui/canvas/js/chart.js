// The cytoscape instance with the settings every chart shares.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);

const MARGIN = 24;
const TOP = 48; // the toolbar
const LARGEST = 1.25;
export const LARGE = 1000;

export function createChart(container) {
  return cytoscape({
    container,
    minZoom: 0.05,
    maxZoom: 4,
    boxSelectionEnabled: true,
    selectionType: "single",
    hideEdgesOnViewport: false,
    textureOnViewport: false,
  });
}

export function byIds(cy, ids) {
  const found = cy.collection();
  for (const id of ids) found.merge(cy.getElementById(id));
  return found;
}

export function shown(cy) {
  return cy.elements().not(".gone");
}

function boxOf(nodes) {
  const box = { x1: Infinity, y1: Infinity, x2: -Infinity, y2: -Infinity };
  nodes.forEach((node) => {
    const { x, y } = node.position();
    const half = node.data("size") / 2;
    Object.assign(box, {
      x1: Math.min(box.x1, x - half), y1: Math.min(box.y1, y - half),
      x2: Math.max(box.x2, x + half), y2: Math.max(box.y2, y + half),
    });
  });
  return { ...box, w: box.x2 - box.x1, h: box.y2 - box.y1 };
}

// Shows all of it beside the open legend, one or two nodes not larger than life; false while there is no size.
export function frame(app) {
  const { cy } = app;
  const eles = shown(cy);
  if (cy.width() < 2 || cy.height() < 2 || eles.empty()) return false;
  const left = cy.width() > 700 ? app.legendWidth() : 0;
  // Measuring thousands of marks and labels takes longer than drawing them: a large chart is framed by its places.
  const box = eles.length > LARGE ? boxOf(eles.nodes()) : eles.boundingBox();
  const [width, height] = [cy.width() - left - 2 * MARGIN, cy.height() - TOP - MARGIN];
  const zoom = Math.min(width / box.w, height / box.h, LARGEST);
  const x = left + MARGIN + width / 2 - (zoom * (box.x1 + box.x2)) / 2;
  const y = TOP + height / 2 - (zoom * (box.y1 + box.y2)) / 2;
  cy.viewport({ zoom, pan: { x, y } });
  return true;
}
