//! The parts of an e-mail (MIME): which of them its reader sees as the text, and how many files are attached.

use std::ops::Range;

use mailparse::{DispositionType, parse_content_disposition, parse_content_type};

use crate::decode::transfer::Transfer;
use crate::decode::{charset, flowed, header, html};
use crate::limits::Limits;
use crate::message::{Note, Role};
use crate::span::{SpanMap, TextSpan};

/// A header field, by its name and the place of its value.
pub(super) struct HeaderField<'b> {
    pub(super) name: &'b [u8],
    pub(super) value: Range<usize>,
}

/// A message or a part of one: its header fields and the place of its content.
pub(super) struct Entity<'b> {
    pub(super) fields: Vec<HeaderField<'b>>,
    pub(super) content: Range<usize>,
    /// Where a line stands among the header fields that is none, so that the content begins there.
    pub(super) broken_at: Option<usize>,
}

/// What is read of an e-mail's content.
#[derive(Default)]
pub(super) struct Body {
    /// The text that its reader sees.
    pub(super) text: String,
    /// From the text to the bytes of the message.
    pub(super) map: SpanMap,
    /// Stretches of the text that the sender did not write, in order, apart.
    pub(super) known: Vec<(TextSpan, Role)>,
    /// How many files come with it.
    pub(super) attachments: usize,
    /// What was left out.
    pub(super) notes: Vec<Note>,
}

/// The name of the header field that a line begins.
pub(super) fn field_name(line: &[u8]) -> Option<&[u8]> {
    let colon = memchr::memchr(b':', line)?;
    let name = line[..colon].trim_ascii_end();
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}

impl<'b> Entity<'b> {
    /// The header fields at the start of `range`, up to an empty line or to one that is no field.
    pub(super) fn parse(bytes: &'b [u8], range: Range<usize>) -> Self {
        let mut entity = Self { fields: Vec::new(), content: range.end..range.end, broken_at: None };
        let mut at = range.start;
        while at < range.end {
            let rest = &bytes[at..range.end];
            let len = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let line = &rest[..len];
            let next = at + len;
            if line.trim_ascii().is_empty() && !line.starts_with(b" ") && !line.starts_with(b"\t") {
                entity.content = next..range.end;
                break;
            }
            match (line, field_name(line)) {
                // A line that goes on, or one that begins with a blank before any field, which nobody reads.
                ([b' ' | b'\t', ..], _) => {
                    if let Some(last) = entity.fields.last_mut() {
                        last.value.end = next;
                    }
                }
                (_, Some(name)) => {
                    let colon = memchr::memchr(b':', line).unwrap_or_default();
                    entity.fields.push(HeaderField { name, value: at + colon + 1..next });
                }
                // Some programs forget the blank before what goes on behind a semicolon.
                _ if entity
                    .fields
                    .last()
                    .is_some_and(|last| bytes[last.value.clone()].trim_ascii_end().ends_with(b";")) =>
                {
                    if let Some(last) = entity.fields.last_mut() {
                        last.value.end = next;
                    }
                }
                // The line that a mailbox or a server puts on top.
                _ if entity.fields.is_empty() && (line.starts_with(b"From ") || line.starts_with(b">From ")) => {}
                _ => {
                    entity.content = at..range.end;
                    entity.broken_at = Some(at);
                    break;
                }
            }
            at = next;
        }
        entity
    }

    /// The value of the field `name`, as text.
    fn value(&self, bytes: &[u8], name: &str) -> Option<String> {
        /// Longer than any that means something.
        const LONGEST: usize = 8 << 10;
        let field = self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))?;
        let value = &bytes[field.value.clone()];
        Some(header::text(&value[..value.len().min(LONGEST)], 0).0.trim().to_owned())
    }
}

/// The body of a message.
pub(super) fn body(bytes: &[u8], entity: &Entity<'_>, limits: &Limits) -> Body {
    let mut walk = Walk { bytes, limits, parts: 0, notes: Vec::new() };
    let found = walk.entity(entity, &Around::default());
    let mut body = Body { attachments: found.attachments, ..Body::default() };
    for leaf in &found.leaves {
        walk.append(&mut body, leaf);
    }
    if found.leaves.is_empty() {
        body.map.push_verbatim(0, entity.content.start as u64);
    }
    body.notes = walk.notes;
    body
}

/// What holds for an entity because of where it lies.
#[derive(Clone, Copy, Default)]
struct Around {
    depth: usize,
    /// Within a message that is attached.
    forwarded: bool,
    /// Beside a text that shows it, as images are.
    related: bool,
    /// In a digest, whose parts are messages if they do not say otherwise.
    digest: bool,
}

