// Why is this edge here: the incidents, the passages with the tagged names marked, the articles, the repairs.

import { type App, nameOf, pairValue, title, unitWord } from "./app";
import { h, link, plural, shown } from "./dom";
import { type Evidence, type Incident, type Mention, type Passage, ROLES, type Thing } from "./model";
import { folding, usesUnder } from "./counts";
import { kindOf } from "./graph";
import { servedEdge, servedEvidence } from "./served";
import { MEASURES } from "./stats";

const FIRST = 20;

/** Incidents under the filters that hold every one of the techniques, folded as the counts are. */
export function incidentsWith(app: App, places: readonly number[]): number[] {
  const found = new Set<number>();
  app.counts.unitTechniques.forEach((held, unit) => {
    if (places.every((place) => held.includes(place))) found.add(app.counts.unitIncident[unit]!);
  });
  return [...found].sort((a, b) => a - b);
}

export function technique(app: App, id: string, inside: string | null = null, key = id): HTMLElement {
  return h("button", { type: "button", class: "plain", click: () => app.open(key) }, h("span", { class: "id" }, id), " ", inside ?? nameOf(app.model, key));
}

export function incidentButton(app: App, incident: Incident): HTMLElement {
  const label = incident.title === incident.id ? "" : ` ${incident.title}`;
  return h("button", { type: "button", class: "plain", click: () => app.open(incident.id) }, h("span", { class: "id" }, incident.id), label);
}

/** When it happened, and on what that rests; a date of publication is never shown as the year of the act. */
export function when(incident: Incident): string {
  if (incident.stated !== null) return `${incident.stated} (year of the act, as stated)`;
  if (incident.read !== null) return `${incident.read} (year of the act, read in the text)`;
  return incident.published ? `year of the act unknown; first reported ${incident.published}` : "year unknown";
}

interface Span { readonly start: number; readonly end: number; readonly own: boolean; readonly title: string }

/** A text with places in it marked. Offsets count code points; a string is indexed by UTF-16 units. */
function marked(told: string, spans: readonly Span[]): (Node | string)[] {
  const text = Array.from(told);
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start < at || span.end > text.length || span.end <= span.start) continue;
    parts.push(text.slice(at, span.start).join(""), h("mark", { class: span.own ? "own" : "other", title: span.title }, text.slice(span.start, span.end).join("")));
    at = span.end;
  }
  return [...parts, text.slice(at).join("")];
}

/** A passage with the places of its observations, or of names, marked; where no text is loaded, its hash and the places. */
export function passage(app: App, told: Passage, items: readonly Evidence[], wanted: ReadonlySet<number>, names: readonly Mention[] = []): HTMLElement {
  const spans: Span[] = [
    ...names.map((item) => ({ start: item.start, end: item.end, own: true, title: `${item.thing.name}: ${ROLES[item.role]!}` })),
    ...items.filter((item) => item.end > item.start).map((item) => ({ start: item.start, end: item.end, own: item.techniques.some((found) => wanted.has(found)), title: item.techniques.map((found) => title(app, found)).join("; ") })),
  ];
  if (told.text) return h("blockquote", {}, ...marked(told.text, spans));
  const places = spans.map((span) => `${span.start}\u2013${span.end}`).join(", ");
  return h("p", { class: "hash" }, `passage ${told.id}, ${plural(told.length, "character")}${places ? `, ${names.length ? "named" : "observations"} at ${places}` : ""}; the words are not in this page`);
}

/** Why an incident relates to a thing: what a source states, and where its prose names it. */
export function named(app: App, incident: Incident, thing: Thing): HTMLElement {
  const roles = incident.relations.filter((relation) => relation.thing === thing).map((relation) => relation.role);
  const stated = app.model.stated[incident.place]!.filter((item) => item.thing === thing);
  const read = app.model.mentions[incident.place]!.filter((item) => item.thing === thing && roles.includes(item.role));
  const passages = [...new Set(read.map((item) => item.passage))].filter((told) => told !== null);
  const heading = read.filter((item) => item.field === "title");
  return h("div", { class: "told" },
    h("p", {}, `${thing.name}: ${roles.map((role) => ROLES[role]!).join(", ")}`),
    heading.length ? h("blockquote", {}, ...marked(incident.title, heading.map((item) => ({ start: item.start, end: item.end, own: true, title: item.rule })))) : null,
    passages.map((told) => passage(app, told, [], new Set(), read.filter((item) => item.passage === told))),
    h("ul", { class: "places" },
      stated.map((item) => h("li", {}, `${ROLES[item.role]!}: stated, ${item.where}`)),
      roles.filter((role) => ![...stated, ...read].some((item) => item.role === role)).map((role) => h("li", {}, `${ROLES[role]!}: stated in a field of the incident, not read in its prose`)),
      read.map((item) => h("li", {}, `${ROLES[item.role]!}: \u201c${item.surface}\u201d in the ${item.field}${item.passage ? ` ${item.passage.id}` : ""} at ${item.start}\u2013${item.end}, rule ${item.rule}, confidence ${item.confidence}`))));
}

