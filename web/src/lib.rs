//! Santun for a page: texts in, findings out, as JSON. Nothing here reads a file, a clock or a network; the page hands in all of it.
//!
//! What is found is what `lint --format json` finds, since both ask the same library. Places are told in UTF-16, in which
//! JavaScript counts.

mod about;
mod checked;
mod desk;
mod draft;
mod source;
#[cfg(test)]
mod tests;
mod units;

use wasm_bindgen::prelude::wasm_bindgen;

use santun::locale::Lang;

/// What there is to choose from: channels, rules, facts of an agency, the guideline. `lang` is `id` or `en`.
///
/// ```ts
/// interface About {
///   version: string;
///   channels: { name: string; title: string }[];
///   guideline: { id: string; section: string; title: string; text: string }[];
///   rules: {
///     id: string; theme: string; title: string; help: string; severity: "error" | "warning" | "info";
///     channels: string[]; on: boolean; fixable: boolean; guideline: string | null; basis: string[];
///   }[];
///   agency: { key: string; help: string; example: string }[]; // keys of [agency] in santun.toml; examples are TOML
/// }
/// ```
#[wasm_bindgen]
#[must_use]
pub fn about(lang: &str) -> String {
    about::about(language(lang))
}

/// What a file holds, as texts that can be edited: mail as drafts with header lines, the entries of an archive, anything else as it
/// is, whatever its encoding.
///
/// ```ts
/// interface Opened { texts: { name: string; text: string }[]; error: string | null; notes: string[] }
/// ```
#[wasm_bindgen]
#[must_use]
pub fn open(bytes: Vec<u8>, name: &str, lang: &str) -> String {
    draft::open(bytes, name, language(lang))
}

/// What is found in a text.
///
/// ```ts
/// interface Request {
///   name: string;           // the name of the file, which may tell the format and the channel
///   lang: "id" | "en";
///   channel: string | null; // whatever the text says
///   settings: string;       // a santun.toml
///   now: string;            // the local time, such as 2026-11-26T09:00:00
/// }
/// interface Checked {
///   report: Report;             // the document of `lint --format json` (docs/json.md)
///   channel_found: "given" | "named" | "headers" | "file-name" | "shape" | null; // how that of the first message was found
///   checklist: {
///     messages: number;         // of how many messages it is
///     statements: {
///       id: string; section: string; title: string; text: string;
///       state: "fulfilled" | "to-mend" | "not-applicable" | "not-checked" | "not-visible";
///       severity: "error" | "warning" | "info" | null;
///       found: { rule: string; findings: number }[]; // of one message
///       reasons: string[];                           // what was not checked of it, and what text does not show; of one message
///     }[];
///     note: string;             // how many statements stand how; empty where there are several messages
///   };
///   spans: number[];            // start and end of each diagnostic of the report, in its order, in UTF-16 from the start of the text
///   edits: { from: number; to: number; insert: string }[][]; // the fix of each diagnostic; empty where there is none
///   error: string | null;       // what is wrong with the settings or the request; what could be used of them was
/// }
/// ```
#[wasm_bindgen]
#[must_use]
pub fn check(text: &str, request: &str) -> String {
    checked::check(text, request)
}

/// A text with all fixes that are safe, until there is nothing more to mend.
///
/// ```ts
/// interface Mended { text: string; applied: number }
/// ```
#[wasm_bindgen]
#[must_use]
pub fn mend(text: String, request: &str) -> String {
    checked::mend(text, request)
}

/// The document of `lint --format json` for a file as it is.
#[wasm_bindgen]
#[must_use]
pub fn lint(bytes: Vec<u8>, name: &str, request: &str) -> String {
    checked::lint(bytes, name, request)
}

fn language(code: &str) -> Lang {
    Lang::parse(code).unwrap_or_default()
}

/// A value as JSON. The values here cannot fail to serialise.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
