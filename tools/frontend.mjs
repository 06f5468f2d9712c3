// Builds the front end: diwan/ui/frontend/ -> diwan/ui/static/ui/build/ (not kept in git).
//   npm run build            styles (one file a direction), scripts, fonts, icon sprite; prints the first-load budget
//   npm run watch            the same again at every change of a source
// File names carry no hash: Django's manifest storage adds it at collectstatic.
import { gzipSync } from "node:zlib";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync, watch } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";
import rtlcss from "rtlcss";
import subsetFont from "subset-font";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const SOURCE = path.join(ROOT, "diwan/ui/frontend");
const TARGET_DIR = path.join(ROOT, "diwan/ui/static/ui/build");
const OUT = path.join(SOURCE, `.making-${process.pid}`); // finished files are moved over, so a page never meets half a build
const MODULES = path.join(ROOT, "node_modules");
const BUDGET = 300 * 1000;
const HTML_ALLOWANCE = 20 * 1000; // a long page, compressed
const TARGET = ["es2020", "safari14", "chrome90", "firefox88"];

const SCRIPTS = ["app", "desk", "diagram", "map", "report", "wall", "workshop"];
const FONT_WEIGHTS = [400, 600];
// Arabic, Persian and Urdu letters, their marks and digits; Latin with the punctuation that the interface writes.
const FONT_RANGES = {
  arabic: [[0x0600, 0x061f], [0x0620, 0x065f], [0x0660, 0x066f], [0x0670, 0x06d5], [0x06d6, 0x06ed], [0x06ee, 0x06ff],
    [0x0750, 0x077f], [0x200c, 0x200f], [0x2066, 0x2069], [0xfdf2, 0xfdf2], [0xfdfa, 0xfdfc]],
  latin: [[0x20, 0x7e], [0xa0, 0xff], [0x131, 0x131], [0x152, 0x153], [0x2009, 0x200f], [0x2010, 0x2027], [0x2030, 0x203a],
    [0x2066, 0x2069], [0x20ac, 0x20ac], [0x2122, 0x2122], [0x2191, 0x2193], [0x2212, 0x2215]],
};

const kb = (bytes) => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
const squeeze = (buffer) => gzipSync(buffer, { level: 9 }).length; // as the web server sends them

function compileStyle(name) {
  return sass.compile(path.join(SOURCE, "scss", `${name}.scss`), {
    loadPaths: [MODULES], style: "expanded", quietDeps: true, charset: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  }).css;
}

async function minify(css) {
  return (await esbuild.transform(css, { loader: "css", minify: true, charset: "utf8", logLevel: "error" })).code;
}

async function buildStyles() {
  const app = compileStyle("app"); // expanded: the direction comments must reach rtlcss
  await writeFile(path.join(OUT, "app.ltr.css"), await minify(app));
  await writeFile(path.join(OUT, "app.rtl.css"), await minify(rtlcss.process(app)));
  // A map is the same in both directions, and our markers are drawn, so Leaflet's images are left out.
  await writeFile(path.join(OUT, "map.css"), await minify(compileStyle("map").replace(/url\([^)]*\)/g, "none")));
  await writeFile(path.join(OUT, "workshop.css"), await minify(compileStyle("workshop"))); // its sides are logical
}

async function buildScripts() {
  await esbuild.build({
    entryPoints: SCRIPTS.map((name) => path.join(SOURCE, "js", `${name}.js`)),
    outdir: OUT, bundle: true, minify: true, format: "iife", target: TARGET, charset: "utf8",
    legalComments: "none", logLevel: "warning", loader: { ".css": "empty" },
  });
  await cp(path.join(MODULES, "bpmn-js/LICENSE"), path.join(OUT, "diagram.LICENSE.txt"));
}

async function buildFonts() {
  const target = path.join(OUT, "fonts");
  await mkdir(target, { recursive: true });
  for (const [script, ranges] of Object.entries(FONT_RANGES)) {
    const text = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i))).join("");
    for (const weight of FONT_WEIGHTS) {
      const file = `ibm-plex-sans-arabic-${script}-${weight}-normal.woff2`;
      const source = await readFile(path.join(MODULES, "@fontsource/ibm-plex-sans-arabic/files", file));
      await writeFile(path.join(target, `plex-${script}-${weight}.woff2`), await subsetFont(source, text, { targetFormat: "woff2" }));
    }
  }
  await cp(path.join(MODULES, "@fontsource/ibm-plex-sans-arabic/LICENSE"), path.join(target, "LICENSE.txt"));
}

