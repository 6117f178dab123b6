//! What a message shows of its sender: name, position, agency, contact.

use super::structure::View;
use crate::embedded::Cue;
use crate::message::{Channel, Sender};
use crate::span::TextSpan;
use crate::token::{Token, TokenKind};

/// Words in the names of values that stand for an agency, a position, a contact.
const AGENCY_VALUES: &[&str] = &[
    "agency", "app", "brand", "company", "desa", "dinas", "from", "instansi", "kantor", "lembaga", "sekolah", "site",
    "team", "tim", "unit", "yayasan",
];
const POSITION_VALUES: &[&str] = &["jabatan", "pangkat", "position"];
const CONTACT_VALUES: &[&str] =
    &["contact", "email", "hp", "kontak", "phone", "telepon", "telp", "url", "website", "whatsapp"];

impl View<'_> {
    /// Whether a line names a person, a position or an agency, or stands where a name does.
    pub(super) fn shows_sender(&self, unit: TextSpan) -> bool {
        let dashed = unit.of(self.text).starts_with(['-', '~', '^']) && self.tokens_in(unit).len() <= 4;
        let tokens = self.tokens_in(unit);
        let alone = tokens.len() == 1 && tokens[0].shape.capitalised() && !tokens[0].shape.all_capitals();
        let cues = [Cue::Agency, Cue::Position, Cue::Degree];
        dashed || alone || cues.into_iter().any(|cue| self.holds(unit, cue)) || self.is_name(unit)
    }

    /// Two to five capitalised words and nothing else, or a name with a degree.
    fn is_name(&self, unit: TextSpan) -> bool {
        let tokens = self.tokens_in(unit);
        let words = tokens.iter().filter(|t| is_word(t));
        let capitals = tokens.iter().all(|t| is_word(t) && t.shape.capitalised());
        let plain = (2..=5).contains(&words.count())
            && capitals
            && !self.holds(unit, Cue::Agency)
            && !self.holds(unit, Cue::Position)
            && !self.stands_for_another(unit);
        let closes = unit.of(self.text).ends_with(['.', '!', '?', ':']);
        // A physician's "dr." is small, and so is a pharmacist's "apt.".
        let title = usize::from(self.opens_with(unit, &[Cue::Degree]).is_some());
        let named = tokens.iter().take(title + 1).any(|t| t.shape.capitalised());
        plain && !closes || self.holds(unit, Cue::Degree) && named
    }

    /// What the signature shows; in chat and posts an agency may also name itself in the first or the last lines.
    pub(super) fn sender(&self, units: &[TextSpan], signature: Option<TextSpan>, channel: Channel) -> Sender {
        let mut sender = Sender::default();
        if let Some(signature) = signature {
            let lines: Vec<TextSpan> = self.lines(signature).collect();
            sender.agency = self.holds(signature, Cue::Agency)
                || self.stands_for(signature, AGENCY_VALUES)
                || lines.iter().any(|line| self.heads_something(*line));
            // In "Tim Verifikator SPMB" the word of a position belongs to the agency's name.
            let names_agency = |line: &TextSpan| self.opens_with(*line, &[Cue::Agency]).is_some();
            sender.position = self.stands_for(signature, POSITION_VALUES)
                || lines.iter().any(|line| !names_agency(line) && self.holds(*line, Cue::Position));
            let alone = |line: &TextSpan| {
                let tokens = self.tokens_in(*line);
                let named = tokens.len() == 1 && tokens[0].shape.capitalised();
                named && !self.holds(*line, Cue::Agency) && !self.stands_for_another(*line)
            };
            sender.name = lines.iter().any(|line| self.is_name(*line) || alone(line) || self.starts_with_name(*line));
            sender.contact = self.shows_contact(signature);
        }
        let (first, rest) = units.split_at(units.len().min(3));
        let edges = first.iter().chain(&rest[rest.len().saturating_sub(4)..]);
        for unit in edges {
            sender.contact |= self.shows_contact(*unit);
            sender.named |= self.names_agency(*unit);
        }
        sender.agency |= sender.named && channel != Channel::Email;
        sender
    }

    /// "Camat Y": a title that names what it heads, in capitals right behind it.
    fn heads_something(&self, line: TextSpan) -> bool {
        let first = self.tokens.partition_point(|t| t.start < line.start);
        let last = self.tokens.partition_point(|t| t.start < line.end);
        (first..last).any(|index| {
            let Some(end) = self.cue_at(index, &[Cue::Head]) else { return false };
            let next = self.tokens[index..last].iter().find(|t| t.start >= end);
            next.is_some_and(|next| {
                let beside = TextSpan { start: end, end: next.start }.of(self.text) == " ";
                beside && (next.shape.capitalised() || next.kind == TokenKind::Construct)
            })
        })
    }

    /// Whether a line ends with a degree, whose full stop ends no sentence: "dr. Sari Dewi, M.Kes."
    pub(super) fn ends_in_degree(&self, line: TextSpan) -> bool {
        /// More tokens than a degree has.
        const LONGEST: usize = 4;
        let last = self.tokens.partition_point(|t| t.start < line.end);
        (last.saturating_sub(LONGEST)..last)
            .any(|index| self.cue_at(index, &[Cue::Degree]).is_some_and(|end| end + 1 >= line.end))
    }

    /// Whether a value in `span` stands for something else than a name.
    fn stands_for_another(&self, span: TextSpan) -> bool {
        [AGENCY_VALUES, POSITION_VALUES, CONTACT_VALUES].into_iter().any(|names| self.stands_for(span, names))
    }

    /// "Budi Santoso, Analis Kebijakan": a name before the first comma.
    fn starts_with_name(&self, line: TextSpan) -> bool {
        let written = line.of(self.text);
        let head = written.split([',', '/', '|', '-', '–']).next().unwrap_or_default().trim_end();
        head.len() < written.len()
            && self.is_name(TextSpan { start: line.start, end: line.start + TextSpan::new(0..head.len()).end })
    }

    fn shows_contact(&self, span: TextSpan) -> bool {
        let tokens = self.tokens_in(span);
        let linked = tokens.iter().any(|t| matches!(t.kind, TokenKind::Mail | TokenKind::Link));
        let filled = tokens.iter().any(|t| t.kind == TokenKind::Construct);
        let numbered = || span.of(self.text).bytes().filter(u8::is_ascii_digit).take(3).count() == 3;
        linked
            || (filled || numbered()) && self.holds(span, Cue::Contact)
            || filled && self.stands_for(span, CONTACT_VALUES)
    }

    /// An agency's word in capitals and another capitalised word or number after it, or one that is an acronym.
    fn names_agency(&self, unit: TextSpan) -> bool {
        let first = self.tokens.partition_point(|t| t.start < unit.start);
        let last = self.tokens.partition_point(|t| t.start < unit.end);
        (first..last).any(|index| {
            let token = &self.tokens[index];
            let named = token.shape.all_capitals() && token.end - token.start > 2
                || self.tokens.get(index + 1).is_some_and(|next| {
                    next.start < unit.end && (next.shape.capitalised() || next.kind == TokenKind::Number)
                });
            token.shape.capitalised() && named && self.cue_at(index, &[Cue::Agency]).is_some()
        })
    }

    /// Whether a line of rights names their owner.
    pub(super) fn names_owner(&self, line: TextSpan) -> bool {
        const FORM: [&str; 8] = ["copyright", "hak", "cipta", "dilindungi", "all", "right", "rights", "reserved"];
        let names = |t: &Token| {
            t.kind == TokenKind::Word && t.shape.capitalised() && !FORM.iter().any(|word| t.is(self.text, word))
        };
        self.tokens_in(line).iter().any(names) || self.stands_for(line, AGENCY_VALUES)
    }

    /// Whether a value in `span` is called by one of `names`.
    fn stands_for(&self, span: TextSpan, names: &[&str]) -> bool {
        let values = self.tokens_in(span).iter().filter(|t| t.kind == TokenKind::Construct);
        values.flat_map(|t| identifiers(t.of(self.source))).any(|word| names.contains(&word.as_str()))
    }
}

/// The words of the identifiers in `code`, in small letters: of `nama_desa` and `namaDesa` both.
fn identifiers(code: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in code.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase() {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            let last = words.len() - 1;
            words[last].extend(c.to_lowercase());
        }
        before = c;
    }
    words
}

/// Whether the token is a word, or a value that stands for one.
fn is_word(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Construct)
}
