//! Words, numbers, links and emoji of a text, found in one pass, and the folding under which words are compared.

mod fold;
mod sentence;

use unicode_normalization::char::is_combining_mark;
use unicode_properties::UnicodeEmoji;
use unicode_properties::emoji::EmojiStatus;
use unicode_segmentation::UnicodeSegmentation;

use crate::span::TextSpan;

pub use fold::{fold, unstretched, without_emphasis};
pub(crate) use sentence::ends_sentence;
pub use sentence::{sentence_around, sentence_ends};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, perhaps with digits.
    Word,
    /// Digits alone.
    Number,
    /// An address of the web, with or without `https://`, or a file's name.
    Link,
    /// An e-mail address.
    Mail,
    /// `@name`.
    Handle,
    /// `#topic`.
    Hashtag,
    /// One emoji, however many scalar values it has.
    Emoji,
    /// A construct of a template language that stands for a word.
    Construct,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape(u8);

impl Shape {
    const UPPER: u8 = 1;
    const LOWER: u8 = 2;
    const FIRST_UPPER: u8 = 4;
    const DIGIT: u8 = 8;
    const STRETCHED: u8 = 16;
    const FOREIGN: u8 = 32;
    const DOUBLED: u8 = 64;
    /// Of several words: that one is in capitals.
    const LOUD: u8 = 128;
    /// Letters and digits of ASCII.
    const ALPHANUMERIC: u8 = Self::UPPER | Self::LOWER | Self::DIGIT;

    /// Whether it begins with a capital.
    #[must_use]
    pub fn capitalised(self) -> bool {
        self.0 & Self::FIRST_UPPER != 0
    }

    /// Whether it has capitals and no small letter.
    #[must_use]
    pub fn all_capitals(self) -> bool {
        self.0 & (Self::UPPER | Self::LOWER) == Self::UPPER
    }

    /// Whether it has digits among its letters.
    #[must_use]
    pub fn mixes_digits(self) -> bool {
        self.0 & Self::DIGIT != 0 && self.0 & (Self::UPPER | Self::LOWER) != 0
    }

    /// Whether a letter stands three times in a row.
    #[must_use]
    pub fn stretched(self) -> bool {
        self.0 & Self::STRETCHED != 0
    }

    /// Whether it ends with the same letter twice.
    #[must_use]
    pub fn doubled(self) -> bool {
        self.0 & Self::DOUBLED != 0
    }

    /// Of several words, whether one has digits.
    #[must_use]
    pub fn has_digits(self) -> bool {
        self.0 & Self::DIGIT != 0
    }

    /// Of several words, whether one is in capitals.
    #[must_use]
    pub fn loud(self) -> bool {
        self.0 & Self::LOUD != 0
    }

    /// What this and another word have, together.
    fn with(self, other: Self) -> Self {
        Self(self.0 | other.0 | if other.all_capitals() { Self::LOUD } else { 0 })
    }

    /// Whether it is made of plain letters only, without digits and marks.
    #[must_use]
    pub fn plain(self) -> bool {
        self.0 & (Self::FOREIGN | Self::DIGIT) == 0
    }

    /// Whether all its characters are ASCII.
    #[must_use]
    pub fn is_ascii(self) -> bool {
        self.0 & Self::FOREIGN == 0
    }
}

/// A word or the like, as a range of bytes of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Hash of the folded token; 0 where nothing is looked up.
    pub hash: u32,
    /// What it is.
    pub kind: TokenKind,
    /// How it is written.
    pub shape: Shape,
}

impl Token {
    /// Its range.
    #[must_use]
    pub fn span(&self) -> TextSpan {
        TextSpan { start: self.start, end: self.end }
    }

    /// Its characters.
    #[must_use]
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        self.span().of(text)
    }

    /// Whether its folded form is `folded`.
    #[must_use]
    pub fn is(&self, text: &str, folded: &str) -> bool {
        let own = self.of(text);
        if self.shape.is_ascii() { own.eq_ignore_ascii_case(folded) } else { fold(own) == folded }
    }
}

/// A set of ASCII characters, as bits by their numbers; the bit of NUL stands for all beyond ASCII.
pub type Signs = u128;

/// The bit for all characters beyond ASCII.
pub const BEYOND_ASCII: Signs = 1;

/// The characters of a text.
#[must_use]
pub fn signs(text: &str) -> Signs {
    let mut halves = [0_u64; 2];
    let mut beyond = 0;
    for byte in text.bytes() {
        beyond |= byte;
        halves[usize::from(byte >> 6 & 1)] |= 1 << (byte & 63);
    }
    let beyond = if beyond.is_ascii() { 0 } else { BEYOND_ASCII };
    Signs::from(halves[1]) << 64 | Signs::from(halves[0]) | beyond
}

