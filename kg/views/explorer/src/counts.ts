// Counting under the filters: units, margins, pairs, and what of them is more than chance. N is part of every answer.

import type { Incident, Model } from "./model";
import { benjaminiHochberg, fisher } from "./stats";
import type { State } from "./state";

/** Survivors are told at a false discovery rate of 5 %. */
export const TESTED_AT = 0.05;
/** Pairs are tested whose techniques both occur in so many units, as `kg cooccurrence` does; the joint count is not looked at. */
export const TESTED_FROM = 3;
/** Beyond this ratio units are told to differ in size more than chance would have it, as in kg.analysis.sizes. */
export const LIKE = 1.5;

export interface Counts {
  /** Techniques that occur in some unit, after folding and the filter of tactics, in order of place. */
  readonly shown: readonly number[];
  /** Units that hold a technique: N. */
  readonly units: number;
  readonly unitTechniques: readonly (readonly number[])[];
  /** For each unit its incident. */
  readonly unitIncident: readonly number[];
  readonly margins: Int32Array;
  /** Joint counts: both[a * T + b], symmetric, with margins on the diagonal. */
  readonly both: Int32Array;
  readonly size: number;
  readonly incidents: readonly number[];
}

export interface Tested {
  /** How many pairs can be tested and how many survive at 5 %. */
  readonly testable: number;
  readonly survivors: number;
  /** Variance of the sizes of units over what chance would give them (Schluter 1984); 0 where it is undefined. */
  readonly unlike: number;
  q(a: number, b: number): number;
  p(a: number, b: number): number;
}

/** For each incident the techniques it uses: as the graph stands, or as one release states them. */
export function usesUnder(model: Model, state: State): readonly (readonly number[])[] {
  return model.published.get(state.release) ?? model.uses;
}

export function yearOf(incident: Incident, basis: State["basis"]): number | null {
  const act = incident.stated ?? incident.read;
  if (act !== null || basis === "act") return act;
  return incident.published ? Number(incident.published.slice(0, 4)) : null;
}

/** The technique that stands for each technique once parents are folded. */
export function folding(model: Model, state: State): Int32Array {
  const folded = state.folded === "all" ? null : new Set(state.folded);
  return Int32Array.from(model.techniques, (technique) => (
    technique.parent >= 0 && (folded === null || folded.has(model.techniques[technique.parent]!.id))
      ? technique.parent
      : technique.place
  ));
}

/** The incidents that pass the filters; things of one kind are alternatives, kinds must all be met. */
export function passing(model: Model, state: State): number[] {
  const wanted = new Map<string, Set<string>>();
  for (const key of state.things) {
    const kind = key.slice(0, key.indexOf("@") < 0 ? key.indexOf(":") : key.indexOf("@"));
    wanted.set(kind, (wanted.get(kind) ?? new Set()).add(key));
  }
  const dated = state.from !== null || state.to !== null;
  const kept: number[] = [];
  for (const incident of model.incidents) {
    if (dated) {
      const year = yearOf(incident, state.basis);
      if (year === null ? !state.undated : year < (state.from ?? 0) || year > (state.to ?? 9999)) continue;
    }
    let met = true;
    for (const keys of wanted.values()) met &&= incident.relations.some((relation) => keys.has(relation.thing.key));
    if (met) kept.push(incident.place);
  }
  return kept;
}

function setsOf(model: Model, state: State, incident: number): (readonly number[])[] {
  const published = model.published.get(state.release);
  if (published) return [published[incident]!];
  const told = model.evidence[incident]!;
  if (state.unit === "observation") {
    const lists = new Map<string, readonly number[]>();
    for (const item of told) {
      if (item.kind !== "Observation" || (state.evidence === "repaired" ? !item.accepted : item.restored)) continue;
      lists.set(item.list || item.techniques.join(" "), item.techniques);
    }
    return [...lists.values()];
  }
  let held: number[];
  if (state.evidence === "repaired" || model.counted) held = [...model.uses[incident]!];
  else {
    const kinds = { rows: ["TableRow"], inline: ["Observation"], all: ["TableRow", "Observation"] }[state.evidence];
    held = told.filter((item) => kinds.includes(item.kind) && !item.restored).flatMap((item) => item.techniques);
  }
  if (state.recovered && model.recovered.length) held.push(...model.recovered[incident]!);
  return [held];
}

