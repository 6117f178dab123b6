//! What may be shown of findings: texts in a language, positions, and excerpts that are masked, cropped and free of
//! control characters.
//!
//! Nothing of a message reaches a renderer but through here.

mod masking;
mod remark;
mod row;
mod sample;
mod sender;
mod told;
mod whole;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::check::identifiers_in;
use crate::checklist::Checklist;
use crate::decode::encode::{Obstacle, written};
use crate::diagnostic::{Diagnostic, Edit, Fix, LabelSays, Place, Safety};
use crate::embedded::GUIDELINE;
use crate::locale::{Lang, Text, fill};
use crate::message::{Channel, ChannelSource, Field, Message, Note, Part, Unreadable};
use crate::rule::Severity;
use crate::source::{Locator, Position, floor_boundary};
use crate::span::{Span, TextSpan};
use crate::texts::Key;

pub use masking::{Masking, harmless, masked_line, shown};
use masking::{Shown, crop, merged};
#[cfg(feature = "cli")]
pub(crate) use remark::nearest;
use remark::problem_text;
pub use remark::{channel_names, note_text, parser_words};
pub use row::{Excerpt, row_in};
use row::{LastLine, row_around};
pub use sample::sample;
pub use sender::ShownSender;
use told::told;
pub use whole::ShownText;
use whole::texts;

/// How much is told of what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Only how many findings there are.
    Counts,
    /// Every message and its findings.
    #[default]
    Findings,
    /// These, with the lines around them.
    Lines,
    /// All of it, with the texts that they stand in and the checklist of each message.
    Everything,
}

/// A message as renderers see it.
#[derive(Clone, Debug)]
pub struct MessageReport {
    /// Position among the messages of the source, from 0.
    pub index: u64,
    /// Position among the messages of the same index, from 0: the turns of a conversation may share theirs.
    pub turn: u64,
    /// The `id` of its JSONL line, as JSON.
    pub id: Option<String>,
    /// Its channel, and why; none for a line that could not be read.
    pub channel: Option<(Channel, ChannelSource)>,
    /// Who sent it, if it names its sender and has findings.
    pub sender: Option<ShownSender>,
    /// Remarks.
    pub notes: Vec<String>,
    /// Findings, by place.
    pub findings: Vec<Finding>,
    /// The fields that findings stand in, and the body, where everything is told of a message that has any.
    pub texts: Vec<ShownText>,
    /// The guideline's statements as they stand, where everything is told.
    pub checklist: Option<Checklist>,
    /// Why it could not be read, and in which line.
    pub error: Option<(u64, String)>,
}

/// A finding as renderers see it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Id of the rule.
    pub rule: Cow<'static, str>,
    /// How grave.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// How to mend it; empty where nothing is to be said.
    pub help: String,
    /// Where.
    pub place: ShownPlace,
    /// The stretch of text that was found.
    pub excerpt: String,
    /// The line around it.
    pub line: Excerpt,
    /// What would mend it.
    pub fix: Option<ShownFix>,
    /// Other places that belong to it.
    pub labels: Vec<(ShownPlace, &'static str)>,
    /// The statement of the guideline: key and title.
    pub guideline: Option<(&'static str, &'static Text)>,
    /// Norms behind it.
    pub basis: Vec<Cow<'static, str>>,
    /// Tells it from the other findings of the message, without its content.
    pub fingerprint: String,
    /// A hash of what stands at it and around it, masked; empty where the lines around findings are not wanted.
    pub content: String,
}

impl MessageReport {
    /// Its `id` as a text, fit to be shown.
    #[must_use]
    pub fn shown_id(&self) -> Option<String> {
        let id = self.id.as_deref()?;
        let text = serde_json::from_str(id).unwrap_or_else(|_| id.to_owned());
        Some(crop(&shown(&text), EXCERPT))
    }
}

impl Finding {
    /// What is wrong and how to mend it, as one text.
    #[must_use]
    pub fn told(&self) -> String {
        let Self { message, help, .. } = self;
        match help.as_str() {
            "" => message.clone(),
            _ if message.ends_with(['.', '?', '!', '…']) => format!("{message} {help}"),
            _ => format!("{message}. {help}"),
        }
    }
}

