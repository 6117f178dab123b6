// What the page finds is what the command finds: for every file of examples/ both write the same document.
//
// `node --test web/test/equal.mjs`, once web/build has run. LINT in the environment is the command, target/release/lint if it is not set.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { deflateRawSync } from "node:zlib";

import init, { about, check, lint, mend, open } from "../pkg/santun.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const command = process.env.LINT ?? join(root, "target/release/lint");
const settings = `[agency]
names = ["Dinas X Kota Y"]
domains = ["dinasx.kotay.go.id"]
now = "2026-11-26T09:00:00"

[rules]
"language/foreign-everyday" = "on"
"email/subject-length" = { limit = 40 }
"language/slang" = { add = ["gaskeun"], allow = ["gak"] }
`;

let folder;
before(async () => {
  await init({ module_or_path: await readFile(new URL("../pkg/santun_bg.wasm", import.meta.url)) });
  folder = await mkdtemp(join(tmpdir(), "santun-"));
});
after(() => rm(folder, { recursive: true }));

/** What the command prints. It exits with 1 where something is to be mended. */
async function native(...options) {
  const run = promisify(execFile)(command, ["--format", "json", ...options], { cwd: root, maxBuffer: 1 << 28 });
  return (await run.catch((error) => (error.code === 1 ? error : Promise.reject(error)))).stdout;
}

function request(more) {
  return JSON.stringify({ name: "teks.txt", lang: "id", channel: null, settings: "", now: "", ...more });
}

async function examples() {
  const entries = await readdir(join(root, "examples"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return files.map((file) => relative(root, file)).filter((name) => !/\.(toml|md|cmd|py)$/.test(name)).sort();
}

for (const lang of ["id", "en"]) {
  for (const own of ["[agency]\nnow = \"2026-11-26T09:00:00\"\n", settings]) {
    test(`every example, in ${lang}, ${own === settings ? "with" : "without"} settings`, async () => {
      const config = join(folder, "santun.toml");
      await writeFile(config, own);
      const names = await examples();
      assert.ok(names.length > 30);
      for (const name of names) {
        const page = lint(await readFile(join(root, name)), name, request({ name, lang, settings: own }));
        assert.equal(page, await native("--lang", lang, "--config", config, name), name);
      }
    });
  }
}

test("the moment that the page tells is that of the settings", async () => {
  const bytes = await readFile(join(root, "examples/bad/percakapan-whatsapp.txt"));
  const [now, name] = ["2026-11-26T09:00:00", "chat.txt"];
  assert.equal(lint(bytes, name, request({ now })), lint(bytes, name, request({ settings: `[agency]\nnow = "${now}"\n` })));
});

test("archives", async () => {
  const chat = await readFile(join(root, "examples/bad/percakapan-whatsapp.txt"));
  const files = { "Chat WhatsApp.zip": { "_chat.txt": chat, "foto.jpg": Buffer.from([255, 216, 255]) }, "rusak.zip": null, "kosong.zip": {} };
  for (const [name, entries] of Object.entries(files)) {
    const path = join(folder, name);
    await writeFile(path, entries === null ? Buffer.from("PK\x03\x04rusak") : zip(entries));
    const own = `[agency]\nnow = "2026-11-26T09:00:00"\n`;
    const config = join(folder, "santun.toml");
    await writeFile(config, own);
    const page = lint(await readFile(path), path, request({ settings: own }));
    const run = promisify(execFile)(command, ["--format", "json", "--config", config, path], { cwd: root });
    assert.equal(page, (await run.catch((error) => error)).stdout, name);
  }
});

test("a text is told as the file that holds it, with its places", async () => {
  for (const name of (await examples()).filter((name) => name.endsWith(".txt"))) {
    const text = await readFile(join(root, name), "utf8");
    const asked = request({ name, settings });
    const checked = JSON.parse(check(text, asked));
    assert.equal(checked.error, null);
    assert.deepEqual(checked.report, JSON.parse(lint(Buffer.from(text), name, asked)));
    const found = checked.report.files.flatMap((file) => file.messages).flatMap((message) => message.diagnostics);
    assert.equal(checked.spans.length, 2 * found.length);
    assert.equal(checked.edits.length, found.length);
    found.forEach((finding, index) => {
      const [start, end] = checked.spans.slice(2 * index);
      const line = text.slice(0, start).split("\n");
      assert.deepEqual([line.length, line.at(-1).length + 1], [finding.start.line, finding.start.utf16]);
      assert.ok(start <= end && end <= text.length);
      assert.equal(checked.edits[index].length, finding.fix?.edits.length ?? 0);
    });
    const mended = JSON.parse(mend(text, asked));
    assert.equal(mended.applied > 0, mended.text !== text, name);
    assert.equal(JSON.parse(mend(mended.text, asked)).applied, 0, name);
  }
});

test("a mail that is opened is read as the mail", async () => {
  for (const name of (await examples()).filter((name) => name.endsWith(".eml"))) {
    const opened = JSON.parse(open(await readFile(join(root, name)), name, "id"));
    assert.equal(opened.error, null);
    const [draft] = opened.texts;
    const rules = (document) => JSON.parse(document).files[0].messages[0].diagnostics.map((found) => `${found.rule} ${found.excerpt}`);
    const mail = lint(await readFile(join(root, name)), name, request({ settings }));
    assert.deepEqual(rules(lint(Buffer.from(draft.text), draft.name, request({ settings }))), rules(mail), name);
  }
});

test("there is something to choose from", () => {
  for (const lang of ["id", "en"]) {
    const known = JSON.parse(about(lang));
    assert.equal(known.channels.length, 4);
    assert.ok(known.rules.length > 50 && known.guideline.length > 30 && known.agency.length > 10);
  }
});

/** A ZIP archive of files. */
function zip(entries) {
  const [parts, central] = [[], []];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const packed = deflateRawSync(content);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(content), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(content.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    parts.push(Buffer.from("PK\x03\x04"), head, Buffer.from(name), packed);
    central.push(Buffer.from("PK\x01\x02\x14\x00"), head, place, Buffer.from(name));
    at += 4 + head.length + Buffer.byteLength(name) + packed.length;
  }
  const list = Buffer.concat(central);
  const end = Buffer.alloc(18);
  const count = Object.keys(entries).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, list, Buffer.from("PK\x05\x06"), end]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
    }
  }
  return ~crc >>> 0;
}
