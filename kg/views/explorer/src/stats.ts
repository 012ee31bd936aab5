// Measures of association and Fisher's exact test. The definitions are those of kg.analysis.association.

const logs: number[] = [0];

/** ln n!, from a table that grows as needed. */
function logFactorial(n: number): number {
  for (let k = logs.length; k <= n; k++) logs.push(logs[k - 1]! + Math.log(k));
  return logs[n]!;
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Probability that exactly k of the b units are among the a units, of n. */
function hypergeometric(k: number, a: number, b: number, n: number): number {
  return Math.exp(logChoose(a, k) + logChoose(n - a, b - k) - logChoose(n, b));
}

/** The sum of the probabilities from k outwards, until a term no longer matters. */
function tail(k: number, step: 1 | -1, end: number, a: number, b: number, n: number): number {
  let sum = 0;
  for (; step > 0 ? k <= end : k >= end; k += step) {
    const p = hypergeometric(k, a, b, n);
    sum += p;
    if (p < sum * 1e-17) break;
  }
  return sum;
}

/**
 * Two-sided Fisher's exact test: the sum of the probabilities of all tables that are no likelier than this one.
 * Fisher, R. A. (1922). On the interpretation of chi-squared from contingency tables, and the calculation of P.
 */
export function fisher(both: number, a: number, b: number, n: number): number {
  const low = Math.max(0, a + b - n);
  const high = Math.min(a, b);
  const mode = Math.min(high, Math.max(low, Math.floor(((a + 1) * (b + 1)) / (n + 2))));
  const seen = hypergeometric(both, a, b, n) * (1 + 1e-7);
  const rare = (k: number): boolean => hypergeometric(k, a, b, n) <= seen;
  if (rare(mode)) return 1;
  // Probabilities fall on both sides of the mode: the nearest table on each side that is no likelier, by halving.
  let [near, far] = [mode, high + 1];
  while (far - near > 1) {
    const middle = (near + far) >> 1;
    if (rare(middle)) far = middle; else near = middle;
  }
  const right = tail(far, 1, high, a, b, n);
  [near, far] = [mode, low - 1];
  while (near - far > 1) {
    const middle = (near + far) >> 1;
    if (rare(middle)) far = middle; else near = middle;
  }
  return Math.min(1, right + tail(far, -1, low, a, b, n));
}

/** Benjamini-Hochberg q values of p values (Benjamini & Hochberg 1995). */
export function benjaminiHochberg(p: Float64Array): Float64Array {
  const order = Array.from(p.keys()).sort((x, y) => p[x]! - p[y]!);
  const q = new Float64Array(p.length);
  let least = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const place = order[rank - 1]!;
    least = Math.min(least, (p[place]! * p.length) / rank);
    q[place] = least;
  }
  return q;
}

export type Measure = "count" | "jaccard" | "lift" | "npmi" | "phi" | "confidence";

interface About {
  readonly name: string;
  readonly told: string;
  /** Ends of the scale of colours; diverging measures have their neutral value in the middle. */
  readonly diverging: boolean;
}

export const MEASURES: Readonly<Record<Measure, About>> = {
  count: { name: "Count", told: "units with both", diverging: false },
  jaccard: { name: "Jaccard", told: "units with both / units with either, 0 to 1", diverging: false },
  npmi: { name: "NPMI", told: "normalised pointwise mutual information, -1 to 1, 0 = independent", diverging: true },
  lift: { name: "Lift (log2)", told: "how many times more often together than by chance; colour by its logarithm", diverging: true },
  phi: { name: "Phi", told: "correlation of the two, -1 to 1", diverging: true },
  confidence: { name: "Confidence", told: "share of the row's units that also hold the column", diverging: false },
};

/** The value of a measure; NaN where it is 0/0. */
export function measured(measure: Measure, both: number, a: number, b: number, n: number): number {
  switch (measure) {
    case "count": return both;
    case "jaccard": return both / (a + b - both);
    case "lift": return (both * n) / (a * b);
    case "npmi": return both === 0 ? -1 : Math.log((both * n) / (a * b)) / -Math.log(both / n);
    case "phi": return (both * n - a * b) / Math.sqrt(a * b * (n - a) * (n - b));
    case "confidence": return both / a;
  }
}

/** Where a value stands on the scale of colours: 0 to 1, for diverging measures with 0.5 in the middle. */
export function scaled(measure: Measure, value: number, most: number): number {
  switch (measure) {
    case "count": return most > 1 ? Math.log(value) / Math.log(most) * 0.85 + 0.15 : 1;
    case "jaccard":
    case "confidence": return Math.sqrt(value);
    case "lift": return value <= 0 ? 0 : Math.max(0, Math.min(1, 0.5 + Math.log2(value) / 10));
    case "npmi":
    case "phi": return (value + 1) / 2;
  }
}

/** Wilson's interval of a share at 95 % (Wilson 1927). */
export function wilson(count: number, n: number): [number, number] {
  if (n === 0) return [0, 1];
  const z = 1.959963984540054;
  const share = count / n;
  const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Newcombe's interval of the difference b - a of two shares at 95 % (Newcombe 1998, method 10). */
export function difference(countA: number, nA: number, countB: number, nB: number): [number, number, number] {
  const a = nA ? countA / nA : 0;
  const b = nB ? countB / nB : 0;
  const [lowA, highA] = wilson(countA, nA);
  const [lowB, highB] = wilson(countB, nB);
  const gap = b - a;
  return [gap, gap - Math.hypot(b - lowB, highA - a), gap + Math.hypot(highB - b, a - lowA)];
}
