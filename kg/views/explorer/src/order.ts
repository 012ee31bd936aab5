// The order of rows and columns of the matrix.

import type { Counts } from "./counts";
import type { Model } from "./model";
import type { Order } from "./state";

function byTactic(model: Model, a: number, b: number): number {
  const rank = (place: number): number => {
    const { tactic } = model.techniques[place]!;
    return tactic < 0 ? model.tactics.length : tactic;
  };
  return rank(a) - rank(b) || a - b;
}

/**
 * Techniques that occur together side by side: average-linkage clustering on 1 - Jaccard, by nearest-neighbour chains
 * (Murtagh 1983), the leaves in the order of merging with the heavier branch first.
 */
function clustered(counts: Counts): number[] {
  const { shown, both, size, margins } = counts;
  const n = shown.length;
  const apart = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [a, b] = [shown[i]!, shown[j]!];
      const joint = both[a * size + b]!;
      apart[i * n + j] = 1 - joint / (margins[a]! + margins[b]! - joint);
    }
  }
  const members: (number[] | null)[] = shown.map((_, index) => [index]);
  const alive = new Set(shown.keys());
  const chain: number[] = [];
  while (alive.size > 1) {
    if (!chain.length) chain.push(alive.values().next().value!);
    const top = chain[chain.length - 1]!;
    let [near, best] = [chain.length > 1 ? chain[chain.length - 2]! : -1, Infinity];
    if (near >= 0) best = apart[top * n + near]!;
    for (const other of alive) if (other !== top && apart[top * n + other]! < best) [near, best] = [other, apart[top * n + other]!];
    if (chain.length > 1 && near === chain[chain.length - 2]) {
      chain.length -= 2;
      const [one, two] = [members[top]!, members[near]!];
      for (const other of alive) {
        if (other === top || other === near) continue;
        const mean = (apart[top * n + other]! * one.length + apart[near * n + other]! * two.length) / (one.length + two.length);
        apart[top * n + other] = apart[other * n + top] = mean;
      }
      const weight = (list: number[]): number => list.reduce((sum, index) => sum + margins[shown[index]!]!, 0) / list.length;
      members[top] = weight(one) >= weight(two) ? [...one, ...two] : [...two, ...one];
      members[near] = null;
      alive.delete(near);
    } else chain.push(near);
  }
  return (members[[...alive][0] ?? 0] ?? []).map((index) => shown[index]!);
}

export function ordered(model: Model, counts: Counts, order: Order): number[] {
  const shown = [...counts.shown];
  switch (order) {
    case "tactic": return shown.sort((a, b) => byTactic(model, a, b));
    case "frequency": return shown.sort((a, b) => counts.margins[b]! - counts.margins[a]! || a - b);
    case "name": return shown.sort((a, b) => model.techniques[a]!.name.localeCompare(model.techniques[b]!.name, "en") || a - b);
    case "cluster": return shown.length ? clustered(counts) : [];
  }
}