// Every {% icon "name" %}, icon="name", icon: name and icon_name="name" of the product, with those named in icons.json.
async function usedIcons() {
  const names = new Set(JSON.parse(await readFile(path.join(SOURCE, "icons.json"), "utf8")));
  const pattern = /(?:\{%\s*icon\s+["']|\bicon(?:_name)?\s*[=:]\s*["']?)([a-z][a-z0-9-]+)/g;
  for (const entry of await readdir(path.join(ROOT, "diwan"), { recursive: true, withFileTypes: true })) {
    const folder = entry.parentPath ?? entry.path;
    if (!entry.isFile() || !/\.(html|py|yaml)$/.test(entry.name) || folder.includes(`${path.sep}static`)) continue;
    for (const match of (await readFile(path.join(folder, entry.name), "utf8")).matchAll(pattern)) names.add(match[1]);
  }
  return [...names].sort();
}

async function buildIcons() {
  const symbols = [];
  const known = [];
  for (const name of await usedIcons()) {
    const file = path.join(MODULES, "bootstrap-icons/icons", `${name}.svg`);
    if (!existsSync(file)) continue; // a word after icon= that is no icon name; tests/ui looks at the templates
    const body = (await readFile(file, "utf8")).replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 16 16">${body}</symbol>`);
    known.push(name);
  }
  await writeFile(path.join(OUT, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">${symbols.join("")}</svg>`);
  return known.length;
}

async function report(icons) {
  const size = async (name) => squeeze(await readFile(path.join(OUT, name)));
  const raw = async (name) => (await readFile(path.join(OUT, name))).length;
  const first = {
    "app.rtl.css": await size("app.rtl.css"), "app.js": await size("app.js"), "icons.svg": await size("icons.svg"),
    "fonts (4 files)": 0, "html (allowance)": HTML_ALLOWANCE,
  };
  for (const script of Object.keys(FONT_RANGES)) {
    for (const weight of FONT_WEIGHTS) first["fonts (4 files)"] += await raw(`fonts/plex-${script}-${weight}.woff2`);
  }
  console.log(`First load, compressed (${icons} icons):`);
  for (const [name, bytes] of Object.entries(first)) console.log(`  ${name.padEnd(18)}${kb(bytes)}`);
  const total = Object.values(first).reduce((a, b) => a + b, 0);
  console.log(`  ${"total".padEnd(18)}${kb(total)} of ${kb(BUDGET)}`);
  console.log(`Islands: desk.js ${kb(await size("desk.js"))}, map.js ${kb(await size("map.js"))}, report.js ${kb(await size("report.js"))}, map.css ${kb(await size("map.css"))}, diagram.js ${kb(await size("diagram.js"))}, workshop.js ${kb(await size("workshop.js"))}, workshop.css ${kb(await size("workshop.css"))}`);
  await writeFile(path.join(OUT, "budget.json"), JSON.stringify({ first, total, budget: BUDGET }));
  if (total > BUDGET) {
    console.error("The first load is over its budget.");
    process.exitCode = 1;
  }
}

async function moveOver() {
  const made = (await readdir(OUT, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const names = made.map((entry) => path.relative(OUT, path.join(entry.parentPath ?? entry.path, entry.name)));
  await mkdir(path.join(TARGET_DIR, "fonts"), { recursive: true });
  for (const name of names) await rename(path.join(OUT, name), path.join(TARGET_DIR, name));
  await rm(OUT, { recursive: true });
  for (const entry of await readdir(TARGET_DIR, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !names.includes(path.relative(TARGET_DIR, file))) await rm(file);
  }
}

async function build({ fonts = true } = {}) {
  const started = Date.now();
  await mkdir(OUT, { recursive: true });
  try {
    if (!fonts) await cp(path.join(TARGET_DIR, "fonts"), path.join(OUT, "fonts"), { recursive: true });
    await Promise.all([buildStyles(), buildScripts(), fonts ? buildFonts() : null]);
    await report(await buildIcons());
    await moveOver();
  } finally {
    await rm(OUT, { recursive: true, force: true });
  }
  console.log(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

if (process.argv.includes("--watch")) {
  await build();
  let timer = null;
  watch(path.join(ROOT, "diwan"), { recursive: true }, (_, file) => {
    if (!file || file.includes("static") || !/\.(scss|js|html|json)$/.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => build({ fonts: false }).catch((error) => console.error(error.message)), 150);
  });
} else {
  await build();
}
