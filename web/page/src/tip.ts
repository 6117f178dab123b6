// What is told of findings wherever they are shown: the badge of a severity, the button of a fix, and the tip over a mark.

import type { Severity } from "./contract";
import { say } from "./language";
import type { Placed } from "./marks";
import { element, sign, unseen } from "./markup";

const SIGNS: Record<Severity, string> = { error: "✗", warning: "!", info: "i" };

/** A severity by word, sign and colour. */
export function badge(severity: Severity): HTMLElement {
  return element("span", { class: `badge ${severity}` }, sign(SIGNS[severity]), ` ${say(severity)}`);
}

/** At most so many characters of a text are told on a button. */
const TOLD = 60;

function short(text: string): string {
  const line = text.trim().replace(/\s+/gu, " ");
  const characters = [...line];
  return characters.length > TOLD ? `${characters.slice(0, TOLD - 1).join("")}…` : line;
}

/** What a fix does, as “gak → tidak” where it says one word for another. */
function deed({ finding, from, to, edits }: Placed): (Node | string)[] {
  const { fix, excerpt } = finding;
  const [edit, ...others] = edits;
  if (!fix || !edit || others.length > 0) {
    return [fix?.title ?? ""];
  }
  const said = short(edit.insert);
  if (edit.from === edit.to) {
    return [element("span", { "aria-hidden": "true" }, "+ "), unseen(`${say("insert")} `), element("ins", {}, said)];
  }
  // The excerpt is masked; the text itself is never shown outside the editor.
  if (edit.from !== from || edit.to !== to || said === "") {
    return [fix.title];
  }
  return [
    unseen(`${say("replace")} `),
    element("del", {}, excerpt),
    element("span", { class: "arrow", "aria-hidden": "true" }, " → "),
    unseen(` ${say("by")} `),
    element("ins", {}, said),
  ];
}

/** The button that applies the fix of a finding, or nothing where there is none. */
export function fixButton(one: Placed, apply: (one: Placed) => void): HTMLElement | null {
  if (!one.finding.fix || one.edits.length === 0) {
    return null;
  }
  const isSafe = one.finding.fix.safety === "safe";
  return element(
    "button",
    { type: "button", class: `fix ${one.finding.fix.safety}`, click: () => apply(one) },
    ...deed(one),
    !isSafe && element("small", {}, ` (${say("toReview")})`),
  );
}

/** The tip over a mark. */
export function tip(findings: Placed[], apply: (one: Placed) => void): HTMLElement {
  const told = findings.slice(0, 4).map((one) => {
    const { severity, message, help } = one.finding;
    const what = element("p", {}, message);
    return element("div", {}, badge(severity), what, help ? element("p", { class: "help" }, help) : null, fixButton(one, apply));
  });
  return element("div", { class: "tip" }, ...told);
}
