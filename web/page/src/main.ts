// Puts the page together: a text comes in, the library says what it finds, and every part shows its share of that.

import { Announcer } from "./announcer";
import { Checker } from "./checker";
import { showChecklist } from "./checklist";
import type { About, Channel, Checked, Request } from "./contract";
import { Editor } from "./editor";
import { EXAMPLE } from "./example";
import { counts, Findings, showGlance } from "./findings";
import { copy } from "./handover";
import { lang, say, showWords, switchLanguage } from "./language";
import { placed, type Placed } from "./marks";
import { byId, element } from "./markup";
import { chooseText, Opening } from "./opening";
import { Settings } from "./settings";
import { SettingsDialog } from "./settingsDialog";
import { Tabs } from "./tabs";
import { Theme } from "./theme";
import { trusted } from "./trusted";

/** Whether the page has files beside it, or is a single one. The build says it. */
declare const HOSTED: boolean;

/** Tells nothing of a channel, as the name of an opened file may. */
const TYPED = "teks.txt";

const announcer = new Announcer();
const checker = new Checker(found, failed);
// What goes wrong here is told with the first message. The service worker comes after the library, or both would be loading it at once.
checker
  .start()
  .then(async () => {
    if (HOSTED && "serviceWorker" in navigator) {
      await navigator.serviceWorker.register(trusted("sw.js"));
    }
  })
  .catch(() => undefined);

const theme = new Theme(byId<HTMLButtonElement>("theme"), byId<HTMLLinkElement>("dark"));
const settings = new Settings(check);
const dialog = new SettingsDialog(settings, (text) => announcer.say(text));
const tabs = new Tabs(byId("tabs"));
const channel = byId<HTMLSelectElement>("channel");
const editor = new Editor(byId("editor"), { changed, reached: (here) => findings.point(here) });
const findings = new Findings(byId("findings"), { mend, show: (one) => editor.show(one), switchOff });

let name = TYPED;
let about: About | undefined;
/** What was found last, and in which text. */
let last: { text: string; checked: Checked; all: Placed[] } | undefined;
/** Whether the message would be lost with the page. */
let isUnsaved = false;
let drawing = 0;

function request(): Request {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  return { name, lang: lang(), channel: (channel.value || null) as Channel | null, settings: settings.toml, now: local };
}

function check(): void {
  if (editor.isEmpty) {
    clear();
    return;
  }
  if (!last) {
    byId("findings").replaceChildren(element("p", { class: "why" }, say("checking")));
  }
  checker.check(editor.text, request());
}

function changed(): void {
  isUnsaved = !editor.isEmpty && editor.text !== EXAMPLE;
  byId<HTMLButtonElement>("undo").disabled = !editor.canUndo;
  document.body.toggleAttribute("data-empty", editor.isEmpty);
  check();
}

function clear(): void {
  last = undefined;
  name = TYPED;
  byId("findings").replaceChildren();
  byId("glance").replaceChildren();
  byId("checklist").replaceChildren(element("p", { class: "why" }, say("checklistEmpty")));
  tabs.choose(0);
  editor.mark([]);
  announcer.sum("");
  showCounts();
}

function found(text: string, checked: Checked): void {
  if (text !== editor.text) {
    return;
  }
  const all = placed(checked);
  last = { text, checked, all };
  editor.mark(all);
  // The marks first; the list follows with the next picture.
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(showFound);
}

function showFound(): void {
  if (last) {
    findings.show(last.checked, last.all);
    showGlance(byId("glance"), last.checked.report);
    showChecklist(byId("checklist"), last.checked);
    announcer.sum(counts(last.checked.report));
  }
  showCounts();
}

function showCounts(): void {
  const safe = last?.all.filter(({ finding, edits }) => finding.fix?.safety === "safe" && edits.length > 0).length ?? 0;
  const button = byId<HTMLButtonElement>("fix-all");
  button.disabled = safe === 0;
  byId("fix-count").textContent = safe > 0 ? String(safe) : "";
  byId("found-count").textContent = last ? String(last.all.length) : "";
  const [auto] = channel.options;
  const own = last?.checked.report.files[0]?.messages[0]?.channel;
  if (auto) {
    const key = last?.checked.channel_found === "shape" ? "channelGuessed" : "channelFound";
    auto.textContent = own && channel.value === "" ? say(key, { channel: say(own) }) : say("channelAuto");
  }
}

function failed(): void {
  byId("findings").replaceChildren(element("p", { class: "note trouble" }, say("failed")));
}

function mend(one: Placed): void {
  editor.mend(one);
  announcer.say(say("applied", { count: 1 }));
}

async function mendAll(): Promise<void> {
  const text = editor.text;
  const { text: mended, applied } = await checker.call("mend", text, request());
  if (text === editor.text) {
    editor.revise(mended);
    announcer.say(applied > 0 ? say("applied", { count: applied }) : say("nothingApplied"));
  }
}

function switchOff(rule: string): void {
  const shipped = about?.rules.find(({ id }) => id === rule)?.on ?? true;
  settings.switchRule(rule, false, shipped);
  dialog.refresh();
  announcer.say(say("switchedOff", { rule }));
}

/** Puts a text into the box under the name by which it is checked. */
function take(text: string, called: string): void {
  name = called;
  editor.replace(text);
  editor.focus();
}

async function open(files: File[]): Promise<void> {
  const opened = await Promise.all(
    files.map(async (file) => checker.call("open", new Uint8Array(await file.arrayBuffer()), file.name, lang())),
  );
  const texts = opened.flatMap((one) => one.texts);
  const [only] = texts;
  const chosen = texts.length > 1 ? await chooseText(texts) : only;
  if (chosen) {
    take(chosen.text, chosen.name);
  }
  const remarks = opened.flatMap((one) => [...(one.error === null ? [] : [one.error]), ...one.notes]);
  if (chosen || remarks.length > 0) {
    announcer.say([...(chosen ? [say("opened", { name: chosen.name })] : []), ...remarks].join(" "));
  }
}

async function showLanguage(): Promise<void> {
  showWords();
  theme.show();
  editor.rename();
  for (const option of channel.options) {
    option.textContent = option.value === "" ? say("channelAuto") : say(option.value as Channel);
  }
  if (last) {
    check();
  } else {
    clear();
  }
  about = await checker.call("about", lang());
  dialog.show(about);
}

function prepareReport(): void {
  const date = new Date().toLocaleDateString(lang(), { dateStyle: "long" });
  byId("report-foot").textContent = say("reportFoot", { version: about?.version ?? "", date });
}

const on = (id: string, run: () => void) => byId(id).addEventListener("click", run);
on("example", () => take(EXAMPLE, TYPED));
on("clear", () => take("", TYPED));
on("fix-all", () => void mendAll());
on("undo", () => {
  editor.undo();
  announcer.say(say("undone"));
});
on("copy", async () => {
  const done = await copy(editor.text);
  isUnsaved &&= !done;
  announcer.say(say(done ? "copied" : "notCopied"));
});
on("print", () => print());
on("language", () => {
  switchLanguage();
  void showLanguage();
});
channel.addEventListener("change", check);
new Opening((files) => void open(files).catch(failed));
window.addEventListener("beforeprint", prepareReport);
window.addEventListener("beforeunload", (event) => isUnsaved && event.preventDefault());

document.body.toggleAttribute("data-empty", true);
if (location.hash === "#contoh") {
  take(EXAMPLE, TYPED);
}
void showLanguage();
