// The facts of the page as objects: read once from the JSON block, never changed afterwards.

export type Kind = "technique" | "incident" | "actor" | "platform" | "country" | "region";

export const ROLES = ["attributed to", "aligned with", "target", "platform", "enabled by"] as const;
const FIELDS = ["title", "summary", "passage"] as const;
const THING_KINDS = ["actor", "platform", "country", "region"] as const;

export type Spot = readonly [number, number];

export interface Tactic {
  readonly id: string;
  readonly name: string;
}

export interface Technique {
  readonly place: number;
  readonly id: string;
  readonly name: string;
  readonly tactic: number;
  readonly parent: number;
  readonly retired: boolean;
}

export interface Incident {
  readonly place: number;
  readonly id: string;
  readonly title: string;
  readonly type: string;
  /** Year of the act as the field states it, and as the prose tells it; null where unknown. */
  readonly stated: number | null;
  readonly read: number | null;
  /** Day of the first article, an upper bound; empty where unknown. */
  readonly published: string;
  readonly relations: readonly Relation[];
}

export interface Thing {
  readonly key: string;
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly incidents: readonly number[];
}

export interface Relation {
  readonly role: number;
  readonly thing: Thing;
}

export interface Evidence {
  readonly kind: string;
  readonly incident: number;
  readonly techniques: readonly number[];
  readonly accepted: boolean;
  readonly passage: Passage | null;
  readonly misplaced: boolean;
  /** Put back, or only in the workbook: no page of the release shows it under this incident. */
  readonly restored: boolean;
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly list: string;
}

export interface Passage {
  readonly id: string;
  readonly length: number;
  readonly text: string;
}

/** A description that was put back where it belongs. */
export interface Placement {
  readonly passage: Passage;
  readonly evidence: string;
  readonly confidence: string;
  readonly under: readonly string[];
}

/** A place in the prose of an incident that names a thing; offsets count code points of its field. */
export interface Mention {
  readonly role: number;
  readonly thing: Thing;
  readonly field: "title" | "summary" | "passage";
  readonly passage: Passage | null;
  readonly start: number;
  readonly end: number;
  readonly surface: string;
  readonly rule: string;
  readonly confidence: number;
}

/** Where a source says in a field of its own how an incident relates to a thing. */
export interface Stated { readonly role: number; readonly thing: Thing; readonly where: string }

export interface Reference {
  readonly url: string;
  readonly date: string;
  readonly publisher: string;
  readonly archive: string;
}

export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly where: string;
  readonly about: string;
}

export interface Model {
  readonly title: string;
  readonly origin: string;
  readonly releases: readonly string[];
  readonly version: string;
  /** True where only counts were packed: no titles, evidence or things. */
  readonly counted: boolean;
  readonly texts: boolean;
  /** Where the server answers, relative to the page; empty in a file. */
  readonly api: string;
  readonly tactics: readonly Tactic[];
  readonly techniques: readonly Technique[];
  readonly children: readonly (readonly number[])[];
  readonly incidents: readonly Incident[];
  readonly things: readonly Thing[];
  readonly thingOf: ReadonlyMap<string, Thing>;
  readonly techniqueOf: ReadonlyMap<string, number>;
  readonly incidentOf: ReadonlyMap<string, number>;
  readonly uses: readonly (readonly number[])[];
  readonly recovered: readonly (readonly number[])[];
  /** For each release what it states as it was published. */
  readonly published: ReadonlyMap<string, readonly (readonly number[])[]>;
  readonly evidence: readonly (readonly Evidence[])[];
  readonly placements: readonly (readonly Placement[])[];
  /** For each incident the names read in its prose that make a relation, and what is stated of one. */
  readonly mentions: readonly (readonly Mention[])[];
  readonly stated: readonly (readonly Stated[])[];
  readonly references: readonly (readonly Reference[])[];
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  readonly counters: readonly (readonly { readonly id: string; readonly name: string }[])[];
  /** Technique place to position in the network of the whole, and the same where every parent is folded. */
  readonly layout: ReadonlyMap<number, Spot>;
  readonly folded: ReadonlyMap<number, Spot>;
  /** Places around a centre, as ego.py gives them. */
  readonly ego: { readonly rings: readonly (readonly Spot[])[]; readonly beyond: readonly Spot[]; readonly below: number; readonly way: readonly Spot[] };
  /** Prefix of the IRIs of things. */
  readonly base: string;
}

interface Raw {
  title: string; origin: string; version: string; base: string; releases: string[]; counted: boolean; api?: string;
  tactics: [string, string][];
  techniques: [string, string, number, number, number][];
  counters: [number, string, string][];
  incidents?: [string, string, string, number | null, number | null, string][];
  years?: string; first?: number; named?: string[];
  things: [number, string, string, string[]][];
  relations: [number, number, number][];
  uses: number[][] | string;
  recovered: number[][] | string;
  published: [string, string][];
  evidence: [number, number, number[], number, number, number, number, number, number, number, string][];
  evidence_kinds: string[]; files: string[]; passages: [string, number, string][];
  placements: [number, number, string, string, string[]][];
  references: [string, string, string, string][]; cites: number[][];
  findings: [string, string, string, string, string][];
  mentions: [number, number, number, number, number, number, number, number, number, number][]; words: string[];
  stated: [number, number, number, string, number][];
  layout: [number, number, number][];
  folded: [number, number, number][];
  ego: Model["ego"];
}