/// A text that is shown.
struct Leaf {
    content: Range<usize>,
    transfer: Transfer,
    charset: Option<String>,
    is_html: bool,
    /// Whether lines are flowed, and whether the blank at a break is to go.
    flowed: Option<bool>,
    forwarded: bool,
}

/// What an entity gives.
#[derive(Default)]
struct Found {
    leaves: Vec<Leaf>,
    attachments: usize,
}

/// A walk over the parts of a message.
struct Walk<'b> {
    bytes: &'b [u8],
    limits: &'b Limits,
    parts: usize,
    notes: Vec<Note>,
}

impl Walk<'_> {
    fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn entity(&mut self, entity: &Entity<'_>, around: &Around) -> Found {
        self.parts += 1;
        let default = if around.digest { "message/rfc822" } else { "text/plain" };
        let named = entity.value(self.bytes, "content-type");
        let kind = parse_content_type(named.as_deref().filter(|named| !named.is_empty()).unwrap_or(default));
        let mimetype = kind.mimetype.trim().to_ascii_lowercase();
        let disposition =
            entity.value(self.bytes, "content-disposition").map(|value| parse_content_disposition(&value));
        let attached = disposition.as_ref().is_some_and(|found| found.disposition == DispositionType::Attachment);
        let file_name = kind.params.contains_key("name")
            || disposition.as_ref().is_some_and(|found| found.params.contains_key("filename"));
        let transfer = Transfer::named(&entity.value(self.bytes, "content-transfer-encoding").unwrap_or_default());
        match mimetype.split_once('/') {
            Some(("multipart", subtype)) if !attached => {
                let boundary = kind.params.get("boundary").map(String::as_str);
                let boundary = boundary.or_else(|| loose_boundary(named.as_deref().unwrap_or_default()));
                if let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty()) {
                    return self.multipart(entity, subtype, boundary.as_bytes(), around);
                }
            }
            Some(("message", "rfc822" | "global" | "news")) => return self.attached_message(entity, transfer, around),
            Some(("message" | "multipart", _)) => return Found::default(),
            Some(("text", "plain" | "html")) if !attached => {}
            Some(("text", _)) if !attached && !file_name => return Found::default(),
            Some(("application", "pkcs7-signature" | "x-pkcs7-signature" | "pgp-signature" | "pgp-encrypted")) => {
                return Found::default();
            }
            Some(("application", "ms-tnef" | "pkcs7-mime" | "x-pkcs7-mime")) => {
                self.note(Note::Sealed);
                return Found::default();
            }
            // What a text shows within it is no file that comes with it.
            Some(_) if !attached && around.related => return Found::default(),
            Some(_) => return Found { attachments: 1, ..Found::default() },
            // A type that is none is that of a text.
            None => {}
        }
        let param = |name: &str| kind.params.get(name).map(|value| value.to_ascii_lowercase());
        let flowed = param("format").is_some_and(|format| format == "flowed");
        let leaf = Leaf {
            content: entity.content.clone(),
            transfer,
            charset: kind.params.get("charset").cloned(),
            is_html: mimetype == "text/html",
            flowed: flowed.then(|| param("delsp").is_some_and(|delsp| delsp == "yes")),
            forwarded: around.forwarded,
        };
        Found { leaves: vec![leaf], attachments: 0 }
    }

    /// A message within a message counts as a file; its text is another's.
    fn attached_message(&mut self, entity: &Entity<'_>, transfer: Transfer, around: &Around) -> Found {
        let mut found = Found { attachments: usize::from(!around.forwarded), ..Found::default() };
        if transfer == Transfer::Identity
            && let Some(depth) = self.deeper(around)
        {
            let inner = Entity::parse(self.bytes, entity.content.clone());
            found.leaves = self.entity(&inner, &Around { depth, forwarded: true, ..Around::default() }).leaves;
        }
        found
    }

    /// One level further down, unless that is too deep or there are too many parts.
    fn deeper(&mut self, around: &Around) -> Option<usize> {
        if around.depth >= self.limits.nesting {
            self.note(Note::TooDeep(self.limits.nesting));
            return None;
        }
        if self.parts >= self.limits.parts {
            self.note(Note::TooManyParts(self.limits.parts));
            return None;
        }
        Some(around.depth + 1)
    }

    fn multipart(&mut self, entity: &Entity<'_>, subtype: &str, boundary: &[u8], around: &Around) -> Found {
        if subtype == "encrypted" {
            self.note(Note::Sealed);
            return Found::default();
        }
        let Some(depth) = self.deeper(around) else { return Found::default() };
        let around = Around { depth, digest: subtype == "digest", related: false, ..*around };
        let mut children: Vec<Found> = Vec::new();
        for (at, content) in parts_of(self.bytes, entity.content.clone(), boundary).enumerate() {
            if self.parts >= self.limits.parts {
                self.note(Note::TooManyParts(self.limits.parts));
                break;
            }
            if at > 0 && subtype == "signed" {
                break;
            }
            let related = around.related || at > 0 && subtype == "related";
            let child = Entity::parse(self.bytes, content);
            children.push(self.entity(&child, &Around { related, ..around }));
        }
        if subtype == "alternative" {
            // The richest form is the last one; the one that people see is HTML.
            let html = children.iter().rposition(|child| child.leaves.iter().any(|leaf| leaf.is_html));
            let any = || children.iter().rposition(|child| !child.leaves.is_empty());
            let chosen = html.or_else(any);
            let attachments = children.iter().map(|child| child.attachments).max().unwrap_or(0);
            let leaves = chosen.map(|chosen| children.swap_remove(chosen).leaves).unwrap_or_default();
            return Found { leaves, attachments };
        }
        let mut all = Found::default();
        for child in children {
            all.attachments += child.attachments;
            all.leaves.extend(child.leaves);
        }
        all
    }

    /// Decodes a text and adds it to the body.
    fn append(&mut self, body: &mut Body, leaf: &Leaf) {
        let limit = self.limits.field_bytes;
        let content = &self.bytes[leaf.content.clone()];
        if content.len() > limit {
            self.note(Note::FieldCut(limit));
        }
        let content = &content[..content.len().min(limit)];
        let (decoded, decoded_map) = match leaf.transfer {
            Transfer::Identity => charset::text_of(content, leaf.content.start as u64, leaf.charset.as_deref()),
            transfer => {
                let (bytes, map) = transfer.decode(content, leaf.content.start as u64);
                let (text, inner) = charset::text_of(&bytes, 0, leaf.charset.as_deref());
                (text, inner.behind(&map))
            }
        };
        let (text, map, quotes) = if leaf.is_html {
            let html::Seen { text, map, quotes } = html::seen(&decoded, false);
            (text, map.behind(&decoded_map), quotes)
        } else if let Some(delsp) = leaf.flowed {
            let (text, map) = flowed::text(&decoded, delsp);
            (text, map.behind(&decoded_map), Vec::new())
        } else {
            (decoded, decoded_map, Vec::new())
        };
        if !body.text.is_empty() {
            let end = TextSpan::new(body.text.len()..body.text.len());
            body.map.push_atomic(2, body.map.locate(end).start, 0);
            body.text.push_str("\n\n");
        }
        let start = TextSpan::new(0..body.text.len()).end;
        body.text.push_str(&text);
        body.map.append(&map);
        let end = TextSpan::new(0..body.text.len()).end;
        if leaf.forwarded {
            body.known.push((TextSpan { start, end }, Role::Forwarded));
        } else {
            let moved = |quote: TextSpan| TextSpan { start: start + quote.start, end: start + quote.end };
            body.known.extend(quotes.into_iter().map(|quote| (moved(quote), Role::Quote)));
        }
    }
}

