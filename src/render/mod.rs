//! Output formats. One file a format, and its line in [`OUTPUTS`].
//!
//! Messages are rendered by themselves, in the threads that linted them; what stands around them is written in order.

mod checkstyle;
#[cfg(feature = "cli")]
pub(crate) mod drawing;
mod fingerprint;
mod github;
mod gitlab;
mod html;
pub mod json;
mod jsonl;
mod junit;
mod page;
mod path;
#[cfg(feature = "cli")]
mod pretty;
mod rdjson;
mod sarif;
mod short;
pub mod standing;
#[cfg(feature = "cli")]
pub(crate) mod statistics;
mod xml;

use std::collections::BTreeMap;

use crate::checklist::Totals;
use crate::limits;
use crate::locale::Lang;
use crate::report::{Masking, MessageReport};
use crate::rule::{Rule, Severity};
use crate::statistics::Statistics;
use crate::tally::Tally;
use crate::texts::Key;

/// Every output format.
pub static OUTPUTS: &[Output] = &[
    #[cfg(feature = "cli")]
    Output { name: "pretty", lines: true, make: |style| Box::new(pretty::Pretty(style)) },
    Output { name: "short", lines: false, make: |_| Box::new(short::Short) },
    Output { name: "json", lines: false, make: |style| Box::new(json::Json(style)) },
    Output { name: "jsonl", lines: false, make: |style| Box::new(jsonl::JsonLines(style)) },
    Output { name: "html", lines: false, make: |style| Box::new(html::Html(style)) },
    Output { name: "sarif", lines: false, make: |style| Box::new(sarif::Sarif(style)) },
    Output { name: "github", lines: false, make: |style| Box::new(github::GitHub(style)) },
    Output { name: "gitlab", lines: false, make: |style| Box::new(gitlab::GitLab(style)) },
    Output { name: "junit", lines: false, make: |style| Box::new(junit::JUnit(style)) },
    Output { name: "checkstyle", lines: false, make: |style| Box::new(checkstyle::Checkstyle(style)) },
    Output { name: "rdjson", lines: false, make: |style| Box::new(rdjson::Rdjson(style)) },
];

/// An output format.
#[derive(Debug)]
pub struct Output {
    /// Name on the command line.
    pub name: &'static str,
    /// Whether it shows the lines around findings.
    pub lines: bool,
    make: fn(Style) -> Box<dyn Render>,
}

impl Output {
    /// The format of that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        OUTPUTS.iter().find(|output| output.name == name)
    }

    /// Whether people read it. Formats for programs say what was checked themselves.
    #[must_use]
    pub fn is_for_people(&self) -> bool {
        matches!(self.name, "pretty" | "short")
    }

    /// Whether it can tell statistics: as tables, as JSON of our own, or in place of messages.
    #[must_use]
    pub fn tells_statistics(&self) -> bool {
        self.is_for_people() || matches!(self.name, "json" | "jsonl" | "html")
    }

    /// A renderer of the format.
    #[must_use]
    pub fn renderer(&self, style: Style) -> Box<dyn Render> {
        (self.make)(style)
    }
}

/// How to render.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// Language.
    pub lang: Lang,
    /// Whether colours may be used.
    pub color: bool,
    /// Whether personal data was masked in what is rendered.
    pub masking: Masking,
    /// The folder from which relative paths count, fit to be shown; empty if it is not known.
    pub root: String,
}

/// A source as renderers see it.
#[derive(Clone, Copy, Debug)]
pub struct FileHead<'f> {
    /// Its path, fit to be shown.
    pub path: &'f str,
    /// The format it was read in; none if it could not be read.
    pub format: Option<&'static str>,
}

/// What is known of a source once it has been read.
#[derive(Clone, Copy, Debug)]
pub struct FileTail<'f> {
    /// Remarks.
    pub notes: &'f [String],
    /// Why it could not be read.
    pub error: Option<&'f str>,
    /// What was counted in it.
    pub tally: &'f Tally,
}

