//! Fixes never harm: whatever a message is wrapped in, nothing changes but the words that a fix names, the source can still be
//! read, and mending twice changes nothing more.

#![allow(clippy::string_slice, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::Config;
use santun::diagnostic::Safety;
use santun::facts::Facts;
use santun::fix::Mended;
use santun::lint::{Linter, WindowReport};
use santun::locale::Lang;
use santun::message::Channel;
use santun::read::{Format, Hints};
use santun::ruleset::{Choice, RuleSet, Selection};
use santun::source::Window;

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::embedded);
static ALL: LazyLock<Selection> = LazyLock::new(|| RULES.select(&Choice::default(), &[]));

/// Words that a safe fix replaces wherever they stand among others, and what by.
const MENDED: [(&str, &str); 6] = [
    ("gak", "tidak"),
    ("yg", "yang"),
    ("Terimakasih", "Terima kasih"),
    ("silahkan", "silakan"),
    ("udah", "sudah"),
    ("orangtua", "orang tua"),
];

/// What no fix may touch.
const KEPT: [&str; 14] = [
    "warga",
    "berkas",
    "loket 2",
    "NIK 3678011207900003",
    "0812-3456-7890",
    "https://layanan.go.id/yg?gak=1",
    "gak@contoh.go.id",
    "{{ $udah->yg }}",
    "Rp500.000,00",
    "“Bapak Yudha”",
    "é",
    "🙏",
    "10.30 WIB",
    "#LayananPrima",
];

fn window(bytes: &[u8]) -> Window {
    Window::whole(bytes)
}

fn with<R>(work: impl FnOnce(&Linter<'_>) -> R) -> R {
    let facts = Facts::default();
    work(&Linter { lang: Lang::En, ..Linter::new(&RULES, &ALL, &facts) })
}

fn format(name: &str) -> &'static Format {
    Format::by_name(name).unwrap()
}

fn mend_with(name: &str, bytes: &[u8], most: Safety) -> Mended {
    with(|linter| linter.mend(format(name), &window(bytes), &Hints::default(), most))
}

/// The source with safe fixes.
fn mended(name: &str, source: impl AsRef<[u8]>) -> Vec<u8> {
    let source = source.as_ref();
    mend_with(name, source, Safety::Safe).bytes.unwrap_or_else(|| source.to_vec())
}

fn mended_text(name: &str, source: &str) -> String {
    String::from_utf8(mended(name, source)).unwrap()
}

fn lint(name: &str, bytes: &[u8]) -> WindowReport {
    with(|linter| linter.lint(format(name), &window(bytes), &Hints::default()))
}

/// How often each rule finds something in each channel. A guess at the channel may change with the words.
fn counts(report: &WindowReport) -> HashMap<(Channel, String), usize> {
    let mut counts = HashMap::new();
    for message in &report.messages {
        for finding in &message.findings {
            *counts.entry((message.channel.unwrap().0, finding.rule.to_string())).or_default() += 1;
        }
    }
    counts
}

/// Words, and what they are to become.
fn words() -> impl Strategy<Value = Vec<(String, String)>> {
    let bad = prop::sample::select(MENDED.to_vec()).prop_map(|(old, new)| (old.to_owned(), new.to_owned()));
    let kept = prop::sample::select(KEPT.to_vec()).prop_map(|word| (word.to_owned(), word.to_owned()));
    prop::collection::vec(prop_oneof![1 => bad, 2 => kept], 0..40)
}

/// The words in sentences of so many, before and after, with other ones between them so that none stands beside itself.
fn message(words: &[(String, String)], sentence: usize) -> (String, String) {
    let side = |pick: fn(&(String, String)) -> &str| {
        let words = words.iter().enumerate().map(|(at, word)| {
            format!("{}{}", pick(word), if at % sentence == sentence - 1 { " sekarang.\n\nLalu " } else { " dari " })
        });
        format!("Yth. Bapak Anton,\n\nKami sampaikan {}loket.", words.collect::<String>())
    };
    (side(|(old, _)| old), side(|(_, new)| new))
}

/// Quoted-printable with lines of 76 characters at most.
fn quoted_printable(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let mut column = 0;
        for byte in line.trim_end_matches('\n').bytes() {
            let piece = if byte == b'=' || !(b' '..=b'~').contains(&byte) {
                format!("={byte:02X}")
            } else {
                char::from(byte).to_string()
            };
            if column + piece.len() > 75 {
                out.push_str("=\r\n");
                column = 0;
            }
            column += piece.len();
            out.push_str(&piece);
        }
        out.push_str("\r\n");
    }
    out
}