/// A place with its positions.
#[derive(Clone, Copy, Debug)]
pub struct ShownPlace {
    /// Name of the field.
    pub part: &'static str,
    /// Name of the role.
    pub role: &'static str,
    /// Bytes of the source.
    pub span: Span,
    /// Where it begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// Unicode scalar values from the start of the decoded field.
    pub text: (u64, u64),
}

/// A fix that may be shown.
#[derive(Clone, Debug)]
pub struct ShownFix {
    /// What it does.
    pub title: String,
    /// Whether it can be applied unseen.
    pub safety: Safety,
    /// Its replacements.
    pub edits: Vec<ShownEdit>,
}

/// A replacement that may be shown.
#[derive(Clone, Debug)]
pub struct ShownEdit {
    /// What is replaced.
    pub place: ShownPlace,
    /// The new text.
    pub new: String,
    /// The new text as it is written in the source, which may have escapes of its own.
    pub written: String,
}

/// How many characters of a finding are shown.
const EXCERPT: usize = 60;

/// Makes reports of the messages of one window, in order.
#[derive(Debug)]
pub struct Reporter<'t> {
    lang: Lang,
    locator: Locator<'t>,
    detail: Detail,
    masking: Masking,
    most: usize,
}

impl<'t> Reporter<'t> {
    /// A reporter in `lang` that tells so much, and of each message no more than `most` findings of a rule.
    #[must_use]
    pub fn new(lang: Lang, locator: Locator<'t>, detail: Detail, masking: Masking, most: usize) -> Self {
        Self { lang, locator, detail, masking, most }
    }

    /// The report of a message, in which there were more findings, `left_out` of them, than are told.
    pub fn message(&mut self, message: &Message<'_>, diagnostics: &[Diagnostic<'_>], left_out: u64) -> MessageReport {
        // Nothing is shown of a message without findings.
        let fields = message.fields.iter().filter(|_| !diagnostics.is_empty());
        let hidden: Vec<Vec<TextSpan>> = fields.map(|field| secrets(field, diagnostics)).collect();
        let lifted = vec![Vec::new(); hidden.len()];
        let secrets = if self.masking == Masking::Lifted { &lifted } else { &hidden };
        let positions = self.positions(diagnostics);
        let scalars = Scalars::new(message, diagnostics);
        let mut seen: HashMap<(&str, &str), usize> = HashMap::new();
        let told = told(diagnostics, self.most);
        let left_out = left_out + (diagnostics.len() - told.len()) as u64;
        let mut findings = Vec::with_capacity(told.len());
        let last_line = LastLine::default();
        let lines = (self.detail >= Detail::Lines).then_some(&last_line);
        let masking = self.masking;
        let show = Show { message, secrets, hidden: &hidden, positions: &positions, lang: self.lang, masking, lines };
        for diagnostic in &told {
            let key = (diagnostic.rule.id.as_ref(), diagnostic.place.role().name());
            let nth = seen.entry(key).or_default();
            findings.push(show.finding(diagnostic, fingerprint(key, *nth), &scalars));
            *nth += 1;
        }
        let left_out = (left_out > 0).then_some(Note::MoreFindings(left_out));
        MessageReport {
            index: message.index,
            turn: 0,
            id: message.id.as_deref().map(str::to_owned),
            channel: Some((message.channel, message.channel_source)),
            // It is asked of findings alone, and most messages have none.
            sender: if findings.is_empty() { None } else { ShownSender::of(message, self.masking) },
            notes: message.notes.iter().chain(&left_out).map(|note| note_text(self.lang, note, self.masking)).collect(),
            texts: if self.detail == Detail::Everything { texts(message, &told, secrets) } else { Vec::new() },
            checklist: None,
            findings,
            error: None,
        }
    }

    /// The report of a line that is no message.
    #[must_use]
    pub fn unreadable(&self, line: &Unreadable) -> MessageReport {
        let error = problem_text(self.lang, &line.problem);
        MessageReport {
            index: line.index,
            turn: 0,
            id: line.id.clone(),
            channel: None,
            sender: None,
            notes: Vec::new(),
            findings: Vec::new(),
            texts: Vec::new(),
            checklist: None,
            error: Some((line.line, error)),
        }
    }

    /// The positions of all places, asked in rising order.
    fn positions(&mut self, diagnostics: &[Diagnostic<'_>]) -> Vec<(u64, Position)> {
        let mut offsets: Vec<u64> =
            diagnostics.iter().flat_map(places).flat_map(|place| [place.span().start, place.span().end]).collect();
        offsets.sort_unstable();
        offsets.dedup();
        offsets.into_iter().map(|offset| (offset, self.locator.position(offset))).collect()
    }
}

