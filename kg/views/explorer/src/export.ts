// Take away what is seen: picture, table, triples, layer, query, address.

import { type App, type Part } from "./app";
import { usesUnder } from "./counts";
import { joining } from "./evidence";
import { CanvasPainter, SvgPainter } from "./painter";
import { h } from "./dom";

const MOST_PIXELS = 16_000_000;

function save(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const anchor = h("a", { href: url, download: name });
  anchor.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 5000);
}

function stem(app: App): string {
  return `disarm-${app.state.view}${app.state.focus ? `-${app.state.focus.replace(/[^A-Za-z0-9.-]/g, "-")}` : ""}`;
}

export function svg(app: App, part: Part): string {
  const [width, height] = part.size();
  const context = document.createElement("canvas").getContext("2d")!;
  const painter = new SvgPainter(width, height, new CanvasPainter(context));
  part.paint!(painter, width, height);
  return painter.file(`${app.model.title}: ${app.state.view}, N = ${app.counts.units} ${app.state.unit}s`);
}

export function saveSvg(app: App, part: Part): void {
  save(`${stem(app)}.svg`, "image/svg+xml", svg(app, part));
}

export function savePng(app: App, part: Part): void {
  const [width, height] = part.size();
  const scale = Math.max(0.5, Math.min(2, Math.sqrt(MOST_PIXELS / (width * height))));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  const context = canvas.getContext("2d")!;
  context.scale(scale, scale);
  part.paint!(new CanvasPainter(context), width, height);
  canvas.toBlob((blob) => { if (blob) save(`${stem(app)}.png`, "image/png", blob); }, "image/png");
}

/** A cell of a CSV file; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function csv(part: Part): string {
  return part.table().map((row) => `${row.map(cell).join(",")}\n`).join("");
}

export function saveCsv(app: App, part: Part): void {
  save(`${stem(app)}.csv`, "text/csv", csv(part));
}

function literal(text: string): string {
  const escapes: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return `"${text.replace(/[\\"\n\r\t]/g, (found) => escapes[found]!).replace(/[\u0000-\u001f\u007f]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

function iri(app: App, kind: string, id: string): string {
  return `<${app.model.base}id/${kind}/${encodeURIComponent(id)}>`;
}

/** The incidents under the filters (those that hold all that is chosen) with their techniques, as Turtle. */
export function turtle(app: App): string {
  const { model, counts, state } = app;
  const chosen = state.chosen.map((id) => model.techniqueOf.get(id)).filter((place) => place !== undefined);
  const others = state.chosen.filter((key) => model.incidentOf.has(key) || model.thingOf.has(key));
  const lines = [
    `@prefix kg: <${model.base}ns#> .`, "@prefix dcterms: <http://purl.org/dc/terms/> .", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .", "",
  ];
  const named = new Set<number>();
  const kept = new Set(others.length ? joining(app, state.chosen) : counts.unitIncident.filter((_, unit) => chosen.every((place) => counts.unitTechniques[unit]!.includes(place))));
  for (const place of [...kept].sort((a, b) => a - b)) {
    const incident = model.incidents[place]!;
    const facts = [`a kg:Incident`, `dcterms:identifier ${literal(incident.id)}`, `dcterms:title ${literal(incident.title)}`];
    if (incident.stated !== null) facts.push(`kg:yearStarted ${incident.stated}`);
    if (incident.published) facts.push(`kg:datePublished ${literal(incident.published)}^^xsd:date`);
    const predicates = ["kg:attributedTo", "kg:alignedWith", "kg:targetCountry", "kg:onPlatform", "kg:enabledBy"];
    for (const relation of incident.relations) facts.push(`${predicates[relation.role]!} ${iri(app, relation.thing.kind, relation.thing.id)}`);
    for (const use of usesUnder(model, state)[place]!) {
      named.add(use);
      facts.push(`kg:usesTechnique ${iri(app, "technique", model.techniques[use]!.id)}`);
    }
    lines.push(`${iri(app, "incident", incident.id)} ${facts.join(" ;\n  ")} .`, "");
  }
  for (const use of [...named].sort((a, b) => a - b)) {
    const about = model.techniques[use]!;
    lines.push(`${iri(app, "technique", about.id)} a kg:Technique ;\n  skos:notation ${literal(about.id)} ;\n  skos:prefLabel ${literal(about.name)}@en .`, "");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

export function saveTurtle(app: App): void {
  save(`${stem(app)}.ttl`, "text/turtle", turtle(app));
}

/** An ATT&CK Navigator layer (format 4.5) with the number of units as score. */
export function layer(app: App): string {
  const { model, counts, state } = app;
  const chosen = state.chosen.length === 1 ? model.techniqueOf.get(state.chosen[0]!) ?? -1 : -1;
  const score = (place: number): number => (chosen < 0 || chosen === place ? counts.margins[place]! : counts.both[chosen * counts.size + place]!);
  const techniques = counts.shown.filter((place) => score(place) > 0).map((place) => ({
    techniqueID: model.techniques[place]!.id, score: score(place), comment: `${score(place)} of ${counts.units} ${state.unit}s`, enabled: true,
  }));
  return `${JSON.stringify({
    name: `${model.title}: ${chosen < 0 ? "techniques" : `with ${state.chosen[0]!}`}`, versions: { layer: "4.5" }, domain: "DISARM",
    description: `N = ${counts.units} ${state.unit}s; ${state.release ? `DISARM ${state.release} as published` : `evidence ${state.evidence}; DISARM ${model.releases.join(", ")}`}`,
    gradient: { colors: ["#eff3f8", "#6aa0cb", "#08306b"], minValue: 0, maxValue: Math.max(1, ...techniques.map((item) => item.score)) }, techniques,
  }, null, 2)}\n`;
}

export function saveLayer(app: App): void {
  save(`${stem(app)}-layer.json`, "application/json", layer(app));
}
