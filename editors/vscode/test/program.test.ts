import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { type Surroundings, findProgram } from "../src/program";

let root: string;
let around: Surroundings;

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), "santun-"));
  for (const file of ["bin/lint", "bin/lint.exe", "bin/lint.cmd", "bin/data", "ruang/alat/lint"]) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), "");
    await chmod(path.join(root, file), file === "bin/data" ? 0o644 : 0o755);
  }
  await mkdir(path.join(root, "kosong/lint"), { recursive: true });
  around = {
    folder: path.join(root, "ruang"),
    home: root,
    env: { PATH: ["alat", path.join(root, "kosong"), path.join(root, "bin")].join(path.delimiter) },
    platform: "linux",
  };
});

after(() => rm(root, { recursive: true }));

test("a name is searched on the PATH", async () => {
  assert.equal(await findProgram("lint", around), path.join(root, "bin/lint"));
  assert.equal(await findProgram(" lint ", around), path.join(root, "bin/lint"));
  assert.equal(await findProgram("lint", { ...around, env: {} }), undefined);
});

test("a path is taken from the folder", async () => {
  assert.equal(await findProgram("alat/lint", around), path.join(root, "ruang/alat/lint"));
  assert.equal(await findProgram("./alat/lint", around), path.join(root, "ruang/alat/lint"));
  assert.equal(await findProgram("alat/lint", { ...around, folder: undefined }), undefined);
});

test("what is absolute needs no folder", async () => {
  for (const folder of [around.folder, undefined]) {
    assert.equal(await findProgram(path.join(root, "bin/lint"), { ...around, folder }), path.join(root, "bin/lint"));
    assert.equal(await findProgram("~/bin/lint", { ...around, folder }), path.join(root, "bin/lint"));
  }
});

test("what is no program is not found", async () => {
  for (const setting of ["", "tiada", "data", path.join(root, "bin/data"), path.join(root, "kosong/lint")]) {
    assert.equal(await findProgram(setting, around), undefined, setting);
  }
});

test("a relative entry of the PATH is passed over, since whoever wrote the workspace could put a program there", async () => {
  assert.equal(await findProgram("lint", { ...around, env: { PATH: "alat:." } }), undefined);
});

test("on Windows, programs have endings", async () => {
  const windows: Surroundings = { ...around, platform: "win32", env: { Path: path.join(root, "bin"), PATHEXT: ".CMD;.EXE" } };
  assert.equal(await findProgram("lint", windows), path.join(root, "bin/lint.exe"));
  assert.equal(await findProgram("lint.exe", windows), path.join(root, "bin/lint.exe"));
});
