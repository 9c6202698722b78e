// Fills the panel beside the chart; every text goes in as text, never as markup.
"use strict";

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "class") element.className = value;
    else if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
}

function facts(pairs) {
  const list = make("dl");
  for (const [label, value] of pairs) {
    if (value !== "" && value !== null && value !== undefined) list.append(make("dt", {}, label), make("dd", {}, value));
  }
  return list;
}

function figure(value, label) {
  return make("div", {}, make("b", {}, value), make("span", {}, label));
}

function section(title, ...children) {
  return [make("h3", {}, title), ...children];
}

// Masked names are alike, so lists add the end of the key.
function nodeTitle(node) {
  return node.name ? `${node.name} ·${node.key.slice(-4)}` : node.key;
}

function edgeButton(chart, id, from) {
  const { page, lang, word } = chart;
  const edge = page.edges[id];
  const kind = page.kinds[edge.kind];
  const stripe = make("i");
  stripe.style.background = kind.colour;
  const other = from === edge.start ? edge.end : edge.start;
  const way = !edge.directed ? "—" : from === null ? "→" : from === edge.start ? "→" : "←";
  const ends = from === null
    ? `${nodeTitle(page.nodes[edge.start])} ${way} ${nodeTitle(page.nodes[edge.end])}`
    : `${way} ${nodeTitle(page.nodes[other])}`;
  const text = make("span", {}, `${kind.label[lang]} ${ends}`);
  const sum = edge.total[lang] || (edge.count > 1 ? `${edge.count}` : "");
  return make("button", { class: "link", type: "button", onclick: () => chart.selectEdge(id) }, stripe, text, sum);
}

function overviewPanel(chart) {
  const { page, lang, word } = chart;
  const all = Object.values(page.nodes);
  const members = all.filter((node) => node.member).length;
  const strongest = Object.keys(page.edges)
    .filter((id) => page.edges[id].order !== null)
    .sort((a, b) => page.edges[b].order - page.edges[a].order)
    .slice(0, 8);
  const figures = make("div", { class: "figures" },
    figure(members, word("members")), figure(Object.keys(page.edges).length, word("relations")), figure(page.row_count, word("rows")),
    figure(page.score, word("score")), figure(page.stability, word("stability")), figure(all.length - members, word("connecting")));
  const rules = page.rules.length
    ? page.rules.map(([rule, revision]) => `${rule} r${revision}`).join(" · ")
    : word("none");
  return [
    make("h2", {}, page.title),
    make("p", { class: "kind" }, word("overview")),
    page.masked ? null : make("p", { class: "warning" }, word("full_warning")),
    figures,
    page.left_out ? make("p", { class: "opinion" }, `${page.left_out} ${word("left_out")}`) : null,
    make("p", { class: "opinion" }, word("opinion")),
    ...(page.said.length ? section(word("doubts"), ...page.said.map((pair) => make("p", {}, pair[lang]))) : []),
    ...(strongest.length ? section(word("strongest"), ...strongest.map((id) => edgeButton(chart, id, null))) : []),
    ...section(word("rules"), make("div", {}, rules)),
    ...section(word("sources"), sourceTable(page.sources)),
  ];
}

function sourceTable(sources) {
  const rows = sources.map(([short, sha]) => make("tr", {}, make("td", {}, short), make("td", { class: "code" }, sha)));
  return make("table", {}, ...rows);
}

function nodePanel(chart, id) {
  const { page, lang, word } = chart;
  const node = page.nodes[id];
  const related = Object.keys(page.edges).filter((e) => page.edges[e].start === id || page.edges[e].end === id);
  const known = node.properties.map(([zh, en, ...value]) => [[zh, en][lang], value[lang]]);
  const seen = node.seen ? `${node.seen[0]} · ${word("row")} ${node.seen[1]}` : "";
  return [
    make("button", { class: "back", type: "button", onclick: () => chart.selectNothing() }, `‹ ${word("back")}`),
    make("h2", {}, node.name || node.key),
    make("p", { class: "kind" }, `${page.types[node.type].label[lang]}${node.victim ? ` · ${word("victim")}` : ""}${node.member ? "" : ` · ${word("not_member")}`}`),
    facts([[word("identifier"), node.key], [word("strength"), node.member ? node.strength : ""], [word("level"), node.level], ...known, [word("first_seen"), seen]]),
    ...(node.roles.length ? section(word("roles"), ...node.roles.flatMap((role) => roleBar(chart, role))) : []),
    node.refuted[lang] ? make("p", { class: "kind refuted" }, node.refuted[lang]) : null,
    ...section(`${word("relations")} (${related.length})`, ...related.map((e) => edgeButton(chart, e, id))),
  ];
}

function roleBar(chart, role) {
  const { lang, word } = chart;
  const bar = make("div", { class: "bar" }, make("b", {}, role.label[lang]),
    ...(role.weight === null ? [] : [make("progress", { max: "1", value: String(role.weight) }), make("span", {}, role.weight.toFixed(2))]));
  const mark = make("p", { class: role.confirmed ? "mark confirmed" : "mark" }, [role.mark[lang], role.changed[lang]].filter(Boolean).join(" · "));
  const line = (kind) => ([sign, weight, rows]) =>
    make("li", { class: kind }, `${sign[lang]} · ${weight.toFixed(2)} · ${rows} ${word("row_count")}`);
  return [bar, mark, make("ul", { class: "signs" }, ...role.for.map(line("for")), ...role.against.map(line("against")))];
}

function edgePanel(chart, id) {
  const { page, lang, word } = chart;
  const edge = page.edges[id];
  const end = (nodeId) => make("button", { class: "link", type: "button", onclick: () => chart.selectNode(nodeId) },
    make("span", {}, `${page.types[page.nodes[nodeId].type].label[lang]} ${nodeTitle(page.nodes[nodeId])}`));
  const note = edge.cited > edge.citations.length
    ? make("p", { class: "kind" }, word("shown_of").replace("{shown}", edge.citations.length).replace("{all}", edge.cited))
    : null;
  return [
    make("button", { class: "back", type: "button", onclick: () => chart.selectNothing() }, `‹ ${word("back")}`),
    make("h2", {}, page.kinds[edge.kind].label[lang]),
    end(edge.start),
    make("p", { class: "kind" }, edge.directed ? "↓" : "—"),
    end(edge.end),
    facts([[word("total"), edge.total[lang]], [word("count"), edge.count], [word("first"), edge.first], [word("last"), edge.last],
      [word("sureness"), edge.sureness[lang]], [word("weight"), edge.weight === null ? "" : String(edge.weight)]]),
    ...section(word("citations"), note, citationTable(chart, edge)),
  ];
}

function citationTable(chart, edge) {
  const { lang, word } = chart;
  const head = make("tr", {}, make("th", {}, word("time")), make("th", { class: "number" }, word("amount")),
    make("th", {}, word("source")), make("th", { class: "number" }, word("row")));
  const rows = edge.citations.map(([at, zh, en, source, row]) =>
    make("tr", {}, make("td", {}, at), make("td", { class: "number" }, [zh, en][lang]),
      make("td", { title: chart.sourceNames.get(source) }, source), make("td", { class: "number" }, String(row))));
  return make("table", { id: "citations" }, make("thead", {}, head), make("tbody", {}, ...rows));
}
