//! `html`: a report that a supervisor opens, reads and prints: one file that needs no other, no script and no network.
//!
//! It is well-formed XML, too, so that tests can tell text from markup as strictly as can be. What stands before the messages is
//! in `page`.

use std::ops::Range;

use super::page::{self, attribute, element, escape};
use super::standing::{note, state_key};
use super::{FileHead, FileTail, Render, RunTail, Style, severity_word};
use crate::checklist::{Checklist, Entry, State};
use crate::locale::Lang;
use crate::message::Channel;
use crate::report::{Finding, MessageReport, ShownText};
use crate::rule::Severity;
use crate::texts::Key;

/// The renderer.
#[derive(Debug)]
pub(super) struct Html(pub(super) Style);

/// How many findings of a message are told one by one.
const TOLD: usize = 200;

impl Render for Html {
    fn is_report(&self) -> bool {
        true
    }

    fn overview(&self, run: RunTail<'_>, out: &mut String) {
        page::head(run, self.0.lang, out);
    }

    fn open(&self, file: FileHead<'_>, _first: bool, out: &mut String) {
        out.push_str("<section class=\"file\">\n<h3>");
        element("bdi", "", file.path, out);
        out.push_str("</h3>\n");
    }

    fn message(&self, _file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        if !message.findings.is_empty() || !message.notes.is_empty() || message.error.is_some() {
            Card { lang: self.0.lang, message }.write(out);
        }
    }

    fn close(&self, _file: FileHead<'_>, tail: FileTail<'_>, out: &mut String) {
        let lang = self.0.lang;
        for text in tail.notes {
            remark("note", Key::LabelNote, text, lang, out);
        }
        if let Some(error) = tail.error {
            remark("note error", Key::PageError, error, lang, out);
        }
        let (messages, found) = (tail.tally.messages, tail.tally.messages - tail.tally.clean);
        let counts = [("messages", messages.to_string()), ("found", found.to_string())];
        let counts = counts.each_ref().map(|(name, value)| (*name, value.as_str()));
        match (messages, found) {
            (1, 0) => element("p", "clean", lang.text(Key::PageClean), out),
            (0 | 1, _) => {}
            _ => element("p", "counts", &lang.fill(Key::PageFileCounts, &counts), out),
        }
        out.push_str("</section>\n");
    }

    fn finish(&self, _run: RunTail<'_>, out: &mut String) {
        page::foot(self.0.lang, self.0.masking, out);
    }
}

/// A remark behind its label.
fn remark(class: &str, label: Key, text: &str, lang: Lang, out: &mut String) {
    out.extend(["<p class=\"", class, "\">"]);
    element("strong", "", lang.text(label), out);
    out.push(' ');
    escape(text, out);
    out.push_str("</p>\n");
}

/// The class of a severity, and the sign that tells it without colour.
pub(super) const fn severity_class(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("e", "✗"),
        Severity::Warning => ("w", "!"),
        Severity::Info => ("i", "i"),
    }
}

/// Signs for how statements stand.
pub(super) const fn state_class(state: State) -> (&'static str, &'static str) {
    match state {
        State::Fulfilled => ("ok", "✓"),
        State::ToMend(severity) => severity_class(severity),
        State::NotApplicable => ("na", "–"),
        State::NotChecked => ("nc", "?"),
        State::NotVisible => ("nv", "○"),
    }
}

/// The name of a channel for people.
pub(super) const fn channel_key(channel: Channel) -> Key {
    match channel {
        Channel::Email => Key::ChannelNameEmail,
        Channel::Chat => Key::ChannelNameChat,
        Channel::Social => Key::ChannelNameSocial,
        Channel::Letter => Key::ChannelNameLetter,
    }
}

fn part_key(part: &str) -> Key {
    match part {
        "from" => Key::PartFrom,
        "to" => Key::PartTo,
        "cc" => Key::PartCc,
        "bcc" => Key::PartBcc,
        "subject" => Key::PartSubject,
        "date" => Key::PartDate,
        "account" => Key::PartAccount,
        "attachments" => Key::PartAttachments,
        _ => Key::PartBody,
    }
}

/// A message with its findings.
struct Card<'m> {
    lang: Lang,
    message: &'m MessageReport,
}

/// Findings of one rule and severity, with their numbers.
type Group<'m> = Vec<(usize, &'m Finding)>;

