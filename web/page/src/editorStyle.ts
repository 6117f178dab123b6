// How the box of the message looks: the colours are those of the page, which reach into its shadow root as variables.

import { EditorView } from "@codemirror/view";

const tip = {
  border: "1px solid var(--line)",
  borderRadius: ".5rem",
  background: "var(--card)",
  color: "var(--ink)",
  boxShadow: "var(--shadow)",
};

export const editorStyle = EditorView.theme({
  "&": { height: "100%", fontSize: "1rem", color: "var(--ink)", background: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.75", overflow: "auto" },
  ".cm-content": { padding: "1rem 1.25rem 2rem", caretColor: "var(--accent)", minHeight: "100%" },
  ".cm-line": { padding: "0" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".mark": { padding: ".08em 0", borderRadius: ".2em" },
  ".mark.error": { background: "var(--e-ground)", boxShadow: "inset 0 -.14em var(--bar-e)" },
  ".mark.warning": { background: "var(--w-ground)", borderBottom: ".13em dashed var(--bar-w)" },
  ".mark.info": { background: "var(--i-ground)", borderBottom: ".14em dotted var(--bar-i)" },
  ".cm-tooltip": tip,
  ".tip": { maxWidth: "min(24rem, 86vw)", padding: ".35rem .9rem", fontFamily: "inherit", fontSize: ".93rem", lineHeight: "1.5" },
  ".tip > div": { padding: ".5rem 0" },
  ".tip > div + div": { borderTop: "1px solid var(--line)" },
  ".tip p": { margin: "0" },
  ".tip .help": { color: "var(--soft)", marginTop: ".25rem" },
  ".badge": {
    display: "inline-block",
    padding: ".05rem .55rem",
    borderRadius: "1rem",
    fontSize: ".8rem",
    fontWeight: "600",
    marginBottom: ".3rem",
  },
  ".badge.error": { background: "var(--e-ground)", color: "var(--e)" },
  ".badge.warning": { background: "var(--w-ground)", color: "var(--w)" },
  ".badge.info": { background: "var(--i-ground)", color: "var(--i)" },
  ".fix": {
    font: "inherit",
    fontWeight: "600",
    minHeight: "1.9rem",
    marginTop: ".4rem",
    padding: ".2rem .7rem",
    color: "var(--ok)",
    background: "var(--ok-ground)",
    border: "1px solid transparent",
    borderRadius: ".4rem",
    cursor: "pointer",
    textAlign: "start",
  },
  ".fix:hover": { borderColor: "var(--ok)" },
  ".unseen": {
    position: "absolute",
    width: "1px",
    height: "1px",
    overflow: "hidden",
    clipPath: "inset(50%)",
    whiteSpace: "nowrap",
  },
});
