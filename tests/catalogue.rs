//! Catalogues of an application, front matter, and templates that hold no message: what is read of them, and where it stands.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use santun::facts::Facts;
use santun::lint::{Detail, Linter, WindowReport};
use santun::message::{Channel, Field};
use santun::read::{Format, Hints, KeyPattern, MessageKeys};
use santun::ruleset::{Choice, RuleSet};
use santun::source::Window;
use santun::span::TextSpan;

fn window(source: &[u8]) -> Window {
    Window::whole(source)
}

/// Hints with pairs of keys: bodies, and subjects or nothing.
fn hints(file_name: &str, keys: &[(&str, &str)]) -> Hints {
    let keys = keys.iter().map(|(body, subject)| {
        let subject = Some(*subject).filter(|subject| !subject.is_empty());
        MessageKeys::new(KeyPattern::parse(body).unwrap(), subject.map(|key| KeyPattern::parse(key).unwrap())).unwrap()
    });
    Hints { file_name: file_name.to_owned(), messages: keys.collect(), ..Hints::default() }
}

/// What was read: each field as it is, and each of its words as it stands in the source.
fn shown(format: &str, source: &[u8], hints: &Hints) -> String {
    let format = Format::by_name(format).unwrap();
    let window = window(source);
    let text = format.decode(&window);
    let mut out = String::new();
    let slice = |field: &Field<'_>, span: TextSpan| {
        let span = field.locate(span);
        let bytes = &source[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
        String::from_utf8_lossy(bytes).into_owned()
    };
    for reading in format.read(&text, &window, hints) {
        let conversation = match reading {
            Ok(conversation) => conversation,
            Err(unreadable) => {
                writeln!(out, "{unreadable:?}").unwrap();
                continue;
            }
        };
        for note in &conversation.notes {
            writeln!(out, "{note:?}").unwrap();
        }
        for message in &conversation.messages {
            let id = message.id.as_deref().unwrap_or("-");
            writeln!(out, "#{} {id} {} {:?}", message.index, message.channel.name(), message.span).unwrap();
            for field in &message.fields {
                writeln!(out, "  {}: {:?}", field.part.name(), field.text).unwrap();
                for (line, text) in field.text.match_indices(|c: char| !c.is_whitespace()).fold(
                    Vec::<(TextSpan, String)>::new(),
                    |mut words, (at, c)| {
                        match words.last_mut() {
                            Some((span, word)) if span.range().end == at => {
                                span.end += u32::try_from(c.len()).unwrap();
                                word.push_str(c);
                            }
                            _ => words.push((TextSpan::new(at..at + c.len()), c.to_owned())),
                        }
                        words
                    },
                ) {
                    let stands = slice(field, line);
                    if stands != text {
                        writeln!(out, "    {text} = {stands}").unwrap();
                    }
                }
            }
        }
    }
    out
}

fn lint(format: &str, source: &[u8], hints: &Hints) -> WindowReport {
    let (rules, facts) = (RuleSet::embedded(), Facts::default());
    let selection = rules.select(&Choice::default(), &[]);
    let linter = Linter { detail: Detail::Lines, ..Linter::new(&rules, &selection, &facts) };
    linter.lint(Format::by_name(format).unwrap(), &window(source), hints)
}

const CATALOGUE: &str = r#"{
  "tiket": {
    "judul": "Tiket {{1}} \u2013 diterima",
    "pesan": "Yth. Bapak\/Ibu {nama},\n\nLaporan tentang caf\u00e9 sudah kami terima \ud83d\ude4f.\nTerima kasih.",
    "aktif": true
  },
  "tagihan": {"pesan": "Tagihan sudah terbit.", "jumlah": -1.5e3, "kosong": null},
  "belum": {"judul": "Belum", "pesan": " "},
  "notifikasi": {
    "antre": ["Nomor {{1}} dipanggil.", {"lalu": "Mohon ke loket."}, 3, "Terima kasih."],
    "surel": "<p>Yth. Ibu <b>Sari<\/b>,<\/p>\n<p>Jadwal &amp; tempat\n tetap.<\/p>"
  },
  "Pesan. Anda*": "Pesan Anda sudah kami terima."
}"#;

