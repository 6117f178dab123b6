//! Statistics in place of findings: tables with bars for people, one object of JSON for programs.

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::json::{self, VERSION};
use super::{FileHead, Render};
use crate::locale::Lang;
use crate::report::MessageReport;
use crate::statistics::{Count, Group, Statistics};
use crate::tally::Tally;
use crate::texts::Key;

/// The renderer of single findings, which says nothing of them.
#[derive(Debug)]
pub(crate) struct Unsaid;

impl Render for Unsaid {
    fn message(&self, _file: FileHead<'_>, _message: &MessageReport, _out: &mut String) {}
}

#[derive(Serialize)]
struct JsonCount {
    findings: u64,
    errors: u64,
    warnings: u64,
    infos: u64,
    messages: u64,
}

#[derive(Serialize)]
struct JsonRow<'g> {
    name: std::borrow::Cow<'g, str>,
    #[serde(flatten)]
    count: JsonCount,
}

#[derive(Serialize)]
struct JsonStatistics<'s> {
    rules: Vec<JsonRow<'s>>,
    themes: Vec<JsonRow<'s>>,
    channels: Vec<JsonRow<'s>>,
    senders: Vec<JsonRow<'s>>,
    other_senders: Option<JsonCount>,
    folders: Vec<JsonRow<'s>>,
    other_folders: Option<JsonCount>,
}

fn json_count(count: Count) -> JsonCount {
    let Count { errors, warnings, infos, messages } = count;
    JsonCount { findings: count.findings(), errors, warnings, infos, messages }
}

fn json_rows(group: &Group) -> Vec<JsonRow<'_>> {
    group.rows().into_iter().map(|(name, count)| JsonRow { name, count: json_count(count) }).collect()
}

/// Everything that was counted, as one object.
pub(crate) fn object(statistics: &Statistics, files: u64, tally: &Tally) -> String {
    let value = JsonStatistics {
        rules: json_rows(&statistics.rules),
        themes: json_rows(&statistics.themes),
        channels: json_rows(&statistics.channels),
        senders: json_rows(&statistics.senders),
        other_senders: statistics.senders.others().map(json_count),
        folders: json_rows(&statistics.folders),
        other_folders: statistics.folders.others().map(json_count),
    };
    let mut out = format!("{{\"version\":{VERSION},{},\"statistics\":", json::tool());
    json::push(&mut out, &value);
    out.push_str(",\"summary\":");
    json::push(&mut out, &json::summary(files, tally));
    out.push_str("}\n");
    out
}

/// How wide a table is at most.
const WIDTH: usize = 80;
/// How many senders or folders are listed.
const LISTED: usize = 20;
/// How long the longest bar is: at least, so that names give way to it, and at most.
const BAR: (usize, usize) = (4, 20);
/// How many blanks stand between two columns.
const GAP: usize = 2;

/// A table for everything by which something was counted.
pub(crate) fn tables(statistics: &Statistics, lang: Lang) -> String {
    let whole = usize::MAX;
    let groups = [
        (Key::StatisticsRules, &statistics.rules, whole),
        (Key::StatisticsThemes, &statistics.themes, whole),
        (Key::StatisticsChannels, &statistics.channels, whole),
        (Key::StatisticsSenders, &statistics.senders, LISTED),
        (Key::StatisticsFolders, &statistics.folders, LISTED),
    ];
    let tables = groups.into_iter().filter_map(|(title, group, listed)| table(lang.text(title), group, listed, lang));
    tables.collect::<Vec<_>>().join("\n")
}

/// The table of a group that holds something.
fn table(title: &str, group: &Group, listed: usize, lang: Lang) -> Option<String> {
    let mut rows = group.rows();
    let rest = rows.split_off(listed.min(rows.len()));
    let longest = rows.first()?.1.findings();
    let mut others = group.others().unwrap_or_default();
    for (_, count) in &rest {
        others.add(count);
    }
    if others.messages > 0 {
        rows.push((lang.text(Key::StatisticsOthers).into(), others));
    }

    let heads = [
        Key::StatisticsFindings,
        Key::StatisticsErrors,
        Key::StatisticsWarnings,
        Key::StatisticsInfos,
        Key::StatisticsMessages,
    ]
    .map(|key| lang.text(key));
    let numbers = |count: &Count| [count.findings(), count.errors, count.warnings, count.infos, count.messages];
    let widths: [usize; 5] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|(_, count)| numbers(count)[column].to_string().len());
        cells.chain([heads[column].width()]).max().unwrap_or(0)
    });
    let taken: usize = widths.iter().map(|width| GAP + width).sum::<usize>() + GAP;
    let names = rows.iter().map(|(name, _)| name.width()).chain([title.width()]).max().unwrap_or(0);
    let names = names.min(WIDTH.saturating_sub(taken + BAR.0));
    let room = WIDTH.saturating_sub(taken + names).min(BAR.1);

    let mut out = String::new();
    let mut line = |name: &str, cells: [String; 5], bar: &str| {
        let mut line = cropped(name, names);
        line.push_str(&" ".repeat(names.saturating_sub(line.width())));
        for (cell, width) in std::iter::zip(cells, widths) {
            line.push_str(&" ".repeat(GAP + width.saturating_sub(cell.width())));
            line.push_str(&cell);
        }
        line.push_str(&" ".repeat(GAP));
        line.push_str(bar);
        out.push_str(line.trim_end());
        out.push('\n');
    };
    line(title, heads.map(str::to_owned), "");
    for (name, count) in &rows {
        line(name, numbers(count).map(|number| number.to_string()), &bar(count.findings(), longest, room));
    }
    Some(out)
}

/// A bar for `count` where one for `longest` fills the room. Whatever was counted has a bar, and none leaves the room.
fn bar(count: u64, longest: u64, room: usize) -> String {
    let length = (u128::from(count) * room as u128).div_ceil(u128::from(longest.max(1)));
    "█".repeat(usize::try_from(length).unwrap_or(room).min(room))
}

/// The start of `text`, at most so many columns wide.
fn cropped(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut width = 1;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width <= columns
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fit_and_are_never_empty() {
        assert_eq!(bar(10, 10, 20).chars().count(), 20);
        assert_eq!(bar(1, 1_000_000, 20).chars().count(), 1);
        assert_eq!(bar(5, 10, 20).chars().count(), 10);
        assert_eq!(bar(u64::MAX, 1, 20).chars().count(), 20);
    }

    #[test]
    fn names_are_cropped_to_their_column() {
        assert_eq!(cropped("surel/2025", 10), "surel/2025");
        assert_eq!(cropped("surel/2025", 6), "surel…");
        assert_eq!(cropped("漢字漢字", 4), "漢…");
    }
}
