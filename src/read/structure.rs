//! Divides a body into its parts (greeting, body, closing, signature, quotation, forwarded text, disclaimer).
//!
//! Parts are recognised by how lines and sentences begin; the words are those of `rules/structure.toml`.

use crate::decode::construct::{self, Construct, Dialect};
use crate::embedded::{CUES, Cue};
use crate::message::{Channel, Field, Role, Segment, Sender};
use crate::source::line_around;
use crate::span::{SpanMap, TextSpan};
use crate::token::{self, BEYOND_ASCII, Token, TokenKind, sentence_ends};

/// In how many units from the top a greeting is sought: a title, an emoji or a salutation in Arabic script may come first.
const GREETING_UNITS: usize = 6;
/// In how many units from the end closing and signature are sought.
const CLOSING_UNITS: usize = 14;
/// How long a line of a signature is at most, in bytes.
const SIGNATURE_LINE: usize = 100;
/// A greeting line longer than this is cut after its first clause.
const GREETING_LINE: usize = 80;

/// How a line begins that says whose the rights are.
const RIGHTS: [&str; 4] = ["©", "Copyright", "Hak Cipta", "Hak cipta"];

/// Divides `body` and returns what it shows of its sender.
pub(crate) fn divide(body: &mut Field<'_>, channel: Channel) -> Sender {
    divide_in(Dialect::Message, body, channel, Vec::new())
}

/// Divides `body`, of which some stretches are known: in order, apart, and not the sender's own words.
pub(crate) fn divide_with(body: &mut Field<'_>, channel: Channel, known: Vec<(TextSpan, Role)>) -> Sender {
    divide_in(Dialect::Message, body, channel, known)
}

/// Divides `body`, which may hold constructs of `dialect` and of which some stretches are `known`, and returns what it shows of
/// its sender.
pub(crate) fn divide_in(
    dialect: Dialect,
    body: &mut Field<'_>,
    channel: Channel,
    known: Vec<(TextSpan, Role)>,
) -> Sender {
    let (inline, known) = inline(&body.text, known);
    let constructs = construct::merged(construct::find(&body.text, dialect), inline);
    let masked = construct::masked(&body.text, &constructs);
    if !constructs.is_empty() {
        body.tokens = tokens_around(&masked, &constructs, &body.map);
    }
    let view = View { text: &masked, source: &body.text, tokens: &body.tokens };
    let lines: Vec<TextSpan> = view.lines(TextSpan::new(0..masked.len())).collect();
    let own_end = view.own_end(&lines, &known);
    let own = TextSpan::new(0..own_end.at);
    let lines = &lines[..lines.partition_point(|line| line.start < own.end)];
    let quotes = body.has_sign(b">") || !known.is_empty();
    let mut marks = if quotes { view.quoted_lines(lines, &known) } else { Vec::new() };
    marks.extend(known.into_iter().filter(|(span, _)| span.start < own.end));
    marks.extend(own_end.tail);
    let rights = if body.signs & BEYOND_ASCII != 0 || body.has_sign(b"CH") { view.rights(lines) } else { Vec::new() };
    marks.extend(rights.iter().map(|line| (*line, Role::Disclaimer)));
    marks.sort_unstable_by_key(|(span, _)| *span);
    let units = view.units(lines, &marks);
    let greeting = view.greeting(&units);
    let after = greeting.map_or(0, |span| span.end);
    let (closing, signature) = view.ending(&units, after, own);
    let parts = [(greeting, Role::Greeting), (closing, Role::Closing), (signature, Role::Signature)];
    let parts = parts.into_iter().filter_map(|(span, role)| Some((span?, role)));
    let parts: Vec<_> =
        parts.flat_map(|(span, role)| outside(span, &marks).into_iter().map(move |piece| (piece, role))).collect();
    marks.extend(parts);
    let mut sender = view.sender(&units, signature, channel);
    let owned = rights.into_iter().any(|line| view.names_owner(line));
    (sender.agency, sender.named) = (sender.agency | owned, sender.named | owned);
    body.segments = laid_over(segments(marks, body.text.len()), &constructs);
    sender
}

