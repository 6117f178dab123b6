//! Front matter: lines of `key: value` between two lines of `---`, in which a template or a draft says what is to be known of it.

use std::borrow::Cow;

use super::plain::{self, Head, Name};
use crate::decode::json::{self, Document};
use crate::message::{Field, Part, Problem};
use crate::source::Text;
use crate::span::{Layer, SpanMap, TextSpan};

/// Names that tell the subject where nothing else does.
const TITLES: [&str; 2] = ["title", "judul"];

/// The front matter that the text begins with; none where what stands there is text.
pub(super) fn head<'w>(text: &'w Text<'w>) -> Result<Option<Head<'w>>, Problem> {
    let mut lines = text.text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| is_mark(line)) else { return Ok(None) };
    let mut at = first.len();
    let mut values: Vec<(&str, TextSpan)> = Vec::new();
    for line in lines {
        let start = at;
        at += line.len();
        if is_mark(line) {
            if values.is_empty() {
                return Ok(None);
            }
            return fields(text, &values, at).map(Some);
        }
        let content = line.trim_end();
        if content.is_empty() || content.starts_with([' ', '\t', '#']) || content == "-" || content.starts_with("- ") {
            continue;
        }
        let Some((key, value)) = content.split_once(':').filter(|(key, value)| is_key(key) && is_apart(value)) else {
            return Ok(None);
        };
        let lead = value.len() - value.trim_start().len();
        values.push((key.trim_end(), TextSpan::new(start + key.len() + 1 + lead..start + content.len())));
    }
    // It has no end, so it was a line and nothing more.
    Ok(None)
}

/// Whether the line is one of those around front matter.
fn is_mark(line: &str) -> bool {
    line.trim_end() == "---"
}

/// Whether a line may begin so before its colon.
fn is_key(key: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    key.starts_with(char::is_alphabetic) && key.chars().all(plain)
}

/// Whether a blank, or nothing, stands behind the colon.
fn is_apart(value: &str) -> bool {
    value.is_empty() || value.starts_with([' ', '\t'])
}

/// What the lines say of the message; `end` is where the body begins.
fn fields<'w>(text: &'w Text<'w>, values: &[(&str, TextSpan)], end: usize) -> Result<Head<'w>, Problem> {
    let mut head = Head { end, ..Head::default() };
    let mut title = None;
    for (key, span) in values {
        let Some((value, map)) = value(text, *span) else { continue };
        match plain::name(key) {
            // A key has one value: the first one.
            Some(Name::Part(part)) if head.has(part) => {}
            Some(Name::Part(part)) => head.fields.push(Field::new(part, value, map)),
            Some(Name::Channel) => head.set_channel(&value)?,
            None if title.is_none() && TITLES.contains(&key.to_lowercase().as_str()) => {
                title = Some(Field::new(Part::Subject, value, map));
            }
            None => {}
        }
    }
    head.fields.extend(title.filter(|_| !head.has(Part::Subject)));
    Ok(head)
}

/// The value at `span`, without quotation marks and what YAML does not count; none where nothing or more than a line of text
/// stands there.
fn value<'w>(text: &'w Text<'w>, span: TextSpan) -> Option<(Cow<'w, str>, SpanMap)> {
    let written: &'w str = text.text.get(span.range())?;
    let piece = |from: usize, to: usize| {
        let start = span.start as usize;
        let span = TextSpan::new(start + from..start + to);
        (Cow::Borrowed(span.of(&text.text)), text.map.slice(span))
    };
    let quote = written.chars().next()?;
    match quote {
        '"' => {
            let end = json::end_of_string(written.as_bytes(), 1);
            let raw = written.get(..end).filter(|raw| raw.len() > 1 && raw.ends_with('"'))?;
            let document = Document(text);
            let mut map = SpanMap::default();
            let value = document.string(raw, &mut map);
            Some((value, document.settled(map).wrapped(Layer::Json)))
        }
        '\'' => {
            let mut value = String::new();
            let mut map = SpanMap::default();
            let mut at = 1;
            loop {
                let stop = at + written.get(at..)?.find('\'')?;
                let doubled = written.get(stop + 1..).is_some_and(|rest| rest.starts_with('\''));
                // Of two marks the first is the apostrophe.
                let (part, own) = piece(at, if doubled { stop + 1 } else { stop });
                value.push_str(&part);
                map.append(&own);
                if !doubled {
                    return Some((Cow::Owned(value), map.wrapped(Layer::Single)));
                }
                at = stop + 2;
            }
        }
        // Texts of several lines, names of values and lists.
        '|' | '>' | '&' | '*' | '!' | '#' => None,
        '[' if written.ends_with(']') => None,
        _ => {
            let end = written.find(" #").unwrap_or(written.len());
            let (value, map) = piece(0, written.get(..end)?.trim_end().len());
            Some((value, map.wrapped(Layer::Bare)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn read(source: &str) -> Option<Vec<(String, Span)>> {
        let map = SpanMap::verbatim(0, source.len());
        let text = Text { text: source.into(), map, encoding: "UTF-8", line: 1 };
        let fields = head(&text).unwrap()?.fields;
        let shown =
            |field: Field<'_>| (field.text.clone().into_owned(), field.locate(TextSpan::new(0..field.text.len())));
        Some(fields.into_iter().map(shown).collect())
    }

    fn subject(value: &str) -> Option<String> {
        let source = format!("---\nsubject: {value}\n---\n");
        let (text, span) = read(&source)?.pop()?;
        let at = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
        Some(format!("{text} = {}", source.get(at).unwrap()))
    }

    #[test]
    fn values_lose_their_marks() {
        for (value, text) in [
            ("Jadwal", "Jadwal = Jadwal"),
            ("Jadwal # catatan", "Jadwal = Jadwal"),
            ("\"Jadwal # baru\" # x", "Jadwal # baru = Jadwal # baru"),
            ("\"a \\\"b\\\"\"", "a \"b\" = a \\\"b\\\""),
            ("'Jum''at'", "Jum'at = Jum''at"),
            ("{{ judul }}", "{{ judul }} = {{ judul }}"),
            ("[Penting] Jadwal", "[Penting] Jadwal = [Penting] Jadwal"),
        ] {
            assert_eq!(subject(value).as_deref(), Some(text));
        }
        for none in ["", "|", "[a, b]", "'a", "\"a"] {
            assert_eq!(subject(none), None, "{none}");
        }
    }

    #[test]
    fn only_whole_front_matter_counts() {
        assert!(read("---\r\nlayout: x # y\r\n\r\ntags:\r\n  - a\r\n- b\r\n# c\r\n---\r\nIsi").is_some());
        for text in [
            "---\n---\n",
            "---\nYth. Ibu,\n---\n",
            "---\na: b\n",
            "a: b\n---\n",
            "---\nPukul 10:30\n---\n",
            "--\na: b\n--\n",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
