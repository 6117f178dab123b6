//! Exports of `WhatsApp`: who said what and when, in every form that phones write, and where it stands in the source.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use santun::calendar::Zone;
use santun::facts::Facts;
use santun::lint::Linter;
use santun::message::{Message, Part, Role};
use santun::read::{Format, Hints};
use santun::ruleset::{Choice, RuleSet};
use santun::source::Window;
use santun::span::TextSpan;

const ANDROID: &str = "\
14/10/25 08.10 - Pesan dan panggilan terenkripsi secara end-to-end. Hanya orang dalam chat ini yang bisa membacanya.
14/10/25 08.10 - Anda membuat grup \"Layanan: Kelurahan Melati\"
14/10/25 08.11 - +62 840-0000-0001 bergabung menggunakan tautan undangan grup ini
14/10/25 08.13 - Bu Wati: Assalamualaikum, Pak 🙏
Saya mau tanya:
1. Syarat pindah domisili apa saja?
2. Loketnya buka pukul 09.00?
14/10/25 08.15 - Bu Wati: IMG-20251014-WA0003.jpg (file terlampir)
Ini KTP lama saya
14/10/25 08.16 - Bu Wati: <Media tidak disertakan>
14/10/25 08.17 - Bu Wati: Pesan ini dihapus
14/10/25 08.40 - Petugas Melati: Waalaikumsalam, Ibu Wati. Syaratnya kartu keluarga dan KTP asli. <Pesan ini diedit>
14/10/25 08.41 - Petugas Melati: Catatan: loket buka pukul 09.00 - 15.00.
14/10/25 08.50 - Bu Wati mengubah nama grup dari \"Melati: lama\" ke \"Melati: baru\"
14/10/25 08.55 - Bu Wati keluar
";

fn window(bytes: &[u8]) -> Window {
    Window::whole(bytes)
}

