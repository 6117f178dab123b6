//! Exports of `WhatsApp` as text: a stamp, a name and a message, which may go on over further lines.

use super::stamp::{self, Form, Order, Stamp};
use super::{Hints, Reading, export};
use crate::message::{Note, Part, Role};
use crate::source::{Text, Window};
use crate::span::TextSpan;
use crate::token::fold;

/// How far into a line names and words of the program are sought, in bytes.
const REACH: usize = 300;

/// How lines of the program itself begin, in Indonesian and English.
const BEGINS: &[&str] = &[
    "anda bergabung ",
    "anda bukan lagi ",
    "anda ditambahkan",
    "anda keluar",
    "anda membuat grup",
    "anda membuka blokir ",
    "anda memblokir ",
    "anda menambahkan ",
    "anda mengaktifkan ",
    "anda mengeluarkan ",
    "anda mengubah ",
    "anda menonaktifkan ",
    "anda menyematkan ",
    "anda sekarang ",
    "chat ini dengan ",
    "kode keamanan anda ",
    "messages and calls are ",
    "messages to this ",
    "messages you send to this ",
    "pesan dan panggilan dienkripsi",
    "pesan dan panggilan terenkripsi",
    "pesan ke grup ini ",
    "pesan yang anda kirim ke ",
    "this chat is with ",
    "you added ",
    "you blocked ",
    "you changed ",
    "you created group",
    "you created this group",
    "you joined ",
    "you left",
    "you pinned ",
    "you removed ",
    "you turned ",
    "you unblocked ",
    "you were added",
    "you're no longer an admin",
    "you're now an admin",
    "your security code with ",
];

/// What stands in them behind somebody's name.
const HOLDS: &[&str] = &[
    " added ",
    " bergabung dari ",
    " bergabung menggunakan ",
    " changed the ",
    " changed their phone number",
    " changed this group's ",
    " changed to ",
    " created group",
    " created this group",
    " joined from ",
    " joined using ",
    " membuat grup",
    " menambahkan ",
    " mengaktifkan pesan sementara",
    " mengeluarkan ",
    " mengganti nomor",
    " mengubah deskripsi grup",
    " mengubah foto grup",
    " mengubah ikon grup",
    " mengubah nama grup",
    " mengubah nomor",
    " mengubah pengaturan ",
    " mengubah setelan ",
    " mengubah subjek",
    " menonaktifkan pesan sementara",
    " menyematkan pesan",
    " pinned a message",
    " removed ",
    " turned off ",
    " turned on ",
];

/// How they end.
const ENDS: [&str; 4] = [" dikeluarkan", " keluar", " left", " was removed"];

/// What stands in the place of a file that the export leaves out: the kind, then one of [`LEFT_OUT`].
const KINDS: &[&str] = &[
    "audio",
    "catatan video",
    "contact card",
    "document",
    "dokumen",
    "foto",
    "gambar",
    "gif",
    "image",
    "kartu kontak",
    "media",
    "photo",
    "sticker",
    "stiker",
    "video",
    "video note",
    "voice message",
];
const LEFT_OUT: [&str; 2] = [" tidak disertakan", " omitted"];

/// What stands behind the name of a file that goes with the export.
const ATTACHED: [&str; 2] = ["(file terlampir)", "(file attached)"];
/// The same on iOS, with the name of the file.
const TAGS: [&str; 2] = ["<terlampir:", "<attached:"];

/// What stands in the place of a message that is gone, and of calls.
const GONE: &[&str] = &[
    "anda menghapus pesan ini",
    "menunggu pesan ini",
    "missed video call",
    "missed voice call",
    "null",
    "panggilan suara tak terjawab",
    "panggilan video tak terjawab",
    "pesan ini dihapus",
    "pesan ini telah dihapus",
    "this message was deleted",
    "waiting for this message",
    "you deleted this message",
];
/// The same, with the name of who did it.
const GONE_BY: [&str; 2] = ["pesan ini dihapus oleh admin", "this message was deleted by admin"];

/// What stands behind a message that was changed.
const EDITED: [&str; 2] = ["<pesan ini diedit>", "<this message was edited>"];

/// The label of a message that was passed on, in the line above it.
const FORWARDED: &[&str] = &[
    "diteruskan",
    "diteruskan berkali-kali",
    "forwarded",
    "forwarded many times",
    "pesan diteruskan",
    "pesan yang diteruskan",
];

/// The title of a poll, and how its options begin.
const POLLS: [&str; 3] = ["poll:", "polling:", "jajak pendapat:"];
const OPTIONS: [&str; 3] = ["OPTION:", "OPSI:", "PILIHAN:"];

/// How a place on the map is told.
const PLACES: [&str; 2] = ["location: https://", "lokasi: https://"];

