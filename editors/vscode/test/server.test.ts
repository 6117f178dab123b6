// The server as the extension starts it, by the protocol that the language client speaks. LINT names the program.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";

import { StreamMessageReader, StreamMessageWriter, createProtocolConnection } from "vscode-languageserver-protocol/node";

import { args, initialization } from "../src/options";

const program = process.env["LINT"];

async function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("exit", resolve));
}

test("the server takes what the extension says", { skip: program === undefined, timeout: 60_000 }, async () => {
  const child = spawn(path.resolve(program ?? ""), args(), { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.listen();
  const settings = { path: "lint", language: "en", languages: [], files: [] } as const;
  const { capabilities, serverInfo } = (await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } },
    initializationOptions: initialization(settings),
  })) as { capabilities: { executeCommandProvider?: { commands: string[] } }; serverInfo: { name: string } };
  assert.equal(serverInfo.name, "santun");
  assert.deepEqual(capabilities.executeCommandProvider?.commands, ["santun.checkWorkspace"]);
  await connection.sendNotification("initialized", {});

  const uri = `file://${path.join(tmpdir(), "chat-contoh.txt")}`;
  const text = "Selamat pagi, Bapak/Ibu.\n🙏 Berkasnya gak ada.\n";
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "plaintext", version: 1, text },
  });
  const { items } = (await connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } })) as {
    items: { code: string; message: string; range: unknown }[];
  };
  const slang = items.find(({ code }) => code === "language/slang");
  // The emoji counts as two.
  assert.deepEqual(slang?.range, { start: { line: 1, character: 13 }, end: { line: 1, character: 16 } });
  assert.match(slang.message, /too casual/);

  await connection.sendRequest("shutdown");
  const end = ended(child);
  await connection.sendNotification("exit");
  assert.equal(await end, 0);
});
