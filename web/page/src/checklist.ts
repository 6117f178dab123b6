// The guideline's statements as they stand for the message.

import type { Checked, Severity, Statement } from "./contract";
import { say } from "./language";
import { element, sign } from "./markup";

const TO_MEND = { error: ["error", "✗", "mend"], warning: ["warning", "!", "review"], info: ["info", "i", "suggestion"] } as const;
const OTHERS = {
  fulfilled: ["clean", "✓", "fulfilled"],
  "not-applicable": ["rest", "–", "notApplicable"],
  "not-checked": ["rest", "?", "notChecked"],
  "not-visible": ["rest", "○", "notVisible"],
} as const;

function standing({ state, severity }: Statement): HTMLElement {
  const gravest: Severity = severity ?? "info";
  const [look, shown, key] = state === "to-mend" ? TO_MEND[gravest] : OTHERS[state];
  return element("span", { class: `badge ${look}` }, sign(shown), ` ${say(key)}`);
}

function row(statement: Statement): HTMLElement {
  const told = [statement.text, ...statement.reasons].filter((text) => text !== "");
  return element(
    "li",
    { class: statement.state },
    element("p", { class: "what" }, element("strong", {}, statement.title), standing(statement)),
    ...told.map((text) => element("p", { class: "why" }, text)),
  );
}

export function showChecklist(host: HTMLElement, { checklist }: Checked): void {
  const sections = new Map<string, Statement[]>();
  for (const statement of checklist.statements) {
    const own = sections.get(statement.section) ?? [];
    sections.set(statement.section, [...own, statement]);
  }
  const chapters = [...sections].map(([title, statements]) =>
    element("section", {}, element("h3", {}, title), element("ul", { class: "statements" }, ...statements.map(row))),
  );
  host.replaceChildren(element("p", { class: "why" }, checklist.note), ...chapters);
}
