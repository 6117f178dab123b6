// The list of findings: by rule and severity, the gravest first, with what would mend them and who asks for that.

import type { Checked, Report } from "./contract";
import { say } from "./language";
import { graver, type Placed } from "./marks";
import { element, sign, unseen } from "./markup";
import { badge, fixButton } from "./tip";

/** How many findings of a message are told one by one. */
const TOLD = 200;

interface Events {
  mend: (one: Placed) => void;
  show: (one: Placed) => void;
  switchOff: (rule: string) => void;
}

type Group = [Placed, ...Placed[]];

/** Findings of one rule and severity together: help and sources stand once. */
function grouped(all: Placed[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of all.slice(0, TOLD)) {
    const key = `${one.finding.rule} ${one.finding.severity}`;
    const group = groups.get(key);
    if (group) {
      group.push(one);
    } else {
      groups.set(key, [one]);
    }
  }
  return [...groups.values()].sort(([one], [other]) => graver(other.finding.severity, one.finding.severity));
}

/** The counts in the words of the terminal. */
export const counts = ({ summary }: Report): string =>
  say("counts", { errors: summary.errors, warnings: summary.warnings, infos: summary.infos });

/** How a message stands: the words for it, its look and its sign. */
function standing({ summary }: Report) {
  if (summary.errors > 0) {
    return ["verdictMend", "error", "✗"] as const;
  }
  if (summary.warnings + summary.infos > 0) {
    return ["verdictReview", "warning", "!"] as const;
  }
  return summary.messages > 0 ? (["verdictClean", "clean", "✓"] as const) : (["verdictUnread", "", "?"] as const);
}

const hasFindings = ({ summary }: Report): boolean => summary.errors + summary.warnings + summary.infos > 0;

function verdict(report: Report): HTMLElement {
  const [key, look, shown] = standing(report);
  const told = hasFindings(report) ? element("span", { class: "counts" }, counts(report)) : null;
  return element("div", { class: `verdict ${look}` }, sign(shown), element("div", {}, element("strong", {}, say(key)), told));
}

/** The same in one line, below the message where the list is out of sight. */
export function showGlance(host: HTMLElement, report: Report): void {
  const [key, look, shown] = standing(report);
  const found = hasFindings(report);
  host.className = `glance filled-only ${look}`;
  host.replaceChildren(sign(shown), element("span", {}, found ? counts(report) : say(key)), sign(found ? "↓" : ""));
}

function notes({ report, error }: Checked): HTMLElement[] {
  const note = (key: "note" | "trouble", text: string) =>
    element("p", { class: `note ${key}` }, element("strong", {}, say(key)), " ", text);
  const own = report.files.flatMap((file) => [file, ...file.messages]);
  return [
    ...[error, ...own.map((one) => one.error)].filter((text) => text !== null).map((text) => note("trouble", text)),
    // What is an option of the command stands among the settings here.
    ...own.flatMap((one) => one.notes).map((text) => note("note", text.replace(say("byOption"), say("bySettings")))),
  ];
}

export class Findings {
  readonly #host: HTMLElement;
  readonly #events: Events;
  /** Each finding's element, to be found again by what it is about. */
  #rows = new Map<string, HTMLElement>();

  constructor(host: HTMLElement, events: Events) {
    this.#host = host;
    this.#events = events;
  }

  show(checked: Checked, all: Placed[]): void {
    const held = this.#held();
    this.#rows = new Map();
    const list = element("ul", { class: "findings" }, ...grouped(all).map((group) => this.#group(group)));
    const more = all.length > TOLD ? element("p", { class: "more" }, say("more", { findings: all.length - TOLD })) : null;
    const { scrollTop } = this.#host;
    this.#host.replaceChildren(verdict(checked.report), ...notes(checked), list, ...(more ? [more] : []));
    this.#host.scrollTop = scrollTop;
    held?.();
  }

  /** Which button has the focus, so that after a fix the keyboard goes on with what stands there now. */
  #held(): (() => void) | undefined {
    const all = () => [...this.#host.querySelectorAll<HTMLElement>("button")];
    const at = all().indexOf(document.activeElement as HTMLElement);
    if (at < 0) {
      return undefined;
    }
    return () => {
      const now = all();
      (now[Math.min(at, now.length - 1)] ?? this.#host).focus();
    };
  }

  #group(group: Group): HTMLElement {
    const { rule, severity, help, guideline, basis } = group[0].finding;
    const sources = [guideline ? `${guideline.title} (${guideline.id})` : "", ...basis].filter((text) => text !== "");
    const off = rule.startsWith("privacy/")
      ? null
      : element(
          "button",
          { type: "button", class: "quiet", title: say("switchOff"), click: () => this.#events.switchOff(rule) },
          sign("⊘"),
          unseen(`${say("switchOff")}: ${rule}`),
        );
    return element(
      "li",
      { class: `group ${severity}` },
      element("div", { class: "head" }, element("h3", {}, badge(severity), " ", element("code", {}, rule)), off),
      element("ul", {}, ...group.map((one) => this.#row(one))),
      help ? element("p", { class: "help" }, help) : null,
      sources.length > 0 ? element("p", { class: "source" }, `${say("guideline")}: ${sources.join(" · ")}`) : null,
    );
  }

  #row(one: Placed): HTMLElement {
    const place = element("span", { class: "place" }, say("line", { line: one.finding.start.line }));
    const jump = element(
      "button",
      { type: "button", class: "jump", title: say("jump"), click: () => this.#events.show(one) },
      element("span", { class: "told" }, one.finding.message),
      " ",
      place,
    );
    const row = element("li", {}, jump, fixButton(one, (chosen) => this.#events.mend(chosen)));
    this.#rows.set(key(one), row);
    return row;
  }

  /** Points at the findings in which the cursor stands. */
  point(here: Placed[]): void {
    const own = new Set(here.map(key));
    for (const [name, row] of this.#rows) {
      row.toggleAttribute("data-here", own.has(name));
    }
    const first = here[0] && this.#rows.get(key(here[0]));
    // Where the page itself scrolls, it would carry the message away.
    if (first && this.#host.scrollHeight > this.#host.clientHeight) {
      const { top, bottom } = first.getBoundingClientRect();
      const frame = this.#host.getBoundingClientRect();
      if (top < frame.top || bottom > frame.bottom) {
        this.#host.scrollTop += top - frame.top - 16;
      }
    }
  }
}

const key = (one: Placed): string => `${one.finding.fingerprint} ${one.finding.start.line} ${one.finding.excerpt}`;
