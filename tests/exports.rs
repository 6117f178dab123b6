//! Exports of Telegram and Slack: who says what, when, in which role, and where it stands in the file.

#![allow(clippy::string_slice, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::Config;
use santun::calendar::Zone;
use santun::facts::Facts;
use santun::lint::{Detail, Linter, WindowReport};
use santun::message::{Conversation, Note, Part};
use santun::read::{Format, Hints};
use santun::ruleset::{Choice, RuleSet};
use santun::source::Window;
use santun::span::TextSpan;

fn window(bytes: &[u8]) -> Window {
    Window::whole(bytes)
}

fn hints(file_name: &str) -> Hints {
    Hints { file_name: file_name.to_owned(), ..Hints::default() }
}

/// Reads a source in the format that it shows, and hands over its conversations.
fn with_conversations<T>(file_name: &str, bytes: &[u8], then: impl FnOnce(&str, &[Conversation<'_>]) -> T) -> T {
    let format = Format::sniffed(file_name, bytes);
    let window = window(bytes);
    let text = format.decode(&window);
    let readings = format.read(&text, &window, &hints(file_name));
    let conversations: Vec<_> = readings.into_iter().map(Result::unwrap).collect();
    then(format.name, &conversations)
}

/// Each turn: whose it is, who says it and when, and its segments with what stands for them in the source.
fn shown(file_name: &str, source: &str) -> String {
    with_conversations(file_name, source.as_bytes(), |format, conversations| {
        let mut out = format!("{format}\n");
        for conversation in conversations {
            writeln!(out, "\nconversation").unwrap();
            for message in &conversation.messages {
                let whose = if message.ours { "ours" } else { "theirs" };
                let sender = message.field(Part::From).map_or("nobody", |from| &from.text);
                let sent = message.sent.map_or("no moment".to_owned(), |sent| sent.local(Zone::Wib).to_string());
                let body = message.body().unwrap();
                write!(out, "{} {whose}, {sender}, {sent}", message.index).unwrap();
                if message.attachments != Some(0) {
                    write!(out, ", attachments {:?}", message.attachments).unwrap();
                }
                writeln!(out).unwrap();
                for note in &message.notes {
                    writeln!(out, "  note {note:?}").unwrap();
                }
                for segment in body.segments.iter().filter(|segment| segment.text.start < segment.text.end) {
                    let span = body.locate(segment.text);
                    let slice = &source[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
                    let text = segment.text.of(&body.text);
                    writeln!(out, "  {}: {text:?}", segment.role.name()).unwrap();
                    if slice != text {
                        writeln!(out, "    from {slice}").unwrap();
                    }
                }
            }
        }
        out
    })
}

const TELEGRAM: &str = r#"{
 "name": "Layanan Dukcapil Kota X",
 "type": "private_group",
 "id": 5550001,
 "messages": [
  {"id": 1, "type": "service", "date": "2026-01-20T08:00:00", "actor": "Sari", "action": "create_group", "text": ""},
  {"id": 2, "type": "message", "date": "2026-01-20T08:13:00", "date_unixtime": "1768871580", "from": "Sari", "from_id": "user1",
   "text": "Selamat pagi, KTP saya kok belum jadi ya?\nSudah \"dua\" bulan 🙏", "text_entities": []},
  {"id": 3, "type": "message", "date": "2026-01-20T09:05:00", "from": "Admin Dukcapil", "from_id": "user2", "reply_to_message_id": 2,
   "edited": "2026-01-20T09:06:00",
   "text": ["Selamat pagi, Ibu ", {"type": "bold", "text": "Sari"}, ". Nomor berkasnya ", {"type": "code", "text": "D-17/é"},
    ", lihat ", {"type": "text_link", "text": "laman kami", "href": "https://dukcapil.kotax.go.id/"}, ".\n",
    {"type": "blockquote", "text": "KTP saya kok belum jadi ya?"}, "\nSudah selesai dicetak, silakan diambil."]},
  {"id": 4, "type": "message", "date": "2026-01-20T09:07:00", "from": "Admin Dukcapil", "from_id": "user2",
   "forwarded_from": "Kabar Warga", "text": "Katanya blangko habis sampai Maret"},
  {"id": 5, "type": "message", "date": "2026-01-20T09:08:00", "from": "Admin Dukcapil", "from_id": "user2",
   "forwarded_from": null, "photo": "photos/photo_1.jpg", "width": 10, "text": "Ini fotonya"},
  {"id": 6, "type": "message", "date": "2026-01-20T09:09:00", "from": null, "from_id": "user3",
   "file": "stickers/sticker.webp", "media_type": "sticker", "sticker_emoji": "🙏", "text": ""},
  {"id": 7, "type": "message", "date": "2026-01-20T09:10:00", "from": "Tono", "from_id": 4, "media_type": "voice_message",
   "file": "voice_messages/audio_1.ogg", "text": ""}
 ]
}"#;

#[test]
fn a_chat_of_telegram() {
    insta::assert_snapshot!(shown("result.json", TELEGRAM));
}

#[test]
fn all_chats_of_telegram() {
    let source = r#"{"about": "Data Anda", "personal_information": {"first_name": "Budi"},
        "chats": {"about": "Percakapan", "list": [
            {"name": "Sari", "type": "personal_chat", "id": 1, "messages": [
                {"id": 1, "type": "message", "date": "2026-01-20T08:13:00", "from": "Sari", "text": "Loket buka jam berapa?"},
                {"id": 2, "type": "message", "date": "2026-01-20T08:20:00", "from": "Budi", "text": ["Pukul 08.00 WIB, Ibu."]}]},
            {"type": "saved_messages", "id": 2, "messages": [
                {"id": 3, "type": "message", "date_unixtime": "1768871580", "from": "Budi", "text": "Catatan \u0067ak penting"}]},
            {"name": "Kosong", "type": "personal_chat", "id": 3, "messages": []}]},
        "left_chats": {"list": [{"name": "Grup lama", "messages": [
                {"id": 4, "type": "message", "date": "2025-01-20T08:13:00", "from": "Tono", "text": "Permisi"}]}]}}"#;
    insta::assert_snapshot!(shown("result.json", source));
}

#[test]
fn odd_entries_of_telegram_are_passed_over() {
    let source = r#"{"messages": [{"type": "message", "date": "2026-01-20T08:13:00", "from": "Sari", "text": "Permisi"},
        17, ["message"], {"type": "message", "from": 4, "from_id": 4, "text": 9},
        {"type": "message", "date": "kemarin", "from": "Budi", "text": ["Baik, ", 3, {"type": "bold"}, {"text": "Bu"}]},
        {"type": "pesan", "from": "Budi", "text": "Segera."},
        {"type": "message", "from": "Budi", "from": "Budi", "text": "dua kali"}]}"#;
    insta::assert_snapshot!(shown("result.json", source));
}

