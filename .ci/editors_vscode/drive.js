// An extension that drives the extension Santun within VS Code: what a person would do, and whether it comes to what it should.
// It writes what it saw into the file that SANTUN_SEEN names. The folder that is open is SANTUN_WORK.

const { appendFileSync, renameSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const vscode = require("vscode");

const work = process.env.SANTUN_WORK;
const seen = process.env.SANTUN_SEEN;

function show(what) {
  appendFileSync(`${seen}.part`, `${what}\n`);
}

/** Waits until `holds` says something. */
async function wait(what, holds) {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    const found = await holds();
    if (found) {
      show(`  ${what}`);
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(what);
}

function diagnostics(file) {
  return vscode.languages.getDiagnostics(vscode.Uri.file(path.join(work, file)));
}

function finding(file, rule) {
  return diagnostics(file).find(({ source, code }) => source === "santun" && code === rule);
}

async function drive() {
  const draft = "chat-warga.txt";
  writeFileSync(path.join(work, draft), "Selamat pagi, Bapak/Ibu.\n🙏 Berkasnya gak ada.\n");
  writeFileSync(path.join(work, "chat-lain.txt"), "Halo Bro, gak bisa.\n");
  const uri = vscode.Uri.file(path.join(work, draft));
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);

  const found = await wait("a finding", () => finding(draft, "language/slang"));
  await wait("its place behind an emoji, in UTF-16", () => found.range.isEqual(new vscode.Range(1, 13, 1, 16)));
  await wait("its severity", () => found.severity === vscode.DiagnosticSeverity.Warning);

  const hovers = await vscode.commands.executeCommand("vscode.executeHoverProvider", uri, found.range.start);
  await wait("a hover with the guideline's text", () =>
    hovers.some(({ contents }) => contents.some(({ value }) => value.includes("Bahasa Formal"))),
  );

  const actions = await vscode.commands.executeCommand("vscode.executeCodeActionProvider", uri, found.range, undefined, 99);
  const fix = await wait("an action", () => actions.find(({ title }) => title.includes("“gak” dengan “tidak”")));
  await vscode.workspace.applyEdit(fix.edit);
  await wait("the fix in the text", () => document.lineAt(1).text === "🙏 Berkasnya tidak ada.");
  await wait("no finding any more", () => !finding(draft, "language/slang"));

  await editor.edit((edit) => edit.insert(new vscode.Position(2, 0), "Suratnya gak lama.\n"));
  await wait("a finding while typing", () => finding(draft, "language/slang"));
  const config = path.join(work, "santun.toml");
  writeFileSync(config, '[rules]\n"language/slang" = "off"\n');
  await wait("none once santun.toml switches the rule off", () => !finding(draft, "language/slang"));
  writeFileSync(config, "nama = 7\n");
  await wait("what is wrong with santun.toml", () => diagnostics("santun.toml").length > 0);
  writeFileSync(config, "");
  await wait("a finding again", () => finding(draft, "language/slang"));

  await vscode.commands.executeCommand("santun.checkAll");
  await wait("findings in a file that is not open", () => finding("chat-lain.txt", "language/slang"));

  const settings = vscode.workspace.getConfiguration("santun");
  await settings.update("language", "en", vscode.ConfigurationTarget.Global);
  await wait("findings in English", () => finding(draft, "language/slang")?.message.includes("too casual"));
  await settings.update("files", ["lang/*.json"], vscode.ConfigurationTarget.Global);
  await settings.update("languages", [], vscode.ConfigurationTarget.Global);
  await wait("none where no document is chosen", () => diagnostics(draft).length === 0);
  await settings.update("files", [draft], vscode.ConfigurationTarget.Global);
  await wait("findings where the file is chosen", () => finding(draft, "language/slang"));
  await vscode.commands.executeCommand("santun.restart");
  await wait("findings of another server", () => finding(draft, "language/slang"));
  await settings.update("path", "/tiada/lint", vscode.ConfigurationTarget.Global);
  await wait("none without a program", () => diagnostics(draft).length === 0);
}

exports.activate = () => {
  drive()
    .then(
      () => show("selesai"),
      (error) => {
        const all = vscode.languages.getDiagnostics().map(([uri, found]) => [uri.path, found.map(({ code, range, message }) => [code, range, message])]);
        show(`GAGAL: ${error.stack}\n${JSON.stringify(all)}`);
      },
    )
    .finally(() => renameSync(`${seen}.part`, seen));
};