/// The tokens of a text, and what they have together.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// The tokens, in order.
    pub list: Vec<Token>,
    /// What is unusual about any of them.
    pub shape: Shape,
}

/// The tokens of `text`, in order.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    scan(text).list
}

/// The tokens of `text`, and what they have together.
#[must_use]
pub fn scan(text: &str) -> Tokens {
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: 0, chunk_end: 0 };
    let mut tokens = Tokens { list: Vec::with_capacity(text.len() / 5), ..Tokens::default() };
    while let Some(token) = scanner.next() {
        tokens.shape = tokens.shape.with(token.shape);
        tokens.list.push(token);
    }
    tokens
}

/// Hash of a folded word (FNV-1a), the same at build time and at run time.
#[must_use]
pub fn hash(folded: &str) -> u32 {
    folded.bytes().fold(FNV_OFFSET, hash_byte)
}

const FNV_OFFSET: u32 = 0x811c_9dc5;

fn hash_byte(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// How many letters stand right before and behind `len` bytes at `at`, counted no further than matters.
fn letters_around(bytes: &[u8], at: usize, len: usize) -> (usize, usize) {
    let before = bytes.get(..at).unwrap_or_default().iter().rev().take(WHOLE).take_while(|b| b.is_ascii_alphabetic());
    let after = bytes.get(at + len..).unwrap_or_default().iter().take(WHOLE).take_while(|b| b.is_ascii_alphabetic());
    (before.count(), after.count())
}

/// So many letters are a word of their own beside an apostrophe.
const WHOLE: usize = 5;

/// Whether an apostrophe between so many letters joins two words (assalamu'alaikum) rather than standing in one (Jum'at).
fn joins_words(before: usize, after: usize) -> bool {
    before >= WHOLE && after >= WHOLE
}

/// The length of the word at the start of `folded`, which is parted as texts are.
pub(crate) fn word_len(folded: &str) -> usize {
    let ends = |(at, c): &(usize, char)| match c {
        '\'' => {
            let (before, after) = letters_around(folded.as_bytes(), *at, 1);
            joins_words(before, after)
        }
        c => !(c.is_alphanumeric() || matches!(c, '#' | '_')),
    };
    folded.char_indices().find(ends).map_or(folded.len(), |(at, _)| at)
}

pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}' | '\u{0060}' | '\u{00b4}')
}

/// Endings that make `word.ending` an address or a file, not two sentences that lack a space.
const ENDINGS: &[&str] = &[
    "ac", "apk", "app", "biz", "co", "com", "csv", "dev", "doc", "docx", "edu", "gov", "html", "id", "info", "io",
    "jpeg", "jpg", "link", "ly", "me", "mp3", "mp4", "net", "org", "pdf", "php", "png", "ppt", "pptx", "rar", "sch",
    "site", "txt", "web", "xls", "xlsx", "xyz", "zip",
];

/// What may stand in an address besides letters and digits.
const IN_ADDRESS: u8 = 128;

