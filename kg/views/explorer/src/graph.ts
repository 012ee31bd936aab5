// Who stands next to whom: techniques, incidents, actors, platforms and countries as one network, under the filters.

import { type App, nameIn } from "./app";
import { folding, usesUnder } from "./counts";
import type { Kind } from "./model";
import { partsOf, records, type Served, text } from "./served";

export interface Neighbour {
  readonly key: string;
  /** Units or incidents that join the two. */
  readonly strength: number;
}

export function kindOf(app: App, key: string): Kind | "other" {
  if (app.model.techniqueOf.has(key)) return "technique";
  if (app.model.incidentOf.has(key)) return "incident";
  return app.model.thingOf.get(key)?.kind ?? (app.served && key ? partsOf(app, key)[0] : "other");
}

/** The incidents under the filters in which a thing stands. */
function incidentsOf(app: App, key: string): number[] {
  const { model, counts } = app;
  const thing = model.thingOf.get(key);
  const allowed = new Set(counts.incidents);
  if (thing) return thing.incidents.filter((incident) => allowed.has(incident));
  const place = model.techniqueOf.get(key);
  if (place === undefined) return [];
  const stands = folding(model, app.state);
  return counts.incidents.filter((incident) => usesUnder(model, app.state)[incident]!.some((use) => use === place || stands[use] === place));
}

/** Neighbours, the strongest first: techniques by units together, incidents and things by what joins them. */
export function neighbours(app: App, key: string): Neighbour[] {
  const { model, counts } = app;
  if (app.served && !model.techniqueOf.has(key)) return servedNeighbours(app, app.served, key);
  const found = new Map<string, number>();
  const add = (other: string, weight = 1): void => { if (other !== key) found.set(other, (found.get(other) ?? 0) + weight); };
  const place = model.techniqueOf.get(key);
  const incident = model.incidentOf.get(key);
  if (incident !== undefined) {
    const stands = folding(model, app.state);
    for (const use of new Set(usesUnder(model, app.state)[incident]!.map((found) => stands[found]!))) add(model.techniques[use]!.id, Math.max(1, counts.margins[use]!));
    for (const relation of model.incidents[incident]!.relations) add(relation.thing.key, relation.thing.incidents.length);
  } else if (place !== undefined) {
    for (const other of counts.shown) {
      const both = counts.both[place * counts.size + other]!;
      if (both && other !== place && both >= app.state.least && app.tested.q(place, other) <= app.state.q) add(model.techniques[other]!.id, both);
    }
    for (const held of incidentsOf(app, key)) for (const relation of model.incidents[held]!.relations) add(relation.thing.key);
  } else {
    const stands = folding(model, app.state);
    for (const held of incidentsOf(app, key)) {
      for (const use of new Set(usesUnder(app.model, app.state)[held]!.map((used) => stands[used]!))) add(model.techniques[use]!.id);
      for (const relation of model.incidents[held]!.relations) add(relation.thing.key);
    }
  }
  return [...found].map(([other, strength]) => ({ key: other, strength })).sort((a, b) => b.strength - a.strength || (a.key < b.key ? -1 : 1));
}

/** The techniques of an incident that only the server holds, those that occur most first. */
function servedNeighbours(app: App, served: Served, key: string): Neighbour[] {
  const nodes = records(served.ask("neighbours", partsOf(app, key)[1]).value?.["nodes"]);
  const techniques = nodes.map((node) => text(node["id"])).filter((id) => app.model.techniqueOf.has(id));
  return techniques.map((id) => ({ key: id, strength: Math.max(1, app.counts.margins[app.model.techniqueOf.get(id)!]!) })).sort((a, b) => b.strength - a.strength || (a.key < b.key ? -1 : 1));
}

/** What joins two things of the bipartite network of incidents: for the path. */
function steps(app: App, key: string): string[] {
  const incident = app.model.incidentOf.get(key);
  if (incident !== undefined) {
    return [...usesUnder(app.model, app.state)[incident]!.map((use) => app.model.techniques[use]!.id), ...app.model.incidents[incident]!.relations.map((relation) => relation.thing.key)];
  }
  const place = app.model.techniqueOf.get(key);
  const allowed = app.counts.incidents;
  if (place !== undefined) return allowed.filter((held) => usesUnder(app.model, app.state)[held]!.includes(place)).map((held) => app.model.incidents[held]!.id);
  return incidentsOf(app, key).map((held) => app.model.incidents[held]!.id);
}

/** A shortest path through incidents, ends included; empty where there is none. */
export function path(app: App, from: string, to: string): string[] {
  const before = new Map<string, string>([[from, ""]]);
  let rim = [from];
  while (rim.length && !before.has(to)) {
    const next: string[] = [];
    for (const key of rim) {
      for (const other of steps(app, key)) {
        if (before.has(other)) continue;
        before.set(other, key);
        next.push(other);
      }
    }
    rim = next;
  }
  if (!before.has(to)) return [];
  const keys: string[] = [];
  for (let key = to; key; key = before.get(key)!) keys.push(key);
  return keys.reverse();
}

export function labelOf(app: App, key: string): string {
  const kind = kindOf(app, key);
  const name = nameIn(app, key);
  return kind === "technique" || (kind === "incident" && name !== key) ? `${key} ${name}` : name;
}