fn decoded(quoted: &str) -> String {
    let mail = format!(
        "Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{quoted}"
    );
    mailparse::parse_mail(mail.as_bytes()).unwrap().get_body().unwrap()
}

/// What each format makes of a text. The same is done before and after, so that what comes of mending is known byte by byte.
fn sources(text: &str) -> Vec<(&'static str, String)> {
    let json = serde_json::to_string(text).unwrap();
    let html = |text: &str| text.replace('&', "&amp;").replace('\n', "<br>\n");
    let head = "From: Dinas <dinas@contoh.go.id>\nTo: warga@contoh.id\nSubject: Jadwal layanan\nMIME-Version: 1.0\n";
    vec![
        ("plain", text.to_owned()),
        ("plain", text.replace('\n', "\r\n")),
        ("plain", format!("\u{feff}Subjek: Jadwal layanan\n\n{text}")),
        ("eml", format!("{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}")),
        (
            "mbox",
            format!("From a@b Mon Jan  1 00:00:00 2025\n{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n"),
        ),
        (
            "html",
            format!(
                "<html><body><p class=\"gak\">{}</p><a href=\"https://yg.go.id\">tautan</a></body></html>",
                html(text)
            ),
        ),
        (
            "jsonl",
            format!(
                "{{\"id\": \"gak\", \"channel\": \"email\", \"subject\": \"Jadwal\", \"body\": {json}}}\n{{\"body\": \"Baik.\"}}\n"
            ),
        ),
        ("csv", format!("id,pesan\ngak,\"{}\"\n", text.replace('"', "\"\""))),
        ("template", format!("{{{{-- gak yg --}}}}\n<p>{}</p>", html(text))),
        ("whatsapp", format!("12/10/25 08.13 - Dinas: {text}\n12/10/25 08.14 - Dinas: Baik.\n")),
        (
            "telegram",
            format!(
                "{{\"name\":\"x\",\"type\":\"personal_chat\",\"messages\":[{{\"type\":\"message\",\"from\":\"Dinas\",\"text\":{json}}}]}}"
            ),
        ),
    ]
}

