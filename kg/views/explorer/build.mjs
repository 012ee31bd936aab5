// Bundles src/ into bundle/explorer.js and bundle/explorer.css, and the licences of what stands in it into bundle/LICENSES.txt.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";

const done = await build({
  entryPoints: { "explorer": "src/main.ts", "explorer-style": "src/style.css" },
  outdir: "bundle",
  bundle: true,
  minify: true,
  charset: "ascii",
  format: "iife",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const packages = new Set();
for (const path of Object.keys(done.metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (found) packages.add(found[1]);
}
const parts = [];
for (const name of [...packages].sort()) {
  const about = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
  const licence = readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim();
  parts.push(`${name} ${about.version} (${about.license})\n\n${licence}\n`);
}
const head = parts.length ? "explorer.js holds these packages.\n\n" : "explorer.js holds nothing of others.\n";
writeFileSync("bundle/LICENSES.txt", head + parts.join("\n---\n\n"));