/// Of each byte, whether it is a letter or a digit, as in a [`Shape`], or else whether it may stand in an address.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' => Shape::LOWER,
            b'A'..=b'Z' => Shape::UPPER,
            b'0'..=b'9' => Shape::DIGIT,
            b'.' | b'_' | b'%' | b'+' | b'-' | b'/' | b'@' | b':' | b'#' | b'?' | b'&' | b'=' | b'~' => IN_ADDRESS,
            _ => 0,
        };
        byte += 1_u8;
    }
    classes
};

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// End of the stretch without blanks that has been examined for an address, so that none is examined twice.
    chunk_end: usize,
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<Token> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => return Some(self.word()),
                b'@' | b'#' => {
                    if let Some(token) = self.tag(byte) {
                        return Some(token);
                    }
                    self.at += 1;
                }
                0..0x80 => self.at += 1,
                _ => {
                    let c = self.char_at(self.at)?;
                    if is_word_char(c) {
                        return Some(self.word());
                    }
                    if let Some(token) = self.emoji(c) {
                        return Some(token);
                    }
                    self.at += c.len_utf8();
                }
            }
        }
        None
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn token(&self, start: usize, kind: TokenKind, hash: u32, shape: Shape) -> Token {
        let span = TextSpan::new(start..self.at);
        Token { start: span.start, end: span.end, hash, kind, shape }
    }

    fn word(&mut self) -> Token {
        let start = self.at;
        let (mut hash, mut shape) = (FNV_OFFSET, 0);
        let (mut last, mut run, mut longest) = (0, 0, 0);
        while let Some(&byte) = self.bytes.get(self.at) {
            let class = CLASSES[usize::from(byte)];
            if class & Shape::ALPHANUMERIC == 0 {
                match byte {
                    b'\'' if self.apostrophe_inside(1) => {}
                    0..0x80 => break,
                    _ => match self.foreign(start) {
                        Some(bits) => {
                            shape |= bits;
                            continue;
                        }
                        None => break,
                    },
                }
            }
            let lower = byte.to_ascii_lowercase();
            shape |= class & Shape::ALPHANUMERIC;
            run = if lower == last && class & (Shape::UPPER | Shape::LOWER) != 0 { run + 1 } else { 1 };
            longest = longest.max(run);
            last = lower;
            hash = hash_byte(hash, lower);
            self.at += 1;
        }
        // Only what goes on with one of these may be an address.
        let end = self.at;
        if self.bytes.get(end).is_some_and(|byte| CLASSES[usize::from(*byte)] & IN_ADDRESS != 0)
            && let Some(token) = self.address(start)
        {
            return token;
        }
        self.at = end;
        if self.bytes[start].is_ascii_uppercase() {
            shape |= Shape::FIRST_UPPER;
        }
        if longest >= 3 {
            shape |= Shape::STRETCHED;
        }
        if run >= 2 {
            shape |= Shape::DOUBLED;
        }
        let letters = shape & (Shape::UPPER | Shape::LOWER | Shape::FOREIGN) != 0;
        let kind = if letters { TokenKind::Word } else { TokenKind::Number };
        if shape & Shape::FOREIGN != 0 {
            hash = self.text.get(start..self.at).map_or(hash, |word| self::hash(&fold(word)));
        }
        self.token(start, kind, hash, Shape(shape))
    }

    /// Steps over a character beyond ASCII that belongs to a word.
    fn foreign(&mut self, start: usize) -> Option<u8> {
        let c = self.char_at(self.at)?;
        let apostrophe = is_apostrophe(c) && self.apostrophe_inside(c.len_utf8());
        if !apostrophe && !is_word_char(c) {
            return None;
        }
        let mut bits = Shape::FOREIGN;
        if c.is_uppercase() {
            bits |= Shape::UPPER | if self.at == start { Shape::FIRST_UPPER } else { 0 };
        } else if c.is_lowercase() {
            bits |= Shape::LOWER;
        } else if c.is_numeric() {
            bits |= Shape::DIGIT;
        }
        self.at += c.len_utf8();
        Some(bits)
    }

    /// Whether the apostrophe here, of `len` bytes, stands within a word.
    fn apostrophe_inside(&self, len: usize) -> bool {
        let (before, after) = letters_around(self.bytes, self.at, len);
        before > 0 && after > 0 && !joins_words(before, after)
    }

    fn tag(&mut self, mark: u8) -> Option<Token> {
        let start = self.at;
        let body = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || (*b == b'.' && mark == b'@');
        let len = self.bytes.get(start + 1..)?.iter().take_while(|b| body(b)).count();
        if len == 0 || !self.bytes.get(start + 1)?.is_ascii_alphanumeric() {
            return None;
        }
        self.at = start + 1 + len;
        while self.bytes.get(self.at - 1) == Some(&b'.') {
            self.at -= 1;
        }
        let digits = self.bytes.get(start + 1..self.at)?.iter().all(u8::is_ascii_digit);
        if mark == b'#' && digits {
            self.at = start;
            return None;
        }
        let (kind, hash) = if mark == b'#' {
            let folded = self.text.get(start..self.at).unwrap_or_default().to_ascii_lowercase();
            (TokenKind::Hashtag, hash(&folded))
        } else {
            (TokenKind::Handle, 0)
        };
        Some(self.token(start, kind, hash, Shape::default()))
    }

    /// The link, mail address or file name that begins here.
    fn address(&mut self, start: usize) -> Option<Token> {
        if start < self.chunk_end {
            return None;
        }
        let rest = self.bytes.get(start..)?;
        let inside = |b: &u8| CLASSES[usize::from(*b)] != 0;
        let len = rest.iter().take_while(|b| inside(b)).count();
        self.chunk_end = start + len;
        let chunk = self.text.get(start..start + len)?;
        let word = chunk.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if word == len {
            return None;
        }
        let (kind, len) = address_in(chunk)?;
        self.at = start + len;
        if kind == TokenKind::Link {
            self.finish_link(start);
        }
        Some(self.token(start, kind, 0, Shape::default()))
    }

    /// A link runs to the next blank or closing mark, without the stop of the sentence.
    fn finish_link(&mut self, start: usize) {
        let ends = |b: &u8| b.is_ascii_whitespace() || b"<>\"'`|{}[]".contains(b) || *b >= 0x80;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if matches!(rest.first(), Some(b'/' | b'?' | b'#' | b':' | b'=' | b'&'))
            || self.bytes.get(start..self.at).is_some_and(|b| b.contains(&b'/'))
        {
            self.at += rest.iter().take_while(|b| !ends(b)).count();
        }
        while self.at > start + 1 && b".,;:!?)*_~".contains(&self.bytes[self.at - 1]) {
            self.at -= 1;
        }
    }

    fn emoji(&mut self, first: char) -> Option<Token> {
        if !first.is_emoji_char() {
            return None;
        }
        let start = self.at;
        let cluster = self.text.get(start..)?.graphemes(true).next()?;
        if !is_emoji(cluster) {
            return None;
        }
        self.at = start + cluster.len();
        Some(self.token(start, TokenKind::Emoji, 0, Shape::default()))
    }
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Whether a grapheme cluster is shown as an emoji: by its own presentation, a variation selector, a joiner, a skin tone
/// or as a flag.
#[must_use]
pub fn is_emoji(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    let Some(first) = chars.next() else { return false };
    if cluster.contains('\u{fe0e}') {
        return false;
    }
    let tone = |c: char| ('\u{1f3fb}'..='\u{1f3ff}').contains(&c);
    let flag = |c: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&c);
    if cluster.ends_with('\u{20e3}') {
        return true;
    }
    if flag(first) {
        return chars.next().is_some_and(flag);
    }
    let presented = matches!(
        first.emoji_status(),
        EmojiStatus::EmojiPresentation
            | EmojiStatus::EmojiPresentationAndModifierBase
            | EmojiStatus::EmojiPresentationAndEmojiComponent
            | EmojiStatus::EmojiPresentationAndModifierAndEmojiComponent
    );
    presented || (!first.is_ascii() && cluster.chars().any(|c| c == '\u{fe0f}' || c == '\u{200d}' || tone(c)))
}