/// The boundary that a type names without the semicolon before it.
fn loose_boundary(kind: &str) -> Option<&str> {
    let at = kind.to_ascii_lowercase().find("boundary=")?;
    let value = kind.get(at + "boundary=".len()..)?.trim_start();
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([';', ' ', '\t']).next(),
    }
}

/// The parts between lines of `boundary`. One that nothing closes goes to the end of the content.
fn parts_of(bytes: &[u8], content: Range<usize>, boundary: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mark: Vec<u8> = [b"--", boundary].concat();
    let finder = memchr::memmem::Finder::new(&mark).into_owned();
    let mut at = content.start;
    let mut start: Option<usize> = None;
    let mut ended = false;
    std::iter::from_fn(move || {
        while !ended {
            let Some(found) = finder.find(&bytes[at..content.end]).map(|found| at + found) else {
                ended = true;
                return start.take().map(|start| start..content.end);
            };
            let after = found + mark.len();
            at = after;
            if found > content.start && bytes[found - 1] != b'\n' {
                continue;
            }
            let rest = &bytes[after..content.end];
            let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
            let closes = line.starts_with(b"--");
            let tail = if closes { &line[2..] } else { line };
            if !tail.trim_ascii().is_empty() {
                continue;
            }
            ended = closes;
            let next = (after + line.len() + 1).min(content.end);
            // The line end before the mark belongs to the mark.
            let end = found - usize::from(found > content.start);
            let end = end - usize::from(end > content.start && bytes[end - 1] == b'\r');
            at = next;
            let opened = if closes { start.take() } else { start.replace(next) };
            if let Some(start) = opened {
                return Some(start..end.max(start));
            }
        }
        None
    })
}