/// Of the stretches that are `known`, the placeholders with words behind them in their line (a mention), which are read as constructs are, and
/// the others.
fn inline(text: &str, known: Vec<(TextSpan, Role)>) -> (Vec<TextSpan>, Vec<(TextSpan, Role)>) {
    let mut line = TextSpan::default();
    let (inline, known): (Vec<_>, Vec<_>) = known.into_iter().partition(|(span, role)| {
        if span.start >= line.end {
            line = line_around(text, span.start as usize);
        }
        // What ends a line, such as a remark that it was changed, is no word of it.
        let after = TextSpan { start: span.end, end: line.end.max(span.end) };
        *role == Role::Placeholder && span.start < span.end && span.end <= line.end && !after.of(text).trim().is_empty()
    });
    (inline.into_iter().map(|(span, _)| span).collect(), known)
}

/// Sets constructs apart in a field that is not divided further.
pub(crate) fn set_apart(field: &mut Field<'_>, dialect: Dialect) {
    let constructs = construct::find(&field.text, dialect);
    if !constructs.is_empty() {
        field.tokens = tokens_around(&construct::masked(&field.text, &constructs), &constructs, &field.map);
        field.segments = laid_over(std::mem::take(&mut field.segments), &constructs);
    }
}

/// The tokens of a text whose constructs are masked: a word that holds one is a construct itself, unless a tag stands between
/// the two; a link stays a link.
fn tokens_around(masked: &str, constructs: &[Construct], map: &SpanMap) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut constructs = constructs.iter().peekable();
    for mut token in token::tokens(masked) {
        while constructs.next_if(|construct| construct.span.end <= token.start).is_some() {}
        let held = constructs.peek().filter(|construct| construct.span.overlaps(token.span()));
        if let Some(construct) = held.filter(|_| !matches!(token.kind, TokenKind::Link | TokenKind::Mail)) {
            let at = construct.span.start;
            if at > token.start && map.has_seam(TextSpan { start: at - 1, end: at + 1 }) {
                let word = TextSpan { start: token.start, end: at };
                let shifted = |mut part: Token| {
                    (part.start, part.end) = (part.start + word.start, part.end + word.start);
                    part
                };
                tokens.extend(token::tokens(word.of(masked)).into_iter().map(shifted));
                token.start = at;
            }
            (token.kind, token.hash) = (TokenKind::Construct, 0);
        }
        tokens.push(token);
    }
    tokens
}

/// The segments with placeholders where the constructs stand.
fn laid_over(segments: Vec<Segment>, constructs: &[Construct]) -> Vec<Segment> {
    if constructs.is_empty() {
        return segments;
    }
    let mut all = Vec::with_capacity(segments.len() + constructs.len() * 2);
    let mut constructs = constructs.iter().peekable();
    for Segment { role, text } in segments {
        let mut at = text.start;
        while let Some(construct) = constructs.peek().filter(|construct| construct.span.start < text.end) {
            let TextSpan { start, end } = construct.span;
            let (start, end) = (start.max(at), end.min(text.end));
            all.push(Segment { role, text: TextSpan { start: at, end: start } });
            all.push(Segment { role: Role::Placeholder, text: TextSpan { start, end } });
            at = end;
            // What reaches into the next segment goes on there.
            if construct.span.end > text.end {
                break;
            }
            constructs.next();
        }
        all.push(Segment { role, text: TextSpan { start: at, end: text.end } });
    }
    all.retain(|segment| segment.text.start < segment.text.end);
    all
}

/// The pieces of `span` outside of `marks`, which are in order: who is quoted in the midst of a closing is quoted all the same.
fn outside(span: TextSpan, marks: &[(TextSpan, Role)]) -> Vec<TextSpan> {
    let mut pieces = Vec::new();
    let mut at = span.start;
    for (mark, _) in marks.iter().filter(|(mark, _)| mark.overlaps(span)) {
        if at < mark.start {
            pieces.push(TextSpan { start: at, end: mark.start });
        }
        at = at.max(mark.end);
    }
    if at < span.end {
        pieces.push(TextSpan { start: at, end: span.end });
    }
    pieces
}

