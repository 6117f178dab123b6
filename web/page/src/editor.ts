// The box of the message: CodeMirror with marks, tips over them, and keys to go through them.
//
// It lives in a shadow root, since its style sheets are then made by script and the page's policy need not allow any inline.

import { history, historyKeymap, standardKeymap, undo, undoDepth } from "@codemirror/commands";
import { Compartment, EditorState, type TransactionSpec } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, type Tooltip } from "@codemirror/view";

import { say } from "./language";
import { findingsAt, marks, type Placed, showFindings } from "./marks";
import { editorStyle } from "./editorStyle";
import { tip } from "./tip";

interface Events {
  /** The text is another. */
  changed: () => void;
  /** The cursor stands in these findings. */
  reached: (findings: Placed[]) => void;
}

export class Editor {
  readonly #view: EditorView;
  readonly #labels = new Compartment();

  constructor(host: HTMLElement, events: Events) {
    const root = host.attachShadow({ mode: "open" });
    const over = hoverTooltip((view, at) => this.#tooltip(view, at), { hideOnChange: true, hoverTime: 200 });
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        extensions: [
          history(),
          marks,
          over,
          EditorView.lineWrapping,
          editorStyle,
          this.#labels.of(this.#named()),
          keymap.of([
            { key: "F8", run: () => this.#step(1) },
            { key: "Shift-F8", run: () => this.#step(-1) },
            { key: "Alt-Enter", run: () => this.#mendHere() },
            // The keys of any box of text; Tab is not among them and leaves it.
            ...historyKeymap,
            ...standardKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              events.changed();
            }
            if (update.selectionSet) {
              const { from, to } = update.state.selection.main;
              events.reached(findingsAt(update.state, from, to));
            }
          }),
        ],
      }),
    });
  }

  #named() {
    return EditorView.contentAttributes.of({
      "aria-label": say("editor"),
      "aria-description": say("keys"),
      lang: "id",
      tabindex: "0",
      spellcheck: "false",
      autocapitalize: "sentences",
    });
  }

  #tooltip(view: EditorView, at: number): Tooltip | null {
    const here = findingsAt(view.state, at).filter(({ from, to }) => from < to);
    if (here.length === 0) {
      return null;
    }
    const pos = Math.min(...here.map(({ from }) => from));
    return { pos, above: true, create: () => ({ dom: tip(here, (one) => this.mend(one)) }) };
  }

  /** Goes to the next finding of the text, or to the one before. */
  #step(direction: 1 | -1): boolean {
    const { state } = this.#view;
    const all = [...state.field(marks).all].sort((one, other) => one.from - other.from || one.to - other.to);
    const { from, to } = state.selection.main;
    const ahead = direction === 1 ? all.find((one) => one.from > from || (one.from === from && one.to > to)) : all.findLast((one) => one.from < from);
    const goal = ahead ?? all.at(direction === 1 ? 0 : -1);
    if (goal) {
      this.show(goal);
    }
    return goal !== undefined;
  }

  #mendHere(): boolean {
    const { from, to } = this.#view.state.selection.main;
    // A finding about the whole message covers every word; the word itself is meant.
    const [narrowest] = findingsAt(this.#view.state, from, to)
      .filter(({ edits }) => edits.length > 0)
      .sort((one, other) => one.to - one.from - (other.to - other.from));
    if (narrowest) {
      this.mend(narrowest);
    }
    return true;
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  get isEmpty(): boolean {
    return this.#view.state.doc.length === 0;
  }

  get canUndo(): boolean {
    return undoDepth(this.#view.state) > 0;
  }

  #change(spec: TransactionSpec): void {
    this.#view.dispatch({ ...spec, userEvent: "input.santun" });
  }

  /** Puts another text in place of the whole. */
  replace(text: string): void {
    const { length } = this.#view.state.doc;
    this.#change({ changes: { from: 0, to: length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true });
  }

  /** Puts a mended text in place of the whole; what both have in common stays untouched. */
  revise(text: string): void {
    const old = this.text;
    // Line ends in the editor are all one character.
    const wanted = text.replaceAll("\r\n", "\n");
    let start = 0;
    while (start < old.length && old[start] === wanted[start]) {
      start += 1;
    }
    let end = 0;
    const shorter = Math.min(old.length, wanted.length) - start;
    while (end < shorter && old[old.length - 1 - end] === wanted[wanted.length - 1 - end]) {
      end += 1;
    }
    this.#change({ changes: { from: start, to: old.length - end, insert: wanted.slice(start, wanted.length - end) } });
  }

  mark(findings: Placed[]): void {
    this.#view.dispatch({ effects: showFindings.of(findings) });
  }

  /** Where a finding stands now; `undefined` if it was of another check. */
  #current(wanted: Placed): Placed | undefined {
    return this.#view.state.field(marks).all.find(({ finding }) => finding === wanted.finding);
  }

  /** Applies the fix of a finding. */
  mend(wanted: Placed): void {
    const now = this.#current(wanted);
    if (now && now.edits.length > 0) {
      this.#change({ changes: now.edits });
    }
  }

  /** Selects what a finding is about. */
  show(wanted: Placed): void {
    const { from, to } = this.#current(wanted) ?? { from: 0, to: 0 };
    this.#view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    this.#view.focus();
  }

  undo(): void {
    undo(this.#view);
  }

  focus(): void {
    this.#view.focus();
  }

  /** After the language of the page changed. */
  rename(): void {
    this.#view.dispatch({ effects: this.#labels.reconfigure(this.#named()) });
  }
}