/** Sets of numbers as pack.py writes them. */
export function unpackSets(packed: string): number[][] {
  const bytes = atob(packed);
  const sets: number[][] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes.charCodeAt(at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const set: number[] = new Array<number>(number());
    let before = 0;
    for (let index = 0; index < set.length; index++) set[index] = before += number();
    sets.push(set);
  }
  return sets;
}

function spots(rows: Raw["layout"]): Map<number, Spot> {
  return new Map(rows.map(([place, x, y]) => [place, [x, y]]));
}

function incidentsOf(raw: Raw, count: number): Raw["incidents"] & object {
  if (raw.incidents) return raw.incidents;
  const years = raw.years ? atob(raw.years) : "";
  const rows: NonNullable<Raw["incidents"]> = [];
  for (let place = 0; place < count; place++) {
    const byte = place < years.length ? years.charCodeAt(place) : 0;
    const id = raw.named?.[place] ?? `#${place + 1}`;
    rows.push([id, id, "", byte ? 1899 + byte : null, null, ""]);
  }
  return rows;
}

export function readModel(text: string): Model {
  const raw = JSON.parse(text) as Raw;
  const uses = typeof raw.uses === "string" ? unpackSets(raw.uses) : raw.uses;
  const rows = incidentsOf(raw, uses.length);
  const recovered = typeof raw.recovered === "string" ? unpackSets(raw.recovered) : raw.recovered;
  const things = raw.things.map(([kind, id, name, aliases]) => {
    const named = THING_KINDS[kind] as Kind;
    return { key: `${named}:${id}`, kind: named, id, name, aliases, incidents: [] as number[] };
  });
  const relations: Relation[][] = rows.map(() => []);
  for (const [incident, role, thing] of raw.relations) {
    relations[incident]!.push({ role, thing: things[thing]! });
    const held = things[thing]!.incidents;
    if (held[held.length - 1] !== incident) held.push(incident);
  }
  for (const thing of things) thing.incidents = [...new Set(thing.incidents)].sort((a, b) => a - b);
  const passages = raw.passages.map(([id, length, told]) => ({ id, length, text: told }));
  const evidence: Evidence[][] = rows.map(() => []);
  for (const row of raw.evidence) {
    evidence[row[1]]!.push({
      kind: raw.evidence_kinds[row[0]]!, incident: row[1], techniques: row[2], accepted: row[3] === 0,
      passage: row[4] < 0 ? null : passages[row[4]]!, misplaced: row[5] === 1, restored: row[5] === 2, file: raw.files[row[6]]!, line: row[7],
      start: row[8], end: row[9], list: row[10],
    });
  }
  const placements: Placement[][] = rows.map(() => []);
  for (const [incident, told, basis, confidence, under] of raw.placements) placements[incident]!.push({ passage: passages[told]!, evidence: basis, confidence, under });
  const mentions: Mention[][] = rows.map(() => []);
  for (const [incident, role, thing, field, told, start, end, surface, rule, confidence] of raw.mentions) {
    mentions[incident]!.push({
      role, thing: things[thing]!, field: FIELDS[field]!, passage: passages[told] ?? null, start, end,
      surface: raw.words[surface]!, rule: raw.words[rule]!, confidence,
    });
  }
  const stated: Stated[][] = rows.map(() => []);
  for (const [incident, role, thing, file, line] of raw.stated) stated[incident]!.push({ role, thing: things[thing]!, where: line ? `${file}:${line}` : file });
  const references = raw.references.map(([url, date, publisher, archive]) => ({ url, date, publisher, archive }));
  const findings = new Map<string, Finding[]>();
  for (const [code, message, fix, where, about] of raw.findings) {
    const held = findings.get(about) ?? [];
    held.push({ code, message, fix, where, about });
    findings.set(about, held);
  }
  const techniques = raw.techniques.map(([id, name, tactic, parent, retired], place) => (
    { place, id, name, tactic, parent, retired: retired === 1 }
  ));
  const children: number[][] = techniques.map(() => []);
  for (const technique of techniques) if (technique.parent >= 0) children[technique.parent]!.push(technique.place);
  const counters: { id: string; name: string }[][] = techniques.map(() => []);
  for (const [technique, id, name] of raw.counters) counters[technique]!.push({ id, name });
  const incidents = rows.map(([id, title, type, stated, read, published], place) => (
    { place, id, title, type, stated, read, published, relations: relations[place]! }
  ));
  return {
    title: raw.title, origin: raw.origin, releases: raw.releases, version: raw.version, base: raw.base, counted: raw.counted, api: raw.api ?? "",
    texts: passages.some((passage) => passage.text !== ""),
    tactics: raw.tactics.map(([id, name]) => ({ id, name })),
    techniques, children, incidents, things, uses, recovered, published: new Map(raw.published.map(([release, packed]) => [release, unpackSets(packed)])), evidence, placements, mentions, stated, findings, counters,
    thingOf: new Map(things.map((thing) => [thing.key, thing])),
    techniqueOf: new Map(techniques.map((technique) => [technique.id, technique.place])),
    incidentOf: new Map(incidents.map((incident) => [incident.id, incident.place])),
    references: raw.cites.length ? raw.cites.map((cited) => cited.map((place) => references[place]!)) : rows.map(() => []),
    layout: spots(raw.layout), folded: spots(raw.folded), ego: raw.ego,
  };
}