/// What is known once everything has been read.
#[derive(Clone, Copy, Debug)]
pub struct RunTail<'r> {
    /// How many sources there were.
    pub files: u64,
    /// What was counted.
    pub tally: &'r Tally,
    /// What was gathered for the end.
    pub gathered: &'r Gathered,
    /// What a report does not show.
    pub left_out: LeftOut,
}

/// What a report counts and does not show.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeftOut {
    /// Messages with findings.
    pub messages: u64,
    /// Sources of which nothing is to be said.
    pub sources: u64,
}

/// What is gathered during a run, to be told at its end.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// The rules that were on for some source, by id, for renderers that [end with them](Render::ends_with_rules).
    pub rules: BTreeMap<String, Rule>,
    /// What was said of sources and messages besides findings, up to [`REMARKS`](crate::limits::REMARKS), for these as well.
    pub remarks: Vec<Remark>,
    /// How many remarks there were beyond these.
    pub unsaid: u64,
    /// How many remarks say that something could not be read.
    pub unread: u64,
    /// Findings by rule, sender and the like.
    pub statistics: Statistics,
    /// The guideline's statements as they stand.
    pub checklists: Totals,
}

/// What is said of a source or a message besides findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The path of the source, fit to be shown.
    pub path: String,
    /// The line that it is about.
    pub line: Option<u64>,
    /// What is said.
    pub text: String,
    /// Whether something could not be read.
    pub is_error: bool,
}

impl Gathered {
    /// Takes in remarks, as far as there is room.
    pub fn remark(&mut self, remarks: impl IntoIterator<Item = Remark>) {
        for remark in remarks {
            self.unread += u64::from(remark.is_error);
            if self.remarks.len() < limits::REMARKS {
                self.remarks.push(remark);
            } else {
                self.unsaid += 1;
            }
        }
    }
}

/// The word for a severity that a person reads.
pub(crate) fn severity_word(lang: Lang, severity: Severity) -> &'static str {
    lang.text(match severity {
        Severity::Error => Key::SeverityError,
        Severity::Warning => Key::SeverityWarning,
        Severity::Info => Key::SeverityInfo,
    })
}

/// Writes reports in some format.
pub trait Render: Send + Sync {
    /// What stands before everything.
    fn start(&self, _out: &mut String) {}
    /// What stands before the messages of a source.
    fn open(&self, _file: FileHead<'_>, _first: bool, _out: &mut String) {}
    /// One message.
    fn message(&self, file: FileHead<'_>, message: &MessageReport, out: &mut String);
    /// Whether messages stand by themselves, so that remarks about their source go with the first of them.
    fn is_by_message(&self) -> bool {
        false
    }
    /// Whether what stands before the messages of a source [tells what came of them](Self::head), so that they are held back
    /// until it has been read.
    fn counts_first(&self) -> bool {
        false
    }
    /// What stands before the messages of a source, once they have been counted.
    fn head(&self, _file: FileHead<'_>, _tail: FileTail<'_>, _out: &mut String) {}
    /// Whether all sources share one list, so that what is said when one is closed is an entry as messages are, and separators
    /// stand between the entries of different sources as well.
    fn is_flat(&self) -> bool {
        false
    }
    /// Whether the end tells which rules there were and what was remarked, so that both are gathered.
    fn ends_with_rules(&self) -> bool {
        false
    }
    /// Whether it is a report to be read as a whole: everything is told of messages, and the overview stands before them.
    fn is_report(&self) -> bool {
        false
    }
    /// What a report begins with, made of what was counted in the end.
    fn overview(&self, _run: RunTail<'_>, _out: &mut String) {}
    /// What stands between two messages.
    fn separator(&self) -> &'static str {
        ""
    }
    /// What stands after the messages of a source.
    fn close(&self, _file: FileHead<'_>, _tail: FileTail<'_>, _out: &mut String) {}
    /// What stands after everything.
    fn finish(&self, _run: RunTail<'_>, _out: &mut String) {}
}