/// Covers the text with `marks`; what lies between is body.
fn segments(mut marks: Vec<(TextSpan, Role)>, len: usize) -> Vec<Segment> {
    marks.sort_by_key(|(span, _)| *span);
    let mut all: Vec<Segment> = Vec::with_capacity(marks.len() * 2 + 1);
    let mut at = 0;
    let end = TextSpan::new(0..len).end;
    let mut push = |from: u32, to: u32, role: Role| {
        if from < to {
            all.push(Segment { role, text: TextSpan { start: from, end: to } });
        }
    };
    for (span, role) in marks {
        let start = span.start.max(at);
        push(at, start, Role::Body);
        push(start, span.end, role);
        at = at.max(span.end);
    }
    push(at, end, Role::Body);
    if all.is_empty() {
        all.push(Segment { role: Role::Body, text: TextSpan::new(0..len) });
    }
    all
}

/// Where the writer's own text ends, and what follows.
struct OwnEnd {
    at: usize,
    tail: Option<(TextSpan, Role)>,
}

pub(super) struct View<'t> {
    /// The text, with constructs masked.
    pub(super) text: &'t str,
    /// The text as it is.
    pub(super) source: &'t str,
    pub(super) tokens: &'t [Token],
}

impl<'t> View<'t> {
    pub(super) fn tokens_in(&self, span: TextSpan) -> &'t [Token] {
        let first = self.tokens.partition_point(|t| t.start < span.start);
        let last = self.tokens.partition_point(|t| t.start < span.end);
        &self.tokens[first..last]
    }

    /// Whether the unit opens with one of the cues: where the cue ends.
    pub(super) fn opens_with(&self, unit: TextSpan, cues: &[Cue]) -> Option<u32> {
        let first = self.tokens.partition_point(|t| t.start < unit.start);
        let skip = self.tokens[first..].iter().take_while(|t| t.kind == TokenKind::Emoji).count();
        self.tokens.get(first + skip).filter(|t| t.start < unit.end)?;
        self.cue_at(first + skip, cues)
    }

    pub(super) fn cue_at(&self, index: usize, cues: &[Cue]) -> Option<u32> {
        let mut end = None;
        CUES.matches_at(self.text, self.tokens, index, &mut |found| {
            let rule = CUES.entries[found.entry as usize].rule;
            if cues.iter().any(|cue| *cue as u16 == rule) {
                end = end.max(Some(found.span.end));
            }
        });
        end
    }

    pub(super) fn holds(&self, span: TextSpan, cue: Cue) -> bool {
        let first = self.tokens.partition_point(|t| t.start < span.start);
        let last = self.tokens.partition_point(|t| t.start < span.end);
        (first..last).any(|index| self.cue_at(index, &[cue]).is_some())
    }

    /// Lines of `span` that hold something, without blanks around them.
    pub(super) fn lines(&self, span: TextSpan) -> impl Iterator<Item = TextSpan> + use<'t> {
        let text = self.text;
        let start = text.as_ptr() as usize;
        let trim = |c: char| c.is_whitespace() || matches!(c, '*' | '_');
        span.of(text).split('\n').map(move |line| line.trim_matches(trim)).filter(|line| !line.is_empty()).map(
            move |line| {
                let at = line.as_ptr() as usize - start;
                TextSpan::new(at..at + line.len())
            },
        )
    }

    /// Where a quoted message, a forwarded one or a disclaimer begins that runs to the end.
    fn own_end(&self, lines: &[TextSpan], known: &[(TextSpan, Role)]) -> OwnEnd {
        let whole = TextSpan::new(0..self.text.len());
        let ends = |line: TextSpan, role: Role| OwnEnd {
            at: line.start as usize,
            tail: Some((TextSpan { start: line.start, end: whole.end }, role)),
        };
        let mut headers = 0;
        let mut first_header = whole;
        for (at, line) in lines.iter().copied().enumerate() {
            let written = line.of(self.text);
            if is_within(line, known) {
                continue;
            }
            let next = lines.get(at + 1).map_or("", |next| next.of(self.text));
            let quotes_lines = |line: &TextSpan| line.of(self.text).starts_with('>') || is_within(*line, known);
            // Where marked lines follow, they alone are the quotation, and an answer may stand below.
            let marked = || lines.iter().skip(at + 1).take(2).any(quotes_lines);
            if self.is_attribution(line, written, next) && !marked() {
                return ends(line, Role::Quote);
            }
            if is_ruled(written) && self.opens_with(line, &[Cue::Forwarded]).is_some() {
                return ends(line, Role::Forwarded);
            }
            if line.start > 0 && self.opens_with(line, &[Cue::Disclaimer]).is_some() {
                return ends(line, Role::Disclaimer);
            }
            if is_header(written) {
                if headers == 0 {
                    first_header = line;
                }
                headers += 1;
                if headers == 3 && first_header.start > 0 {
                    return ends(first_header, Role::Forwarded);
                }
            } else {
                headers = 0;
            }
        }
        OwnEnd { at: self.text.len(), tail: None }
    }

    /// `On … wrote:`, `Pada … menulis:`, perhaps over two lines.
    fn is_attribution(&self, line: TextSpan, written: &str, next: &str) -> bool {
        let says = |text: &str| text.ends_with("menulis:") || text.ends_with("wrote:");
        let dated = || written.bytes().any(|b| b.is_ascii_digit());
        (says(written) || says(next)) && dated() && self.opens_with(line, &[Cue::Quote]).is_some()
    }

    /// Lines that begin with `>`, and the attribution above them.
    fn quoted_lines(&self, lines: &[TextSpan], known: &[(TextSpan, Role)]) -> Vec<(TextSpan, Role)> {
        let mut marks = Vec::new();
        // The two lines above, of which an attribution may take both.
        let mut above: [Option<TextSpan>; 2] = [None, None];
        for line in lines.iter().copied() {
            let is_known = is_within(line, known);
            if !is_known && !line.of(self.text).starts_with('>') {
                above = [above[1], Some(line)];
                continue;
            }
            match std::mem::take(&mut above) {
                [_, Some(last)] if self.is_attribution(last, last.of(self.text), "") => marks.push((last, Role::Quote)),
                [Some(first), Some(last)] if self.is_attribution(first, first.of(self.text), last.of(self.text)) => {
                    marks.push((TextSpan { start: first.start, end: last.end }, Role::Quote));
                }
                _ => {}
            }
            if !is_known {
                marks.push((line, Role::Quote));
            }
        }
        marks
    }

    /// Lines near the end that say whose the rights are: "© 2025 Dinas X".
    fn rights(&self, lines: &[TextSpan]) -> Vec<TextSpan> {
        /// How near the end.
        const LAST: usize = 8;
        if !RIGHTS.iter().any(|mark| memchr::memmem::find(self.text.as_bytes(), mark.as_bytes()).is_some()) {
            return Vec::new();
        }
        let says = |line: &TextSpan| {
            let written = line.of(self.text);
            let dated =
                self.tokens_in(*line).iter().any(|t| matches!(t.kind, TokenKind::Number | TokenKind::Construct));
            dated && RIGHTS.iter().any(|mark| written.starts_with(mark))
        };
        lines[lines.len().saturating_sub(LAST)..].iter().copied().filter(says).collect()
    }

    /// The writer's own sentences and lines at both ends of the text; what lies between matters to nobody here.
    fn units(&self, lines: &[TextSpan], marks: &[(TextSpan, Role)]) -> Vec<TextSpan> {
        let mut units = Vec::new();
        for line in lines.iter().copied() {
            let index = marks.partition_point(|(span, _)| span.end <= line.start);
            let mark = marks.get(index).map(|(span, _)| *span).filter(|span| span.overlaps(line));
            if mark.is_some_and(|mark| mark.start <= line.start) {
                continue;
            }
            // What stands before a mark is the writer's own: "Baik, Bu. <Pesan ini diedit>".
            let line = mark.map_or(line, |mark| TextSpan { end: mark.start, ..line });
            let written = line.of(self.text);
            let mut start = 0;
            for end in sentence_ends(written).chain([written.len()]) {
                let piece = written.get(start..end).unwrap_or_default();
                let lead = piece.len() - piece.trim_start().len();
                if !piece.trim().is_empty() {
                    let at = line.start as usize + start + lead;
                    units.push(TextSpan::new(at..at + piece.trim().len()));
                }
                start = end;
            }
        }
        units
    }

    fn greeting(&self, units: &[TextSpan]) -> Option<TextSpan> {
        let found = units.iter().take(GREETING_UNITS).enumerate().find_map(|(index, unit)| {
            let end = self.opens_with(*unit, &[Cue::Greeting, Cue::GreetingInformal])?;
            // "Salam hormat" opens a message only at its top; further down it closes it.
            let closes = index > 1 && self.opens_with(*unit, &[Cue::SignOff]).is_some();
            (!closes).then_some((*unit, end))
        });
        let (unit, cue_end) = found?;
        let written = unit.of(self.text);
        let rest = self.text.get(cue_end as usize..unit.end as usize).unwrap_or_default();
        let clause = rest.find([',', '!', '.', ';', ':']).map_or(0, |at| at + 1);
        // "Halo Bro, berkasnya belum lengkap": what goes on in small letters after the clause is the message.
        let goes_on = rest.get(clause..).unwrap_or_default().trim_start();
        let message_follows = clause > 0 && goes_on.starts_with(|c: char| c.is_lowercase());
        if written.len() <= GREETING_LINE && !message_follows {
            return Some(unit);
        }
        Some(TextSpan { start: unit.start, end: cue_end + TextSpan::new(0..clause).end })
    }

    /// Closing and signature, sought from the end.
    fn ending(&self, units: &[TextSpan], after: u32, own: TextSpan) -> (Option<TextSpan>, Option<TextSpan>) {
        let own_units: Vec<TextSpan> = units.iter().copied().filter(|u| u.start >= after).collect();
        let first = own_units.len().saturating_sub(CLOSING_UNITS);
        let last = &own_units[first..];
        let Some(end) = last.last().map(|u| u.end) else { return (None, None) };
        let dashes = last.iter().position(|u| u.of(self.text) == "--");
        let sign_off = last.iter().rposition(|u| self.opens_with(*u, &[Cue::SignOff]).is_some());
        let polite = |u: &TextSpan| self.opens_with(*u, &[Cue::Thanks, Cue::Closing]).is_some();
        let (closes, signs) = match (sign_off, dashes) {
            (Some(at), _) => (Some(at), at + 1),
            (None, Some(at)) => (at.checked_sub(1).filter(|i| polite(&last[*i])), at),
            (None, None) => {
                let from = self.trailing_block(last);
                (from.checked_sub(1).filter(|i| polite(&last[*i])), from)
            }
        };
        let mut signature_start = last.get(signs).map(|u| u.start);
        let mut closing_end = signature_start.unwrap_or(end);
        if let (Some(at), Some(cue_end)) =
            (sign_off, sign_off.and_then(|at| self.opens_with(last[at], &[Cue::SignOff])))
        {
            // "Salam hormat, Dinas X": what follows the salutation in its own line signs.
            let rest = self.text.get(cue_end as usize..last[at].end as usize).unwrap_or_default();
            let name = rest.trim_start_matches([',', ' ', '.', '*', '_', '-']);
            if !name.is_empty() {
                let start = last[at].end - TextSpan::new(0..name.len()).end;
                (signature_start, closing_end) = (Some(start), start);
            }
        }
        let start = closes.map(|at| {
            let polite_before = last[..at].iter().rev().take_while(|u| polite(u)).count();
            last[at - polite_before].start
        });
        let closing = start.map(|start| TextSpan { start, end: closing_end.max(start) });
        let signature = signature_start.map(|start| TextSpan { start, end: own.end.min(end) });
        (closing, signature)
    }

    /// Where the lines at the end begin that look like a signature: short, no sentences, with a name, a position, an
    /// agency or a contact among them.
    fn trailing_block(&self, units: &[TextSpan]) -> usize {
        let signs = |unit: &TextSpan| {
            let written = unit.of(self.text);
            let words = self.tokens_in(*unit).len();
            let opens = self.opens_with(*unit, &[Cue::Thanks, Cue::Closing, Cue::Greeting]).is_some();
            let prose = written.ends_with(['.', '!', '?']) && words > 4 && !self.ends_in_degree(*unit);
            written.len() <= SIGNATURE_LINE && words <= 10 && !opens && !prose
        };
        let block = units.iter().rev().take(8).take_while(|unit| signs(unit)).count();
        let mut from = units.len() - block;
        // A block without anything of a sender is the end of the text, not a signature.
        while from < units.len() && !self.shows_sender(units[from]) {
            from += 1;
        }
        from
    }
}

