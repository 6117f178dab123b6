//! HTML to the text that a reader sees, with the map back to the source.
//!
//! Constructs of template languages are hidden from the parser: values stay in the text as they are, directives vanish.

mod tags;
mod writer;

use std::collections::HashMap;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::construct::{self, Dialect};
use crate::span::{Layer, SpanMap, TextSpan};

pub(crate) use tags::{has_blocks, tags};

use tags::{Gap, OF_HEAD, UNSEEN, VOID, gap_of, is_one_of};
use writer::Writer;

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
        assert_eq!(seen("<tr><td>Hari</td></tr><tr><td>: Senin</td></tr>"), "Hari\n: Senin");
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
        for (source, shown) in [
            ("<head><meta charset=x><body>Baik.</body>", "Baik."),
            ("<head><meta><p>Baik.</p>", "Baik."),
            ("<head><p>Baik.</p>", "Baik."),
            ("<head><noscript><p>x</p></noscript></head>Baik.", "Baik."),
            ("<head><template><p>x</p></template></head>Baik.", "Baik."),
            ("<span hidden>x</p>y</span>Baik.", "Baik."),
            ("<span hidden>x</b>y</span>Baik.", "Baik."),
            ("<span hidden>x<span>y</span>z</span>Baik.", "Baik."),
        ] {
            assert_eq!(seen(source), shown, "{source}");
        }
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
    fn blanks_are_kept_where_they_are_formatted() {
        for (source, shown) in [
            ("a&nbsp; &#32;&#10;b\u{a0} c", "a b c"),
            ("<pre>\n  a&nbsp;&#32;b&#10;c\u{a0}\u{a0}d</pre>", "a  b\nc  d"),
            ("a<pre>  b</pre>", "a\n\nb"),
        ] {
            assert_eq!(seen(source), shown, "{source}");
        }
        for (source, blank) in [("<p>ab\u{a0}cd", 5..7), ("<p>ab&#32;cd", 5..10), ("<p>ab&nbsp;cd", 5..11)] {
            let (text, map) = text(source, false);
            assert_eq!(text, "ab cd");
            assert_eq!(map.locate(TextSpan::new(2..3)), Span { start: blank.start, end: blank.end }, "{source}");
        }
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
        assert_eq!(quotes("<blockquote>a<blockquote>b</blockquote>c</blockquote>d"), ["a\n\nb\n\nc"]);
        assert!(quotes("<blockquote></blockquote><p class=gmail_quoted>a</p>").is_empty());
    }

    #[test]
    fn a_gap_stands_where_the_first_tag_does_that_asks_for_it() {
        for (source, at) in [("ab<br>cd", 2), ("<i>ab<p>cd", 5), ("ab<i></i><br>cd", 9)] {
            let (text, map) = text(source, false);
            let gap = text.find('\n').unwrap();
            assert_eq!(map.locate(TextSpan::new(gap..gap + 1)), Span { start: at, end: at }, "{source}");
        }
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