/// What must not be shown of a field: numbers that point at a person, and what rules mark as a secret.
fn secrets(field: &Field<'_>, diagnostics: &[Diagnostic<'_>]) -> Vec<TextSpan> {
    let mut all = identifiers_in(&field.text);
    let marked = diagnostics.iter().filter(|d| d.rule.mask && d.place.part() == field.part);
    all.extend(marked.map(|d| d.place.text()));
    merged(all)
}

/// Where in the source that stands which must not be shown of a message.
pub(crate) fn secret_spans(message: &Message<'_>, diagnostics: &[Diagnostic<'_>]) -> Vec<Span> {
    let of = |field| secrets(field, diagnostics).into_iter().map(|secret| field.locate(secret));
    message.fields.iter().flat_map(of).collect()
}

/// Every place that a diagnostic names.
fn places<'d>(diagnostic: &'d Diagnostic<'_>) -> impl Iterator<Item = Place> + use<'d> {
    let elsewhere = diagnostic.labels.iter().filter(|label| label.elsewhere.is_some()).map(|label| label.place);
    own_places(diagnostic).chain(elsewhere)
}

/// The places that lie in the diagnostic's own message.
fn own_places<'d>(diagnostic: &'d Diagnostic<'_>) -> impl Iterator<Item = Place> + use<'d> {
    let edits = diagnostic.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.place));
    let labels = diagnostic.labels.iter().filter(|label| label.elsewhere.is_none()).map(|label| label.place);
    std::iter::once(diagnostic.place).chain(labels).chain(edits)
}

/// Scalar offsets of all places, counted in one pass a field.
struct Scalars {
    known: Vec<(Part, u32, u64)>,
}

impl Scalars {
    fn new(message: &Message<'_>, diagnostics: &[Diagnostic<'_>]) -> Self {
        let mut known = Vec::new();
        for field in &message.fields {
            let own = diagnostics.iter().flat_map(own_places).filter(|place| place.part() == field.part);
            let mut offsets: Vec<u32> = own.flat_map(|place| [place.text().start, place.text().end]).collect();
            offsets.sort_unstable();
            offsets.dedup();
            let (mut at, mut count) = (0, 0);
            for offset in offsets {
                count += field.text.get(at as usize..offset as usize).map_or(0, |piece| piece.chars().count() as u64);
                at = offset;
                known.push((field.part, offset, count));
            }
        }
        known.sort_unstable();
        Self { known }
    }

    fn at(&self, part: Part, offset: u32) -> u64 {
        let found = self.known.binary_search_by_key(&(part, offset), |(p, o, _)| (*p, *o));
        found.map_or(0, |index| self.known[index].2)
    }
}

/// What it takes to show a finding.
struct Show<'s, 'w> {
    message: &'s Message<'w>,
    /// What must not be shown of each field.
    secrets: &'s [Vec<TextSpan>],
    /// What would not be, were masks not lifted.
    hidden: &'s [Vec<TextSpan>],
    positions: &'s [(u64, Position)],
    lang: Lang,
    masking: Masking,
    /// The line in which the last finding stood, where lines are wanted.
    lines: Option<&'s LastLine>,
}