impl<'m> Card<'m> {
    fn write(&self, out: &mut String) {
        let Self { lang, message } = *self;
        let gravest = message.findings.iter().map(|found| found.severity).max();
        let class = gravest.map_or("", |severity| severity_class(severity).0);
        out.extend(["<article class=\"message ", class, "\">\n<h4>"]);
        let number = (message.index + 1).to_string();
        // What came as an id is JSON, and a string is shown without its marks.
        let id = message.id.as_deref().map(|id| crate::report::shown(id.trim_matches('"')));
        let title = match &id {
            Some(id) => lang.fill(Key::PageMessageId, &[("number", &number), ("id", id)]),
            None => lang.fill(Key::PageMessage, &[("number", &number)]),
        };
        element("bdi", "", &title, out);
        if let Some((channel, _)) = message.channel {
            out.push(' ');
            element("span", "tag", lang.text(channel_key(channel)), out);
        }
        out.push_str("</h4>\n");
        for text in &message.notes {
            remark("note", Key::LabelNote, text, lang, out);
        }
        if let Some((line, error)) = &message.error {
            let text = lang.fill(Key::ErrorLine, &[("line", &line.to_string()), ("error", error)]);
            remark("note error", Key::LabelUnreadable, &text, lang, out);
        }
        if !message.findings.is_empty() {
            for text in &message.texts {
                self.text(text, out);
            }
            self.findings(out);
        }
        if let Some(checklist) = message.checklist.as_ref().filter(|_| !message.findings.is_empty()) {
            self.checklist(checklist, out);
        }
        out.push_str("</article>\n");
    }

    /// A field, with marks where findings stand.
    fn text(&self, shown: &ShownText, out: &mut String) {
        let lang = self.lang;
        out.push_str("<div class=\"text\">\n");
        element("p", "part", lang.text(part_key(shown.part)), out);
        // The messages are Indonesian, whatever the language of the report.
        out.push_str("<pre lang=\"id\" dir=\"auto\">");
        let marks: Vec<_> = shown.marks.iter().filter(|(_, index)| *index < TOLD).collect();
        for piece in pieces(&shown.text, &marks) {
            let text = shown.text.get(piece.range.clone()).unwrap_or_default();
            match piece.severity(&marks, self.message) {
                Some(severity) => {
                    out.extend(["<mark class=\"", severity_class(severity).0, "\">"]);
                    escape(text, out);
                    out.push_str("</mark>");
                }
                None => escape(text, out),
            }
            let numbers: Vec<String> = piece.ending.iter().map(|(_, index)| (index + 1).to_string()).collect();
            if !numbers.is_empty() {
                out.push_str("<sup>");
                element("span", "vh", &format!(" {} ", lang.text(Key::PageMark)), out);
                out.extend([&numbers.join(", "), "</sup>"]);
            }
        }
        out.push_str("</pre>\n");
        if shown.cut {
            element("p", "cut", lang.text(Key::PageCut), out);
        }
        out.push_str("</div>\n");
    }

    fn findings(&self, out: &mut String) {
        out.push_str("<ul class=\"findings\">\n");
        for group in self.groups() {
            self.group(&group, out);
        }
        out.push_str("</ul>\n");
        let more = self.message.findings.len().saturating_sub(TOLD);
        if more > 0 {
            let more = self.lang.fill(Key::PageMore, &[("findings", &more.to_string())]);
            element("p", "cut", &more, out);
        }
    }

