// Bundles the extension, or with `test` its tests, into dist/; with the licences of what is bundled, which ask to be told.

import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { build } from "esbuild";

const common = { bundle: true, platform: "node", target: "node20", external: ["vscode"], logLevel: "warning" };

/** The packages of which something is in the bundle, as their folders. */
function packages(metafile) {
  const folders = Object.keys(metafile.inputs).map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** What a package says of itself and of its licence. */
async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (file === undefined) {
    throw new Error(`${name} has no licence file`);
  }
  return `${name} ${version} (${license})\n\n${(await readFile(path.join(folder, file), "utf8")).trim()}\n`;
}

if (process.argv[2] === "test") {
  const tests = (await readdir("test")).filter((file) => file.endsWith(".test.ts"));
  await build({ ...common, entryPoints: tests.map((file) => `test/${file}`), outdir: "dist/test" });
} else {
  const { metafile } = await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    minify: true,
    metafile: true,
  });
  await writeFile("dist/THIRD-PARTY.txt", (await Promise.all(packages(metafile).map(notice))).join(`\n${"-".repeat(72)}\n\n`));
  const own = await Promise.all(["MIT", "APACHE"].map((name) => readFile(`../../LICENSE-${name}`, "utf8")));
  await writeFile("LICENSE", `Santun is licensed under MIT or Apache-2.0, as you like.\n\n${own.join("\n\n")}`);
}