/// Why a fix is not offered.
enum Unfixed {
    /// It would have to be written into base64, which people cannot do by hand either.
    Base64,
    /// There is nothing to say of it.
    Unsaid,
}

impl<'s, 'w> Show<'s, 'w> {
    fn finding(&self, diagnostic: &Diagnostic<'_>, fingerprint: String, scalars: &Scalars) -> Finding {
        let rule = diagnostic.rule;
        let place = diagnostic.place;
        let (field, secrets) = self.field(place.part(), self.secrets);
        let excerpt = Self::excerpt(field, secrets, place.text());
        let fill_in = |text: &str| self.fill(text, diagnostic, &excerpt);
        let mut help = fill_in(rule.help.get(self.lang));
        let fix = match diagnostic.fix.as_ref().map(|fix| self.fix(fix, &excerpt, scalars)) {
            Some(Ok(fix)) => Some(fix),
            Some(Err(Unfixed::Base64)) => {
                if !help.is_empty() {
                    help.push(' ');
                }
                help.push_str(self.lang.text(Key::HelpBase64));
                None
            }
            Some(Err(Unfixed::Unsaid)) | None => None,
        };
        Finding {
            rule: Cow::Owned(rule.id.to_string()),
            severity: diagnostic.severity,
            message: fill_in(rule.message.get(self.lang)),
            help,
            place: self.place(place, scalars),
            line: self.lines.map_or_else(Excerpt::default, |line| row_around(field, secrets, place, line)),
            fix,
            labels: diagnostic
                .labels
                .iter()
                .map(|label| {
                    let shown = self.place(label.place, scalars);
                    let text = label.elsewhere.unwrap_or(shown.text);
                    (ShownPlace { text, ..shown }, self.lang.text(label_key(label.says)))
                })
                .collect(),
            guideline: rule
                .guideline
                .first()
                .and_then(|key| GUIDELINE.statement(key))
                .map(|s| (s.id.as_ref(), &s.title)),
            basis: rule.basis.to_vec(),
            content: self
                .lines
                .map_or_else(String::new, |_| content(field, self.field(place.part(), self.hidden).1, place)),
            fingerprint,
            excerpt,
        }
    }

    /// The field of a part, and its spans among those of all fields.
    fn field(&self, part: Part, spans: &'s [Vec<TextSpan>]) -> (Option<&'s Field<'w>>, &'s [TextSpan]) {
        let index = self.message.fields.iter().position(|field| field.part == part);
        (index.map(|i| &self.message.fields[i]), index.and_then(|i| spans.get(i)).map_or(&[], Vec::as_slice))
    }

    fn excerpt(field: Option<&Field<'_>>, secrets: &[TextSpan], span: TextSpan) -> String {
        /// How much is read of a finding in bytes, which is more than is shown of it.
        const READ: usize = 16 * EXCERPT;
        let Some(field) = field else { return String::new() };
        let end = floor_boundary(&field.text, (span.end as usize).min(span.start as usize + READ));
        let shown = Shown::of(&field.text, TextSpan::new(span.start as usize..end), secrets, &[]).text;
        crop(&shown, EXCERPT)
    }

    fn fill(&self, template: &str, diagnostic: &Diagnostic<'_>, excerpt: &str) -> String {
        if !template.contains('{') {
            return template.to_owned();
        }
        let values = &diagnostic.values;
        let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
        let missing: Vec<&str> = values.missing.iter().map(|key| self.lang.text(element_key(key))).collect();
        fill(
            template,
            &[
                ("match", excerpt),
                ("replacement", &self.masking.shown(values.replacement.as_deref().unwrap_or_default())),
                ("count", &number(values.count)),
                ("limit", &number(values.limit)),
                ("missing", &missing.join(", ")),
                ("other", &self.masking.shown(values.other.as_deref().unwrap_or_default())),
            ],
        )
    }