const SLACK: &str = r#"[
    {"type": "message", "subtype": "channel_join", "user": "U01", "ts": "1768870000.000100", "text": "<@U01> has joined the channel"},
    {"type": "message", "user": "U01", "ts": "1768871580.000200", "thread_ts": "1768871580.000200", "client_msg_id": "a",
     "text": "Permisi <@U02>, syarat pindah domisili &lt; 1 tahun apa saja &amp; di mana?",
     "user_profile": {"real_name": "", "display_name": "Sari Dewi"}},
    {"type": "message", "user": "U02", "ts": "1768875180.000300", "thread_ts": "1768871580.000200",
     "text": "Selamat pagi, Ibu. Syaratnya ada di <https://dukcapil.kotax.go.id/?a=1&amp;b=2|laman \"kami\" &amp; loket> atau <https://kotax.go.id/x>.",
     "user_profile": {"real_name": "Petugas Dukcapil", "display_name": "petugas"}},
    {"type": "message", "subtype": "file_share", "user": "U02", "ts": "1768875190.000300", "text": "",
     "files": [{"id": "F1"}, {"id": "F2"}]},
    {"type": "message", "subtype": "bot_message", "bot_id": "B01", "username": "Pengingat", "ts": "1768875200",
     "text": "<!here> rapat di <#C01|umum> <!date^1768875200^{date}|20 Januari> a < b <> <mailto:a@kotax.go.id|a@kotax.go.id>"},
    {"type": "message", "user": "U01", "ts": "1768878780.000400", "text": "&gt; Syaratnya ada di laman\nTerima kasih"}
]"#;

