// The page of one incident, technique, actor, platform or country, with links both ways.

import { type App, nameOf, type Part, title } from "./app";
import { yearOf } from "./counts";
import { h, plural, shown } from "./dom";
import { findingList, incidentButton, passage, putBack, references, technique, when } from "./evidence";
import { servedCard } from "./served";
import { type Incident, type Passage, ROLES, type Thing } from "./model";

function section(name: string, ...content: (Node | string | null)[]): HTMLElement | null {
  const kept = content.filter((item) => item !== null);
  return kept.length ? h("section", {}, h("h3", {}, name), ...kept) : null;
}

function facts(rows: readonly (readonly [string, Node | string | null])[]): HTMLElement {
  return h("dl", {}, rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

export function thingButton(app: App, thing: Thing): HTMLElement {
  return h("button", { type: "button", class: "plain", click: () => app.open(thing.key) }, thing.name);
}

function counted(app: App, incidents: readonly number[]): [number, number][] {
  const found = new Map<number, number>();
  for (const incident of incidents) for (const use of app.model.uses[incident]!) found.set(use, (found.get(use) ?? 0) + 1);
  return [...found].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

function incidentList(app: App, incidents: readonly number[]): HTMLElement | null {
  if (!incidents.length) return null;
  return h("ul", { class: "plainlist" }, incidents.map((found) => {
    const incident = app.model.incidents[found]!;
    const year = yearOf(incident, "act");
    return h("li", {}, incidentButton(app, incident), h("span", { class: "number" }, year === null ? "" : String(year)));
  }));
}

function incidentCard(app: App, incident: Incident): (HTMLElement | null)[] {
  const { model } = app;
  const roles = ROLES.map((name, role) => {
    const things = incident.relations.filter((relation) => relation.role === role);
    return [name, things.length ? h("span", {}, things.map((relation) => thingButton(app, relation.thing))) : null] as const;
  });
  const used = new Set(model.uses[incident.place]!);
  const evidence = model.evidence[incident.place]!;
  const heldBack = new Set(evidence.flatMap((item) => item.techniques).filter((place) => !used.has(place)));
  const passages = new Map<Passage, typeof evidence[number][]>();
  for (const item of evidence) if (item.passage) passages.set(item.passage, [...(passages.get(item.passage) ?? []), item]);
  const rows = [...used, ...heldBack].map((place) => {
    const kinds = new Set(evidence.filter((item) => item.techniques.includes(place)).map((item) => ({ TableRow: "table", Observation: "inline", WorkbookRow: "workbook" })[item.kind] ?? "other"));
    return h("tr", {}, h("td", {}, technique(app, model.techniques[place]!.id)), h("td", {}, heldBack.has(place) ? "held back" : "accepted"), h("td", {}, [...kinds].join(", ")));
  });
  return [
    facts([["kind", incident.type || "incident"], ["when", when(incident)], ...roles]),
    section("Techniques", rows.length ? h("table", {}, h("thead", {}, h("tr", {}, ["technique", "status", "stated in"].map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, rows)) : h("p", {}, "None is stated.")),
    section("Recovered from an earlier release", model.recovered[incident.place]!.length ? h("ul", { class: "plainlist" }, model.recovered[incident.place]!.map((place) => h("li", {}, technique(app, model.techniques[place]!.id)))) : null),
    section("Told in", passages.size ? h("div", {}, [...passages].map(([text, items]) => h("div", {}, items.some((item) => item.misplaced) ? h("p", { class: "warn" }, "This description tags techniques but not those of its rows: it is probably another incident's.") : null, passage(app, text, items, used)))) : null),
    section("Put back", putBack(app, incident)),
    section("Articles", references(app, incident)),
    section("Like cases", similar(app, incident)),
    section("Findings", (model.findings.get(incident.id) ?? []).length ? findingList(app, incident.id) : null),
  ];
}

function similar(app: App, incident: Incident): HTMLElement | null {
  const own = new Set(app.model.uses[incident.place]!);
  if (!own.size) return null;
  const near = app.model.incidents.map((other) => {
    const held = app.model.uses[other.place]!;
    const both = held.filter((place) => own.has(place)).length;
    return { other, both, jaccard: both / (held.length + own.size - both) };
  }).filter((item) => item.both > 0 && item.other !== incident).sort((a, b) => b.jaccard - a.jaccard || b.both - a.both || a.other.place - b.other.place).slice(0, 5);
  if (!near.length) return null;
  return h("ul", { class: "plainlist" }, near.map((item) => h("li", {}, incidentButton(app, item.other), h("span", { class: "number" }, `${item.both} shared, Jaccard ${shown(item.jaccard)}`))));
}

function techniqueCard(app: App, place: number): (HTMLElement | null)[] {
  const { model, counts, tested } = app;
  const about = model.techniques[place]!;
  const family = new Set([place, ...model.children[place]!]);
  const incidents = model.incidents.filter((incident) => model.uses[incident.place]!.some((use) => family.has(use))).map((incident) => incident.place);
  const stand = counts.margins[place]! > 0 ? place : about.parent;
  const others = stand < 0 ? [] : counts.shown
    .filter((other) => other !== stand && counts.both[stand * counts.size + other]! > 0)
    .sort((a, b) => counts.both[stand * counts.size + b]! - counts.both[stand * counts.size + a]! || tested.q(stand, a) - tested.q(stand, b) || a - b).slice(0, 20);
  return [
    facts([
      ["tactic", about.tactic >= 0 ? `${model.tactics[about.tactic]!.id} ${model.tactics[about.tactic]!.name}` : "none"],
      ["parent", about.parent >= 0 ? technique(app, model.techniques[about.parent]!.id) : null],
      ["state", about.retired ? "retired" : null],
      ["incidents", String(incidents.length)],
    ]),
    section("Goes with", others.length ? h("table", {}, h("thead", {}, h("tr", {}, ["technique", app.state.unit + "s", "q", ""].map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, others.map((other) => h("tr", {},
      h("td", {}, technique(app, model.techniques[other]!.id)), h("td", { class: "number" }, String(counts.both[stand * counts.size + other]!)), h("td", { class: "number" }, shown(tested.q(stand, other))),
      h("td", {}, h("button", { type: "button", "aria-label": `Why ${title(app, other)}?`, click: () => app.choose([model.techniques[stand]!.id, model.techniques[other]!.id]) }, "Why?")))))) : null,
      stand === place || stand < 0 ? null : h("p", { class: "hint" }, `Counted for ${title(app, stand)}: sub-techniques are folded.`)),
    section("Sub-techniques", model.children[place]!.length ? h("ul", { class: "plainlist" }, model.children[place]!.map((child) => h("li", {}, technique(app, model.techniques[child]!.id)))) : null),
    model.counted ? null : section("Incidents", incidentList(app, incidents)),
    ...[...model.published].map(([release, uses]) => (about.retired ? section(`Incidents in ${release} as published`, incidentList(app, model.incidents.map((incident) => incident.place).filter((held) => uses[held]!.includes(place)))) : null)),
    section("Countered by", model.counters[place]!.length ? h("ul", { class: "plainlist" }, model.counters[place]!.map((item) => h("li", {}, h("span", { class: "id" }, item.id), ` ${item.name}`))) : null),
    section("Findings", (model.findings.get(about.id) ?? []).length ? findingList(app, about.id) : null),
  ];
}

function thingCard(app: App, thing: Thing): (HTMLElement | null)[] {
  const { model } = app;
  const roles = ROLES.map((_, role) => thing.incidents.filter((incident) => model.incidents[incident]!.relations.some((relation) => relation.thing === thing && relation.role === role)));
  const used = counted(app, thing.incidents);
  const others = new Map<Thing, number>();
  for (const incident of thing.incidents) for (const relation of model.incidents[incident]!.relations) if (relation.thing !== thing) others.set(relation.thing, (others.get(relation.thing) ?? 0) + 1);
  return [
    facts([["kind", thing.kind], ["other names", thing.aliases.join(", ")], ["incidents", String(thing.incidents.length)]]),
    h("p", {}, h("button", { type: "button", click: () => app.set({ things: [...new Set([...app.state.things, thing.key])] }) }, "Count only its incidents"), " ",
      h("button", { type: "button", click: () => app.set({ view: "network", focus: thing.key, opened: [], most: 20 }) }, "Its network")),
    section("Techniques", used.length ? h("ul", { class: "plainlist" }, used.map(([place, number]) => h("li", {}, technique(app, model.techniques[place]!.id), h("span", { class: "number" }, String(number))))) : null),
    section("Stands beside", others.size ? h("ul", { class: "plainlist" }, [...others].sort((a, b) => b[1] - a[1] || a[0].key.localeCompare(b[0].key)).slice(0, 20).map(([other, number]) => h("li", {}, thingButton(app, other), ` ${other.kind}`, h("span", { class: "number" }, String(number))))) : null),
    ...ROLES.map((name, role) => section(`Incidents: ${name}`, incidentList(app, roles[role]!))),
  ];
}

/** The content of a thing's page. */
export function card(app: App, key: string): HTMLElement[] {
  const { model } = app;
  const place = model.techniqueOf.get(key);
  const incident = model.incidentOf.get(key);
  const thing = model.thingOf.get(key);
  const head = h("h2", { tabindex: -1, id: "card-title" }, thing ? thing.name : `${key} ${nameOf(model, key)}`);
  if (place !== undefined) return [head, ...techniqueCard(app, place)].filter((item) => item !== null);
  if (incident !== undefined) return [head, ...incidentCard(app, model.incidents[incident]!)].filter((item) => item !== null);
  if (thing) return [head, ...thingCard(app, thing)].filter((item) => item !== null);
  if (key && app.served) return servedCard(app, app.served, key);
  if (model.counted) return [h("h2", { tabindex: -1, id: "card-title" }, "Pages"), h("p", {}, app.served ? "Search for an id, a name or a title; the server has the pages." : "This page holds counts alone; choose a technique by search or in another view.")];
  return [h("h2", { tabindex: -1, id: "card-title" }, "Pages"), h("p", {}, "Search for an id, a name or a title; or choose one of these."), register(app)];
}

/** All incidents under the filters, as a table. */
function register(app: App): HTMLElement {
  const incidents = app.counts.incidents.map((place) => app.model.incidents[place]!);
  return h("div", {}, h("p", {}, plural(incidents.length, "incident")), h("table", {}, h("thead", {}, h("tr", {}, ["incident", "year of the act", "first reported", "techniques"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, incidents.slice(0, 500).map((incident) => h("tr", {}, h("td", {}, incidentButton(app, incident)), h("td", { class: "number" }, String(yearOf(incident, "act") ?? "")), h("td", { class: "number" }, incident.published), h("td", { class: "number" }, String(app.model.uses[incident.place]!.length)))))));
}

export class CardView implements Part {
  readonly #host: HTMLElement;
  #key = "";
  readonly paint = null;

  constructor(readonly app: App, host: HTMLElement) {
    this.#host = h("article", { class: "card" });
    host.append(this.#host);
    this.#draw();
  }

  #draw(): void {
    this.#key = this.app.state.focus;
    this.#host.replaceChildren(...card(this.app, this.#key));
    this.#host.parentElement!.scrollTop = 0;
  }

  update(): void {
    const other = this.#key !== this.app.state.focus;
    this.#draw();
    if (other) document.getElementById("card-title")?.focus({ preventScroll: true });
  }

  size(): readonly [number, number] {
    return [0, 0];
  }

  table(): readonly (readonly (string | number | null)[])[] {
    const { model, state } = this.app;
    const place = model.techniqueOf.get(state.focus);
    const incident = model.incidentOf.get(state.focus);
    const thing = model.thingOf.get(state.focus);
    const rows: (string | number | null)[][] = [["incident", "title", "year_of_the_act", "first_reported", "technique", "name"]];
    const wanted = incident !== undefined ? [incident] : thing ? thing.incidents : this.app.counts.incidents;
    for (const found of wanted) {
      const about = model.incidents[found]!;
      for (const use of model.uses[found]!) {
        if (place !== undefined && use !== place && model.techniques[use]!.parent !== place) continue;
        rows.push([about.id, about.title, yearOf(about, "act"), about.published, model.techniques[use]!.id, model.techniques[use]!.name]);
      }
    }
    return rows;
  }
}
