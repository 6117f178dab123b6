//! The tags of HTML that are known, and what each does to the text around it.

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
pub(super) enum Gap {
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
pub(super) const UNSEEN: &str = "head iframe mj-head noembed noframes noscript script style svg template title";
/// Tags that stand in a head; any other one ends it.
pub(super) const OF_HEAD: &str = "base link meta noscript script style template title";
/// Tags without an end.
pub(super) const VOID: &str = "area base br col embed hr img input link meta param source track wbr";

pub(super) fn is_one_of(name: &[u8], list: &str) -> bool {
    list.split(' ').any(|known| known.as_bytes() == name)
}

/// Whether the tag is one of a component of Blade or of MJML.
fn is_component(name: &[u8]) -> bool {
    name.starts_with(b"x-") || name.starts_with(b"mj-")
}

fn is_known(name: &[u8]) -> bool {
    is_component(name) || [PARAGRAPHS, LINES, INLINE, UNSEEN].iter().any(|list| is_one_of(name, list))
}

pub(super) fn gap_of(name: &[u8]) -> Gap {
    match name {
        b"td" | b"th" => Gap::Cell,
        _ if is_component(name) || is_one_of(name, PARAGRAPHS) => Gap::Paragraph,
        _ if is_one_of(name, LINES) => Gap::Line,
        _ => Gap::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_tags_are_counted() {
        for (text, count) in [
            ("<p>a</P><br/>b<b class='x'>c</b", 5),
            ("a <b", 1),
            ("<x-mail::message><mj-text>a", 2),
            ("<media tidak disertakan> <budi@x.go.id> <bukan> <p_x> <pq> < p> <", 0),
        ] {
            assert_eq!(tags(text, 9), count, "{text}");
        }
        assert_eq!(tags("<p><p><p>", 2), 2);
    }

    #[test]
    fn blocks_are_told_from_other_tags() {
        for text in ["<p>a", "a <P class='x'>", "<mj-text>", "<td\n>", "<b><h1>"] {
            assert!(has_blocks(text), "{text}");
        }
        for text in ["<pre>", "<b>", "<br>", "<div", "</p>", "p>", "<p-x>", "< p>", "<"] {
            assert!(!has_blocks(text), "{text}");
        }
    }
}
