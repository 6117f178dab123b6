//! HTML to the text that a reader sees, with the map back to the source.
//!
//! Constructs of template languages are hidden from the parser: values stay in the text as they are, directives vanish.

use std::collections::HashMap;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::construct::{self, Construct, Dialect};
use super::entity;
use crate::span::{Layer, SpanMap, TextSpan};

/// What a reader sees of HTML.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Its text.
    pub(crate) text: String,
    /// The map to the bytes of the source.
    pub(crate) map: SpanMap,
    /// Stretches of the text that mail programs mark as quoted, in order, apart.
    pub(crate) quotes: Vec<TextSpan>,
}

/// The text of `source`, and the map to its bytes. `by_lines` keeps the line ends of what stands between the tags, as
/// Markdown wants it.
pub(crate) fn text(source: &str, by_lines: bool) -> (String, SpanMap) {
    let Seen { text, map, .. } = seen(source, by_lines);
    (text, map)
}

/// As [`text`], and what is quoted in it.
pub(crate) fn seen(source: &str, by_lines: bool) -> Seen {
    let constructs = construct::find(source, Dialect::Source);
    let masked = construct::masked(source, &constructs);
    let mut reader = Reader {
        writer: Writer::new(source, &constructs, by_lines),
        tag: Tag::default(),
        hidden: None,
        quoted: None,
        quotes: Vec::new(),
    };
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| -> Option<()> {
        reader.event(&event, span.start..span.end);
        None
    });
    emitter.naively_switch_states(true);
    // Nothing is handed out and nothing can fail: the reader takes it all.
    Tokenizer::new_with_emitter(masked.as_ref(), emitter).for_each(drop);
    reader.end_quote();
    let layer = if by_lines { Layer::HtmlLines } else { Layer::Html };
    Seen { text: reader.writer.text, map: reader.writer.map.wrapped(layer), quotes: reader.quotes }
}

/// How many known tags `text` has, counted no further than `most`.
pub(crate) fn tags(text: &str, most: usize) -> usize {
    let bytes = text.as_bytes();
    let known = |at: &usize| {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        let rest = rest.strip_prefix(b"/").unwrap_or(rest);
        let len = rest.iter().take(TAG).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b':')).count();
        let ends = matches!(rest.get(len), Some(b'>' | b'/') | None) || rest[len].is_ascii_whitespace();
        ends && is_known(&rest[..len].to_ascii_lowercase())
    };
    memchr::memchr_iter(b'<', bytes).filter(known).take(most).count()
}

/// Whether `text` has a tag that makes paragraphs of its own, so that its line ends mean nothing.
pub(crate) fn has_blocks(text: &str) -> bool {
    let names: [&[u8]; 7] = [b"p", b"div", b"td", b"li", b"h1", b"body", b"mj-text"];
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).any(|at| {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        let opens = |name: &[u8]| {
            let tag = rest.get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name));
            tag && rest.get(name.len()).is_some_and(|b| *b == b'>' || b.is_ascii_whitespace())
        };
        names.into_iter().any(opens)
    })
}

/// How long the name of a tag is at most.
const TAG: usize = 40;

/// What a tag does to the text around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Blank,
    Cell,
    Line,
    Paragraph,
}

/// Tags of whole paragraphs.
const PARAGRAPHS: &str = "\
    address article aside blockquote body dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol \
    p pre section table textarea ul";
/// Tags of lines.
const LINES: &str = "\
    caption center dd details dir div dt figcaption html legend option page select summary tbody tfoot thead tr";
/// Tags within lines.
const INLINE: &str = "\
    a abbr b big br button code del em font i img input ins kbd label mark q s small span strike strong sub sup td \
    th tt u";
/// Tags whose content is no prose.
const UNSEEN: &str = "head iframe mj-head noembed noframes noscript script style svg template title";
/// Tags that stand in a head; any other one ends it.
const OF_HEAD: &str = "base link meta noscript script style template title";
/// Tags without an end.
const VOID: &str = "area base br col embed hr img input link meta param source track wbr";

fn is_one_of(name: &[u8], list: &str) -> bool {
    list.split(' ').any(|known| known.as_bytes() == name)
}

/// Whether the tag is one of a component of Blade or of MJML.
fn is_component(name: &[u8]) -> bool {
    name.starts_with(b"x-") || name.starts_with(b"mj-")
}

