// What the page asks of the compiled library and what it answers: web/src/lib.rs in TypeScript.

export type Lang = "id" | "en";
export type Severity = "error" | "warning" | "info";
export type Channel = "email" | "chat" | "social" | "letter";

export interface Request {
  name: string;
  lang: Lang;
  channel: Channel | null;
  /** A santun.toml. */
  settings: string;
  /** The local time, such as 2026-11-26T09:00:00. */
  now: string;
}

export interface Fix {
  title: string;
  safety: "safe" | "review";
  edits: { new: string }[];
}

export interface Finding {
  rule: string;
  severity: Severity;
  message: string;
  help: string | null;
  excerpt: string;
  start: { line: number };
  fix: Fix | null;
  guideline: { id: string; title: string } | null;
  basis: string[];
  fingerprint: string;
}

/** The document of `lint --format json`, as far as the page reads it. */
export interface Report {
  files: {
    messages: { channel: Channel | null; notes: string[]; diagnostics: Finding[]; error: string | null }[];
    notes: string[];
    error: string | null;
  }[];
  summary: { errors: number; warnings: number; infos: number; messages: number };
}

export type State = "fulfilled" | "to-mend" | "not-applicable" | "not-checked" | "not-visible";

export interface Statement {
  id: string;
  section: string;
  title: string;
  text: string;
  state: State;
  severity: Severity | null;
  reasons: string[];
}

/** A replacement in the text, in UTF-16. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
}

export interface Checked {
  report: Report;
  /** How the channel of the first message was found. */
  channel_found: "given" | "named" | "headers" | "file-name" | "shape" | null;
  /** `note` tells how many statements stand how, where there is but one message. */
  checklist: { statements: Statement[]; note: string };
  /** Start and end of each finding, one after another, in the order of the report. */
  spans: number[];
  /** The edits of each finding's fix, in the same order. */
  edits: Edit[][];
  error: string | null;
}

export interface Mended {
  text: string;
  applied: number;
}

export interface Opened {
  texts: { name: string; text: string }[];
  error: string | null;
  notes: string[];
}

export interface RuleAbout {
  id: string;
  theme: string;
  title: string;
  /** Without settings. */
  on: boolean;
}

/** A key of [agency] in a santun.toml; `example` is a value in TOML. */
export interface FactAbout {
  key: string;
  help: string;
  example: string;
}

export interface About {
  version: string;
  rules: RuleAbout[];
  agency: FactAbout[];
}

/** What is called in the worker, by name. */
export interface Calls {
  check: { args: [text: string, request: Request]; result: Checked };
  mend: { args: [text: string, request: Request]; result: Mended };
  open: { args: [bytes: Uint8Array, name: string, lang: Lang]; result: Opened };
  about: { args: [lang: Lang]; result: About };
}

export type Call = keyof Calls;
