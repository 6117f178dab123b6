//! The page around the messages of a report in HTML: its head with style sheet and policy, what was counted, and its foot.
//!
//! The policy allows nothing but the style sheet, known by its hash: no script, no image, no address, whatever a message
//! says. So bars are drawn as SVG, whose widths are no style.

use super::html::{badge, channel_key, severity_class, state_class};
use super::standing::{note, reasons, state_key};
use super::{RunTail, severity_word};
use crate::checklist::{Checklist, Entry, Standing, State, Totals};
use crate::embedded::GUIDELINE;
use crate::locale::Lang;
use crate::message::Channel;
use crate::report::Masking;
use crate::rule::Severity;
use crate::statistics::{Count, Group};
use crate::texts::Key;

/// The style sheet.
const STYLE: &str = include_str!("report.css");
/// SHA-256 of the style sheet, in base64; a test says what it is when the sheet has changed.
const STYLE_HASH: &str = "ygGLqkEWlJEkmCoCa5Wze7Vv/KK5cJMMnB9T419oKoE=";
/// How many senders or folders are listed.
const LISTED: usize = 20;

/// Adds `text` as text: nothing in it is markup, closes what it stands in, or turns the direction of what follows.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                out.push('\u{b7}');
            }
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

/// Adds an attribute.
pub(super) fn attribute(name: &str, value: &str, out: &mut String) {
    out.extend([" ", name, "=\""]);
    escape(value, out);
    out.push('"');
}

/// Adds an element that holds `text`, with a class unless that is empty. Blocks end their line.
pub(super) fn element(name: &str, class: &str, text: &str, out: &mut String) {
    out.extend(["<", name]);
    if !class.is_empty() {
        attribute("class", class, out);
    }
    out.push('>');
    escape(text, out);
    out.extend(["</", name, ">"]);
    if matches!(name, "p" | "h2" | "h3" | "caption" | "summary") {
        out.push('\n');
    }
}

/// The start of the page: all that stands before the messages.
pub(super) fn head(run: RunTail<'_>, lang: Lang, out: &mut String) {
    let code = match lang {
        Lang::Id => "id",
        Lang::En => "en",
    };
    out.extend(["<!DOCTYPE html>\n<html lang=\"", code, "\">\n<head>\n<meta charset=\"utf-8\"/>\n"]);
    out.extend([
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-",
        STYLE_HASH,
        "'; base-uri 'none'; form-action 'none'\"/>\n",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n",
        "<meta name=\"referrer\" content=\"no-referrer\"/>\n<meta name=\"color-scheme\" content=\"light dark\"/>\n",
    ]);
    element("title", "", lang.text(Key::PageTitle), out);
    out.extend(["\n<style>", STYLE, "</style>\n</head>\n<body>\n"]);
    out.push_str("<a class=\"skip\" href=\"#pesan\">");
    escape(lang.text(Key::PageSkip), out);
    out.push_str("</a>\n<header>\n");
    element("p", "brand", "Santun", out);
    out.push_str("<h1>");
    escape(lang.text(Key::PageTitle), out);
    out.push_str("</h1>\n");
    element("p", "lead", &lang.fill(Key::PageLead, &[("title", GUIDELINE.title.get(lang))]), out);
    out.push_str("</header>\n");
    contents(run, lang, out);
    out.push_str("<main>\n");
    summary(run, lang, out);
    statistics(run, lang, out);
    checklists(&run.gathered.checklists, lang, out);
    out.push_str("<section id=\"pesan\">\n");
    element("h2", "", lang.text(Key::PageMessages), out);
    for (key, name, count) in
        [(Key::PageLeftOut, "messages", run.left_out.messages), (Key::PageUnlisted, "files", run.left_out.sources)]
    {
        if count > 0 {
            element("p", "note", &lang.fill(key, &[(name, &count.to_string())]), out);
        }
    }
}

/// The end of the page.
pub(super) fn foot(lang: Lang, masking: Masking, out: &mut String) {
    out.push_str("</section>\n</main>\n<footer>\n");
    let made = match masking {
        Masking::On => Key::PageFooter,
        Masking::Lifted => Key::PageFooterLifted,
    };
    element("p", "", &lang.fill(made, &[("version", env!("CARGO_PKG_VERSION"))]), out);
    out.push_str("</footer>\n</body>\n</html>\n");
}