/// The kind and length of the address at the start of `chunk`, which holds no blank.
fn address_in(chunk: &str) -> Option<(TokenKind, usize)> {
    if let Some(scheme) = chunk.find("://") {
        let plain = chunk.bytes().take(scheme).all(|b| b.is_ascii_alphanumeric() || b == b'+');
        if plain && scheme > 1 {
            return Some((TokenKind::Link, chunk.len()));
        }
    }
    let local = chunk.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(b)).count();
    if chunk.as_bytes().get(local) == Some(&b'@') {
        let domain =
            chunk.bytes().skip(local + 1).take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).count();
        let len = chunk.get(..local + 1 + domain)?.trim_end_matches(['.', '-']).len();
        return (len > local + 1).then_some((TokenKind::Mail, len));
    }
    let host = chunk.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"._-".contains(b)).count();
    let name = chunk.get(..host)?.trim_end_matches(['.', '-', '_']);
    let (stem, ending) = name.rsplit_once('.')?;
    let known = ENDINGS.binary_search(&ending.to_ascii_lowercase().as_str()).is_ok();
    let plausible =
        known && !stem.is_empty() && !ending.starts_with(|c: char| c.is_ascii_uppercase() && name.len() > 60);
    (plausible || name.get(..4).is_some_and(|w| w.eq_ignore_ascii_case("www.")))
        .then_some((TokenKind::Link, name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        tokens(text).iter().map(|t| (t.kind, t.of(text))).collect()
    }

    #[test]
    fn tables_are_sorted() {
        assert!(ENDINGS.is_sorted());
    }

    #[test]
    fn finds_words_links_and_emoji() {
        use TokenKind::{Emoji, Handle, Hashtag, Link, Mail, Number, Word};
        assert_eq!(
            kinds("Jum'at, teman2 ke-2: 08.30"),
            vec![(Word, "Jum'at"), (Word, "teman2"), (Word, "ke"), (Number, "2"), (Number, "08"), (Number, "30")]
        );
        assert_eq!(
            kinds("(lihat https://dinas.go.id/a?b=c). budi.s@x.go.id, @dinas_x #Layanan 🙏🏽 👨‍👩‍👧 berkas.pdf"),
            vec![
                (Word, "lihat"),
                (Link, "https://dinas.go.id/a?b=c"),
                (Mail, "budi.s@x.go.id"),
                (Handle, "@dinas_x"),
                (Hashtag, "#Layanan"),
                (Emoji, "🙏🏽"),
                (Emoji, "👨‍👩‍👧"),
                (Link, "berkas.pdf")
            ]
        );
        assert_eq!(
            kinds("selesai.Kami *tebal* _miring_"),
            vec![(Word, "selesai"), (Word, "Kami"), (Word, "tebal"), (Word, "miring")]
        );
    }

    #[test]
    fn folds_styled_letters_and_apostrophes() {
        assert_eq!(fold("Jum’at"), "jum'at");
        assert_eq!(fold("ｇａｋ"), "gak");
        assert_eq!(fold("𝗯𝗲𝗴𝗼"), "bego");
        let text = "GAK ｇａｋ";
        let all = tokens(text);
        assert_eq!(all[0].hash, hash("gak"));
        assert_eq!(all[1].hash, hash("gak"));
    }
}