#[test]
fn a_day_of_slack() {
    insta::assert_snapshot!(shown("2026-01-20.json", SLACK));
}

#[test]
fn odd_entries_of_slack_are_passed_over() {
    let source = r#"[{"type": "message", "user": "U1", "ts": "1768871580.0002", "text": "Permisi"}, 5, [],
        {"type": "message", "user": 7, "ts": "besok", "text": ["a"], "files": {}},
        {"type": "message", "bot_id": "B1", "ts": 1768871590.5, "text": "<|>"}]"#;
    insta::assert_snapshot!(shown("umum.json", source));
}

#[test]
fn formats_are_told_by_content() {
    let full = format!(r#"{{"about": "a", "personal_information": {{"x": "{}"}}, "chats": {{}}}}"#, "y".repeat(70_000));
    for (name, head, format) in [
        ("result.json", TELEGRAM, "telegram"),
        ("-", r#"{"messages":[{"type":"message","date":"2026-01-20T08:13:00","from":"A","text":"a"}]}"#, "telegram"),
        ("-", r#"{"messages":[{"date_unixtime":"1","from":"A","text":"\"body\": \"turns\""}]}"#, "telegram"),
        ("-", r#"{"name": "A", "type": "personal_chat", "id": 5, "messages": []}"#, "telegram"),
        ("-", r#"{"chats": {"list": []}}"#, "telegram"),
        ("-", &full[..64 << 10], "telegram"),
        ("-", SLACK, "slack"),
        ("-", r#"[{"ts":"1.2","bot_id":"B"}]"#, "slack"),
        ("-", r#"{"body": "x", "messages": [{"type": "message", "date": 1}]}"#, "jsonl"),
        ("-", r#"{"turns": [{"body": "a", "date": "2026-01-20T08:13:00", "from": "A"}]}"#, "jsonl"),
        ("a.jsonl", r#"{"subject": "a", "body": "\"messages\": \"date\""}"#, "jsonl"),
        ("-", r#"{"messages": [{"role": "user", "content": "a"}]}"#, "plain"),
        ("-", r#"[{"text": "a"}]"#, "plain"),
        ("-", "[20/01/26, 08.13.00] Sari: a", "whatsapp"),
    ] {
        assert_eq!(Format::sniffed(name, head.as_bytes()).name, format, "{name}: {head:.80}");
    }
}

fn lint(select: &str, file_name: &str, bytes: &[u8]) -> WindowReport {
    let rules = RuleSet::embedded();
    let now = Some("2026-01-27T08:00:00".parse().unwrap());
    let facts = Facts { now, ..Facts::default() };
    let select = select.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let selection = rules.select(&Choice { select, ignore: Vec::new() }, &[]);
    let linter = Linter { detail: Detail::Lines, ..Linter::new(&rules, &selection, &facts) };
    linter.lint(Format::sniffed(file_name, bytes), &window(bytes), &hints(file_name))
}

/// The rules that a report names, each with the message that it is about.
fn found(report: &WindowReport) -> Vec<(u64, String)> {
    let found = |message: &santun::report::MessageReport| {
        let index = message.index;
        message.findings.iter().map(move |found| (index, found.rule.to_string())).collect::<Vec<_>>()
    };
    report.messages.iter().flat_map(found).collect()
}

#[test]
fn late_and_missing_answers_are_found() {
    let late = |answered: &str| {
        format!(
            r#"{{"messages": [
            {{"type": "message", "date": "2026-01-12T08:00:00", "from": "Sari", "text": "KTP saya kok belum jadi?"}},
            {{"type": "service", "date": "2026-01-12T08:01:00", "actor": "Sari", "text": ""}},
            {{"type": "message", {answered}, "from": "Admin Dukcapil", "text": "Mohon maaf, Ibu. Sudah selesai."}},
            {{"type": "message", "date": "2026-01-20T08:00:00", "from": "Sari", "text": "Terima kasih banyak"}}]}}"#
        )
    };
    let rules = "chat/reply-late chat/reply-unanswered";
    let report = |answered: &str| found(&lint(rules, "result.json", late(answered).as_bytes()));
    assert_eq!(report(r#""date": "2026-01-12T08:30:00""#), []);
    assert_eq!(report(r#""date": "2026-01-19T08:30:00""#), [(2, "chat/reply-late".to_owned())]);
    let others = late(r#""date": "2026-01-19T08:30:00""#).replace("Admin Dukcapil", "Tono").replacen("Sari", "Tini", 1);
    assert_eq!(found(&lint(rules, "result.json", others.as_bytes())), [], "nobody is known to be ours");
    // The count of seconds is right where the clock of the exporting computer was not.
    assert_eq!(report(r#""date": "2026-01-19T08:30:00", "date_unixtime": "1768181400""#), []);
}

/// Who waits at the end of a day may have been answered on the next.
#[test]
fn a_day_of_slack_goes_on() {
    let day = br#"[{"type": "message", "user": "U1", "ts": "1768000000.0", "text": "Permisi"},
        {"type": "message", "user": "U2", "ts": "1768000060.0", "text": "Selamat pagi, Ibu."},
        {"type": "message", "user": "U1", "ts": "1768000120.0", "text": "KTP saya kok belum jadi?"}]"#;
    let moments = |name: &str| {
        with_conversations(name, day, |_, read| read[0].messages.iter().map(|m| m.sent.is_some()).collect::<Vec<_>>())
    };
    assert_eq!(moments("2026-01-09.json"), [true, true, false]);
    assert_eq!(moments("umum.json"), [true, true, true]);
    assert_eq!(moments("2026-01-9.json"), [true, true, true]);
}

/// What is no JSON is said to be unreadable, with its line and column.
#[test]
fn broken_files_are_unreadable() {
    for (name, source) in [
        ("telegram", "{\"messages\": [\n{\"date\": 1, \"ty"),
        ("telegram", "{\"messages\": \n7}"),
        ("telegram", "\n[1]"),
        ("telegram", "{}"),
        ("telegram", ""),
        ("slack", "[{\"ts\": \"1\",\n \"user\": }]"),
        ("slack", "{}"),
    ] {
        let window = window(source.as_bytes());
        let format = Format::by_name(name).unwrap();
        let text = format.decode(&window);
        let mut readings = format.read(&text, &window, &Hints::default());
        let unreadable = readings.remove(0).unwrap_err();
        assert!(readings.is_empty() && unreadable.line <= 3, "{name}: {source}: {unreadable:?}");
    }
}

/// A file that was cut off or edited by hand is read as far as it goes, and its first fault is named.
#[test]
fn damaged_files_are_read_as_far_as_they_go() {
    for (name, source) in [
        (
            "telegram",
            "{\"id\": 1\n\"messages\": [{\"type\": \"message\", \"from\": \"Sari\", \"text\": \"gak\"},\n{\"type\": \"mess",
        ),
        ("slack", "[{\"ts\": \"1\",\n \"user\": \"U1\", \"text\": \"gak\"}, {\"ts"),
    ] {
        let window = window(source.as_bytes());
        let format = Format::by_name(name).unwrap();
        let text = format.decode(&window);
        let readings = format.read(&text, &window, &Hints::default());
        let messages = &readings[0].as_ref().unwrap().messages;
        assert_eq!(messages.len(), 1, "{name}");
        assert_eq!(messages[0].body().unwrap().text, "gak", "{name}");
        assert!(messages[0].notes.contains(&Note::Broken(2)), "{name}: {:?}", messages[0].notes);
    }
}

/// Findings lie on their words in UTF-16 as well, where an escape or a tag of the text stands before them.
#[test]
fn findings_lie_on_their_words() {
    let telegram = r#"{"messages": [{"type": "message", "date": "2026-01-20T08:13:00", "from": "Sari",
        "text": ["\u00e9 é 🙏 ", {"type": "bold", "text": "g\u0061k"}, " bisa, g", {"type": "italic", "text": "ak"}]}]}"#;
    let slack = r#"[{"type": "message", "user": "U1", "ts": "1768000000.0", "text": "\u00e9 &amp; <@U2> <https://x.go.id|gak> bisa"}]"#;
    for (source, words) in [(telegram, &["g\\u0061k", "gak"][..]), (slack, &["gak"])] {
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(source.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        // UTF-16 is told by its mark, but its text only to who decodes it.
        let format = Format::sniffed("-", source.as_bytes());
        for (bytes, width) in [(source.as_bytes().to_vec(), 1), (utf16, 2)] {
            let window = window(&bytes);
            let text = format.decode(&window);
            let readings = format.read(&text, &window, &Hints::default());
            let body = readings[0].as_ref().unwrap().messages[0].body().unwrap();
            let at = body.text.find("gak").unwrap();
            let span = body.locate(TextSpan::new(at..at + 3));
            let piece = &bytes[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
            let piece = if width == 1 {
                String::from_utf8(piece.to_vec()).unwrap()
            } else {
                let units: Vec<u16> = piece.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
                String::from_utf16(&units).unwrap()
            };
            assert_eq!(piece, words[0]);
        }
    }
}

/// A replacement would swallow what stands between two pieces of a text, so none is offered there.
#[test]
fn no_fix_reaches_over_pieces() {
    let source = br#"{"messages": [{"type": "message", "date": "2026-01-20T08:13:00", "from": "Sari",
        "text": ["Berkas g", {"type": "italic", "text": "ak"}, " lengkap, gak bisa."]}]}"#;
    let report = lint("language/slang", "result.json", source);
    let fixes: Vec<bool> = report.messages[0].findings.iter().map(|found| found.fix.is_some()).collect();
    assert_eq!(fixes, [false, true]);
}

fn config() -> Config {
    Config { cases: 300, failure_persistence: None, ..Config::default() }
}

/// Pieces of JSON as exports have it, and of what they do not have.
fn json() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\n",
        "null",
        "17",
        "\"messages\":[",
        "\"chats\":{\"list\":[",
        "\"text\":",
        "\"type\":",
        "\"message\"",
        "\"service\"",
        "\"from\":",
        "\"Sari\"",
        "\"date\":",
        "\"2026-01-20T08:13:00\"",
        "\"date_unixtime\":",
        "\"1768871580\"",
        "\"ts\":",
        "\"1768871580.0001\"",
        "\"user\":",
        "\"forwarded_from\":",
        "\"files\":[",
        "\"code\"",
        "{\"type\":\"message\",\"from\":\"Budi\",\"text\":[",
        "{\"type\":\"code\",\"text\":",
        "{\"ts\":\"1.5\",\"user\":\"U1\",\"text\":",
        "\"gak \\u0061 \\ud83d\\ude4f é\"",
        "\"<@U1> <a|b> &amp; < <\"",
        "\"<!here> g<#C|ak>\\n\"",
        "\"\"",
        "}]}",
        "\"}]",
    ]);
    let other = any::<char>().prop_map(|c| c.to_string());
    prop::collection::vec(prop_oneof![14 => piece.prop_map(str::to_owned), 1 => other], 0..40)
        .prop_map(|pieces| pieces.concat())
}

/// A string of JSON, plainly or with escapes, and what is escaped in Slack.
fn string() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "gak",
        " ",
        "é",
        "🙏",
        "\n",
        "\"",
        "\\",
        "<",
        ">",
        "|",
        "&",
        "&amp;",
        "&lt;",
        "<@U1>",
        "<https://x.id|gak>",
        "<#C1|umum>",
        "<!here>",
        "<a",
        "\u{2028}",
        ">",
        "Yth. Ibu,\n\n",
        "Hormat kami,\nDinas X",
    ]);
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// Whether all segments and places of what was read are in order and within the source.
fn assert_sound(format: &str, source: &str) {
    let format = Format::by_name(format).unwrap();
    let window = window(source.as_bytes());
    let text = format.decode(&window);
    for message in format.read(&text, &window, &hints("2026-01-20.json")).iter().flatten().flat_map(|c| &c.messages) {
        assert!(message.span.start <= message.span.end && message.span.end <= source.len() as u64);
        for field in &message.fields {
            let (mut at, mut place) = (0, 0);
            for segment in &field.segments {
                assert_eq!(segment.text.start, at, "segments cover the text");
                at = segment.text.end;
            }
            assert_eq!(at as usize, field.text.len(), "segments cover the text");
            for (start, c) in field.text.char_indices() {
                let span = field.locate(TextSpan::new(start..start + c.len_utf8()));
                assert!(place <= span.start && span.start < span.end && span.end <= source.len() as u64, "{span:?}");
                place = span.start;
                let slice =
                    source.get(usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()).unwrap();
                let escaped = slice.starts_with(['\\', '&', '!']) || field.part == Part::From;
                assert!(escaped || slice.chars().eq([c]), "{c:?} from {slice:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_json_is_too_odd(source in json()) {
        for format in ["telegram", "slack"] {
            assert_sound(format, &source);
        }
    }

    #[test]
    fn bodies_know_their_bytes(pieces in prop::collection::vec((string(), 0..4_usize), 0..5)) {
        let strings: Vec<String> = pieces.iter().map(|(text, _)| serde_json::to_string(text).unwrap()).collect();
        let items: Vec<String> = strings.iter().zip(&pieces).map(|(text, (_, kind))| match kind {
            0 => text.clone(),
            1 => format!("{{\"type\": \"bold\", \"text\": {text}}}"),
            2 => format!("{{\"type\": \"code\", \"text\": {text}}}"),
            _ => format!("{{\"text\": {text}, \"type\": \"blockquote\"}}"),
        }).collect();
        let telegram = format!("{{\"messages\": [{{\"from\": \"A\", \"text\": [{}]}}]}}", items.join(", "));
        assert_sound("telegram", &telegram);
        with_conversations("-", telegram.replace("\"text\": [", "\"date\": \"\", \"text\": [").as_bytes(), |_, read| {
            let joined: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
            assert_eq!(&read[0].messages[0].body().unwrap().text, &joined);
        });
        for text in &strings {
            assert_sound("slack", &format!("[{{\"ts\": \"1.5\", \"user\": \"U1\", \"text\": {text}}}]"));
        }
    }
}

/// What no input may cost: ten times the time that the slowest of these takes on a slow machine.
#[test]
fn large_and_hostile_exports_take_no_longer() {
    let telegram = |entry: &str, count: usize| format!("{{\"messages\": [{}]}}", vec![entry; count].join(","));
    let body = |text: &str| format!("[{{\"ts\": \"1.5\", \"user\": \"U1\", \"text\": \"{text}\"}}]");
    let senders: Vec<String> = (0..5_000)
        .map(|n| format!("{{\"type\": \"message\", \"date\": 1, \"from\": \"W{n}\", \"text\": \"Baik.\"}}"))
        .collect();
    let pieces = vec!["{\"type\": \"code\", \"text\": \"a b\"}"; 50_000].join(",");
    for source in [
        telegram(
            r#"{"type": "message", "date": "2026-01-20T08:13:00", "from": "A", "text": "KTP saya belum jadi?"}"#,
            3_000,
        ),
        telegram("{\"date\": 1, \"type\": [[[[]]]]}", 20_000),
        format!("{{\"messages\": [{}]}}", senders.join(",")),
        format!("{{\"messages\": [{{\"type\": \"message\", \"date\": 1, \"from\": \"A\", \"text\": [{pieces}]}}]}}"),
        format!("{{\"messages\": [{{\"date\": 1, \"type\": 1}}, {}", "[".repeat(200_000)),
        body(&"<".repeat(200_000)),
        body(&"<@U1> ".repeat(50_000)),
        body(&"&amp;".repeat(100_000)),
        body(&"<a|".repeat(100_000)),
        body(&"\\u003c".repeat(50_000)),
    ] {
        let start = Instant::now();
        lint("", "-", source.as_bytes());
        assert!(start.elapsed() < Duration::from_secs(60), "{source:.80}…: {:?}", start.elapsed());
    }
}