/// Links to the sections that there are.
fn contents(run: RunTail<'_>, lang: Lang, out: &mut String) {
    out.push_str("<nav");
    attribute("aria-label", lang.text(Key::PageContents), out);
    out.push_str(">\n<ul>\n");
    let sections = [
        ("#ringkasan", Key::PageOverview, true),
        ("#statistik", Key::PageStatistics, has_findings(run)),
        ("#daftar-periksa", Key::PageChecklist, run.gathered.checklists.messages() > 0),
        ("#pesan", Key::PageMessages, true),
    ];
    for (address, key, _) in sections.into_iter().filter(|(_, _, there)| *there) {
        out.push_str("<li><a");
        attribute("href", address, out);
        out.push('>');
        escape(lang.text(key), out);
        out.push_str("</a></li>\n");
    }
    out.push_str("</ul>\n</nav>\n");
}

fn has_findings(run: RunTail<'_>) -> bool {
    run.tally.at_least(Severity::Info) > 0
}

/// What was checked, and what came of it.
fn summary(run: RunTail<'_>, lang: Lang, out: &mut String) {
    let tally = run.tally;
    out.push_str("<section id=\"ringkasan\">\n");
    element("h2", "", lang.text(Key::PageOverview), out);
    let (class, verdict) = match () {
        () if tally.errors > 0 => ("verdict e", Key::PageVerdictMend),
        () if tally.warnings + tally.infos > 0 => ("verdict w", Key::PageVerdictReview),
        () if tally.messages == 0 => ("verdict", Key::PageVerdictNothing),
        () if tally.interrupted || tally.unreadable > 0 => ("verdict", Key::PageVerdictClean),
        () => ("verdict ok", Key::PageVerdictClean),
    };
    element("p", class, lang.text(verdict), out);
    if tally.interrupted {
        element("p", "note", lang.text(Key::PageInterrupted), out);
    }
    if tally.unreadable > 0 {
        let lines = tally.unreadable.to_string();
        element("p", "note", &lang.fill(Key::PageUnreadable, &[("lines", &lines)]), out);
    }
    out.push_str("<dl class=\"tiles\">\n");
    let severity = |severity| (severity_class(severity).0, severity_word(lang, severity));
    let tiles = [
        ("", lang.text(Key::StatisticsMessages), tally.messages),
        ("", lang.text(Key::PageFiles), run.files),
        (severity(Severity::Error).0, severity(Severity::Error).1, tally.errors),
        (severity(Severity::Warning).0, severity(Severity::Warning).1, tally.warnings),
        (severity(Severity::Info).0, severity(Severity::Info).1, tally.infos),
        ("", lang.text(Key::PageFixable), tally.fixable),
    ];
    for (class, label, count) in tiles {
        let classes = ["tile", class, if count == 0 { "zero" } else { "" }];
        let classes: Vec<&str> = classes.into_iter().filter(|class| !class.is_empty()).collect();
        out.push_str("<div");
        attribute("class", &classes.join(" "), out);
        out.push('>');
        element("dt", "", label, out);
        element("dd", "", &count.to_string(), out);
        out.push_str("</div>\n");
    }
    out.push_str("</dl>\n</section>\n");
}

/// The guideline's statements: of one message as they stand, of many how many messages stand how.
fn checklists(totals: &Totals, lang: Lang, out: &mut String) {
    if totals.messages() == 0 {
        return;
    }
    out.push_str("<section id=\"daftar-periksa\">\n");
    element("h2", "", lang.text(Key::PageChecklist), out);
    match totals.only() {
        Some(checklist) => one(checklist, lang, out),
        None => many(totals, lang, out),
    }
    out.push_str("</section>\n");
}

fn one(checklist: &Checklist, lang: Lang, out: &mut String) {
    element("p", "counts", &note(checklist, lang), out);
    out.push_str("<div class=\"chapters\">\n");
    for chapter in checklist.chapters() {
        out.push_str("<div class=\"chapter\">\n");
        element("h3", "", chapter[0].statement.section.get(lang), out);
        out.push_str("<ul class=\"statements\">\n");
        for entry in chapter {
            statement(entry, lang, out);
        }
        out.push_str("</ul>\n</div>\n");
    }
    out.push_str("</div>\n");
}

