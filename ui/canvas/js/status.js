// The line at the bottom: how much is on the chart, how much is hidden, and the way to bring it back.
import { kept } from "./acts.js";
import { el, thousands } from "./dom.js";
import { showHidden } from "./visibility.js";

export function createStatus(app) {
  const text = el("span");
  const back = el("button", { type: "button", click: () => showHidden(app) });
  const box = el("div", { class: "status panel" }, text, back);
  app.root.append(box);
  const refresh = () => {
    const { cy } = app;
    const gone = cy.elements(".gone").filter((ele) => app.hidden.has(ele.id()) || ele.data("hidden")).length;
    const filtered = cy.nodes(".gone").length;
    const part = (all, none, word) => `${thousands(all - none)}${none > 0 ? ` / ${thousands(all)}` : ""} ${app.say(word)}`;
    const parts = [part(cy.nodes().length, filtered, "nodes"), part(cy.edges().length, unseen(cy), "links")];
    if (gone > 0) parts.push(`${thousands(gone)} ${app.say("hidden")}`);
    text.textContent = parts.join(" · ");
    back.textContent = app.say("show_hidden");
    back.hidden = kept(app) ? gone === 0 : app.hidden.size === 0;
    box.hidden = cy.nodes().empty();
  };
  return { refresh };
}

// A line is unseen as well when one of its ends is.
function unseen(cy) {
  return cy.edges().filter((edge) => edge.hasClass("gone") || edge.source().hasClass("gone") || edge.target().hasClass("gone"))
    .length;
}