function place(item: Evidence): string {
  const where = item.line ? `${item.file}:${item.line}` : item.file;
  const kind = { TableRow: "table row", Observation: "inline group", WorkbookRow: "workbook row" }[item.kind] ?? item.kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return `${kind}, ${where}${item.accepted ? "" : ", held back"}${item.misplaced ? ", description of another incident" : ""}${item.restored ? ", put back" : ""}`;
}

function stands(app: App, item: Evidence, places: ReadonlySet<number>): boolean {
  return item.techniques.some((found) => places.has(found) || places.has(app.model.techniques[found]!.parent));
}

/** What one incident tells of some techniques. */
export function told(app: App, incident: Incident, places: ReadonlySet<number>): HTMLElement {
  const items = app.model.evidence[incident.place]!.filter((item) => stands(app, item, places));
  const passages = new Map<Passage, Evidence[]>();
  for (const item of items) if (item.passage && !item.misplaced) passages.set(item.passage, [...(passages.get(item.passage) ?? []), item]);
  const findings = (app.model.findings.get(incident.id) ?? []);
  return h("div", { class: "told" },
    [...passages].map(([text, own]) => passage(app, text, own, places)),
    putBack(app, incident),
    placed(app, items),
    references(app, incident),
    findings.length ? h("details", {}, h("summary", {}, plural(findings.length, "finding")), findingList(app, incident.id)) : null,
  );
}

/** Where it is stated; more than a few places fold. */
function placed(app: App, items: readonly Evidence[]): HTMLElement {
  const list = h("ul", { class: "places" }, items.map((item) => h("li", {}, `${item.techniques.map((found) => app.model.techniques[found]!.id).join(", ")}: ${place(item)}`)));
  return items.length <= 2 ? list : h("details", {}, h("summary", {}, `stated in ${plural(items.length, "place")}`), list);
}

/** What was put back, on what that rests, and where it was found. */
export function putBack(app: App, incident: Incident): HTMLElement | null {
  const held = app.model.placements[incident.place]!;
  if (!held.length) return null;
  return h("ul", { class: "places" }, held.map((item) => h("li", {}, `passage ${item.passage.id} was put back here: ${item.evidence}, confidence ${item.confidence}`, item.under.length ? "; the release shows it under " : "",
    item.under.map((id) => technique(app, id, "")))));
}

export function references(app: App, incident: Incident): HTMLElement | null {
  const cited = app.model.references[incident.place]!;
  if (!cited.length) return null;
  return h("ul", { class: "references" }, cited.map((item) => h("li", {},
    [item.date, item.publisher].filter(Boolean).join(", "), item.date || item.publisher ? ": " : "",
    item.url ? link(item.url, item.url) : "no address",
    item.archive ? h("span", {}, " (", link(item.archive, "archived copy"), ")") : null)));
}

export function findingList(app: App, about: string): HTMLElement {
  return h("ul", { class: "findings" }, (app.model.findings.get(about) ?? []).map((item) => h("li", {},
    h("span", { class: "code" }, item.code), ` ${item.message}`, item.fix ? `; ${item.fix}` : "", item.where ? h("span", { class: "where" }, ` ${item.where}`) : null)));
}

/** Why an edge is there of which one end at least is no technique: the incidents that join its ends, and what each says. */
function joined(app: App, keys: readonly string[]): HTMLElement[] {
  const { model, served } = app;
  if (served) return servedEdge(app, served, keys);
  const places = keys.map((key) => model.techniqueOf.get(key)).filter((found) => found !== undefined);
  const things = keys.map((key) => model.thingOf.get(key)).filter((found) => found !== undefined);
  const incidents = joining(app, keys);
  return [
    h("h2", {}, keys.length === 1 ? "What is chosen" : "Why this edge?"),
    h("ul", { class: "plainlist" }, keys.map((key) => h("li", {}, technique(app, model.thingOf.has(key) ? "" : key, nameOf(model, key), key), model.thingOf.get(key)?.kind))),
    ...listed(app, incidents, places, things),
  ];
}

/** The incidents under the filters in which all of some things, techniques and incidents stand. */
export function joining(app: App, keys: readonly string[]): number[] {
  const { model, state } = app;
  const stands = folding(model, state);
  const uses = usesUnder(model, state);
  return app.counts.incidents.filter((place) => keys.every((key) => {
    const use = model.techniqueOf.get(key);
    if (use !== undefined) return uses[place]!.some((found) => found === use || stands[found] === use);
    return model.incidentOf.get(key) === place || model.thingOf.get(key)?.incidents.includes(place) === true;
  }));
}