#[test]
fn messages_stand_in_a_catalogue() {
    let keys = [("*.pesan", "*.judul"), ("notifikasi.**", ""), ("\"Pesan. Anda*\"", "")];
    insta::assert_snapshot!(shown("catalogue", CATALOGUE.as_bytes(), &hints("id.json", &keys)));
}

/// The first keys that name a string count; lists count from 0; subjects may stand beside several bodies.
#[test]
fn keys_lead_to_messages() {
    let source = r#"{"a": {"judul": "Judul", "isi": ["satu", {"b": "dua"}]}, "b": "tiga"}"#;
    let ids = |keys: &[(&str, &str)]| {
        let shown = shown("catalogue", source.as_bytes(), &hints("x.json", keys));
        let lines: Vec<&str> = shown.lines().filter(|line| !line.starts_with("    ")).map(str::trim).collect();
        lines.join("\n")
    };
    let mut all = String::new();
    for keys in [
        &[("a.isi.0", "a.judul")][..],
        &[("*.isi.**", "*.judul")],
        &[("**", "")],
        &[("**.b", "")],
        &[("*", ""), ("b", "")],
        &[("a.*", "")],
        &[("**", "a.judul")],
        &[("b", "c")],
        &[],
    ] {
        writeln!(all, "{keys:?}\n{}\n", ids(keys)).unwrap();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn catalogues_may_be_in_utf16() {
    let source = "{\"pesan\": \"Yth. Ibu\\nSari \u{1f64f} baik\"}";
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(source.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let report = lint("catalogue", &bytes, &Hints { forced: Some(Channel::Chat), ..hints("x.json", &[("pesan", "")]) });
    assert_eq!(report.messages[0].id.as_deref(), Some("\"pesan\""));
    let format = Format::by_name("catalogue").unwrap();
    let window = window(&bytes);
    let text = format.decode(&window);
    let readings = format.read(&text, &window, &hints("x.json", &[("pesan", "")]));
    let body = readings[0].as_ref().unwrap().messages[0].body().unwrap();
    let at = body.text.find("baik").unwrap();
    let span = body.locate(TextSpan::new(at..at + 4));
    assert_eq!(bytes[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()], *b"b\0a\0i\0k\0");
}

#[test]
fn what_is_no_json_is_told_with_its_line() {
    let deep = format!("{{\"a\":\n{}{}}}", "[".repeat(200), "]".repeat(200));
    let mut all = String::new();
    for source in ["", "{\n  \"a\": \"b\",\n}", "{\"a\": \"b\"} x", "{\"a\": \"\n", &deep] {
        all.push_str(&shown("catalogue", source.as_bytes(), &hints("x.json", &[("a", "")])));
    }
    insta::assert_snapshot!(all);
}

/// Findings of a catalogue lie in its strings.
#[test]
fn findings_lie_in_the_strings() {
    let source =
        r#"{"x": "gak", "pesan": ["Jadwal\tgak \u0067ak berubah", "<p title='gak'>Jadwal <b>gak<\/b> ada</p>"]}"#;
    let report = lint("catalogue", source.as_bytes(), &hints("chat.json", &[("pesan.*", "")]));
    let mut found = Vec::new();
    for message in &report.messages {
        for finding in message.findings.iter().filter(|finding| finding.rule == "language/slang") {
            let span = finding.place.span;
            found.push(source.get(usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()).unwrap());
        }
    }
    assert_eq!(found, ["gak", "\\u0067ak", "gak"]);
}

const YAML: &str = r#"# Pesan aplikasi
id:
  tiket:
    judul: 'Jum''at: tiket {{1}}'  # subjek
    pesan: "Yth. Bapak\/Ibu,\n\nLaporan caf\u00e9 \U0001F64F kami
      terima.

      Terima \
      kasih."   # penutup
  polos:
    judul: &judul Tiket – diterima
    pesan: Laporan sudah
      kami

      terima.
  harfiah:
    judul: *judul
    pesan: |

      Yth. Ibu Sari,
        - café

      Jadwal tetap.
    aktif: true
    jumlah: -1.5e3
    kosong: ~
  lipat:
    pesan: >-
      Yth. Ibu
      Sari,

      jadwal
      tetap.
  daftar:
    pesan:
    - 'Nomor
      dipanggil.'
    - {lagi: "Mohon ke loket.", ? [a, b] : c}
    - 12
    - |2+
        <p>Yth. Ibu <b>Sari</b>,</p>
      <p>Jadwal &amp; tempat</p>

en:
  polos: {pesan: Terima kasih.}
"#;

#[test]
fn messages_stand_in_yaml() {
    let keys = [("*.*.pesan", "*.*.judul"), ("id.daftar.**", "")];
    let unix = shown("catalogue", YAML.as_bytes(), &hints("id.yml", &keys));
    insta::assert_snapshot!(unix);
    // The same texts, whatever ends the lines and the file.
    let texts = |shown: &str| {
        let is_text = |line: &&str| line.starts_with("  body") || line.starts_with("  subject");
        shown.lines().filter(is_text).map(str::to_owned).collect::<Vec<_>>()
    };
    let dos = YAML.replace('\n', "\r\n");
    assert_eq!(texts(&shown("catalogue", dos.as_bytes(), &hints("", &keys))), texts(&unix));
}

/// Each word of a scalar is found where it stands, and none is mapped to a whole scalar.
#[test]
fn words_of_yaml_have_their_places() {
    let scalars = [
        "satu dua tiga",
        "'satu ''dua'' tiga'",
        "\"satu \\\"dua\\t tiga\"",
        "!!str satu dua tiga",
        "!!str &x # catatan\n  'satu dua tiga'",
        "&x \"satu dua tiga\" # empat",
        "|\n  satu\n  dua\n   tiga\n",
        "|-\n\n\n  satu\n\n\n  dua\n  tiga",
        ">\n  satu\n  dua\n\n    tiga\n  empat\n",
        ">2-\n    satu\n  dua\n\n\n  tiga\n\n\n",
        "|+ # catatan\n satu\n dua\n tiga\n\n\n",
        "satu\n  dua\n\n\n  tiga",
        "'satu\n  dua  \n\n  tiga '",
        "\"\n  satu\\\n  dua \\\n\n  tiga\n\n  \"",
    ];
    for scalar in scalars {
        for (start, breaks) in [("é: ☕\npesan: ", "\n"), ("\u{feff}pesan: ", "\r\n")] {
            let source = format!("{start}{scalar}\nz: y\n").replace('\n', breaks);
            let window = window(source.as_bytes());
            let format = Format::by_name("catalogue").unwrap();
            let text = format.decode(&window);
            let readings = format.read(&text, &window, &hints("x.yaml", &[("pesan", "")]));
            let message = &readings[0].as_ref().unwrap().messages[0];
            let body = message.body().unwrap();
            for word in ["satu", "dua", "tiga"] {
                let at = body.text.find(word).unwrap();
                let span = body.locate(TextSpan::new(at..at + word.len()));
                let range = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
                assert_eq!(source.get(range), Some(word), "{source:?}");
                assert!(message.span.start <= span.start && span.end <= message.span.end, "{source:?}");
            }
        }
    }
}

#[test]
fn what_is_no_yaml_is_told_with_its_line() {
    let deep = format!("a:\n  {}b", "- ".repeat(200));
    let flow = format!("a:\n  {}b", "[".repeat(300));
    let mut all = String::new();
    for source in ["", "a: b", "a: \"b", "a: b\nc: d: e\n", "a:\n\t- b", "a: 'b'\nb: *c", "a: b\n\0", &deep, &flow] {
        all.push_str(&shown("catalogue", source.as_bytes(), &hints("x.yaml", &[("a", "")])));
    }
    insta::assert_snapshot!(all);
}

const FRONT: &str = "---\nlayout: surel # tata letak\njudul: Judul halaman\nsubject: \"Jadwal \\\"baru\\\" {{ nama }}\"\n\
                     kepada: warga@x.go.id\nkanal: email\ntags:\n  - a\n---\n";

#[test]
fn front_matter_tells_the_subject() {
    let draft = format!("{FRONT}\nYth. Ibu Sari,\n\nJadwalnya tetap.\n");
    let blade = format!("{FRONT}<p>Yth. Ibu {{{{ $nama }}}},</p>\r\n<p>Jadwalnya <b>tetap</b>.</p>\n");
    let jinja = "---\r\ntitle: 'Jum''at'\r\n---\r\nYth. {{ nama }},\r\n{% if x %}Baik.{% endif %}\r\n";
    let mut all = String::new();
    for (format, source) in [("plain", draft.as_str()), ("template", &blade), ("template", jinja), ("html", &blade)] {
        writeln!(all, "{format}\n{}", shown(format, source.as_bytes(), &Hints::default())).unwrap();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn front_matter_that_is_none_is_text() {
    let mut all = String::new();
    for source in [
        "---\nYth. Ibu Sari,\n---\nBaik.\n",
        "---\nsubjek: Jadwal\n\nYth. Ibu Sari\n",
        "---\nkanal: radio\n---\nBaik.\n",
        "\n---\nsubjek: Jadwal\n---\n",
    ] {
        all.push_str(&shown("plain", source.as_bytes(), &Hints::default()));
    }
    insta::assert_snapshot!(all);
}

/// What shows no words of its own is no message.
#[test]
fn code_and_layouts_hold_no_message() {
    let class = "<?php\n\nnamespace App\\Mail;\n\nclass Tagihan extends Mailable\n{\n    public function build()\n    {\n        \
                 return $this->subject('Tagihan gak jelas')->html('<p>Halo</p>')->view('surel.tagihan');\n    }\n}\n";
    let layout = "<!DOCTYPE html>\n<html><head><title>X</title></head><body>\n@yield('isi')\n{{ $slot }}\n\
                  @include('kaki')</body></html>\n";
    for source in [class, layout, "<?php return ['a' => 'b'];", "{% block isi %}{% endblock %}", "{{ isi }}", ""] {
        let report =
            lint("template", source.as_bytes(), &Hints { file_name: "Surel.php".to_owned(), ..Hints::default() });
        assert!(report.messages.is_empty(), "{source}");
        assert_eq!(report.notes.len(), 1, "{source}");
    }
    for source in ["<?php $a = 1; ?>\nYth. Ibu,", "<p>Yth. {{ nama }}</p>", "---\njudul: Jadwal\n---\n{{ isi }}"] {
        assert_eq!(lint("template", source.as_bytes(), &Hints::default()).messages.len(), 1, "{source}");
    }
}

#[test]
fn reading_takes_time_in_proportion() {
    let long = "k".repeat(200_000);
    let sources = [
        format!("[{}]", vec!["\"a\""; 30_000].join(",")),
        format!("{{\"{long}\": [{}]}}", vec!["\"a\""; 30_000].join(",")),
        format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000)),
        format!("[\"{}\"]", "\\u0061".repeat(300_000)),
        format!("---\n{}", "a: b\n".repeat(300_000)),
        format!("---\n{}---\n", "subjek: b\n".repeat(20_000)),
        "- ".repeat(300_000),
        "? ".repeat(300_000),
        format!("a: |\n{}", " b\n\n".repeat(100_000)),
        format!("a: >\n{}", "\n".repeat(300_000)),
        format!("a: \"{}\"", "\\x61 \n ".repeat(100_000)),
        format!("a: '{}'", "''".repeat(300_000)),
    ];
    for source in sources {
        let start = Instant::now();
        let file_name = if source.starts_with(['[', '{']) { "x.json" } else { "x.yaml" };
        let hints = hints(file_name, &[("**", "**"), ("*.*.*", "")]);
        for name in ["catalogue", "plain"] {
            let format = Format::by_name(name).unwrap();
            let window = window(source.as_bytes());
            let text = format.decode(&window);
            let _ = format.read(&text, &window, &hints);
        }
        let took = start.elapsed();
        assert!(took < Duration::from_secs(60), "{took:?} for {}", source.get(..40).unwrap());
    }
}