export function count(model: Model, state: State): Counts {
  const size = model.techniques.length;
  const stands = folding(model, state);
  const tactics = new Set(state.tactics);
  const hidden = model.techniques.map((technique) => (
    tactics.size > 0 && !tactics.has(model.tactics[technique.tactic]?.id ?? "")
  ));
  const incidents = passing(model, state);
  const margins = new Int32Array(size);
  const both = new Int32Array(size * size);
  const unitTechniques: number[][] = [];
  const unitIncident: number[] = [];
  for (const incident of incidents) {
    for (const set of setsOf(model, state, incident)) {
      const held = [...new Set(set.map((place) => stands[place]!))];
      if (!held.length) continue;
      unitTechniques.push(held);
      unitIncident.push(incident);
      for (const a of held) {
        margins[a]!++;
        for (const b of held) both[a * size + b]!++;
      }
    }
  }
  const shown = model.techniques.map((technique) => technique.place).filter((place) => margins[place]! > 0 && !hidden[place]);
  return { shown, units: unitTechniques.length, unitTechniques, unitIncident, margins, both, size, incidents };
}

/** Whether two techniques are one above the other, or share a parent. */
export function related(model: Model, a: number, b: number): boolean {
  const [one, other] = [model.techniques[a]!, model.techniques[b]!];
  return one.parent === b || other.parent === a || (one.parent >= 0 && one.parent === other.parent);
}

/** The variance ratio of the sizes of units, over all techniques that occur. */
function unlike(counts: Counts): number {
  const { units, margins, unitTechniques } = counts;
  let [total, chance] = [0, 0];
  for (const margin of margins) {
    total += margin;
    chance += (margin / units) * (1 - margin / units);
  }
  const mean = total / units;
  const variance = unitTechniques.reduce((sum, held) => sum + (held.length - mean) ** 2, 0) / units;
  return chance > 0 ? variance / chance : 0;
}

/** Fisher's exact test with Benjamini-Hochberg over the shown pairs that can be tested. */
export function test(model: Model, state: State, counts: Counts): Tested {
  const { shown, units, margins, both, size } = counts;
  const known = new Map<number, number>();
  const places: number[] = [];
  const values: number[] = [];
  const byPair = new Map<number, number>();
  for (let i = 0; i < shown.length; i++) {
    for (let j = i + 1; j < shown.length; j++) {
      const [a, b] = [shown[i]!, shown[j]!];
      if (!state.family && related(model, a, b)) continue;
      const [low, high] = margins[a]! < margins[b]! ? [margins[a]!, margins[b]!] : [margins[b]!, margins[a]!];
      const margin = low * (units + 1) + high;
      if (low < TESTED_FROM) continue;
      const seen = both[a * size + b]!;
      const key = margin * (units + 1) + seen;
      let p = known.get(key);
      if (p === undefined) known.set(key, (p = fisher(seen, low, high, units)));
      byPair.set(a * size + b, places.length);
      places.push(a * size + b);
      values.push(p);
    }
  }
  const ps = Float64Array.from(values);
  const qs = benjaminiHochberg(ps);
  const at = (a: number, b: number): number | undefined => byPair.get(a < b ? a * size + b : b * size + a);
  let survivors = 0;
  for (const q of qs) if (q <= TESTED_AT) survivors++;
  return {
    testable: ps.length,
    survivors,
    unlike: unlike(counts),
    p: (a, b) => { const place = at(a, b); return place === undefined ? 1 : ps[place]!; },
    q: (a, b) => { const place = at(a, b); return place === undefined ? 1 : qs[place]!; },
  };
}
