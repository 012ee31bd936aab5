// The SPARQL query that gives the rows of the matrix under the same filters, for whoever wants to ask the graph itself.

import type { App } from "./app";
import type { Kind } from "./model";

const PREFIXES = ["dcterms: <http://purl.org/dc/terms/>", "kg: <BASEns#>", "skos: <http://www.w3.org/2004/02/skos/core#>", "xsd: <http://www.w3.org/2001/XMLSchema#>"];

// A text that was put back is shown by no page under its incident.
const PUBLISHED = ' FILTER NOT EXISTS { ?observation kg:placement "restored" }';

function filters(app: App): string[] {
  const { state, model } = app;
  const lines: string[] = [];
  const kinds = new Map<Kind, string[]>();
  for (const key of state.things) {
    const thing = model.thingOf.get(key);
    if (thing) kinds.set(thing.kind, [...(kinds.get(thing.kind) ?? []), `<${model.base}id/${thing.kind}/${encodeURIComponent(thing.id)}>`]);
  }
  for (const [kind, iris] of kinds) {
    lines.push(`FILTER EXISTS { VALUES ?${kind} { ${iris.join(" ")} } ?incident kg:attributedTo|kg:alignedWith|kg:targetCountry|kg:onPlatform|kg:enabledBy ?${kind} }`);
  }
  if (state.from !== null || state.to !== null) {
    lines.push("OPTIONAL { ?incident kg:yearStarted ?stated }", "OPTIONAL { ?incident kg:yearInText ?read }");
    const published = state.basis === "published";
    if (published) lines.push("OPTIONAL { ?incident kg:datePublished ?published }");
    lines.push(`BIND (COALESCE(?stated, ?read${published ? ", xsd:integer(SUBSTR(STR(?published), 1, 4))" : ""}) AS ?year)`);
    const bounds = [`?year >= ${state.from ?? 0}`, `?year <= ${state.to ?? 9999}`].join(" && ");
    lines.push(state.undated ? `FILTER (!BOUND(?year) || (${bounds}))` : `FILTER (BOUND(?year) && ${bounds})`);
  }
  return lines;
}

/** What makes a technique stand in a unit. */
function used(app: App, name: string): string[] {
  const { state } = app;
  if (app.model.published.has(state.release)) return [`GRAPH <${app.model.base}graph/release/${encodeURIComponent(state.release)}> { ?incident kg:usesTechnique ?${name} }`];
  if (state.unit === "observation") {
    const accepted = state.evidence === "repaired" ? ' ; kg:status "accepted"' : "";
    const shown = state.evidence === "repaired" ? "" : PUBLISHED;
    return [`?observation a kg:Observation ; kg:ofIncident ?incident ; kg:techniqueList ?list ; kg:technique ?${name}${accepted} .${shown}`];
  }
  const row = `?row a kg:TableRow ; kg:incident ?incident ; kg:technique ?${name} .`;
  const group = `?group a kg:Observation ; kg:ofIncident ?incident ; kg:technique ?${name} .${PUBLISHED.replace("observation", "group")}`;
  const sources: string[] = { repaired: [`?incident kg:usesTechnique ?${name} .`], rows: [row], inline: [group], all: [row, group] }[state.evidence];
  if (state.recovered) sources.push(`GRAPH <${app.model.base}graph/recovered> { ?incident kg:usesTechnique ?${name} }`);
  return sources.length === 1 ? sources : [sources.map((source) => `{ ${source} }`).join(" UNION ")];
}

function standing(app: App, name: string): string[] {
  const { state, model } = app;
  const lines = used(app, `${name}_used`);
  if (state.folded === "all") lines.push(`OPTIONAL { ?${name}_used skos:broader ?${name}_parent }`, `BIND (COALESCE(?${name}_parent, ?${name}_used) AS ?${name})`);
  else if (state.folded.length) {
    const iris = state.folded.map((id) => `<${model.base}id/technique/${encodeURIComponent(id)}>`).join(", ");
    lines.push(`OPTIONAL { ?${name}_used skos:broader ?${name}_parent FILTER (?${name}_parent IN (${iris})) }`, `BIND (COALESCE(?${name}_parent, ?${name}_used) AS ?${name})`);
  } else lines[0] = lines[0]!.replaceAll(`?${name}_used`, `?${name}`);
  return lines;
}

/** Pairs of techniques with their joint counts. */
export function pairsQuery(app: App): string {
  const { state, model } = app;
  const published = model.published.has(state.release);
  const unit = state.unit === "observation" && !published ? "CONCAT(STR(?incident), \" \", ?list)" : "?incident";
  const side = (name: string): string[] => [
    `SELECT DISTINCT ?unit ?${name} WHERE {`, "  ?incident a kg:Incident .", ...standing(app, name).map((line) => `  ${line}`),
    ...filters(app).map((line) => `  ${line}`), `  BIND (${unit} AS ?unit)`, "}",
  ];
  const tactics = state.tactics.map((id) => `<${model.base}id/tactic/${encodeURIComponent(id)}>`).join(" ");
  const block = (lines: string[]): string => ["  {", ...lines.map((line) => `    ${line}`), "  }"].join("\n");
  return [
    ...PREFIXES.map((prefix) => `PREFIX ${prefix.replace("BASE", model.base)}`), "",
    "SELECT ?technique_a ?technique_b (COUNT(DISTINCT ?unit) AS ?count)", "WHERE {",
    block(side("a")), block(side("b")),
    ...(tactics ? [`  VALUES ?tactic_a { ${tactics} }`, `  VALUES ?tactic_b { ${tactics} }`, "  ?a kg:tactic ?tactic_a . ?b kg:tactic ?tactic_b ."] : []),
    // What is retired since has no node in the framework of today: its id is the last part of its address.
    ...(published || state.recovered ? ["a", "b"].map((name) => `  BIND (STRAFTER(STR(?${name}), "${model.base}id/technique/") AS ?technique_${name})`) : ["  ?a dcterms:identifier ?technique_a . ?b dcterms:identifier ?technique_b ."]), "  FILTER (STR(?technique_a) < STR(?technique_b))", "}",
    "GROUP BY ?technique_a ?technique_b", ...(state.least > 1 ? [`HAVING (COUNT(DISTINCT ?unit) >= ${Math.floor(state.least)})`] : []),
    "ORDER BY DESC(?count) ?technique_a ?technique_b", "",
  ].join("\n");
}
