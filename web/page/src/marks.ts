// The findings inside the editor: where they stand while the text changes, and how they look there.

import { type EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

import type { Checked, Edit, Finding, Severity } from "./contract";

/** A finding, where it stands, and what its fix would change there. */
export interface Placed {
  finding: Finding;
  from: number;
  to: number;
  edits: Edit[];
}

const GRAVITY: Record<Severity, number> = { error: 2, warning: 1, info: 0 };

export const graver = (one: Severity, other: Severity): number => GRAVITY[one] - GRAVITY[other];

/** The findings of what was checked, each in its place, in the order of the text's messages. */
export function placed({ report, spans, edits }: Checked): Placed[] {
  const findings = report.files.flatMap((file) => file.messages.flatMap((message) => message.diagnostics));
  return findings.map((finding, at) => ({
    finding,
    from: spans[2 * at] ?? 0,
    to: spans[2 * at + 1] ?? 0,
    edits: edits[at] ?? [],
  }));
}

export const showFindings = StateEffect.define<Placed[]>();

interface Marks {
  all: Placed[];
  drawn: DecorationSet;
}

/** Marks that overlap are cut apart, so that each piece looks as its gravest finding does. */
function draw(all: Placed[], length: number): DecorationSet {
  const inside = all.filter(({ from, to }) => from < to && to <= length).sort((one, other) => one.from - other.from);
  const borders = [...new Set(inside.flatMap(({ from, to }) => [from, to]))].sort((one, other) => one - other);
  const open: Placed[] = [];
  const pieces = [];
  let next = 0;
  for (const [at, from] of borders.entries()) {
    const to = borders[at + 1] ?? from;
    for (; inside[next] && inside[next]!.from <= from; next += 1) {
      open.push(inside[next]!);
    }
    const here = open.filter((one) => one.to > from);
    open.splice(0, open.length, ...here);
    if (here.length > 0) {
      const severity = here.map((one) => one.finding.severity).reduce((one, other) => (graver(one, other) < 0 ? other : one));
      pieces.push(Decoration.mark({ class: `mark ${severity}` }).range(from, to));
    }
  }
  return Decoration.set(pieces);
}

/** Until the next check has been done, findings move along with the text around them. */
export const marks = StateField.define<Marks>({
  create: () => ({ all: [], drawn: Decoration.none }),
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(showFindings)) {
        return { all: effect.value, drawn: draw(effect.value, transaction.newDoc.length) };
      }
    }
    if (!transaction.docChanged) {
      return value;
    }
    const { changes } = transaction;
    const move = <P extends { from: number; to: number }>(place: P): P => {
      const from = changes.mapPos(place.from, 1);
      return { ...place, from, to: Math.max(from, changes.mapPos(place.to, -1)) };
    };
    return {
      all: value.all.map((one) => ({ ...move(one), edits: one.edits.map(move) })),
      drawn: value.drawn.map(changes),
    };
  },
  provide: (field) => EditorView.decorations.from(field, ({ drawn }) => drawn),
});

/** The findings that a stretch of text touches, the gravest first. */
export function findingsAt(state: EditorState, from: number, to = from): Placed[] {
  const here = state.field(marks).all.filter((one) => one.from <= to && from <= one.to);
  return here.sort((one, other) => graver(other.finding.severity, one.finding.severity) || one.from - other.from);
}
