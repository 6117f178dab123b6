//! The way back: how a new text is written where it is to stand in the source.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::charset;
use crate::message::Field;
use crate::span::{Layer, Layers, TextSpan};

/// A new text as it is written in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// The new text as the field will hold it, with line ends as the field has them.
    pub(crate) plain: String,
    /// What is put into the source, as characters.
    pub(crate) text: String,
    /// What it is wrapped in.
    pub(crate) layers: Layers,
}

/// Why a new text cannot be written somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The place is base64.
    Base64,
    /// The place has a tag in it, or its ends are written in two ways.
    Torn,
    /// The place cannot hold one of the characters.
    Character,
}

/// How `new` is written in the place of `span`.
pub(crate) fn written(field: &Field<'_>, span: TextSpan, new: &str) -> Result<Written, Obstacle> {
    let layers = field.map.layers_of(span).filter(|_| !field.map.has_seam(span)).ok_or(Obstacle::Torn)?;
    if layers.has(Layer::Base64) {
        return Err(Obstacle::Base64);
    }
    let plain = if new.contains('\n') && field.text.contains("\r\n") && !layers.has(Layer::Html) {
        new.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        new.to_owned()
    };
    let text = wrapped(&plain, layers).ok_or(Obstacle::Character)?;
    Ok(Written { plain, text, layers })
}

impl Written {
    /// The bytes that are put into the source; none where its encoding lacks one of the characters.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        if self.layers.has(Layer::QuotedPrintable) || self.layers.has(Layer::Word) {
            return Some(self.text.clone().into_bytes());
        }
        charset::encode(&self.text, self.layers.charset(), is_markup(self.layers))
    }
}

/// Whether a character may be written as a reference.
fn is_markup(layers: Layers) -> bool {
    layers.has(Layer::Html) || layers.has(Layer::HtmlLines)
}

/// `text` within its layers, from the innermost one outwards.
fn wrapped(text: &str, layers: Layers) -> Option<String> {
    let breaks = text.contains(['\n', '\r']);
    let mut text = Cow::Borrowed(text);
    if is_markup(layers) {
        text = Cow::Owned(markup(&text, layers.has(Layer::Html)));
    }
    if layers.has(Layer::Address) {
        text = Cow::Owned(text.replace("\r\n", "\n").replace('\n', "%0A"));
    }
    if layers.has(Layer::Json) {
        let quoted = serde_json::to_string(text.as_ref()).ok()?;
        text = Cow::Owned(quoted.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    if layers.has(Layer::Single) {
        if breaks {
            return None;
        }
        text = Cow::Owned(text.replace('\'', "''"));
    }
    if layers.has(Layer::Cell) {
        text = Cow::Owned(text.replace('"', "\"\""));
    }
    if layers.has(Layer::Bare) && (breaks || text.contains(['"', '\t', ',', ';', '|', '#', ':'])) {
        return None;
    }
    if layers.has(Layer::Header) && (breaks || !text.is_ascii() || text.contains("=?")) {
        return None;
    }
    if layers.has(Layer::QuotedPrintable) || layers.has(Layer::Word) {
        if charset::is_utf16(layers.charset()) || layers.has(Layer::Word) && breaks {
            return None;
        }
        let bytes = charset::encode(&text, layers.charset(), is_markup(layers))?;
        text = Cow::Owned(escaped(&bytes, layers.has(Layer::Word)));
    }
    Some(text.into_owned())
}

/// Text between tags; a break is a tag where `tags` says so.
fn markup(text: &str, tags: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' if tags => out.push_str("<br>"),
            _ => out.push(c),
        }
    }
    out
}

