// What the page shows, as one plain object: it can be put into the address, undone, and compared.

import type { Measure } from "./stats";

export type View = "matrix" | "framework" | "network" | "timeline" | "sets" | "page";
export type Unit = "incident" | "observation";
export type EvidenceKind = "repaired" | "rows" | "inline" | "all";
export type Order = "tactic" | "cluster" | "frequency" | "name";
export type Basis = "act" | "published";

export interface State {
  view: View;
  unit: Unit;
  evidence: EvidenceKind;
  recovered: boolean;
  /** What one release states as it was published; empty for the graph as it stands. */
  release: string;
  /** "all" where every parent is folded over its sub-techniques, else the ids of those that are. */
  folded: "all" | string[];
  measure: Measure;
  order: Order;
  /** Pairs of fewer units are faded; pairs of a greater q too. */
  least: number;
  q: number;
  family: boolean;
  tactics: string[];
  things: string[];
  from: number | null;
  to: number | null;
  basis: Basis;
  /** Whether incidents without a year stay when years are asked for. */
  undated: boolean;
  /** Chosen techniques: one, a pair, or a set. */
  chosen: string[];
  /** What the page view and the network are about: "T0146", "I00100", "actor:spamouflage"; empty for the whole. */
  focus: string;
  /** Nodes of the network that were opened, and how many neighbours of the focus are shown. */
  opened: string[];
  most: number;
  pathTo: string;
  inclusive: boolean;
  periodA: string;
  periodB: string;
  theme: "auto" | "light" | "dark";
}

export const START: Readonly<State> = {
  view: "matrix", unit: "incident", evidence: "repaired", recovered: false, release: "", folded: "all", measure: "jaccard", order: "tactic",
  least: 1, q: 1, family: true, tactics: [], things: [], from: null, to: null, basis: "act", undated: false, chosen: [],
  focus: "", opened: [], most: 20, pathTo: "", inclusive: false, periodA: "", periodB: "", theme: "auto",
};

const ALLOWED: Partial<Record<keyof State, readonly string[]>> = {
  view: ["matrix", "framework", "network", "timeline", "sets", "page"],
  unit: ["incident", "observation"],
  evidence: ["repaired", "rows", "inline", "all"],
  measure: ["count", "jaccard", "lift", "npmi", "phi", "confidence"],
  order: ["tactic", "cluster", "frequency", "name"],
  basis: ["act", "published"],
  theme: ["auto", "light", "dark"],
};

/** The state as the part of an address behind "#": only what differs from the start. */
export function written(state: State): string {
  const parts = new URLSearchParams();
  for (const key of Object.keys(START) as (keyof State)[]) {
    const value = state[key];
    if (JSON.stringify(value) === JSON.stringify(START[key])) continue;
    parts.set(key, Array.isArray(value) ? value.join(" ") : String(value));
  }
  return parts.toString();
}

/** The state that an address tells; what it does not know or cannot be is left as at the start. */
export function parsed(hash: string): State {
  const state: Record<string, unknown> = { ...START };
  for (const [key, text] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (!Object.hasOwn(START, key)) continue;
    const name = key as keyof State;
    const start = START[name];
    if (name === "folded") state[name] = text === "all" ? "all" : text.split(" ").filter(Boolean);
    else if (Array.isArray(start)) state[name] = text.split(" ").filter(Boolean);
    else if (typeof start === "boolean") state[name] = text === "true";
    else if (name === "from" || name === "to") state[name] = /^\d{1,4}$/.test(text) ? Number(text) : null;
    else if (typeof start === "number") {
      const value = Number(text);
      if (Number.isFinite(value) && value >= 0) state[name] = value;
    } else if (!ALLOWED[name] || ALLOWED[name].includes(text)) state[name] = text;
  }
  return state as unknown as State;
}
