// Builds ../dist: the page with its files, named by the hash of their content, and the same page as a single file, santun.html.
//
// `../build` has put the library into ../pkg before.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { build } from "esbuild";

const out = path.resolve("../dist");
const common = {
  bundle: true,
  minify: true,
  charset: "utf8",
  target: ["chrome109", "firefox115", "safari16.4"],
  legalComments: "none",
  logLevel: "warning",
};

const sha256 = (text, form) => createHash("sha256").update(text).digest(form);
const hashed = (name, text) => name.replace(/(\.\w+)$/, `-${sha256(text, "hex").slice(0, 10)}$1`);

/** One script or sheet as text. */
async function bundled(entry, options = {}) {
  const { outputFiles } = await build({ ...common, entryPoints: [entry], format: "iife", write: false, ...options });
  return outputFiles[0].text.trim();
}

// One character a byte: what compresses the script on its way compresses this nearly as well as the library by itself, which base64 would spoil.
const library = await readFile("../pkg/santun_bg.wasm", "latin1");
// The library is handed in, so it looks for no file beside itself.
const worker = await bundled("src/offthread/worker.ts", { define: { "import.meta.url": '""' } });
const engine = {
  name: "engine",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^santun:engine$/ }, ({ path: name }) => ({ path: name, namespace: "engine" }));
    onLoad({ filter: /.*/, namespace: "engine" }, () => ({
      contents: `export const worker = ${JSON.stringify(worker)};\nexport const library = ${JSON.stringify(library)};`,
    }));
  },
};

const sheets = { page: await bundled("styles/page.css"), dark: await bundled("styles/dark.css"), print: await bundled("styles/print.css") };
const DARK = "screen and (prefers-color-scheme: dark)";
const MEDIA = { dark: ` id="dark" media="${DARK}"`, print: ' media="print"' };
const icon = await readFile("icons/icon.svg", "utf8");

/** index.html with the Indonesian words and what differs between the two forms. */
async function html(parts) {
  const words = await bundled("src/words.ts", { format: "esm" });
  const { word } = await import(`data:text/javascript;base64,${Buffer.from(words).toString("base64")}`);
  const page = await readFile("index.html", "utf8");
  return page.replace(/\{\{(\w+)\}\}/g, (_, key) => parts[key] ?? word("id", key));
}

const SHUT = {
  "form-action": "'none'",
  "base-uri": "'none'",
  "require-trusted-types-for": "'script'",
  "trusted-types": "santun",
};

/** What a page may do: run its own script and library, look as its own sheets say, and connect to nothing. */
const policy = (own) =>
  Object.entries({ "default-src": "'none'", ...own, ...SHUT })
    .map((directive) => directive.join(" "))
    .join("; ");

async function hosted() {
  const scripts = await build({
    ...common,
    entryPoints: ["src/main.ts"],
    plugins: [engine],
    define: { HOSTED: "true" },
    format: "esm",
    splitting: true,
    outdir: path.join(out, "assets"),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    metafile: true,
  });
  const names = Object.keys(scripts.metafile.outputs).map((file) => path.basename(file));
  const main = names.find((name) => name.startsWith("main-"));
  const links = names
    .filter((name) => name !== main)
    .map((name) => `<link rel="modulepreload" href="assets/${name}">`);
  const files = ["./", ...names.map((name) => `assets/${name}`)];
  const put = async (name, content) => {
    await writeFile(path.join(out, name), content);
    files.push(name);
  };
  for (const [name, text] of Object.entries(sheets)) {
    const file = hashed(`assets/${name}.css`, text);
    await put(file, text);
    links.push(`<link rel="stylesheet" href="${file}"${MEDIA[name] ?? ""}>`);
  }
  for (const name of await readdir("icons")) {
    await put(name, await readFile(`icons/${name}`));
  }
  await put("manifest.webmanifest", await readFile("manifest.webmanifest"));
  const index = await html({
    policy: policy({
      "script-src": "'self' 'wasm-unsafe-eval'",
      "style-src": "'self'",
      "img-src": "'self'",
      "manifest-src": "'self'",
      "worker-src": "'self' blob:",
    }),
    head: [
      '<link rel="icon" href="icon.svg" type="image/svg+xml">',
      '<link rel="apple-touch-icon" href="icon-180.png">',
      '<link rel="manifest" href="manifest.webmanifest">',
      ...links,
      `<script type="module" src="assets/${main}"></script>`,
    ].join("\n"),
    foot: "",
  });
  await writeFile(path.join(out, "index.html"), index);
  const version = sha256(index + icon, "hex").slice(0, 16);
  const define = { FILES: JSON.stringify(files), VERSION: JSON.stringify(version) };
  await writeFile(path.join(out, "sw.js"), await bundled("src/offthread/sw.ts", { define }));
  return scripts.metafile;
}

async function single() {
  const script = await bundled("src/main.ts", { plugins: [engine], define: { HOSTED: "false" } });
  const hash = (text) => `'sha256-${sha256(text, "base64")}'`;
  const page = await html({
    policy: policy({
      "script-src": `${hash(script)} 'wasm-unsafe-eval'`,
      "style-src": Object.values(sheets).map(hash).join(" "),
      "img-src": "data:",
      "worker-src": "blob:",
    }),
    head: [
      `<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(icon).toString("base64")}">`,
      ...Object.entries(sheets).map(([name, text]) => `<style${MEDIA[name] ?? ""}>${text}</style>`),
    ].join("\n"),
    foot: `<script>${script}</script>`,
  });
  await writeFile(path.join(out, "santun.html"), page);
}

/** What a package says of itself and of its licence. */
async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version} (${license})\n\n${(await readFile(path.join(folder, file), "utf8")).trim()}\n`;
}

await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, "assets"), { recursive: true });
const metafile = await hosted();
await single();
const folders = Object.keys(metafile.inputs).map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
const packages = [...new Set(folders.filter((folder) => folder !== undefined))].sort();
const notices = [...(await Promise.all(packages.map(notice))), await readFile("../pkg/THIRD-PARTY.txt", "utf8")];
await writeFile(path.join(out, "THIRD-PARTY.txt"), notices.join(`\n${"-".repeat(72)}\n\n`));