fn is_known(name: &[u8]) -> bool {
    is_component(name) || [PARAGRAPHS, LINES, INLINE, UNSEEN].iter().any(|list| is_one_of(name, list))
}

fn gap_of(name: &[u8]) -> Gap {
    match name {
        b"td" | b"th" => Gap::Cell,
        _ if is_component(name) || is_one_of(name, PARAGRAPHS) => Gap::Paragraph,
        _ if is_one_of(name, LINES) => Gap::Line,
        _ => Gap::None,
    }
}

/// The tag that is being read.
#[derive(Default)]
struct Tag {
    name: Vec<u8>,
    start: usize,
    /// What the value that comes is of.
    attribute: Attribute,
    hides: bool,
    quotes: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Attribute {
    #[default]
    Other,
    Style,
    Class,
}

/// Classes of what mail programs quote, or of the line above it.
const QUOTES: [&[u8]; 5] = [b"gmail_attr", b"moz-cite-prefix", b"yahoo_quoted", b"protonmail_quote", b"zmail_extra"];

/// An element that quotes: how often its name is open within, and where its text began.
struct Quoted {
    name: Vec<u8>,
    open: u32,
    start: usize,
}

/// What is not shown: the element that hides it, and the elements that are open within.
struct Hidden {
    name: Vec<u8>,
    open: HashMap<Vec<u8>, u32>,
}

struct Reader<'s> {
    writer: Writer<'s>,
    tag: Tag,
    hidden: Option<Hidden>,
    quoted: Option<Quoted>,
    quotes: Vec<TextSpan>,
}

impl Reader<'_> {
    fn event(&mut self, event: &CallbackEvent<'_>, span: Range<usize>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = Tag { name: name.to_vec(), start: span.start, ..Tag::default() };
            }
            CallbackEvent::AttributeName { name } => {
                self.tag.hides |= *name == b"hidden";
                self.tag.attribute = match *name {
                    b"style" => Attribute::Style,
                    b"class" => Attribute::Class,
                    _ => Attribute::Other,
                };
            }
            CallbackEvent::AttributeValue { value } => match self.tag.attribute {
                Attribute::Style => self.tag.hides |= is_unseen(value),
                Attribute::Class => {
                    self.tag.quotes |= value.split(u8::is_ascii_whitespace).any(|class| QUOTES.contains(&class));
                }
                Attribute::Other => {}
            },
            CallbackEvent::CloseStartTag { .. } => self.open(),
            CallbackEvent::EndTag { name } => self.close(name, span.start),
            CallbackEvent::String { .. } if self.hidden.is_none() => self.writer.run(span),
            _ => {}
        }
    }

    fn open(&mut self) {
        let Tag { name, start, hides, quotes, .. } = std::mem::take(&mut self.tag);
        let void = is_one_of(&name, VOID);
        if let Some(hidden) = &mut self.hidden {
            let ended = match hidden.name.as_slice() {
                b"head" => hidden.open.len() <= 1 && !is_one_of(&name, OF_HEAD),
                b"p" => gap_of(&name) > Gap::Cell,
                _ => name == b"body",
            };
            if !ended {
                if !void {
                    *hidden.open.entry(name).or_default() += 1;
                }
                return;
            }
            self.hidden = None;
        }
        self.writer.tag(&name, start, true);
        match &mut self.quoted {
            Some(quoted) if quoted.name == name => quoted.open += 1,
            None if !void && (quotes || name == b"blockquote") => {
                self.quoted = Some(Quoted { name: name.clone(), open: 1, start: self.writer.text.len() });
            }
            _ => {}
        }
        if !void && (hides || is_one_of(&name, UNSEEN)) {
            self.hidden = Some(Hidden { open: HashMap::from([(name.clone(), 1)]), name });
        }
    }

    fn close(&mut self, name: &[u8], start: usize) {
        let Some(hidden) = &mut self.hidden else {
            self.close_quote(name);
            return self.writer.tag(name, start, false);
        };
        match hidden.open.get_mut(name) {
            Some(1) => {
                hidden.open.remove(name);
                if hidden.name == name {
                    self.hidden = None;
                    self.writer.tag(name, start, false);
                }
            }
            Some(open) => *open -= 1,
            // The end of what stands around ends the hidden element, too.
            None if name != b"p" && gap_of(name) > Gap::None => {
                self.hidden = None;
                self.writer.tag(name, start, false);
            }
            None => {}
        }
    }

    fn close_quote(&mut self, name: &[u8]) {
        let Some(quoted) = self.quoted.as_mut().filter(|quoted| quoted.name == name) else { return };
        quoted.open -= 1;
        if quoted.open == 0 {
            self.end_quote();
        }
    }

    fn end_quote(&mut self) {
        let Some(Quoted { start, .. }) = self.quoted.take() else { return };
        let text = self.writer.text.get(start..).unwrap_or_default();
        // The gap before the quotation belongs to nobody.
        let start = start + text.len() - text.trim_start().len();
        if start < self.writer.text.len() {
            self.quotes.push(TextSpan::new(start..self.writer.text.len()));
        }
    }
}