/// Whether a line lies in one of the stretches.
fn is_within(line: TextSpan, known: &[(TextSpan, Role)]) -> bool {
    let index = known.partition_point(|(span, _)| span.end <= line.start);
    known.get(index).is_some_and(|(span, _)| span.overlaps(line))
}

/// Whether a line has rules around its words, as mail programs write them, or ends like their sentence.
fn is_ruled(line: &str) -> bool {
    let rule = |c: char| matches!(c, '-' | '_' | '=');
    line.starts_with("--")
        || line.starts_with("__")
        || line.ends_with(':') && line.to_lowercase().starts_with("begin forwarded")
        || line.starts_with(rule) && line.ends_with(rule)
}

/// Whether a line is one of a forwarded message's header.
fn is_header(line: &str) -> bool {
    const NAMES: [&str; 10] =
        ["from", "dari", "to", "kepada", "date", "tanggal", "sent", "dikirim", "subject", "subjek"];
    /// How long the names are at most, with marks of emphasis around them.
    const LONGEST: usize = 16;
    let head = &line.as_bytes()[..line.len().min(LONGEST)];
    let Some(name) = memchr::memchr(b':', head).and_then(|at| line.get(..at)) else { return false };
    NAMES.iter().any(|known| name.trim_matches(['*', ' ']).eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::message::Part;

    fn divided(text: &str) -> (Vec<(Role, String)>, Sender) {
        let mut field = Field::new(Part::Body, Cow::Borrowed(text), SpanMap::verbatim(0, text.len()));
        let sender = divide(&mut field, Channel::Email);
        let parts = field.segments.iter().map(|s| (s.role, s.text.of(text).trim().to_owned()));
        (parts.filter(|(_, text)| !text.is_empty()).collect(), sender)
    }

    fn role(parts: &[(Role, String)], role: Role) -> Option<&str> {
        parts.iter().find(|(r, _)| *r == role).map(|(_, text)| text.as_str())
    }

    #[test]
    fn divides_a_formal_mail() {
        let (parts, sender) = divided(
            "Yth. Bapak/Ibu Pemohon,\n\nBerkas sudah kami terima.\n\nAtas perhatian Bapak/Ibu, kami ucapkan terima kasih.\n\n\
             Hormat kami,\nBudi Santoso, S.T.\nAnalis Kebijakan\nDinas Kependudukan Kota X\nTelepon (021) 555123",
        );
        assert_eq!(role(&parts, Role::Greeting), Some("Yth. Bapak/Ibu Pemohon,"));
        assert!(role(&parts, Role::Closing).unwrap().starts_with("Atas perhatian"));
        assert!(role(&parts, Role::Signature).unwrap().starts_with("Budi Santoso"));
        assert!(sender.name && sender.position && sender.agency && sender.contact);
    }

    #[test]
    fn divides_a_message_of_one_line() {
        let (parts, sender) = divided(
            "Selamat pagi, Bapak/Ibu. Terima kasih atas laporannya. Kami segera menindaklanjuti. Salam hormat, Dinas Perhubungan Kota X.",
        );
        assert_eq!(role(&parts, Role::Greeting), Some("Selamat pagi, Bapak/Ibu."));
        assert_eq!(role(&parts, Role::Signature), Some("Dinas Perhubungan Kota X."));
        assert!(sender.agency && !sender.name);
    }

    #[test]
    fn keeps_the_other_party_apart() {
        let (first, _) =
            divided("Baik, Ibu.\n\nPada Rab, 21 Jan 2026 pukul 08.14 Sari <sari@x.id>\nmenulis:\n\n> gak bisa");
        assert!(first.iter().any(|(role, text)| *role == Role::Quote && text.contains("gak bisa")));
        assert_eq!(role(&first, Role::Quote), Some("Pada Rab, 21 Jan 2026 pukul 08.14 Sari <sari@x.id>\nmenulis:"));
        let (second, _) = divided("Sudah kami teruskan.\n\n-----Pesan Asli-----\nDari: Sari\nisi");
        assert!(role(&second, Role::Forwarded).is_some());
    }

    #[test]
    fn a_quote_in_the_closing_stays_a_quote() {
        let (parts, _) = divided(
            "Yth. Ibu Sari,\n\nBerkas sudah kami terima.\n\nAtas perhatian Ibu, kami ucapkan terima kasih.\n> kok lama\n\
             Hormat kami,\nBudi Santoso, S.T.\nDinas Kependudukan Kota X",
        );
        assert_eq!(role(&parts, Role::Quote), Some("> kok lama"));
        assert_eq!(role(&parts, Role::Closing), Some("Atas perhatian Ibu, kami ucapkan terima kasih."));
    }

    #[test]
    fn a_bad_sign_off_is_no_signature() {
        let (_, sender) = divided("Halo Bro,\n\nberkasnya kurang, silakan datang lagi besok.\n\nTks.");
        assert!(!sender.agency && !sender.name && !sender.position);
    }

    #[test]
    fn heads_sign_with_their_title_above_their_name() {
        let signed = |sign_off: &str| {
            let text = format!(
                "Yth. Ibu Sari,\n\nRapat ditunda. Atas perhatian Ibu, kami ucapkan terima kasih.\n\n{sign_off}"
            );
            let (_, sender) = divided(&text);
            (sender.agency, sender.position, sender.name)
        };
        for whole in [
            "Camat Y,\n\nIr. Bambang Wijaya, M.Si.\nNIP 197001011995031001",
            "Kepala Dinas Kesehatan Kota X,\n\n\n\ndr. Rina Wulandari, M.Kes.\nPembina Tk. I\nNIP 197001011995032001",
            "Hormat kami,\n\nLurah Melati\n\nSuparman, S.Sos.",
            "a.n. Bupati Y\nSekretaris Daerah,\n\nDrs. Anton",
            "Wali Kota X,\n\nttd.\n\nAhmad Yani",
            "Menteri Kesehatan Republik Indonesia,\n\nAhmad Yani",
            "Camat {{ kecamatan }},\n\n{{ nama }}\nNIP {{ nip }}",
        ] {
            assert_eq!(signed(whole), (true, true, true), "{whole}");
        }
        for (partial, shows) in [
            ("Camat,\n\nBambang Wijaya", (false, true, true)),
            ("Salam,\n\nRina Wulandari, M.Kes.", (false, false, true)),
            ("Bapak Bupati akan hadir bersama semua camat dan lurah di aula.", (false, false, false)),
        ] {
            assert_eq!(signed(partial), shows, "{partial}");
        }
    }
}
