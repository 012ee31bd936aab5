// What the parts of the page share: the facts, what is asked of them, and how to ask something else.

import type { Theme } from "./colours";
import type { Counts, Tested } from "./counts";
import type { Model } from "./model";
import type { Painter } from "./painter";
import type { Served } from "./served";
import { type Measure, MEASURES, measured } from "./stats";
import type { State } from "./state";

export interface App {
  readonly model: Model;
  readonly state: Readonly<State>;
  readonly counts: Counts;
  readonly tested: Tested;
  readonly theme: Theme;
  /** The server that is asked for what the page does not hold; null where it holds all. */
  readonly served: Served | null;
  /** Change what is shown; one step of undo, unless it only continues the last one. */
  set(change: Partial<State>, continued?: boolean): void;
  /** Show the page of a thing. */
  open(key: string): void;
  /** Choose techniques: their evidence stands in the panel. */
  choose(ids: readonly string[]): void;
  /** Say something to those who hear the page. */
  say(text: string): void;
}

/** One way of looking: it draws into a host and is told of every change. */
export interface Part {
  update(): void;
  /** Draw what is seen; null where the view is no picture. */
  paint: ((painter: Painter, width: number, height: number) => void) | null;
  /** Width and height of the picture for a file, in pixels. */
  size(): readonly [number, number];
  /** Header and rows of what is seen. */
  table(): readonly (readonly (string | number | null)[])[];
  leave?(): void;
}

export function pairValue(app: App, measure: Measure, a: number, b: number): number {
  const { counts } = app;
  return measured(measure, counts.both[a * counts.size + b]!, counts.margins[a]!, counts.margins[b]!, counts.units);
}

export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly both: number;
  readonly value: number;
  readonly q: number;
}

/** The pairs that are not faded, the strongest by the chosen measure first. */
export function strongest(app: App, with_?: number): Pair[] {
  const { counts, state, tested } = app;
  const { shown, both, size } = counts;
  const pairs: Pair[] = [];
  for (let i = 0; i < shown.length; i++) {
    for (let j = i + 1; j < shown.length; j++) {
      const [a, b] = [shown[i]!, shown[j]!];
      if (with_ !== undefined && a !== with_ && b !== with_) continue;
      const joint = both[a * size + b]!;
      if (joint < Math.max(1, state.least)) continue;
      const q = tested.q(a, b);
      if (q > state.q) continue;
      pairs.push({ a, b, both: joint, value: pairValue(app, state.measure, a, b), q });
    }
  }
  return pairs.sort((x, y) => y.value - x.value || y.both - x.both || x.a - y.a || x.b - y.b);
}

export function unitWord(app: App, number = 2): string {
  return app.state.unit + (number === 1 ? "" : "s");
}

export function measureName(app: App): string {
  return MEASURES[app.state.measure].name;
}

export function title(app: App, place: number): string {
  const technique = app.model.techniques[place]!;
  return `${technique.id} ${technique.name}`;
}

/** The name of a thing, also of one that only the server holds. */
export function nameIn(app: App, key: string): string {
  const name = nameOf(app.model, key);
  return name === key ? app.served?.names.get(key) ?? key : name;
}

/** The name of a thing by its key: "T0146", "I00100" or "actor:spamouflage". */
export function nameOf(model: Model, key: string): string {
  const technique = model.techniqueOf.get(key);
  if (technique !== undefined) return model.techniques[technique]!.name;
  const incident = model.incidentOf.get(key);
  if (incident !== undefined) return model.incidents[incident]!.title;
  return model.thingOf.get(key)?.name ?? key;
}