/// Whether a style says that nothing is shown.
fn is_unseen(style: &[u8]) -> bool {
    let plain: Vec<u8> = style.iter().filter(|b| !b.is_ascii_whitespace()).map(u8::to_ascii_lowercase).collect();
    memchr::memmem::find(&plain, b"display:none").is_some()
}

/// What stands in the present line of the source, where lines count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineHolds {
    Nothing,
    /// Directives alone: the line vanishes with them.
    Directives,
    Text,
}

/// Writes what is seen, and what stands between: a gap is owed until something follows it.
struct Writer<'s> {
    source: &'s str,
    constructs: &'s [Construct],
    by_lines: bool,
    text: String,
    map: SpanMap,
    gap: Gap,
    /// Where in the source the gap began, and the blanks at its start.
    gap_at: Range<usize>,
    /// What the gap holds: line breaks by tags and in the source, the edge of a cell, the edge of a row.
    breaks: u32,
    newlines: u32,
    cell: bool,
    row: bool,
    line: LineHolds,
    preformatted: u32,
    tables: u32,
}

impl<'s> Writer<'s> {
    fn new(source: &'s str, constructs: &'s [Construct], by_lines: bool) -> Self {
        Self {
            source,
            constructs,
            by_lines,
            text: String::with_capacity(source.len() / 2),
            map: SpanMap::default(),
            gap: Gap::None,
            gap_at: 0..0,
            breaks: 0,
            newlines: 0,
            cell: false,
            row: false,
            line: LineHolds::Nothing,
            preformatted: 0,
            tables: 0,
        }
    }

    fn tag(&mut self, name: &[u8], at: usize, opens: bool) {
        self.map.push_seam();
        let count = |n: u32| if opens { n.saturating_add(1) } else { n.saturating_sub(1) };
        match name {
            b"br" => {
                self.breaks += 1;
                let gap = if self.breaks > 1 { Gap::Paragraph } else { Gap::Line };
                self.owe(gap, at..at);
            }
            b"pre" | b"textarea" => self.preformatted = count(self.preformatted),
            b"td" | b"th" => self.cell = true,
            b"tr" => self.row = true,
            b"table" => {
                self.row = true;
                self.tables = count(self.tables);
            }
            _ => {}
        }
        self.owe(gap_of(name), at..at);
    }

    fn owe(&mut self, gap: Gap, at: Range<usize>) {
        if self.gap == Gap::None {
            self.gap_at = at;
        }
        self.gap = self.gap.max(gap);
    }

    /// Writes the gap that is owed before `next`.
    fn settle(&mut self, next: u8) {
        let at = self.gap_at.clone();
        let gap = std::mem::take(&mut self.gap);
        let beside = std::mem::take(&mut self.cell) & !std::mem::take(&mut self.row);
        (self.breaks, self.newlines) = (0, 0);
        if self.text.is_empty() {
            return;
        }
        // A colon in a cell of its own stands between a word and its value, as in a line.
        let joins = beside && (next == b':' || self.text.ends_with(':'));
        let written = match gap {
            Gap::None => return,
            Gap::Paragraph if !beside => "\n\n",
            Gap::Line | Gap::Paragraph if !joins => "\n",
            Gap::Cell if !joins => "\t",
            _ => " ",
        };
        self.text.push_str(written);
        if self.source.get(at.clone()) == Some(written) {
            self.map.push_verbatim(written.len(), at.start as u64);
        } else {
            self.map.push_atomic(written.len(), at.start as u64, at.len());
        }
    }

    /// Copies bytes of the source.
    fn verbatim(&mut self, range: Range<usize>) {
        let Some(piece) = self.source.get(range.clone()).filter(|piece| !piece.is_empty()) else { return };
        self.settle(piece.as_bytes()[0]);
        self.text.push_str(piece);
        self.map.push_verbatim(piece.len(), range.start as u64);
        self.line = LineHolds::Text;
    }