fn statement(entry: &Entry, lang: Lang, out: &mut String) {
    let (class, sign) = state_class(entry.state);
    out.extend(["<li class=\"", class, "\">\n<p class=\"what\">"]);
    element("strong", "", entry.statement.title.get(lang), out);
    out.push(' ');
    badge(class, sign, lang.text(state_key(entry.state)), out);
    out.push_str("</p>\n");
    if entry.state != State::NotApplicable {
        element("p", "", entry.statement.text.get(lang), out);
        if !entry.found.is_empty() {
            let counted = |(rule, count): &(_, u64)| {
                if *count > 1 { format!("{rule} ({count})") } else { format!("{rule}") }
            };
            let rules: Vec<String> = entry.found.iter().map(counted).collect();
            element("p", "source", &format!("{}: {}", lang.text(Key::ChecklistFound), rules.join(", ")), out);
        }
        for reason in reasons(entry, lang) {
            element("p", "source", &reason, out);
        }
    }
    out.push_str("</li>\n");
}

/// A table by chapter. The bars show messages that can be judged by the statement.
fn many(totals: &Totals, lang: Lang, out: &mut String) {
    let messages = totals.messages();
    element("p", "counts", &lang.fill(Key::ChecklistMany, &[("messages", &messages.to_string())]), out);
    out.push_str("<table class=\"wide statements\">\n<thead>\n<tr>");
    let heads = [
        (Key::ChecklistFulfilled, state_class(State::Fulfilled)),
        (Key::ChecklistError, severity_class(Severity::Error)),
        (Key::ChecklistWarning, severity_class(Severity::Warning)),
        (Key::ChecklistInfo, severity_class(Severity::Info)),
        (Key::ChecklistUnchecked, state_class(State::NotChecked)),
    ];
    out.push_str("<th scope=\"col\">");
    escape(lang.text(Key::LabelGuideline), out);
    // What the bars show stands in the numbers, so they have no name.
    out.push_str("</th><td class=\"bars\"></td>");
    for (key, (class, sign)) in heads {
        out.push_str("<th class=\"num\" scope=\"col\">");
        badge(class, sign, lang.text(key), out);
        out.push_str("</th>");
    }
    out.push_str("</tr>\n</thead>\n");
    for chapter in totals.chapters() {
        out.push_str("<tbody>\n<tr><th class=\"chapter\" colspan=\"7\" scope=\"rowgroup\">");
        escape(chapter[0].0.section.get(lang), out);
        out.push_str("</th></tr>\n");
        for (statement, standing) in chapter {
            out.push_str("<tr><th scope=\"row\">");
            escape(statement.title.get(lang), out);
            out.push_str("</th><td class=\"bars\">");
            let Standing { fulfilled, errors, warnings, infos, not_checked, .. } = standing;
            bar(&[("ok", fulfilled), ("e", errors), ("w", warnings), ("i", infos)], messages, out);
            out.push_str("</td>");
            for (cell, (key, _)) in std::iter::zip([fulfilled, errors, warnings, infos, not_checked], heads) {
                number(cell, lang.text(key), out);
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n");
    }
    out.push_str("</table>\n");
}

fn number_heads(heads: &[&str], out: &mut String) {
    for head in heads {
        out.push_str("<th class=\"num\" scope=\"col\">");
        escape(head, out);
        out.push_str("</th>");
    }
}

/// A cell with a number, which on a narrow screen stands behind the name of its column.
fn number(count: u64, head: &str, out: &mut String) {
    out.push_str("<td");
    attribute("class", if count == 0 { "num zero" } else { "num" }, out);
    attribute("data-head", head, out);
    out.push('>');
    escape(&count.to_string(), out);
    out.push_str("</td>");
}

/// A bar of parts, where `whole` fills the width.
fn bar(parts: &[(&str, u64)], whole: u64, out: &mut String) {
    let scale = |count: u64| u64::try_from(u128::from(count) * 1000 / u128::from(whole.max(1))).unwrap_or(1000);
    out.push_str("<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    let (mut sum, mut at) = (0, 0);
    for (class, count) in parts {
        sum += count;
        let end = scale(sum).min(1000);
        if end > at {
            let [x, width] = [at, end - at].map(|n| n.to_string());
            out.extend(["<rect class=\"", class, "\" x=\"", &x, "\" width=\"", &width, "\" height=\"10\"/>"]);
        }
        at = end;
    }
    out.push_str("</svg>");
}

/// Findings by rule, channel, sender and folder.
fn statistics(run: RunTail<'_>, lang: Lang, out: &mut String) {
    if !has_findings(run) {
        return;
    }
    let all = &run.gathered.statistics;
    out.push_str("<section id=\"statistik\">\n");
    element("h2", "", lang.text(Key::PageStatistics), out);
    out.push_str("<p class=\"legend\">");
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let (class, sign) = severity_class(severity);
        badge(class, sign, severity_word(lang, severity), out);
        out.push(' ');
    }
    out.push_str("</p>\n<div class=\"tables\">\n");
    let tables = [
        (Key::StatisticsThemes, &all.themes, usize::MAX),
        (Key::StatisticsChannels, &all.channels, usize::MAX),
        (Key::StatisticsSenders, &all.senders, LISTED),
        (Key::StatisticsFolders, &all.folders, LISTED),
    ];
    for (title, group, listed) in tables {
        let named = |name: &str| match Channel::parse(name).filter(|_| std::ptr::eq(group, &raw const all.channels)) {
            Some(channel) => lang.text(channel_key(channel)).to_owned(),
            None => name.to_owned(),
        };
        table(lang.text(title), group, listed, &named, lang, out);
    }
    out.push_str("</div>\n");
    table(lang.text(Key::StatisticsRules), &all.rules, usize::MAX, &str::to_owned, lang, out);
    out.push_str("</section>\n");
}

fn table(title: &str, group: &Group, listed: usize, named: &dyn Fn(&str) -> String, lang: Lang, out: &mut String) {
    let mut rows: Vec<(String, Count)> = group.rows().into_iter().map(|(name, count)| (named(&name), count)).collect();
    let rest = rows.split_off(listed.min(rows.len()));
    let Some(longest) = rows.first().map(|(_, count)| count.findings()) else { return };
    let mut others = group.others().unwrap_or_default();
    for (_, count) in &rest {
        others.add(count);
    }
    if others.messages > 0 {
        rows.push((lang.text(Key::StatisticsOthers).to_owned(), others));
    }
    out.push_str("<table class=\"wide\">\n");
    element("caption", "", title, out);
    out.push_str("<thead>\n<tr><th scope=\"col\">");
    escape(lang.text(Key::PageName), out);
    out.push_str("</th><td class=\"bars\"></td>");
    let heads = [Key::StatisticsFindings, Key::StatisticsMessages].map(|key| lang.text(key));
    number_heads(&heads, out);
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for (name, count) in &rows {
        out.push_str("<tr><th scope=\"row\">");
        element("bdi", "", name, out);
        out.push_str("</th><td class=\"bars\">");
        bar(&[("e", count.errors), ("w", count.warnings), ("i", count.infos)], longest, out);
        out.push_str("</td>");
        for (cell, head) in std::iter::zip([count.findings(), count.messages], heads) {
            number(cell, head, out);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn the_policy_allows_the_style_sheet() {
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
        assert_eq!(STYLE_HASH, hash, "STYLE_HASH is no longer that of report.css");
        assert!(!STYLE.contains(['&', '<']) && !STYLE.contains('\r'), "the sheet would not be text of its element");
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"), "the sheet asks for what the policy forbids");
    }

    #[test]
    fn nothing_in_a_text_is_markup() {
        let mut out = String::new();
        element("p", "a\"b", "</style><script>'\"&\u{202e}\u{1b}\u{fffe}é", &mut out);
        assert_eq!(
            out,
            "<p class=\"a&quot;b\">&lt;/style&gt;&lt;script&gt;&#39;&quot;&amp;\u{b7}\u{fffd}\u{fffd}é</p>\n"
        );
    }

    #[test]
    fn bars_fit() {
        let mut out = String::new();
        bar(&[("e", 1), ("w", u64::MAX / 2), ("i", 0)], 2, &mut out);
        assert!(out.contains("x=\"0\" width=\"500\"") && out.contains("x=\"500\" width=\"500\""), "{out}");
    }
}
