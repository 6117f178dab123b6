import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { initialization, messages } from "../src/options";
import { texts } from "../src/texts";

const settings = { path: "lint", language: "auto", languages: ["plaintext"], files: [] } as const;

test("documents are chosen by language, saved or not", () => {
  assert.deepEqual(messages(settings), [
    { scheme: "file", language: "plaintext" },
    { scheme: "untitled", language: "plaintext" },
  ]);
});

test("documents are chosen by pattern, wherever the folder is", () => {
  const patterns = messages({ ...settings, languages: [], files: ["lang/*.json", "**/*.eml", "/srv/templat/**"] });
  assert.deepEqual(
    patterns.map(({ pattern }) => pattern),
    ["**/lang/*.json", "**/*.eml", "/srv/templat/**"],
  );
});

test("without a language, santun.toml holds", () => {
  assert.deepEqual(initialization(settings), {});
  assert.deepEqual(initialization({ ...settings, language: "en" }), { lang: "en" });
});

test("what is said is in the language of the reports", () => {
  assert.match(texts({ language: "auto" }).notFound("lint"), /^Santun: program “lint” tidak ditemukan\./);
  assert.match(texts({ language: "en" }).notFound("lint"), /^Santun: there is no program “lint”\./);
  const count = { files: 2, findings: 7, skipped: 0 };
  assert.equal(texts({ language: "id" }).checked(count), "Santun: 2 berkas diperiksa, 7 catatan.");
  assert.equal(texts({ language: "en" }).checked({ ...count, skipped: 1 }), "Santun: files checked: 2, findings: 7. Skipped: 1.");
});

interface Manifest {
  contributes: { commands: unknown[]; configuration: { properties: Record<string, unknown> } };
}

test("every text of the manifest is in both languages", () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
  const manifest = read("package.json") as Manifest;
  const named = [...JSON.stringify(manifest).matchAll(/"%([^%]+)%"/g)].map(([, key]) => key).sort();
  for (const file of ["package.nls.json", "package.nls.id.json"]) {
    assert.deepEqual(Object.keys(read(file) as object).sort(), named, file);
  }
  assert.ok(Object.keys(manifest.contributes.configuration.properties).every((key) => key.startsWith("santun.")));
});