    fn place(&self, place: Place, scalars: &Scalars) -> ShownPlace {
        let position = |offset: u64| {
            let found = self.positions.binary_search_by_key(&offset, |(at, _)| *at);
            found.map_or_else(|_| Position::default(), |index| self.positions[index].1)
        };
        let (span, text) = (place.span(), place.text());
        ShownPlace {
            part: place.part().name(),
            role: place.role().name(),
            span,
            start: position(span.start),
            end: position(span.end),
            text: (scalars.at(place.part(), text.start), scalars.at(place.part(), text.end)),
        }
    }

    /// The fix, unless its text holds a secret (masked it would harm the message, unmasked it may not be shown) or it cannot be
    /// written in its place.
    fn fix(&self, fix: &Fix, old: &str, scalars: &Scalars) -> Result<ShownFix, Unfixed> {
        // What is added where nothing stood comes from packs and configurations, such as the agency's own telephone number.
        let from_message = |edit: &&Edit| !edit.place.text().range().is_empty();
        let is_masked = self.masking == Masking::On;
        if is_masked && fix.edits.iter().filter(from_message).any(|edit| !identifiers_in(&edit.new).is_empty()) {
            return Err(Unfixed::Unsaid);
        }
        let edit = |edit: &Edit| {
            let field = self.field(edit.place.part(), self.secrets).0.ok_or(Unfixed::Unsaid)?;
            let written = written(field, edit.place.text(), &edit.new).map_err(|obstacle| match obstacle {
                Obstacle::Base64 => Unfixed::Base64,
                Obstacle::Torn | Obstacle::Character => Unfixed::Unsaid,
            })?;
            Ok(ShownEdit { place: self.place(edit.place, scalars), new: edit.new.clone(), written: written.text })
        };
        let edits = fix.edits.iter().map(edit).collect::<Result<Vec<_>, _>>()?;
        let new = fix.edits.first().map(|edit| crop(&self.masking.shown(&edit.new), EXCERPT)).unwrap_or_default();
        let inserts = fix.edits.first().is_some_and(|edit| edit.place.text().start == edit.place.text().end);
        let key = match () {
            () if inserts => Key::FixInsert,
            () if new.is_empty() => Key::FixRemove,
            () => Key::FixReplace,
        };
        Ok(ShownFix { title: self.lang.fill(key, &[("old", old), ("new", new.trim())]), safety: fix.safety, edits })
    }
}

/// A hash of what stands at a place and near it, so that a finding is known again wherever its line has gone. Personal numbers
/// are masked before, and nobody finds out a text by the hash of so many of its characters.
fn content(field: Option<&Field<'_>>, secrets: &[TextSpan], place: Place) -> String {
    /// How many bytes to both sides count.
    const NEAR: usize = 40;
    let Some(field) = field else { return String::new() };
    let span = place.text().range();
    let start = floor_boundary(&field.text, span.start.saturating_sub(NEAR));
    let end = floor_boundary(&field.text, (span.end + NEAR).min(span.start + 16 * NEAR));
    let shown = Shown::of(&field.text, TextSpan::new(start..end), secrets, &[]).text;
    let words = shown.split_whitespace().flat_map(|word| word.bytes().chain([b' ']));
    format!("{:016x}", hash(place.part().name().bytes().chain([0]).chain(words)))
}

/// A hash (FNV-1a) of rule, role and position among equals. It holds nothing of the text, so nothing can be guessed from it.
fn fingerprint((id, role): (&str, &str), nth: usize) -> String {
    let nth = nth.to_string();
    format!("{:016x}", hash(id.bytes().chain([0]).chain(role.bytes()).chain([0]).chain(nth.bytes())))
}

/// FNV-1a, which is the same on every machine and in every version.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn element_key(name: &str) -> Key {
    match name {
        "agency" => Key::ElementAgency,
        "name" => Key::ElementName,
        "position" => Key::ElementPosition,
        _ => Key::ElementContact,
    }
}

fn label_key(says: LabelSays) -> Key {
    match says {
        LabelSays::Another => Key::LabelAnother,
        LabelSays::OtherForm => Key::LabelOtherForm,
        LabelSays::Question => Key::LabelQuestion,
    }
}