    /// The findings by rule and severity, the gravest first.
    fn groups(&self) -> Vec<Group<'m>> {
        let mut groups: Vec<Group<'m>> = Vec::new();
        for (index, found) in self.message.findings.iter().enumerate().take(TOLD) {
            let alike = |group: &&mut Group<'m>| {
                let first = group[0].1;
                first.rule == found.rule && first.severity == found.severity
            };
            match groups.iter_mut().find(alike) {
                Some(group) => group.push((index + 1, found)),
                None => groups.push(vec![(index + 1, found)]),
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group[0].1.severity));
        groups
    }

    /// What was found by a rule, how to mend it, and who asks for that: help and sources stand once.
    fn group(&self, group: &Group<'_>, out: &mut String) {
        let lang = self.lang;
        let first = group[0].1;
        let (class, sign) = severity_class(first.severity);
        out.extend(["<li class=\"", class, "\">\n<p class=\"what\">"]);
        badge(class, sign, severity_word(lang, first.severity), out);
        out.push(' ');
        element("code", "", &first.rule, out);
        out.push_str("</p>\n<ul>\n");
        for (number, found) in group {
            out.push_str("<li>");
            element("span", "n", &number.to_string(), out);
            out.push_str(" <span class=\"m\">");
            element("span", "", &found.message, out);
            out.push(' ');
            let place = found.place.start;
            let place = [("line", place.line.to_string()), ("column", place.column.to_string())];
            let place = place.each_ref().map(|(name, value)| (*name, value.as_str()));
            element("span", "place", &lang.fill(Key::PagePlace, &place), out);
            if let Some(fix) = &found.fix {
                out.push(' ');
                element("span", "fix", &fix.title, out);
            }
            out.push_str("</span></li>\n");
        }
        out.push_str("</ul>\n");
        if !first.help.is_empty() {
            element("p", "help", &first.help, out);
        }
        let title = first.guideline.map(|(id, title)| format!("{} ({id})", title.get(lang)));
        let basis = (!first.basis.is_empty()).then(|| first.basis.join("; "));
        let sources: Vec<String> = title.into_iter().chain(basis).collect();
        if !sources.is_empty() {
            let sources = format!("{}: {}", lang.text(Key::LabelGuideline), sources.join(" · "));
            element("p", "source", &sources, out);
        }
        out.push_str("</li>\n");
    }

    /// The statements that can be judged, by how they stand; the whole list would drown the message.
    fn checklist(&self, checklist: &Checklist, out: &mut String) {
        let lang = self.lang;
        out.push_str("<details>\n");
        element("summary", "", lang.text(Key::PageMessageChecklist), out);
        element("p", "counts", &note(checklist, lang), out);
        out.push_str("<ul class=\"states\">\n");
        let states = [
            State::ToMend(Severity::Error),
            State::ToMend(Severity::Warning),
            State::ToMend(Severity::Info),
            State::NotChecked,
            State::Fulfilled,
        ];
        for state in states {
            let own: Vec<&Entry> = checklist.entries.iter().filter(|entry| entry.state == state).collect();
            if own.is_empty() {
                continue;
            }
            let (class, sign) = state_class(state);
            out.push_str("<li>");
            badge(class, sign, lang.text(state_key(state)), out);
            let titles: Vec<&str> = own.iter().map(|entry| entry.statement.title.get(lang)).collect();
            out.push(' ');
            element("span", "", &titles.join("; "), out);
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n</details>\n");
    }
}

/// A word with its sign on a ground of its colour.
pub(super) fn badge(class: &str, sign: &str, word: &str, out: &mut String) {
    out.push_str("<span");
    attribute("class", &format!("badge {class}"), out);
    out.push_str("><span aria-hidden=\"true\">");
    escape(sign, out);
    out.push_str("</span> ");
    escape(word, out);
    out.push_str("</span>");
}

/// A mark: where, and the index of its finding.
type Mark<'t> = &'t (Range<usize>, usize);

/// A stretch of text between two borders of marks, and the marks that end behind it.
struct Piece<'t> {
    range: Range<usize>,
    ending: Vec<Mark<'t>>,
}

impl Piece<'_> {
    /// The gravest finding that the whole piece belongs to.
    fn severity(&self, marks: &[Mark<'_>], message: &MessageReport) -> Option<Severity> {
        let covers = |(range, _): &&Mark<'_>| range.start <= self.range.start && self.range.end <= range.end;
        let own = marks.iter().filter(covers).filter_map(|(_, index)| message.findings.get(*index));
        own.map(|found| found.severity).max().filter(|_| !self.range.is_empty())
    }
}

/// The text in pieces, so that marks that overlap need not nest.
fn pieces<'t>(text: &str, marks: &[Mark<'t>]) -> Vec<Piece<'t>> {
    let mut borders: Vec<usize> = marks.iter().flat_map(|(range, _)| [range.start, range.end]).collect();
    borders.extend([0, text.len()]);
    borders.sort_unstable();
    borders.dedup();
    let ending = |at: usize| marks.iter().filter(|(range, _)| range.end == at).copied().collect();
    let mut all = vec![Piece { range: 0..0, ending: ending(0) }];
    all.extend(borders.windows(2).map(|pair| Piece { range: pair[0]..pair[1], ending: ending(pair[1]) }));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_overlap_are_cut_apart() {
        let marks = [(0..4, 0), (2..6, 1), (6..6, 2)];
        let marks: Vec<Mark<'_>> = marks.iter().collect();
        let pieces = pieces("abcdefgh", &marks);
        let ranges: Vec<_> = pieces.iter().map(|piece| piece.range.clone()).collect();
        assert_eq!(ranges, [0..0, 0..2, 2..4, 4..6, 6..8]);
        let ending: Vec<Vec<usize>> =
            pieces.iter().map(|piece| piece.ending.iter().map(|(_, index)| *index).collect()).collect();
        assert_eq!(ending, [vec![], vec![], vec![0], vec![1, 2], vec![]]);
    }
}