/// A text whose first line is one of an export, if another one of the same form follows, nothing else does, or the file is
/// named so: who writes a draft may paste a line.
pub(super) fn sniff(file_name: &str, head: &str) -> bool {
    let mut lines = head.split(['\n', '\r']).filter(|line| !is_empty(line));
    let Some(form) = lines.next().and_then(opening) else { return false };
    let name = fold(file_name.rsplit(['/', '\\']).next().unwrap_or_default());
    let named = name.contains("whatsapp") || name.ends_with("_chat.txt");
    let mut rest = lines.peekable();
    named || rest.peek().is_none() || rest.any(|line| opening(line) == Some(form))
}

/// The form of a line that begins a message of an export.
fn opening(line: &str) -> Option<Form> {
    let stamp = stamp::stamp(line)?;
    let said = line.get(stamp.end..)?;
    (name_end(said).is_some() || is_of_program(said)).then_some(stamp.form)
}

/// A message as it lies in the text.
struct Entry {
    /// Where its line begins.
    start: usize,
    /// Where what follows the stamp begins.
    said: usize,
    /// Where its last line ends, without the line's end.
    end: usize,
    /// None for what stands above the first message.
    stamp: Option<Stamp>,
}

pub(super) fn read<'w>(text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    let entries = entries(&text.text);
    if entries.is_empty() {
        return Vec::new();
    }
    let order = Order::of(entries.iter().filter_map(|entry| entry.stamp.as_ref()));
    // Without a single name, nobody can be taken for us, and that has to be said.
    let notes = if entries.iter().all(|entry| entry.stamp.is_none()) { vec![Note::NobodyOurs] } else { Vec::new() };
    let turns = entries.into_iter().map(|entry| turn(text, &entry, order)).collect();
    vec![Ok(export::conversation(turns, window.index, hints, notes))]
}

/// Cuts the text where lines begin with a stamp in the form of the first one.
fn entries(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut form = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.strip_suffix('\n').unwrap_or(line);
        let content = content.strip_suffix('\r').unwrap_or(content);
        let end = start + content.len();
        let stamp = stamp::stamp(content).filter(|stamp| form.is_none_or(|form| form == stamp.form));
        match (stamp, entries.last_mut()) {
            (Some(stamp), _) => {
                form = Some(stamp.form);
                entries.push(Entry { start, said: start + stamp.end, end, stamp: Some(stamp) });
            }
            (None, Some(open)) => open.end = end,
            (None, None) if is_empty(content) => {}
            (None, None) => entries.push(Entry { start, said: start, end, stamp: None }),
        }
    }
    entries
}

fn turn<'w>(text: &'w Text<'w>, entry: &Entry, order: Order) -> export::Turn<'w> {
    let said = text.text.get(entry.said..entry.end).unwrap_or_default();
    let name_end = entry.stamp.and_then(|_| name_end(said));
    let colon = |end: usize| if said.get(end..).is_some_and(|rest| rest.starts_with(": ")) { 2 } else { 1 };
    let body_start = name_end.map_or(0, |end| end + colon(end));
    let body = said.get(body_start..).unwrap_or_default();
    let bracketed = entry.stamp.is_some_and(|stamp| stamp.form.is_bracketed());
    // On iOS, a name stands before lines of the program, too, and a mark behind it.
    let by_program = entry.stamp.is_some()
        && (name_end.is_none() || bracketed && body.starts_with('\u{200e}') && is_of_program(body));
    let at = |start: usize, end: usize| TextSpan::new(entry.said + start..entry.said + end);
    let sender = name_end.filter(|_| !by_program).map(|end| {
        let (start, end) = name(said, end);
        export::piece(Part::From, &text.text, at(start, end), &text.map)
    });
    let (marks, attachments) = match entry.stamp {
        Some(_) if by_program => (vec![(TextSpan::new(0..body.len()), Role::Placeholder)], 0),
        Some(_) => marks(body),
        None => (Vec::new(), 0),
    };
    export::Turn {
        sender,
        sent: entry.stamp.and_then(|stamp| stamp.moment(order)),
        body: export::piece(Part::Body, &text.text, at(body_start, said.len()), &text.map),
        marks,
        attachments,
        span: text.map.locate(TextSpan::new(entry.start..entry.end)),
    }
}

/// Where the name of who said it ends; none for a line of the program.
fn name_end(said: &str) -> Option<usize> {
    let line = first_line(said);
    let near = line.get(..crate::source::floor_boundary(line, REACH)).unwrap_or_default();
    let end = near.find(": ").or_else(|| near.strip_suffix(':').filter(|_| near.len() == line.len()).map(str::len))?;
    let written = near.get(..end)?;
    let named = written.chars().any(|c| !stamp::is_mark(c) && !c.is_whitespace() && c != '~');
    (named && !holds_words_of_program(written)).then_some(end)
}

