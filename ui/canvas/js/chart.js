// The cytoscape instance with the settings every chart shares.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);

export function createChart(container) {
  return cytoscape({
    container,
    minZoom: 0.05,
    maxZoom: 4,
    boxSelectionEnabled: true,
    selectionType: "single",
    // Above about a thousand lines a drag stays smooth only without them.
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
