// Starts `lint lsp` once a document is open that it is for, and hands it the documents that the settings name.

import { homedir } from "node:os";

import * as vscode from "vscode";
import { ExecuteCommandRequest, LanguageClient, RevealOutputChannelOn } from "vscode-languageclient/node";

import { CONFIGURATION, type Settings, args, initialization, messages } from "./options";
import { findProgram } from "./program";
import { type Count, texts } from "./texts";

let client: LanguageClient | undefined;
/** Whether it was said that there is no program, which need not be said with every document. */
let missing = false;
/** Starting and stopping, one after the other. */
let work: Promise<void> = Promise.resolve();

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand("santun.checkAll", checkAll),
    vscode.commands.registerCommand("santun.restart", restart),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (client === undefined && !missing && isOurs(document)) {
        void start();
      }
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      // The client itself heeds how much is traced.
      const own = ["path", "language", "languages", "files"];
      if (own.some((key) => event.affectsConfiguration(`santun.${key}`))) {
        void (client !== undefined || missing || anyOurs() ? restart() : undefined);
      }
    }),
  );
  if (anyOurs()) {
    void start();
  }
}

export async function deactivate(): Promise<void> {
  await stop();
}

function settings(): Settings {
  const own = vscode.workspace.getConfiguration("santun");
  return {
    path: own.get("path", "lint"),
    language: own.get("language", "auto"),
    languages: own.get("languages", []),
    files: own.get("files", []),
  };
}

/** Whether a document is a reason to start the server. */
function isOurs(document: vscode.TextDocument): boolean {
  const reasons = [...messages(settings()), { scheme: "file", pattern: "**/santun.toml" }];
  return vscode.languages.match(reasons, document) > 0;
}

function anyOurs(): boolean {
  return vscode.workspace.textDocuments.some(isOurs);
}

function start(): Promise<void> {
  return then(async () => {
    if (client === undefined) {
      await startNow();
    }
  });
}

function restart(): Promise<void> {
  return then(async () => {
    await stopNow();
    await startNow();
  });
}

function stop(): Promise<void> {
  return then(stopNow);
}

function then(next: () => Promise<void>): Promise<void> {
  work = work.then(next, next);
  return work;
}

async function startNow(): Promise<void> {
  const own = settings();
  const says = texts(own);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const program = await findProgram(own.path, {
    folder: folder?.scheme === "file" ? folder.fsPath : undefined,
    home: homedir(),
    env: process.env,
    platform: process.platform,
  });
  missing = program === undefined;
  if (program === undefined) {
    complain(says.notFound(own.path), says.settings, showSettings);
    return;
  }
  const started = new LanguageClient(
    "santun",
    "Santun",
    { command: program, args: args() },
    {
      documentSelector: [...messages(own), CONFIGURATION],
      initializationOptions: initialization(own),
      // What goes wrong is said here, in the language that was chosen.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
    },
  );
  client = started;
  try {
    await started.start();
  } catch {
    complain(says.notStarted(own.path), says.output, () => started.outputChannel.show());
  }
}

async function stopNow(): Promise<void> {
  const stopped = client;
  client = undefined;
  try {
    await stopped?.dispose();
  } catch {
    // One that never started cannot be stopped.
  }
}

/** Checks all files of the workspace, whether open or not. */
async function checkAll(): Promise<void> {
  await start();
  const says = texts(settings());
  if (client?.isRunning() !== true) {
    return;
  }
  try {
    const count: Count = await client.sendRequest(ExecuteCommandRequest.type, { command: "santun.checkWorkspace" });
    void vscode.window.showInformationMessage(says.checked(count));
  } catch (error) {
    // The server says itself why not, in its language.
    void vscode.window.showWarningMessage(`Santun: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function complain(text: string, button: string, action: () => void): void {
  void vscode.window.showErrorMessage(text, button).then((pressed) => {
    if (pressed === button) {
      action();
    }
  });
}

function showSettings(): void {
  void vscode.commands.executeCommand("workbench.action.openSettings", "santun.path");
}