    /// A run of text between tags.
    fn run(&mut self, range: Range<usize>) {
        let first = self.constructs.partition_point(|c| c.span.range().end <= range.start);
        let mut at = range.start;
        for construct in self.constructs.iter().skip(first) {
            let span = construct.span.range();
            if span.start >= range.end {
                break;
            }
            self.plain(at..span.start.max(at));
            if construct.value {
                self.verbatim(span.start.max(at)..span.end);
            } else {
                self.map.push_seam();
                if self.line == LineHolds::Nothing {
                    self.line = LineHolds::Directives;
                }
            }
            at = span.end;
        }
        self.plain(at..range.end.max(at));
    }

    /// Text without constructs: blanks collapse, entities are decoded.
    fn plain(&mut self, range: Range<usize>) {
        let Some(piece) = self.source.get(range.clone()) else { return };
        let bytes = piece.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let blanks = bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            if blanks > 0 {
                self.blanks(range.start + at..range.start + at + blanks);
                at += blanks;
            } else if bytes[at] == b'&' {
                let len = self.entity(range.start + at, piece.get(at..).unwrap_or_default());
                at += len;
            } else if bytes[at..].starts_with("\u{a0}".as_bytes()) {
                self.hard_blank(range.start + at..range.start + at + 2);
                at += 2;
            } else {
                let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'&' | 0xc2);
                let len = bytes[at + 1..].iter().position(ends).map_or(bytes.len() - at, |n| n + 1);
                self.verbatim(range.start + at..range.start + at + len);
                at += len;
            }
        }
    }

    fn blanks(&mut self, range: Range<usize>) {
        if self.preformatted > 0 {
            if !self.text.is_empty() && self.gap <= Gap::Blank {
                self.verbatim(range);
            }
            return;
        }
        if self.by_lines && self.tables == 0 {
            let piece = self.source.get(range.clone()).unwrap_or_default();
            for _ in memchr::memchr_iter(b'\n', piece.as_bytes()) {
                let vanishes = std::mem::replace(&mut self.line, LineHolds::Nothing) == LineHolds::Directives;
                self.newlines += u32::from(!vanishes);
            }
        }
        let gap = match self.newlines {
            0 => Gap::Blank,
            1 => Gap::Line,
            _ => Gap::Paragraph,
        };
        self.owe(gap, range);
    }

    /// A blank that is not broken at: in prose it is one as any other.
    fn hard_blank(&mut self, range: Range<usize>) {
        if self.preformatted > 0 {
            self.decoded(" ", range);
        } else {
            self.owe(Gap::Blank, range);
        }
    }

    fn decoded(&mut self, text: &str, range: Range<usize>) {
        self.settle(text.as_bytes()[0]);
        self.text.push_str(text);
        self.map.push_atomic(text.len(), range.start as u64, range.len());
        self.line = LineHolds::Text;
    }

    /// Writes the character reference at the start of `rest`, or its first byte if it is none. How many bytes that took.
    fn entity(&mut self, at: usize, rest: &str) -> usize {
        let Some((text, len)) = entity::decode(rest) else {
            self.verbatim(at..at + 1);
            return 1;
        };
        match text.as_str() {
            "\u{a0}" => self.hard_blank(at..at + len),
            blank if blank.trim_ascii().is_empty() && self.preformatted == 0 => self.owe(Gap::Blank, at..at + len),
            text => self.decoded(text, at..at + len),
        }
        len
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn seen(source: &str) -> String {
        text(source, false).0
    }

    #[test]
    fn blocks_make_lines_and_paragraphs() {
        assert_eq!(
            seen("<p>Yth. Ibu\n   Sari,</p>\n<p>Baik.<br>Terima <b>kasih</b>.</p>"),
            "Yth. Ibu Sari,\n\nBaik.\nTerima kasih."
        );
        assert_eq!(seen("<div>satu</div><div>dua<br><br>tiga</div>"), "satu\ndua\n\ntiga");
        assert_eq!(seen("<ul><li>satu<li>dua</ul>tiga"), "satu\n\ndua\n\ntiga");
        assert_eq!(seen("<pre>satu\n  dua</pre>tiga"), "satu\n  dua\n\ntiga");
    }

    #[test]
    fn cells_are_parted_by_tabs_and_joined_by_colons() {
        assert_eq!(
            seen("<table><tr><td>Hari</td><td>:</td><td>Senin</td></tr>\n<tr><td>Loket</td> <td>2</td></tr></table>"),
            "Hari : Senin\nLoket\t2"
        );
        assert_eq!(
            seen("<tr><td><p>Hari</p></td><td><p>: Senin</p></td><td><p>pagi</p></td></tr>"),
            "Hari : Senin\npagi"
        );
    }

    #[test]
    fn what_is_not_shown_is_no_prose() {
        for hidden in [
            "<head><title>x</title><style>p { x: y }</style></head>",
            "<script>if (a < b) { x }</script>",
            "<!-- x --><!--[if mso]> x <![endif]-->",
            "<div style='max-height:0; Display : NONE'><div>x</div>x</div>",
            "<p hidden>x<div>",
            "<template>x</template><svg><title>x</title></svg>",
            "<td><span hidden>x</td>",
            "<noscript>x</noscript><iframe>x</iframe>",
        ] {
            assert_eq!(seen(&format!("{hidden}Baik.")), "Baik.", "{hidden}");
        }
        assert_eq!(seen("<head><meta charset=x><body>Baik.</body>"), "Baik.");
        assert_eq!(seen("<p style='color:red'>Baik.</p>"), "Baik.");
    }

    #[test]
    fn entities_are_decoded_as_a_whole() {
        let source = "a&nbsp;&amp;&#x1F64F;&eacute;&lt;b&gt; &copy2025 &notit; &bogus; R&D &#0; &";
        let (text, map) = text(source, false);
        assert_eq!(text, "a &🙏é<b> ©2025 ¬it; &bogus; R&D \u{fffd} &");
        let at = text.find('é').unwrap();
        assert_eq!(map.locate(TextSpan::new(at..at + 2)), Span { start: 21, end: 29 });
        let at = text.find("2025").unwrap();
        let start = source.find("2025").unwrap() as u64;
        assert_eq!(map.locate(TextSpan::new(at..at + 4)), Span { start, end: start + 4 });
    }

    #[test]
    fn values_stay_and_directives_vanish() {
        let blade = "@extends('layout')\n<p @if($a < 1) class=\"x\" @endif>Yth. {{ $a->b }},</p>@if(count($x) > 0)<p>Baik{{-- x --}}.</p>@endif";
        assert_eq!(seen(blade), "Yth. {{ $a->b }},\n\nBaik.");
        assert_eq!(
            seen("<a href=\"{{ url('/x') }}\">Buka</a> <?php if ($a): ?>Ya<?php endif; ?> <?= $b ?>"),
            "Buka Ya <?= $b ?>"
        );
    }

    #[test]
    fn lines_of_markdown_count() {
        let mail = "@component('mail::message')\n# Judul\n\n@if($x)\nSatu baris\n@endif\nlalu dua<br>\nlalu tiga,\n<table>\n<tr><td>a</td>\n<td>b</td></tr></table>\n{{ $x }}\n@endcomponent\n";
        assert_eq!(text(mail, true).0, "# Judul\n\nSatu baris\nlalu dua\nlalu tiga,\n\na\tb\n\n{{ $x }}");
    }

    #[test]
    fn what_mail_programs_quote_is_known() {
        let quotes = |source: &str| -> Vec<String> {
            let seen = super::seen(source, false);
            seen.quotes.iter().map(|quote| quote.of(&seen.text).to_owned()).collect()
        };
        let gmail = "<div>Baik.</div><div class=\"gmail_quote\"><div class='a gmail_attr'>Pada 1 Mei Sari menulis:<br></div>\
                     <blockquote><div>Kapan?<blockquote>lama</blockquote></div></blockquote></div><p>Salam</p>";
        assert_eq!(quotes(gmail), ["Pada 1 Mei Sari menulis:", "Kapan?\n\nlama"]);
        assert_eq!(quotes("<p>a</p><blockquote>b"), ["b"]);
        assert!(quotes("<blockquote></blockquote><p class=gmail_quoted>a</p>").is_empty());
    }

    #[test]
    fn a_tag_within_is_a_seam() {
        let (text, map) = text("<p>kata <b>ini</b> saja</p>", false);
        let span = |word: &str| {
            let at = text.find(word).unwrap();
            TextSpan::new(at..at + word.len())
        };
        assert!(map.has_seam(span("kata ini")) && map.has_seam(span("ini saja")));
        assert!(!map.has_seam(span("kata")) && !map.has_seam(span("ini")) && !map.has_seam(span("saja")));
    }
}