/// The bytes as characters, as they were written.
fn characters(bytes: &[u8], wide: bool) -> String {
    if !wide {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

fn shown(message: &Message<'_>, bytes: &[u8], wide: bool, out: &mut String) {
    let sent = message.sent.map_or("?".to_owned(), |sent| sent.local(Zone::Wib).to_string());
    let whose = if message.ours { "ours" } else { "theirs" };
    writeln!(out, "{} {whose} {sent} files: {}", message.index, message.attachments.unwrap()).unwrap();
    for field in &message.fields {
        for segment in &field.segments {
            let span = field.locate(segment.text);
            let at = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
            let (text, source) = (segment.text.of(&field.text), characters(&bytes[at], wide));
            let same = if text == source { "the same" } else { &format!("{source:?}") };
            writeln!(out, "  {}: {text:?} <- {same}", segment.role.name()).unwrap();
        }
    }
}

/// The turns of an export: whose they are, when they were sent, and their parts with what the source holds under each.
fn turns_of(file_name: &str, bytes: &[u8]) -> String {
    let window = window(bytes);
    let format = Format::sniffed(file_name, bytes);
    let text = format.decode(&window);
    let hints = Hints { file_name: file_name.to_owned(), ..Hints::default() };
    let mut out = format!("{} {}\n", format.name, text.encoding);
    for conversation in format.read(&text, &window, &hints) {
        let conversation = conversation.unwrap();
        for note in conversation.messages.iter().flat_map(|message| &message.notes) {
            writeln!(out, "{note:?}").unwrap();
        }
        for message in &conversation.messages {
            shown(message, bytes, text.encoding == "UTF-16LE", &mut out);
        }
    }
    out
}

/// When the turns of an export were sent.
fn moments(source: &str) -> Vec<String> {
    let window = window(source.as_bytes());
    let format = Format::by_name("whatsapp").unwrap();
    let text = format.decode(&window);
    let conversation = format.read(&text, &window, &Hints::default()).remove(0).unwrap();
    let moment = |message: &Message<'_>| message.sent.map_or("?".into(), |sent| sent.local(Zone::Wib).to_string());
    conversation.messages.iter().map(moment).collect()
}

/// Rules on the time of answers that find something, with what they find.
fn late(source: &str, now: &str) -> Vec<(String, String)> {
    let rules = RuleSet::embedded();
    let facts = Facts { now: Some(now.parse().unwrap()), ..Facts::default() };
    let select = vec!["chat/reply-late".to_owned(), "chat/reply-unanswered".to_owned()];
    let selection = rules.select(&Choice { select, ignore: Vec::new() }, &[]);
    let linter = Linter::new(&rules, &selection, &facts);
    let format = Format::sniffed("-", source.as_bytes());
    assert_eq!(format.name, "whatsapp");
    let report = linter.lint(format, &window(source.as_bytes()), &Hints::default());
    let findings = report.messages.iter().flat_map(|message| &message.findings);
    findings.map(|f| (f.rule.to_string(), f.excerpt.clone())).collect()
}

#[test]
fn android_in_indonesian() {
    insta::assert_snapshot!(turns_of("chat.txt", ANDROID.as_bytes()));
}

#[test]
fn ios_in_indonesian() {
    let export = "\
[14/10/25, 08.13.07] Posyandu Kenanga: \u{200e}Pesan dan panggilan terenkripsi secara end-to-end.\r
[14/10/25, 08.13.09] Posyandu Kenanga: \u{200e}Rina membuat grup ini\r
[14/10/25, 08.14.00] ~\u{202f}Rina: Selamat pagi, Bu Bidan 👩‍👧\r
\r
Jadwal imunisasi bulan ini kapan?\r
\u{200e}[14/10/25, 08.15.11] Bidan Sari: \u{200e}gambar tidak disertakan\r
\u{200e}[14/10/25, 08.15.30] Bidan Sari: jadwal.pdf • \u{200e}2 halaman \u{200e}<terlampir: 00000004-jadwal.pdf>\r
[14/10/25, 08.16.00] Bidan Sari: Ini posternya, Bu. \u{200e}<terlampir: 00000005-PHOTO.jpg>\r
[14/10/25, 08.17.00] ~\u{202f}Rina: \u{200e}Pesan ini dihapus.\r
[14/10/25, 08.18.40] Bidan Sari: Selamat pagi, Ibu. Jadwalnya Kamis pukul 09.00. \u{200e}<Pesan ini diedit>\r
[14/10/25, 08.19.00] ~\u{202f}Rina: Terima kasih @\u{2068}Bidan Sari\u{2069}\r
";
    insta::assert_snapshot!(turns_of("_chat.txt", export.as_bytes()));
}

#[test]
fn android_in_american_english() {
    let export = "\
10/14/25, 8:10\u{202f}AM - Messages and calls are end-to-end encrypted. Only people in this chat can read them.
10/14/25, 12:05\u{202f}PM - Wati: Selamat siang, Pak
10/14/25, 12:31\u{a0}PM - Petugas: <Media omitted>
10/14/25, 12:32\u{2009}PM - Petugas: You deleted this message
10/15/25, 12:01 AM - Wati: null
10/15/25, 9:00 AM - Petugas: POLL:
Kapan Bapak/Ibu dapat hadir?
OPTION: Senin (2 votes)
OPTION: Selasa (0 votes)
";
    insta::assert_snapshot!(turns_of("WhatsApp Chat with Wati.txt", export.as_bytes()));
}

#[test]
fn ios_in_american_english() {
    let export = "\
[10/14/25, 8:15:07\u{202f}AM] Wati: \u{200e}Messages and calls are end-to-end encrypted.\r
[10/14/25, 2:30:15\u{202f}PM] Wati: Selamat siang, Pak.\r
\u{200e}[10/14/25, 2:31:00\u{202f}PM] Petugas: \u{200e}image omitted\r
[10/14/25, 2:32:00\u{202f}PM] Petugas: Baik, Ibu. \u{200e}<This message was edited>\r
[10/14/25, 2:33:30\u{202f}PM] Petugas: This message was deleted.\r
";
    insta::assert_snapshot!(turns_of("chat.txt", export.as_bytes()));
}

#[test]
fn other_languages() {
    let exports = [
        ("British", "14/10/2025, 23:59 - Wati: Selamat malam\n15/10/2025, 24:01 - Petugas: Selamat malam, Ibu\n"),
        ("Chinese", "2025/10/14, 08:15 - Wati: Selamat pagi\n2025/10/14, 08:20 - Petugas: Selamat pagi, Ibu\n"),
        ("Canadian", "2025-10-14, 2:15 p.m. - Wati: Siang\n2025-10-14, 2:20 p.m. - Petugas: Selamat siang\n"),
        ("Spanish", "14/10/2025 8:28 p. m. - Wati: Malam\n14/10/2025 8:40 p. m. - Petugas: Selamat malam\n"),
        ("Finnish", "14.10.2025 klo 21.25.15 - Wati: Malam\n14.10.2025 klo 21.30.00 - Petugas: Selamat malam\n"),
        ("German", "[14.10.25, 15:58:47] Wati: Sore\n[14.10.25, 16:02:10] Petugas: Selamat sore\n"),
        ("Chinese, iOS", "[2025/10/14, 21:25:15] Wati: Malam\n[2025/10/14, 21:26:15] Petugas: Selamat malam\n"),
        ("parts of the day", "14/10/2025 2.30 siang - Wati: Siang\n14/10/2025 8.30 malam - Petugas: Malam, Ibu\n"),
        ("Arabic", "\u{200f}١٤\u{200f}/١٠\u{200f}/٢٠٢٥، ٢:٣٠ م - Wati: Selamat siang\n"),
        ("en dash", "10/14/25, 8:30:52 AM – Wati: Selamat pagi\n"),
        ("without a date", "8:30:52 AM – Wati: Selamat pagi\n8:31:10 AM – Petugas: Selamat pagi, Ibu\n"),
        ("without a comma", "[14/10/25 11:25] Wati: Pagi\n[14/10/25 11:26] +62 840 000 created group \"Warga\"\n"),
    ];
    let mut all = String::new();
    for (name, export) in exports {
        write!(all, "== {name}\n{}", turns_of("chat.txt", export.as_bytes())).unwrap();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn encodings() {
    let export =
        "14/10/25 08.13 - Wati: Jum’at buka, Pak? 🙏\nTerima kasih\n14/10/25 08.20 - Petugas: Buka, Ibu – silakan\n";
    let marked = format!("\u{feff}{export}");
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let old =
        b"14/10/25 08.13 - Wati: Jum\x92at buka, Pak?\r\n14/10/25 08.20 - Petugas: Buka, Ibu \x96 silakan\r\n".to_vec();
    let mut all = String::new();
    for (name, bytes) in [
        ("a mark", marked.into_bytes()),
        ("UTF-16", wide),
        ("Windows", old),
        ("CR alone", export.replace('\n', "\r").into_bytes()),
    ] {
        write!(all, "== {name}\n{}", turns_of("chat.txt", &bytes)).unwrap();
    }
    insta::assert_snapshot!(all);
}

/// A message that was passed on is no prose of who passed it on; pasted lines in another form stay in their message.
#[test]
fn words_of_others() {
    let export = "\
14/10/25 08.13 - Wati: Diteruskan
Assalamualaikum
Kepada Yth. Bapak/Ibu warga RW 03
14/10/25 08.14 - Petugas: Pak Lurah bertanya begini:
[13/10/25, 21.00.11] Lurah: besok rapat?
[13/10/25 21.01] Sekretaris: ya
13/10/25, 21:02 - Lurah: baik
2025-10-13 21.03 - Lurah: tolong undang warga
14/10/25 08.15 - Petugas: Mohon ditunggu.
";
    insta::assert_snapshot!(turns_of("chat.txt", export.as_bytes()));
}

#[test]
fn exports_are_told_from_drafts() {
    let two = "14/10/25 08.13 - Wati: Pagi\n14/10/25 08.20 - Petugas: Pagi, Ibu\n";
    let pasted = "[12/10/25 08.13] Bu Wati: lampu jalan mati\n\nMohon segera ditindaklanjuti, ya.";
    for (name, head, format) in [
        ("a.txt", two, "whatsapp"),
        ("a.txt", &format!("\n\u{200e}{two}"), "whatsapp"),
        ("a.txt", "14/10/25 08.13 - Wati: Pagi", "whatsapp"),
        ("a.txt", "14/10/25 08.13 - Pesan dan panggilan terenkripsi secara end-to-end.", "whatsapp"),
        ("a.txt", pasted, "plain"),
        ("WhatsApp Chat dengan Bu Wati.txt", pasted, "whatsapp"),
        ("a.txt", "Teruskan:\n14/10/25 08.13 - Wati: Pagi\n14/10/25 08.20 - Petugas: Pagi, Ibu\n", "plain"),
        ("a.txt", "12/10/25: rapat", "plain"),
        ("whatsapp.txt", "12/10/25: rapat", "plain"),
        ("a.txt", "14/10/25 08.00 - 10.00: Rapat\n14/10/25 10.00 - 12.00: Apel\n", "plain"),
        ("a.txt", "14/10/2025\n\nYth. Ibu Wati: berkas sudah kami terima.", "plain"),
        ("a.txt", "14 Oktober 2025 pukul 08.00 - Balai Desa: rapat", "plain"),
        ("a.txt", "14/10/25 08.00 - rapat koordinasi\n15/10/25 08.00 - apel pagi\n", "plain"),
        ("a.txt", "08.00 - Camat: sambutan\n08.15 - Lurah: laporan\n", "plain"),
        ("a.txt", "99/99/99 08.00 - Wati: Pagi\n", "plain"),
        ("a.txt", "14/10/25 08.70 - Wati: Pagi\n", "plain"),
        ("a.txt", "14/10/25 08.13 - : Pagi\n", "plain"),
    ] {
        assert_eq!(Format::sniffed(name, head.as_bytes()).name, format, "{name}: {head}");
    }
}

#[test]
fn the_order_of_dates_holds_for_a_file() {
    let pair = |first: &str, second: &str| moments(&format!("{first} - A: a\n{second} - B: b\n"));
    let day = ["2024-04-03T08:15:00", "2024-04-05T08:16:00"];
    // Nothing tells: day first, and so with dots.
    assert_eq!(pair("03/04/24, 08:15", "05/04/24, 08:16"), day);
    assert_eq!(pair("03/04/24 08.15", "05/04/24 08.16"), day);
    assert_eq!(pair("03/04/24 8.15 pagi", "05/04/24 8.16 pagi"), day);
    assert_eq!(pair("03/04/24, 8:15 am", "05/04/24, 8:16 am"), day);
    // A component over 12 tells it of all lines, whatever else.
    assert_eq!(pair("03/04/24, 8:15 AM", "13/04/24, 8:16 AM")[0], "2024-04-03T08:15:00");
    assert_eq!(pair("03/04/24 08.15", "03/14/24 08.16")[0], "2024-03-04T08:15:00");
    assert_eq!(pair("03/04/24, 8:15 AM", "05/04/24, 8:16 AM")[0], "2024-03-04T08:15:00");
    // Time does not run backwards.
    assert_eq!(pair("03/11/24, 08:15", "04/02/24, 08:16"), ["2024-03-11T08:15:00", "2024-04-02T08:16:00"]);
    assert_eq!(pair("11/03/24, 08:15", "02/04/24, 08:16"), ["2024-03-11T08:15:00", "2024-04-02T08:16:00"]);
    // The longest component is the year.
    assert_eq!(pair("2024/03/04, 08:15", "2024/03/14, 08:16")[0], "2024-03-04T08:15:00");
    assert_eq!(pair("24/3/4, 08:15", "24/3/14, 08:16")[0], "2024-03-04T08:15:00");
    assert_eq!(pair("31/02/24, 08:15", "01/03/24, 08:16"), ["?", "2024-03-01T08:16:00"]);
}

#[test]
fn hours_are_those_of_the_phone() {
    let hour =
        |written: &str| moments(&format!("14/10/25 {written} - A: a\n")).remove(0).split_off("2025-10-14T".len());
    for (written, hour_of_day) in [
        ("08.13", "08:13:00"),
        ("24.00", "00:00:00"),
        ("12:01 AM", "00:01:00"),
        ("12:01 PM", "12:01:00"),
        ("0:08 a. m.", "00:08:00"),
        ("3:55 p.\u{a0}m.", "15:55:00"),
        ("7:02:09\u{202f}pm", "19:02:09"),
        ("7.30 pagi", "07:30:00"),
        ("12.30 pagi", "00:30:00"),
        ("11.30 siang", "11:30:00"),
        ("12.30 siang", "12:30:00"),
        ("2.30 siang", "14:30:00"),
        ("4.30 sore", "16:30:00"),
        ("7.30 malam", "19:30:00"),
        ("12.30 malam", "00:30:00"),
        ("12.00 tengah malam", "00:00:00"),
        ("pukul 19.30", "19:30:00"),
    ] {
        assert_eq!(hour(written), hour_of_day, "{written}");
    }
}

#[test]
fn names_are_those_of_people() {
    let names = |source: &str| {
        let window = window(source.as_bytes());
        let format = Format::by_name("whatsapp").unwrap();
        let text = format.decode(&window);
        let read = format.read(&text, &window, &Hints::default()).remove(0).unwrap();
        let name = |message: &Message<'_>| message.field(Part::From).map(|from| from.text.to_string());
        read.messages.iter().map(name).collect::<Vec<_>>()
    };
    let some = |name: &str| Some(name.to_owned());
    let source = "\
14/10/25 08.10 - \u{202a}+62 840-0000-0001\u{202c}: a
14/10/25 08.10 - ~ Bu Wati: b
14/10/25 08.10 - Bu Wati menambahkan Pak Lurah: lama
14/10/25 08.10 - Bu Wati:
baris kedua: masih milik Bu Wati
14/10/25 08.10 - Bu Wati:.
14/10/25 08.10 - Anda: c
";
    assert_eq!(names(source), [some("+62 840-0000-0001"), some("Bu Wati"), None, some("Bu Wati"), None, some("Anda")]);
    assert_eq!(names("tanpa tanggal sama sekali"), [None]);
}

#[test]
fn answers_are_timed() {
    let asked = "14/10/25 08.13 - Bu Wati: Selamat pagi, lampu jalan di Gang Melati padam.\n";
    let soon = format!("{asked}14/10/25 10.00 - Admin Kelurahan Melati: Selamat pagi, Ibu. Kami periksa.\n");
    let late_by_a_day = format!("{asked}15/10/25 10.20 - Admin Kelurahan Melati: Selamat pagi, Ibu. Kami periksa.\n");
    let answer = "Selamat pagi, Ibu. Kami periksa.".to_owned();
    assert_eq!(late(&soon, "2025-10-20T08:00"), []);
    assert_eq!(late(&late_by_a_day, "2025-10-20T08:00"), [("chat/reply-late".to_owned(), answer.clone())]);
    // The same in the form of American phones, and with a turn of the program between.
    let american = "\
10/14/25, 8:13 AM - Bu Wati: Selamat pagi, lampu jalan di Gang Melati padam.
10/14/25, 9:00 AM - Bu Wati: <Media omitted>
10/15/25, 10:19 AM - Your security code with Bu Wati changed. Tap to learn more.
10/15/25, 10:20 AM - Admin Kelurahan Melati: Selamat pagi, Ibu. Kami periksa.
";
    assert_eq!(late(american, "2025-10-20T08:00"), [("chat/reply-late".to_owned(), answer)]);
}

#[test]
fn questions_wait_for_answers() {
    let answered = "\
14/10/25 08.13 - Bu Wati: Selamat pagi, kapan akta anak saya jadi?
14/10/25 09.00 - Admin Dukcapil: Selamat pagi, Ibu. Besok pagi dapat diambil.
";
    // Neither the program nor a message that is gone wants an answer.
    let quiet = format!(
        "{answered}14/10/25 09.10 - Bu Wati: Pesan ini dihapus\n14/10/25 09.12 - Kode keamanan Anda dengan Bu Wati berubah.\n"
    );
    assert_eq!(late(&quiet, "2025-10-20T08:00"), []);
    let asked = "14/10/25 13.00 - Bu Wati: Apakah boleh diambil suami saya?";
    let waiting = format!("{answered}{asked}\n");
    let found = [("chat/reply-unanswered".to_owned(), "Apakah boleh diambil suami saya?".to_owned())];
    assert_eq!(late(&waiting, "2025-10-20T08:00"), found);
    assert_eq!(late(&waiting, "2025-10-14T15:00"), []);
    // A picture shows what is asked.
    let picture = format!("{answered}14/10/25 13.00 - Bu Wati: <Media tidak disertakan>\n");
    assert_eq!(late(&picture, "2025-10-20T08:00").len(), 1);
}

/// Where nobody is known to be ours, nobody is known to wait.
#[test]
fn groups_of_strangers_wait_for_nobody() {
    let group = "14/10/25 08.13 - Wati: Besok rapat?\n14/10/25 08.14 - Rina: Ya\n14/10/25 08.15 - Sari: Di mana?\n";
    assert_eq!(late(group, "2025-10-20T08:00"), []);
    let hints = Hints { me: vec!["Kelurahan Melati".to_owned()], ..Hints::default() };
    let format = Format::by_name("whatsapp").unwrap();
    let window = window(group.as_bytes());
    let text = format.decode(&window);
    let conversation = format.read(&text, &window, &hints).remove(0).unwrap();
    assert!(conversation.messages.iter().all(|message| !message.ours && message.sent.is_some()));
}

/// What no input may cost: ten times the time that the slowest of these takes on a slow machine.
#[test]
fn hostile_sources_take_no_longer() {
    let many = |line: &dyn Fn(usize) -> String, n: usize| (0..n).map(line).collect::<String>();
    let sources = [
        many(&|n| format!("14/10/25 08.13 - Nama {n}: ya\n"), 20_000),
        many(&|_| "14/10/25 08.13 - Anda keluar\n".to_owned(), 20_000),
        many(&|_| "14/10/25 08.13 - A: \n".to_owned(), 20_000),
        format!("14/10/25 08.13 - A: {}", "\u{200e}".repeat(300_000)),
        format!("14/10/25 08.13 - {}", "a: ".repeat(300_000)),
        format!("14/10/25 08.13 - {}", "a".repeat(1_000_000)),
        format!("14/10/25 08.13 - A: {}", "<attached: ".repeat(50_000)),
        format!("14/10/25 08.13 - A: POLL:\n{}", "OPTION: a\n".repeat(50_000)),
        "1".repeat(1_000_000),
        "[".repeat(1_000_000),
        "\r".repeat(300_000),
    ];
    for source in sources {
        let start = Instant::now();
        let window = window(source.as_bytes());
        let format = Format::by_name("whatsapp").unwrap();
        let text = format.decode(&window);
        let read = format.read(&text, &window, &Hints::default());
        assert!(read.len() <= 1);
        let head: String = source.chars().take(20).collect();
        assert!(start.elapsed() < Duration::from_secs(60), "{head}: {:?}", start.elapsed());
    }
}

/// Pieces of exports, and all that could shift a position.
fn piece() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        4 => prop::sample::select(vec!["14/10/25 08.13 - ", "[14/10/25, 08.13.07] ", "10/14/25, 8:13\u{202f}AM - ", "2025-10-14, 24:00 - ", "8:13:07 AM – "]),
        4 => prop::sample::select(vec!["\n", "\r\n", "\n", "\r", " ", "\n\n"]),
        3 => prop::sample::select(vec!["Wati: ", "~ Wati: ", "Petugas:", "a: b", "Selamat pagi, Ibu.", "Hormat kami,", "Dinas X", "é🙏", "> a", "{{ nama }}"]),
        2 => prop::sample::select(vec!["\u{200e}", "\u{200f}", "\u{feff}", "<Media omitted>", "gambar tidak disertakan", "a.jpg (file terlampir)", "<terlampir: a.pdf>", " • ", "<Pesan ini diedit>", "Pesan ini dihapus", "Diteruskan", "POLL:", "OPTION: a", "Anda keluar", "[", "]", "1", "/", ":"]),
    ];
    prop_oneof![12 => pieces.prop_map(str::to_owned), 1 => any::<char>().prop_map(|c| c.to_string())]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the text: the turns follow each other, and each field stands in the source as it is.
    #[test]
    fn turns_lie_in_the_source(pieces in prop::collection::vec(piece(), 0..60)) {
        let source = pieces.concat();
        let window = window(source.as_bytes());
        let format = Format::by_name("whatsapp").unwrap();
        let text = format.decode(&window);
        let mut last = 0;
        for conversation in format.read(&text, &window, &Hints::default()) {
            for message in &conversation.unwrap().messages {
                prop_assert!(last <= message.span.start && message.span.start <= message.span.end);
                prop_assert!(message.span.end <= text.map.locate(TextSpan::new(0..text.text.len())).end);
                last = message.span.end;
                for field in &message.fields {
                    let whole = field.locate(TextSpan::new(0..field.text.len()));
                    let at = usize::try_from(whole.start).unwrap()..usize::try_from(whole.end).unwrap();
                    let slice = source.get(at).unwrap();
                    // Line ends of CR alone are LF in the text.
                    let slice = if source.contains('\n') { slice.to_owned() } else { slice.replace('\r', "\n") };
                    prop_assert_eq!(&slice, &*field.text);
                    prop_assert!(message.span.start <= whole.start && whole.end <= message.span.end);
                    let mut end = 0;
                    for segment in &field.segments {
                        prop_assert_eq!(segment.text.start, end);
                        end = segment.text.end;
                    }
                    prop_assert_eq!(end as usize, field.text.len());
                }
                let body = message.body().unwrap();
                let placeholder = body.segments.iter().all(|segment| segment.role == Role::Placeholder);
                let unknown = body.text.is_empty() || message.sent.is_none();
                prop_assert!(message.field(Part::From).is_some() || placeholder || unknown);
            }
        }
    }

    /// Any string at all.
    #[test]
    fn nothing_panics(source in any::<String>(), name in any::<String>()) {
        let format = Format::sniffed(&name, source.as_bytes());
        let window = window(source.as_bytes());
        let text = format.decode(&window);
        for format in [format, Format::by_name("whatsapp").unwrap()] {
            prop_assert!(format.read(&text, &window, &Hints::default()).len() <= source.len() + 1);
        }
    }
}
