//! Mailboxes (mbox): messages one after the other, each behind a line that begins with `From `.

use super::{Cut, Hints, Reading, eml, parts};
use crate::source::{Text, Window};
use crate::span::SpanMap;

/// A mailbox is cut before a message.
pub(super) const CUT: Cut = Cut {
    last: |_, bytes| starts(bytes).last().copied().filter(|at| *at > 0),
    count: |_, bytes| starts(bytes).len() as u64,
    head: None,
};

/// A file that begins with the line of a mailbox.
pub(super) fn sniff(_: &str, head: &str) -> bool {
    opens(head.as_bytes(), 0)
}

pub(super) fn read<'w>(_: &'w Text<'w>, window: &'w Window, hints: &Hints, take: &mut dyn FnMut(Reading<'w>)) {
    let bytes = window.bytes.as_slice();
    let mut starts = starts(bytes);
    if starts.first() != Some(&0) {
        // What stands before the first line of a mailbox is read as a message, too.
        starts.insert(0, 0);
    }
    let (mut line, mut counted) = (window.line, 0);
    for (nth, start) in starts.iter().enumerate() {
        let end = starts.get(nth + 1).copied().unwrap_or(bytes.len());
        line += memchr::memchr_iter(b'\n', &bytes[counted..*start]).count() as u64;
        counted = *start;
        let (message, map) = unquoted(&bytes[*start..end], window.base + *start as u64);
        let index = window.index + nth as u64;
        take(Ok(eml::message(&message, &map, line, index, hints).into()));
    }
}

/// Where messages begin.
fn starts(bytes: &[u8]) -> Vec<usize> {
    let mut all = Vec::new();
    let mut at = 0;
    if opens(bytes, 0) {
        all.push(0);
        at = end_of_content(bytes, 0).unwrap_or(1);
    }
    let finder = memchr::memmem::Finder::new(b"\nFrom ");
    while let Some(found) = finder.find(bytes.get(at..).unwrap_or_default()).map(|found| at + found + 1) {
        at = found;
        if opens(bytes, found) {
            all.push(found);
            at = end_of_content(bytes, found).unwrap_or(found);
        }
    }
    all
}

/// Whether a message begins at `at`: with a line of a mailbox after an empty one, or at the start, and header fields behind it.
fn opens(bytes: &[u8], at: usize) -> bool {
    let before = &bytes[..at];
    let after_empty = at == 0 || before.ends_with(b"\n\n") || before.ends_with(b"\r\n\r\n");
    let rest = &bytes[at..];
    if !after_empty || !rest.starts_with(b"From ") {
        return false;
    }
    let Some(end) = memchr::memchr(b'\n', rest) else { return false };
    let next = rest.get(end + 1..).unwrap_or_default();
    let next = next
        .strip_prefix(b">From ")
        .map_or(next, |quoted| memchr::memchr(b'\n', quoted).and_then(|end| quoted.get(end + 1..)).unwrap_or_default());
    let line = &next[..memchr::memchr(b'\n', next).unwrap_or(next.len())];
    parts::field_name(line).is_some_and(|name| !name.contains(&b'/'))
}

/// Just before the next message, by the length that the header of the message at `at` tells, if a message begins there.
fn end_of_content(bytes: &[u8], at: usize) -> Option<usize> {
    /// How long a header with that field is at most.
    const HEADER: usize = 64 << 10;
    let head = &bytes[at..bytes.len().min(at + HEADER)];
    let empty = |end: usize| [&b"\n"[..], b"\r\n"].into_iter().find(|line| head[end..].starts_with(line));
    let end = memchr::memchr_iter(b'\n', head).find_map(|at| empty(at + 1).map(|line| at + 1 + line.len()))?;
    let length = head[..end].split(|b| *b == b'\n').find_map(|line| {
        let value = line.strip_prefix(b"Content-Length:")?;
        std::str::from_utf8(value).ok()?.trim().parse::<usize>().ok()
    })?;
    let content = at.checked_add(end)?.checked_add(length)?;
    // Some count the empty line before the next message and some do not.
    (content..=content.saturating_add(2)).find(|at| *at < bytes.len() && opens(bytes, *at)).map(|at| at - 1)
}

/// A message without the `>` that was put before its lines that begin with `From `, and the map to its bytes at `base`.
fn unquoted(bytes: &[u8], base: u64) -> (std::borrow::Cow<'_, [u8]>, SpanMap) {
    let mut plain: Vec<u8> = Vec::new();
    let mut map = SpanMap::default();
    let mut copied = 0;
    for at in memchr::memmem::find_iter(bytes, b"\n>") {
        let quoted = bytes[at + 1..].iter().take_while(|b| **b == b'>').count();
        if bytes[at + 1 + quoted..].starts_with(b"From ") {
            plain.extend_from_slice(&bytes[copied..=at]);
            map.push_verbatim(at + 1 - copied, base + copied as u64);
            copied = at + 2;
        }
    }
    if copied == 0 {
        return (bytes.into(), SpanMap::verbatim(base, bytes.len()));
    }
    plain.extend_from_slice(&bytes[copied..]);
    map.push_verbatim(bytes.len() - copied, base + copied as u64);
    (plain.into(), map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_begin_behind_empty_lines() {
        let mailbox = b"From a@x Mon Jan  1\nSubject: a\n\nisi\nFrom sini: b\n\nFrom sana\n\nFrom b@x\nSubject: b\n\n";
        assert_eq!(starts(mailbox).len(), 2);
        let counted = b"From a\nContent-Length: 22\n\nx\n\nFrom b\nSubject: b\n\nFrom c\nSubject: c\n\n";
        assert_eq!(starts(counted), [0, 49]);
        let wrong = b"From a\nContent-Length: 5\n\nx\n\nFrom b\nSubject: b\n\n";
        assert_eq!(starts(wrong).len(), 2);
    }

    #[test]
    fn takes_off_what_was_put_before_from() {
        let (plain, map) = unquoted(b"a\n>From x\n>>From y\n> z\n", 0);
        assert_eq!(plain.as_ref(), b"a\nFrom x\n>From y\n> z\n");
        assert_eq!(map.locate(crate::span::TextSpan { start: 2, end: 6 }), crate::span::Span { start: 3, end: 7 });
    }
}
