"use strict";
// The query page: an editor with highlighting and completion, and three pictures of an answer. It asks the endpoint
// beside it and nothing else. What data says reaches the page through textContent alone.
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const text = byId("text"), shown = byId("shown"), offers = byId("offers"), state = byId("state");
  const ENDPOINT = "sparql", MOST_ROWS = 500, MOST_NODES = 120;
  const KEYWORDS = new Set(("BASE PREFIX SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE GROUP BY HAVING ORDER ASC " +
    "DESC LIMIT OFFSET VALUES OPTIONAL GRAPH UNION MINUS FILTER BIND AS EXISTS NOT IN UNDEF COUNT SUM MIN MAX AVG SAMPLE " +
    "GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE " +
    "LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY NOW UUID IF COALESCE SAMETERM ISIRI " +
    "ISLITERAL ISBLANK ISNUMERIC REGEX SUBSTR REPLACE TRUE FALSE A").split(" "));
  const TOKEN = /(#[^\n]*)|("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(<[^<>"{}|^`\\\s]*>)|([?$]\w+)|([A-Za-z][\w.-]*)?(:[\w.-]*)|([A-Za-z_]\w*)|(\d[\d.eE]*)|([\s\S])/g;
  const CLASSES = [, "c", "s", "i", "v", "i", "i", "", "n"];
  let fault = null, running = null, answer = null, serial = 0;

  const make = (tag, content, className) => {
    const node = document.createElement(tag);
    if (content !== undefined) node.textContent = content;
    if (className) node.className = className;
    return node;
  };

  // --- highlighting ---------------------------------------------------------------------------------------------
  function highlight() {
    const parts = document.createDocumentFragment();
    const source = text.value;
    if (source.length > 60000) { parts.append(source); } else {
      for (const found of source.matchAll(TOKEN)) {
        const kind = found.findIndex((part, index) => index > 0 && part !== undefined);
        const className = kind === 7 ? (KEYWORDS.has(found[0].toUpperCase()) ? "k" : "") : CLASSES[kind] || "";
        const wrong = fault !== null && found.index <= fault && fault < found.index + found[0].length;
        parts.append(className || wrong ? make("span", found[0], wrong ? className + " e" : className) : found[0]);
      }
    }
    parts.append("\n");
    shown.replaceChildren(parts);
    follow();
  }
  function follow() { shown.scrollTop = text.scrollTop; shown.scrollLeft = text.scrollLeft; }

  // --- completion -----------------------------------------------------------------------------------------------
  const terms = [...data.terms, ...Object.keys(data.prefixes).map((prefix) => ({ name: prefix + ":", about: "prefix" }))];
  let chosen = 0, found = [], from = 0;
  function offer(always) {
    const before = text.value.slice(0, text.selectionStart);
    const word = /[\w?$:.-]*$/.exec(before)[0];
    from = before.length - word.length;
    const low = word.toLowerCase();
    if (!always && word.length < 3) return close();
    const variables = [...new Set(text.value.match(/[?$]\w+/g) || [])].map((name) => ({ name, about: "variable" }));
    const rank = (item) => {
      const name = item.name.toLowerCase(), local = name.slice(name.indexOf(":") + 1);
      return name === low ? -1 : name.startsWith(low) ? 0 : local.startsWith(low) ? 1 : name.includes(low) ? 2 : -1;
    };
    found = [...variables, ...terms].map((item) => [rank(item), item]).filter(([order]) => order >= 0)
      .sort((one, other) => one[0] - other[0]).slice(0, 40).map(([, item]) => item);
    if (!found.length) return close();
    chosen = 0;
    offers.replaceChildren(...found.map((item, index) => {
      const line = make("li", item.name + (item.about ? "  " + item.about : ""));
      line.setAttribute("role", "option");
      line.id = "offer-" + index;
      line.addEventListener("mousedown", (event) => { event.preventDefault(); chosen = index; take(); });
      return line;
    }));
    const lines = before.split("\n");
    offers.style.top = Math.min(lines.length * 20.3 + 12 - text.scrollTop, text.clientHeight - 60) + "px";
    offers.style.left = Math.max(8, Math.min((lines.at(-1).length - word.length) * 8.4 + 8 - text.scrollLeft, text.clientWidth - 240)) + "px";
    offers.hidden = false;
    text.setAttribute("aria-expanded", "true");
    mark();
  }
  function mark() {
    [...offers.children].forEach((line, index) => line.setAttribute("aria-selected", String(index === chosen)));
    text.setAttribute("aria-activedescendant", "offer-" + chosen);
    offers.children[chosen]?.scrollIntoView({ block: "nearest" });
  }
  function close() { offers.hidden = true; text.setAttribute("aria-expanded", "false"); text.removeAttribute("aria-activedescendant"); }
  function take() {
    text.setRangeText(found[chosen].name, from, text.selectionStart, "end");
    close(); changed();
  }
  function changed() { fault = null; highlight(); }

  text.addEventListener("input", () => { changed(); offer(false); });
  text.addEventListener("scroll", follow);
  text.addEventListener("blur", close);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); ask(); return; }
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); offer(true); return; }
    if (offers.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); chosen = (chosen + step + found.length) % found.length; mark(); }
    else if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); take(); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
  });

  // --- asking ---------------------------------------------------------------------------------------------------
  const ROWS = "application/sparql-results+json", GRAPH = "application/n-triples";
  function say(words, bad) { state.textContent = words; state.className = bad ? "bad" : ""; }
  async function ask() {
    running?.abort();
    running = new AbortController();
    const mine = ++serial, control = running, began = performance.now();
    byId("stop").disabled = false;
    say("asking …");
    fault = null;
    try {
      const response = await fetch(ENDPOINT, {
        method: "POST", signal: control.signal, credentials: "omit",
        headers: { "Content-Type": "application/sparql-query", Accept: `${ROWS}, ${GRAPH};q=0.9, application/problem+json;q=0.1` },
        body: text.value,
      });
      const body = await response.text();
      if (mine !== serial) return;
      if (!response.ok) { complain(body, response.status); return; }
      const kind = (response.headers.get("Content-Type") || "").split(";")[0];
      answer = kind === GRAPH ? { graph: triplesOf(body), raw: body } : { ...JSON.parse(body), raw: body };
      show();
      const linked = (answer.head?.link || []).find((link) => link.startsWith("#truncated-"));
      const cut = response.headers.get("KG-Truncated") || linked?.slice(11).replace(/-/g, " ");
      const count = answer.graph ? `${answer.graph.length} triples` : answer.results ? `${answer.results.bindings.length} rows` : "";
      say(`${count}${count ? ", " : ""}${Math.round(performance.now() - began)} ms${cut ? " — cut " + cut : ""}`, Boolean(cut));
    } catch (error) {
      if (mine === serial) say(error.name === "AbortError" ? "stopped" : "the endpoint cannot be reached", true);
    } finally {
      if (mine === serial) byId("stop").disabled = true;
    }
    highlight();
  }
  function complain(body, status) {
    let problem = {};
    try { problem = JSON.parse(body); } catch { problem = { detail: body.slice(0, 300) }; }
    if (problem.line) {
      const lines = text.value.split("\n").slice(0, problem.line - 1);
      fault = lines.reduce((total, line) => total + line.length + 1, 0) + problem.column - 1;
    }
    say(`${status}: ${problem.detail || "no answer"}${problem.excerpt ? "\n" + problem.excerpt : ""}`, true);
    highlight();
  }

  // --- showing --------------------------------------------------------------------------------------------------
  function short(iri) {
    for (const [prefix, space] of Object.entries(data.prefixes).sort((one, other) => other[1].length - one[1].length)) {
      if (iri.startsWith(space) && /^[\w.~-]+$/.test(iri.slice(space.length))) return prefix + ":" + iri.slice(space.length);
    }
    return iri;
  }
  function termNode(term) {
    if (!term) return document.createTextNode("");
    if (term.type !== "uri") return document.createTextNode(term.type === "triple" ? JSON.stringify(term.value) : term.value + (term["xml:lang"] ? " @" + term["xml:lang"] : ""));
    const own = term.value.startsWith(data.base), link = make("a", short(term.value));
    if (!own && !/^https?:\/\//i.test(term.value)) return document.createTextNode(term.value);
    link.href = own ? "./" + term.value.slice(data.base.length) : term.value;
    if (!own) link.rel = "nofollow noopener noreferrer";
    return link;
  }
  function show() {
    byId("raw").textContent = answer.raw.slice(0, 2000000);
    const columns = answer.graph ? ["subject", "predicate", "object"] : answer.head.vars || [];
    const rows = answer.graph ? answer.graph.map(([s, p, o]) => ({ subject: s, predicate: p, object: o })) : answer.results?.bindings;
    if (!rows) { byId("table").replaceChildren(make("p", answer.boolean ? "yes" : "no")); byId("graph").replaceChildren(make("p", "an answer of yes or no has no graph")); return; }
    const table = make("table"), head = table.createTHead().insertRow(), body = table.createTBody();
    for (const name of columns) head.append(make("th", name));
    for (const row of rows.slice(0, MOST_ROWS)) {
      const line = body.insertRow();
      for (const name of columns) line.insertCell().append(termNode(row[name]));
    }
    const more = rows.length > MOST_ROWS ? [make("p", `the first ${MOST_ROWS} of ${rows.length} rows; download them to see all`)] : [];
    byId("table").replaceChildren(table, ...more);
    byId("graph").replaceChildren(draw(answer.graph || pairsOf(columns, rows)));
  }
  function triplesOf(lines) {
    const term = /<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<[^>]*>)?/g;
    return lines.split("\n").filter((line) => line && !line.startsWith("#")).map((line) => [...line.matchAll(term)].slice(0, 3).map((part) =>
      part[1] !== undefined ? { type: "uri", value: plain(part[1]) } : part[2] !== undefined ? { type: "bnode", value: "_:" + part[2] } : { type: "literal", value: plain(part[3]) })).filter((triple) => triple.length === 3);
  }
  function plain(escaped) {
    return escaped.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
      four || eight ? String.fromCodePoint(Math.min(parseInt(four || eight, 16), 0x10ffff)) : { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" }[one] || one);
  }
  const NUMBER = /#(integer|int|long|decimal|double|float|boolean|date|dateTime|nonNegativeInteger|positiveInteger)$/;
  function pairsOf(columns, rows) {
    // Numbers and days say how much and when; as things in a picture they would join what has nothing in common.
    const edges = [];
    for (const row of rows) for (let index = 1; index < columns.length; index++) {
      const one = row[columns[0]], other = row[columns[index]];
      if (one && other && !NUMBER.test(one.datatype) && !NUMBER.test(other.datatype)) edges.push([one, { type: "literal", value: columns[index] }, other]);
    }
    return edges;
  }
  function draw(triples) {
    const nodes = new Map(), edges = [];
    let left = 0;
    const place = (term) => {
      const key = term.type + term.value;
      if (!nodes.has(key)) { if (nodes.size >= MOST_NODES) return null; nodes.set(key, { term, x: 0, y: 0, fx: 0, fy: 0 }); }
      return nodes.get(key);
    };
    for (const [subject, predicate, object] of triples) {
      const one = place(subject), other = place(object);
      if (one && other) edges.push([one, other, predicate.value]); else left++;
    }
    if (!nodes.size) return make("p", "there is nothing to draw");
    const all = [...nodes.values()], size = 100 + 14 * Math.sqrt(all.length) * 6;
    all.forEach((node, index) => { const turn = index * 2.399963; node.x = Math.sqrt(index + 1) * 22 * Math.cos(turn); node.y = Math.sqrt(index + 1) * 22 * Math.sin(turn); });
    for (let round = 0; round < 160; round++) {
      const heat = 12 * (1 - round / 160);
      for (const one of all) { one.fx = -one.x * 0.01; one.fy = -one.y * 0.01; }
      for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) {
        const dx = all[i].x - all[j].x, dy = all[i].y - all[j].y, far = dx * dx + dy * dy + 0.1, push = 1800 / far;
        all[i].fx += dx * push / 10; all[i].fy += dy * push / 10; all[j].fx -= dx * push / 10; all[j].fy -= dy * push / 10;
      }
      for (const [one, other] of edges) {
        const dx = other.x - one.x, dy = other.y - one.y, pull = (Math.hypot(dx, dy) - 70) * 0.01;
        one.fx += dx * pull / 10; one.fy += dy * pull / 10; other.fx -= dx * pull / 10; other.fy -= dy * pull / 10;
      }
      for (const node of all) { const far = Math.hypot(node.fx, node.fy) || 1, move = Math.min(far, heat) / far; node.x += node.fx * move; node.y += node.fy * move; }
    }
    const reach = Math.max(size / 2, ...all.map((node) => Math.max(Math.abs(node.x), Math.abs(node.y)))) + 60;
    const svg = (tag, attributes, words) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      if (words !== undefined) node.textContent = words;
      return node;
    };
    const root = svg("svg", { viewBox: `${-reach} ${-reach} ${2 * reach} ${2 * reach}`, role: "img", "aria-label": `${all.length} things and ${edges.length} statements` });
    for (const [one, other, words] of edges) { const line = svg("line", { x1: one.x, y1: one.y, x2: other.x, y2: other.y }); line.append(svg("title", {}, short(words))); root.append(line); }
    for (const node of all) {
      const name = node.term.type === "uri" ? short(node.term.value) : node.term.value;
      const dot = svg("circle", { cx: node.x, cy: node.y, r: 5, class: node.term.type });
      dot.append(svg("title", {}, node.term.value));
      root.append(dot, svg("text", { x: node.x + 7, y: node.y + 4 }, name.length > 34 ? name.slice(0, 33) + "…" : name));
    }
    const box = make("div");
    if (left) box.append(make("p", `${left} statements are not drawn: a picture of more than ${MOST_NODES} things is not legible`));
    box.append(root);
    return box;
  }
  const tabs = ["table", "raw", "graph"];
  function turn(name) { for (const tab of tabs) { byId(tab).hidden = tab !== name; byId("tab-" + tab).setAttribute("aria-selected", String(tab === name)); } }
  tabs.forEach((name, index) => {
    byId("tab-" + name).addEventListener("click", () => turn(name));
    byId("tab-" + name).addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) { const next = tabs[(index + step + tabs.length) % tabs.length]; turn(next); byId("tab-" + next).focus(); }
    });
  });

  // --- named queries, links, downloads --------------------------------------------------------------------------
  for (const query of data.queries) byId("named").append(new Option(query.title, query.name));
  byId("named").addEventListener("change", (event) => pick(event.target.value));
  function pick(name) {
    const query = data.queries.find((one) => one.name === name);
    if (!query) return;
    text.value = query.text;
    byId("about").textContent = query.description;
    changed();
  }
  for (const [name, label] of [["csv", "CSV"], ["tsv", "TSV"], ["json", "JSON"], ["xml", "XML"], ["turtle", "Turtle"], ["ntriples", "N-Triples"], ["jsonld", "JSON-LD"], ["rdfxml", "RDF/XML"]]) byId("download").append(new Option(label, name));
  byId("download").addEventListener("change", async (event) => {
    const name = event.target.value;
    event.target.value = "";
    if (!name) return;
    const form = new URLSearchParams({ query: text.value, format: name });
    try {
      const response = await fetch(ENDPOINT, { method: "POST", body: form, credentials: "omit", headers: { Accept: "application/problem+json;q=0.1, */*" } });
      if (!response.ok) { complain(await response.text(), response.status); return; }
      const link = make("a"), address = URL.createObjectURL(await response.blob());
      link.href = address;
      link.download = "answer." + ({ turtle: "ttl", ntriples: "nt", rdfxml: "rdf" }[name] || name);
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
    } catch { say("the endpoint cannot be reached", true); }
  });
  byId("share").addEventListener("click", async () => {
    history.replaceState(null, "", "#query=" + encodeURIComponent(text.value));
    try { await navigator.clipboard.writeText(location.href); say("the link is copied"); } catch { say("the link is in the address bar"); }
  });
  byId("ask").addEventListener("click", ask);
  byId("stop").addEventListener("click", () => running?.abort());
  function fromAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    if (given.get("query") !== null) { text.value = given.get("query"); changed(); } else if (given.get("name")) { byId("named").value = given.get("name"); pick(given.get("name")); } else if (!text.value) { text.value = data.first; changed(); }
  }
  addEventListener("hashchange", fromAddress);
  fromAddress();
})();
