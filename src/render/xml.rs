//! Texts in XML.

/// Adds ` name="value"`. Line ends and tabs are written as references, since parsers read them as blanks otherwise.
pub(super) fn attribute(out: &mut String, name: &str, value: &str) {
    out.extend([" ", name, "=\""]);
    for c in value.chars() {
        match c {
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            c => push(out, c),
        }
    }
    out.push('"');
}

/// Adds what stands between two tags.
pub(super) fn text(out: &mut String, text: &str) {
    text.chars().for_each(|c| push(out, c));
}

/// XML 1.0 has no way to write most control characters, not even as references.
fn push(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        // It must not end a section of character data that never began.
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&apos;"),
        '\n' | '\t' => out.push(c),
        '\r' => out.push_str("&#13;"),
        '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
        c if c.is_control() => out.push('\u{fffd}'),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        let mut out = String::new();
        attribute(&mut out, "a", "\u{1}\u{85}\u{fffe}\u{ffff}\n\t\"<");
        text(&mut out, "\u{0}\u{1b}]]>&");
        assert_eq!(out, " a=\"����&#10;&#9;&quot;&lt;\"��]]&gt;&amp;");
    }
}