/** The evidence of what is chosen, as sections for the panel. */
export function evidence(app: App): HTMLElement[] {
  const { state, model, counts } = app;
  const keys = state.chosen.filter((key) => kindOf(app, key) !== "other");
  if (keys.some((key) => !model.techniqueOf.has(key))) return joined(app, keys);
  const places = state.chosen.map((id) => model.techniqueOf.get(id)).filter((found) => found !== undefined);
  if (!places.length) return [];
  const incidents = incidentsWith(app, places);
  const head = places.length === 1 ? title(app, places[0]!) : places.length === 2 ? "Why these two?" : `Why these ${places.length}?`;
  const sections: HTMLElement[] = [h("h2", {}, head)];
  if (places.length > 1) sections.push(h("ul", { class: "plainlist" }, places.map((found) => h("li", {}, technique(app, model.techniques[found]!.id)))));
  const units = counts.unitTechniques.filter((held) => places.every((found) => held.includes(found))).length;
  sections.push(h("p", {}, `${plural(units, state.unit)} of N ${counts.units.toLocaleString("en")} `, `${units === 1 ? "holds" : "hold"} ${places.length === 1 ? "it" : "all of them"}.`));
  if (model.published.has(state.release)) sections.push(h("p", { class: "hint" }, `Counted as release ${state.release} was published; the passages are those of the graph as it stands.`));
  if (places.length === 2) sections.push(pairFacts(app, places[0]!, places[1]!));
  if (places.length === 1) sections.push(h("p", {}, h("button", { type: "button", click: () => app.open(state.chosen[0]!) }, "Open its page"), " ",
    h("button", { type: "button", click: () => app.set({ view: "network", focus: state.chosen[0]!, opened: [], most: 20 }) }, "Its network")));
  if (app.served) sections.push(...servedEvidence(app, app.served, state.chosen));
  else if (model.counted) sections.push(h("p", { class: "hint" }, "This page holds counts alone; the evidence stands in the graph it was made from: kg serve shows it, and kg why tells it."));
  else sections.push(...listed(app, incidents, places));
  return sections;
}

function pairFacts(app: App, a: number, b: number): HTMLElement {
  const { counts, tested } = app;
  const both = counts.both[a * counts.size + b]!;
  const expected = (counts.margins[a]! * counts.margins[b]!) / counts.units;
  const q = tested.q(a, b);
  const rows: [string, string][] = [
    ["together", `${both} (by chance ${shown(Number(expected.toFixed(2)))})`],
    [model(app, a), plural(counts.margins[a]!, app.state.unit)],
    [model(app, b), plural(counts.margins[b]!, app.state.unit)],
    ...(["jaccard", "lift", "npmi", "phi"] as const).map((name) => [MEASURES[name].name.replace(" (log2)", ""), shown(pairValue(app, name, a, b))] as [string, string]),
    ["p (Fisher, two-sided)", shown(tested.p(a, b))],
    ["q (Benjamini-Hochberg)", shown(q)],
  ];
  const verdict = q <= 0.05 ? (both > expected ? "More often than chance at 5 %." : "Less often than chance at 5 %.") : "Not told from chance at 5 %.";
  return h("div", {}, h("p", { class: "verdict" }, verdict), h("dl", {}, rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
}

function model(app: App, place: number): string {
  return app.model.techniques[place]!.id;
}

function listed(app: App, incidents: readonly number[], places: readonly number[], things: readonly Thing[] = []): HTMLElement[] {
  if (!incidents.length) return [h("p", {}, `No ${unitWord(app, 1)} under these filters holds ${places.length + things.length === 1 ? "it" : "them all"}.`)];
  const wanted = new Set(places);
  const list = h("ol", { class: "cases" });
  const more = h("p", {});
  let from = 0;
  const add = (): void => {
    const some = incidents.slice(from, from + FIRST);
    from += some.length;
    list.append(...some.map((found) => {
      const incident = app.model.incidents[found]!;
      return h("li", {}, incidentButton(app, incident), h("span", { class: "when" }, when(incident)), things.map((thing) => named(app, incident, thing)), told(app, incident, wanted));
    }));
    more.replaceChildren(`Showing ${from} of ${incidents.length}. `);
    if (from < incidents.length) more.append(h("button", { type: "button", click: add }, `Next ${Math.min(FIRST, incidents.length - from)}`));
  };
  add();
  return [h("h3", {}, plural(incidents.length, "incident")), list, more];
}
