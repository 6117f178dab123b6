//! Santun checks the messages of Indonesia's civil service against its etiquette: greetings, subject lines, signatures,
//! formal language, personal data, neutrality, tone.
//!
//! The path of a message is [`lint::Linter::lint`]: bytes are read as conversations ([`read`]), rules judge them
//! ([`ruleset`]), and a report ([`report`]) makes the findings fit to be shown ([`render`]).
//!
//! ```
//! use santun::{facts::Facts, lint::Linter, locale::Lang, read::{Format, Hints}, ruleset::{Choice, RuleSet}, source::Window};
//!
//! let rules = RuleSet::embedded();
//! let selection = rules.select(&Choice::default(), &[]);
//! let facts = Facts::default();
//! let linter = Linter { lang: Lang::En, ..Linter::new(&rules, &selection, &facts) };
//! let window = Window::whole("Halo Bro, berkasnya gak lengkap.");
//! let report = linter.lint(Format::sniffed("chat.txt", &window.bytes), &window, &Hints::default());
//! assert!(report.messages[0].findings.iter().any(|finding| finding.rule == "language/slang" || finding.rule == "language/abbreviation"));
//! ```

#[cfg(feature = "archive")]
pub mod archive;
pub mod calendar;
pub mod cases;
mod check;
pub mod checklist;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
mod decode;
pub mod diagnostic;
mod embedded;
pub mod facts;
pub mod fix;
pub mod flaw;
mod harmless;
pub mod limits;
pub mod lint;
pub mod locale;
#[cfg(feature = "cli")]
#[doc(hidden)] // but for tests
pub mod lsp;
pub mod message;
pub mod open;
pub mod pack;
mod phrase;
mod prefilter;
#[cfg(feature = "cli")]
mod project;
pub mod read;
pub mod ready;
pub mod render;
pub mod report;
pub mod rule;
pub mod ruleset;
#[cfg(feature = "cli")]
mod schema;
pub mod source;
pub mod span;
pub mod statistics;
mod suppress;
pub mod tally;
pub mod term;
mod texts;
pub mod token;