/// Bytes with escapes such as `=C3`: of quoted-printable, or of a word of a header.
fn escaped(bytes: &[u8], word: bool) -> String {
    /// How long a line is at most without the mark that it goes on.
    const LINE: usize = 75;
    let mut out = String::with_capacity(bytes.len());
    let mut column = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let breaks = !word && (*byte == b'\n' || bytes.get(at..at + 2) == Some(b"\r\n"));
        if breaks {
            out.push(char::from(*byte));
            column = 0;
            continue;
        }
        let ends = matches!(bytes.get(at + 1), Some(b'\n' | b'\r'));
        let plain = match byte {
            b' ' | b'\t' => !word && !ends,
            b'=' => false,
            _ if word => byte.is_ascii_alphanumeric() || matches!(byte, b'!' | b'*' | b'+' | b'-' | b'/'),
            _ => byte.is_ascii_graphic(),
        };
        let len = if plain || word && *byte == b' ' { 1 } else { 3 };
        if !word && column + len > LINE {
            out.push_str("=\r\n");
            column = 0;
        }
        column += len;
        match byte {
            _ if plain => out.push(char::from(*byte)),
            b' ' if word => out.push('_'),
            // Writing to a string cannot fail.
            _ => drop(write!(out, "={byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Part;
    use crate::span::SpanMap;

    fn in_layer(layer: Layer, new: &str) -> Result<String, Obstacle> {
        let field = Field::new(Part::Body, "gak\n".into(), SpanMap::verbatim(0, 4).wrapped(layer));
        written(&field, TextSpan { start: 0, end: 3 }, new).map(|written| written.text)
    }

    #[test]
    fn each_layer_writes_in_its_way() {
        for (layer, new, text) in [
            (Layer::Html, "a & <b>\nc", "a &amp; &lt;b&gt;<br>c"),
            (Layer::HtmlLines, "a &\nb", "a &amp;\nb"),
            (Layer::Json, "a \"b\"\n\\ é", "a \\\"b\\\"\\n\\\\ é"),
            (Layer::Single, "Jum'at", "Jum''at"),
            (Layer::Cell, "\"a\", b", "\"\"a\"\", b"),
            (Layer::Cell, "Bapak & Ibu <b>", "Bapak & Ibu <b>"),
            (Layer::Bare, "Bapak/Ibu", "Bapak/Ibu"),
            (Layer::Address, "a\nb", "a%0Ab"),
            (Layer::Header, "tidak bisa", "tidak bisa"),
            (Layer::Word, "tidak é?", "tidak_=C3=A9=3F"),
            (Layer::QuotedPrintable, "1 = é \nb", "1 =3D =C3=A9=20\nb"),
        ] {
            assert_eq!(in_layer(layer, new).as_deref(), Ok(text), "{layer:?}");
        }
        for (layer, new, obstacle) in [
            (Layer::Base64, "tidak", Obstacle::Base64),
            (Layer::Single, "a\nb", Obstacle::Character),
            (Layer::Bare, "a, b", Obstacle::Character),
            (Layer::Header, "é", Obstacle::Character),
            (Layer::Word, "a\nb", Obstacle::Character),
        ] {
            assert_eq!(in_layer(layer, new), Err(obstacle), "{layer:?}");
        }
    }

    #[test]
    fn lines_of_quoted_printable_go_on_where_they_are_full() {
        let (a, signs) = ("a".repeat(75), "=".repeat(25));
        let written = "=3D".repeat(25);
        for (text, is) in [
            (a.clone(), a.clone()),
            (format!("{a}b"), format!("{a}=\r\nb")),
            (signs.clone(), written.clone()),
            (format!("{signs}b"), format!("{written}=\r\nb")),
            (format!("{}  \n", "a".repeat(72)), format!("{} =\r\n=20\n", "a".repeat(72))),
            ("abc\r\nd? (e)".to_owned(), "abc\r\nd? (e)".to_owned()),
            (format!("{a}\nb"), format!("{a}\nb")),
        ] {
            assert_eq!(escaped(text.as_bytes(), false), is, "{text:?}");
        }
    }

    #[test]
    fn lines_of_quoted_printable_stay_short() {
        let text = in_layer(Layer::QuotedPrintable, &"kata é ".repeat(40)).unwrap();
        assert!(text.lines().all(|line| line.len() <= 76), "{text}");
    }
}
