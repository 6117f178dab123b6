//! Output formats. One file a format, and its line in [`OUTPUTS`].
//!
//! Messages are rendered by themselves, in the threads that linted them; what stands around them is written in order.

#[cfg(feature = "cli")]
pub(crate) mod drawing;
mod html;
mod json;
mod jsonl;
mod page;
#[cfg(feature = "cli")]
mod pretty;
mod short;
pub(crate) mod standing;
#[cfg(feature = "cli")]
pub(crate) mod statistics;

use crate::checklist::Totals;
use crate::locale::Lang;
use crate::report::MessageReport;
use crate::rule::Severity;
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

    /// A renderer of the format.
    #[must_use]
    pub fn renderer(&self, style: Style) -> Box<dyn Render> {
        (self.make)(style)
    }
}

/// How to render.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Language.
    pub lang: Lang,
    /// Whether colours may be used.
    pub color: bool,
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
#[derive(Clone, Copy, Debug, Default)]
pub struct FileTail<'f> {
    /// Remarks.
    pub notes: &'f [String],
    /// Why it could not be read.
    pub error: Option<&'f str>,
    /// How many messages it holds.
    pub messages: u64,
    /// How many of them have findings.
    pub found: u64,
}

/// What was counted of a run.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'o> {
    /// Sources.
    pub files: u64,
    /// Messages and findings.
    pub tally: &'o Tally,
    /// Findings by rule, sender and the like.
    pub statistics: &'o Statistics,
    /// The guideline's statements as they stand.
    pub checklists: &'o Totals,
    /// Messages with findings that are counted and not shown.
    pub left_out: u64,
    /// Sources of which nothing is to be said and that are not listed.
    pub unlisted: u64,
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
    /// Whether it is a report to be read as a whole: everything is told of messages, and the overview stands before them.
    fn is_report(&self) -> bool {
        false
    }
    /// What a report begins with, made of what was counted in the end.
    fn overview(&self, _overview: &Overview<'_>, _out: &mut String) {}
    /// What stands between two messages.
    fn separator(&self) -> &'static str {
        ""
    }
    /// What stands after the messages of a source.
    fn close(&self, _file: FileHead<'_>, _tail: FileTail<'_>, _out: &mut String) {}
    /// What stands after everything.
    fn finish(&self, _files: u64, _tally: &Tally, _out: &mut String) {}
}
