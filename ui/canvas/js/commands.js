// What Python asks the chart to do; each command id runs once.
import { byIds, frame } from "./chart.js";
import { calm } from "./dom.js";
import { runLayout } from "./layouts.js";
import { sendPicture } from "./picture.js";
import { showHidden } from "./visibility.js";

export function runCommand(app, command) {
  if (!command || app.done.has(command.id)) return;
  app.done.add(command.id);
  const some = byIds(app.cy, command.ids);
  const operations = {
    fit: () => frame(app),
    png: () => sendPicture(app, command, "png"),
    svg: () => sendPicture(app, command, "svg"),
    layout: () => runLayout(app, command.layout ?? "force"),
    select: () => select(app, some),
    centre: () => centre(app, some),
    show_hidden: () => showHidden(app),
  };
  operations[command.op]?.();
}

export function centre(app, eles) {
  if (eles.empty()) return;
  if (calm()) app.cy.center(eles);
  else app.cy.animate({ center: { eles }, duration: 150 });
}

export function select(app, eles) {
  app.cy.$(":selected").unselect();
  eles.select();
  app.report();
}