fn config() -> Config {
    Config { cases: 60, failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    /// Only the words change, byte by byte.
    #[test]
    fn nothing_but_the_words_changes(words in words()) {
        let (before, after) = message(&words, 5);
        for ((name, source), (_, expected)) in sources(&before).into_iter().zip(sources(&after)) {
            prop_assert_eq!(mended_text(name, &source), expected, "{}: {}", name, source);
        }
    }

    /// Lines of quoted-printable stay within their length, and say what they should.
    #[test]
    fn quoted_printable_stays_itself(words in words()) {
        let (before, after) = message(&words, 5);
        let head = "From: dinas@contoh.go.id\r\nSubject: Jadwal layanan\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
        let made = mended_text("eml", &format!("{head}{}", quoted_printable(&before)));
        let body = made.strip_prefix(head).unwrap();
        prop_assert!(body.lines().all(|line| line.len() <= 76), "{}", body);
        prop_assert_eq!(decoded(body), decoded(&quoted_printable(&after)));
    }

    /// What is mended is mended: nothing is left to do, and nothing new is wrong.
    #[test]
    fn mending_is_done_at_once(words in words(), unsafe_too in any::<bool>()) {
        let most = if unsafe_too { Safety::Review } else { Safety::Safe };
        let (before, _) = message(&words, 9);
        for (name, source) in sources(&before) {
            let Some(once) = mend_with(name, source.as_bytes(), most).bytes else { continue };
            prop_assert_eq!(mend_with(name, &once, most).bytes, None, "{}: {}", name, String::from_utf8_lossy(&once));
            if !unsafe_too {
                let (old, new) = (counts(&lint(name, source.as_bytes())), counts(&lint(name, &once)));
                for (rule, count) in new.into_iter().filter(|((channel, _), _)| old.keys().any(|(known, _)| known == channel)) {
                    prop_assert!(count <= old.get(&rule).copied().unwrap_or(0), "{}: {:?} in {}", name, rule, String::from_utf8_lossy(&once));
                }
            }
        }
    }

    /// Whatever the bytes are, they are mended in the end, or left alone.
    #[test]
    fn any_bytes_can_be_mended(
        pieces in prop::collection::vec(prop_oneof![
            Just(b"gak yg ".to_vec()), Just(b"\n".to_vec()), Just(b"Subject: =?utf-8?Q?gak?=\n".to_vec()), Just(b"=\r\n".to_vec()), Just(b"<p>silahkan</p>".to_vec()),
            Just(b"{\"body\": \"gak\"}\n".to_vec()), Just(b"Content-Transfer-Encoding: base64\n\n".to_vec()), Just(b"From a\nX: y\n\n".to_vec()),
            prop::collection::vec(any::<u8>(), 0..20),
        ], 0..30),
    ) {
        let bytes = pieces.concat();
        for format in santun::read::FORMATS {
            if let Some(once) = mend_with(format.name, &bytes, Safety::Safe).bytes {
                prop_assert_eq!(mend_with(format.name, &once, Safety::Safe).bytes, None, "{}", format.name);
            }
        }
    }
}

/// A mail with a body in some encoding.
fn mail(fields: &str, body: &[u8]) -> Vec<u8> {
    [b"From: Dinas <dinas@contoh.go.id>\r\n", fields.as_bytes(), b"\r\n", body].concat()
}

#[test]
fn older_encodings_and_marks_are_kept() {
    let old = mail("Content-Type: text/plain; charset=windows-1252\r\n", b"Kami gak bisa di Caf\xe9 \x93itu\x94.\r\n");
    assert_eq!(
        mended("eml", &old),
        mail("Content-Type: text/plain; charset=windows-1252\r\n", b"Kami tidak bisa di Caf\xe9 \x93itu\x94.\r\n")
    );
    let wide =
        |text: &str| [&[0xff, 0xfe][..], &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat();
    assert_eq!(mended("plain", wide("Kami gak bisa 🙏\r\n")), wide("Kami tidak bisa 🙏\r\n"));
    assert_eq!(
        mended("plain", b"Kami gak bisa di Caf\xe9.\rTerima kasih.\r"),
        b"Kami tidak bisa di Caf\xe9.\rTerima kasih.\r"
    );
}

#[test]
fn words_of_headers_are_written_anew() {
    let subject = |value: &str| mail(&format!("Subject: {value}\r\nContent-Type: text/plain\r\n"), b"Isi.\r\n");
    for (before, after) in [
        ("Jadwal yg baru", "Jadwal yang baru"),
        ("=?UTF-8?Q?Jadwal_yg_baru_di_Caf=C3=A9?=", "=?UTF-8?Q?Jadwal_yang_baru_di_Caf=C3=A9?="),
        (
            "=?iso-8859-1?Q?Jadwal_pelayanan_kependudukan_yg_baru_di_Caf=E9_kelurahan?=",
            "=?iso-8859-1?Q?Jadwal_pelayanan_kependudukan_?=\r\n =?iso-8859-1?Q?yang_baru_di_Caf=E9_kelurahan?=",
        ),
        // Base64 would have to be written anew as a whole.
        ("=?utf-8?B?SmFkd2FsIHlnIGJhcnU=?=", "=?utf-8?B?SmFkd2FsIHlnIGJhcnU=?="),
    ] {
        assert_eq!(String::from_utf8(mended("eml", subject(before))), String::from_utf8(subject(after)));
    }
}

/// A word is parted where it would be too long, and nowhere else.
#[test]
fn words_of_headers_fill_their_length() {
    for width in 1..52 {
        for rest in [0, 1, 10] {
            let inner =
                |word: &str| format!("{}_{word}{}", "a".repeat(width), "_".repeat(rest.min(1)) + &"b".repeat(rest));
            let written = |inner: &str| {
                mail(&format!("Subject: =?utf-8?Q?{inner}?=\r\nContent-Type: text/plain\r\n"), b"Isi.\r\n")
            };
            let made = String::from_utf8(mended("eml", written(&inner("yg")))).unwrap();
            let subject = made.split("Subject: ").nth(1).unwrap().split("\r\nContent").next().unwrap();
            let words: Vec<&str> = subject.split("\r\n ").collect();
            assert!(words.iter().all(|word| word.len() <= 75), "{subject}");
            let whole: String = words.iter().map(|word| &word["=?utf-8?Q?".len()..word.len() - "?=".len()]).collect();
            assert_eq!(whole, inner("yang"));
            assert_eq!(words.len() == 1, "=?utf-8?Q??=".len() + inner("yang").len() <= 75, "{subject}");
        }
    }
}

/// A line of quoted-printable is parted where it would be too long, and nowhere else.
#[test]
fn lines_of_quoted_printable_fill_their_length() {
    let head = "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n";
    for width in 1..70 {
        for rest in ["", " b", " bbbbb bbbbb"] {
            let line = |word: &str| format!("{} {word}{rest}", "a".repeat(width));
            if line("gak").len() > 75 {
                continue;
            }
            for soft in [false, true] {
                let body = |line: &str| if soft { format!("{line}=\r\n c\r\n") } else { format!("{line}\r\n") };
                let made = String::from_utf8(mended("eml", mail(head, body(&line("gak")).as_bytes()))).unwrap();
                let made = made.split("\r\n\r\n").nth(1).unwrap();
                assert!(made.lines().all(|line| line.len() <= 76), "{made}");
                assert_eq!(made.replace("=\r\n", ""), body(&line("tidak")).replace("=\r\n", ""));
                let room = if soft { 75 } else { 76 };
                assert_eq!(made == body(&line("tidak")), line("tidak").len() <= room, "{width} {soft}: {made}");
            }
        }
    }
}

#[test]
fn what_cannot_be_written_is_told() {
    let base64 = mail("Content-Transfer-Encoding: base64\r\n", b"S2FtaSBnYWsgYmlzYS4=\r\n");
    let Mended { bytes, applied, unwritten } = mend_with("eml", &base64, Safety::Safe);
    assert_eq!((bytes, applied, unwritten), (None, 0, 1));
    let finding = &lint("eml", &base64).messages[0].findings;
    let finding = finding.iter().find(|finding| finding.excerpt == "gak").unwrap();
    assert!(finding.fix.is_none() && finding.help.contains("base64"), "{}", finding.help);
    // A tag within the word.
    assert_eq!(mended_text("html", "<p>Kami g<b>ak</b> bisa, gak.</p>"), "<p>Kami g<b>ak</b> bisa, tidak.</p>");
}

#[test]
fn what_is_missing_is_added_once() {
    let draft = "Subjek: Jadwal layanan KTP-el\r\n\r\nKami sampaikan bahwa loket tutup pada hari Senin.\r\n";
    let Mended { bytes, .. } = mend_with("plain", draft.as_bytes(), Safety::Review);
    let made = String::from_utf8(bytes.unwrap()).unwrap();
    assert_eq!(made.matches("Yth. ").count(), 1, "{made}");
    assert_eq!(made.matches('\n').count(), made.matches("\r\n").count(), "{made:?}");
    assert_eq!(mend_with("plain", made.as_bytes(), Safety::Review).bytes, None);
}

#[test]
fn what_is_missing_has_its_place() {
    let facts = Facts {
        names: vec!["Dinas Dukcapil Kota X".to_owned()],
        people: vec!["Rina Kurnia".to_owned()],
        positions: vec!["Pengelola Layanan".to_owned()],
        contacts: vec!["(021) 555-0123".to_owned()],
        ..Facts::default()
    };
    let made = |name: &str, source: &str| {
        let linter = Linter { lang: Lang::En, ..Linter::new(&RULES, &ALL, &facts) };
        let mended = linter.mend(format(name), &window(source.as_bytes()), &Hints::default(), Safety::Review);
        String::from_utf8(mended.bytes.unwrap()).unwrap()
    };
    for (name, head, filled) in [
        (
            "plain",
            "Dari: a@dukcapil.kotax.go.id\nSubjek: \n\n",
            "Dari: a@dukcapil.kotax.go.id\nSubjek: [pokok isi surat]\n\n",
        ),
        (
            "eml",
            "From: a@dukcapil.kotax.go.id\nSubject: \n\n",
            "From: a@dukcapil.kotax.go.id\nSubject: [pokok isi surat]\n\n",
        ),
    ] {
        assert_eq!(
            made(name, &format!("{head}KTP-el Ibu sudah jadi dan dapat diambil di loket 2.\n")),
            format!(
                "{filled}Yth. Bapak/Ibu,\n\nKTP-el Ibu sudah jadi dan dapat diambil di loket 2.\n\n\
                Atas perhatian Bapak/Ibu, kami ucapkan terima kasih.\n\n\
                Untuk informasi lebih lanjut, silakan hubungi (021) 555-0123.\n\nHormat kami,\n\n\
                Rina Kurnia\nPengelola Layanan\nDinas Dukcapil Kota X\n"
            )
        );
    }
    assert_eq!(
        made("plain", "Kanal: chat\n\nSelamat pagi, Bu. Berkas Ibu sudah kami terima.\n"),
        "Kanal: chat\n\nSelamat pagi, Bu. Saya Rina Kurnia dari Dinas Dukcapil Kota X. Berkas Ibu sudah kami terima.\n"
    );
}