/// The name before byte `end`, without what exports put around it: "~ " before people who are no contacts.
fn name(said: &str, end: usize) -> (usize, usize) {
    let written = said.get(..end).unwrap_or_default();
    let start = end - written.trim_start_matches(|c: char| c == '~' || is_around(c)).len();
    (start, written.trim_end_matches(is_around).len())
}

/// Whether what follows a stamp, or a name on iOS, is something that the program says.
fn is_of_program(said: &str) -> bool {
    let line = first_line(said).trim_matches(|c: char| stamp::is_mark(c) || c.is_whitespace() || c == '.');
    holds_words_of_program(line) || line.len() <= REACH && ENDS.iter().any(|end| fold(line).ends_with(end))
}

fn holds_words_of_program(line: &str) -> bool {
    let near = line.get(..crate::source::floor_boundary(line, REACH)).unwrap_or_default();
    let near = fold(near.trim_start_matches(stamp::is_mark));
    BEGINS.iter().any(|begin| near.starts_with(begin)) || HOLDS.iter().any(|held| near.contains(held))
}

/// What in a message the program wrote, or somebody else, and how many files came with it.
fn marks(body: &str) -> (Vec<(TextSpan, Role)>, usize) {
    let mut marks = Vec::new();
    let mut mark = |start: usize, end: usize| marks.push((TextSpan::new(start..end), Role::Placeholder));
    let first = first_line(body);
    if FORWARDED.contains(&&*plain(first)) && first.len() < body.len() {
        return (vec![(TextSpan::new(0..body.len()), Role::Forwarded)], 0);
    }
    let end = edited(body).unwrap_or(body.len());
    let own = body.get(..end).unwrap_or_default();
    let first = first_line(own);
    let words = plain(first);
    let mut attachments = 0;
    if is_left_out(&words) || ATTACHED.iter().any(|ending| words.ends_with(ending)) {
        mark(0, first.len());
        attachments = 1;
    } else if GONE.contains(&&*words) || GONE_BY.iter().chain(&PLACES).any(|begin| words.starts_with(begin)) {
        mark(0, first.len());
    } else if POLLS.contains(&&*words) {
        mark(0, first.len());
        let mut at = 0;
        for line in own.split_inclusive('\n') {
            if OPTIONS.iter().any(|option| line.trim_start_matches(stamp::is_mark).starts_with(option)) {
                mark(at, at + line.trim_end().len());
            }
            at += line.len();
        }
    } else if let Some(start) = tag(own) {
        mark(start, own.len());
        attachments = 1;
    }
    if end < body.len() {
        mark(end, body.len());
    }
    (marks, attachments)
}

/// Where the words begin that say that a message was changed.
fn edited(body: &str) -> Option<usize> {
    let trimmed = body.trim_end_matches(is_around);
    let start = EDITED.iter().find_map(|words| {
        let start = trimmed.len().checked_sub(words.len())?;
        trimmed.get(start..)?.eq_ignore_ascii_case(words).then_some(start)
    })?;
    body.get(..start).map(|own| own.trim_end_matches(is_around).len())
}

/// Where in the last line what iOS says of a file begins: behind a caption, or before it with the file's own name.
fn tag(body: &str) -> Option<usize> {
    let line_start = body.rfind('\n').map_or(0, |newline| newline + 1);
    let line = body.get(line_start..)?;
    let marked = |(at, _): (usize, char)| line.get(at..).filter(|rest| is_left_out(&plain(rest))).map(|_| at);
    let tagged = || {
        let at = TAGS.iter().find_map(|tag| line.rfind(tag))?;
        line.trim_end_matches(is_around).ends_with('>').then_some(at)
    };
    let at = tagged().or_else(|| line.char_indices().rfind(|(_, c)| stamp::is_mark(*c)).and_then(marked))?;
    let caption = line.get(..at)?.trim_end_matches(is_around);
    Some(if caption.contains(" • ") { line_start } else { line_start + caption.len() })
}

/// Whether a folded line stands for a file that was left out.
fn is_left_out(words: &str) -> bool {
    let words = words.trim_matches(['<', '>']);
    LEFT_OUT.iter().any(|out| words.strip_suffix(out).is_some_and(|kind| KINDS.contains(&kind)))
}

/// A line as placeholders are compared: folded, without marks, blanks and a full stop around it; empty if it is too long.
fn plain(line: &str) -> String {
    let line = line.trim_matches(is_around).trim_end_matches('.');
    if line.len() > REACH { String::new() } else { fold(line).into_owned() }
}

fn is_around(c: char) -> bool {
    stamp::is_mark(c) || c.is_whitespace()
}

fn is_empty(line: &str) -> bool {
    line.trim_matches(is_around).is_empty()
}

fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or_default().trim_end_matches('\r')
}
