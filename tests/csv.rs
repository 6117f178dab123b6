//! Tables in CSV and TSV: what is read of them, that every word knows its bytes, and that windows change nothing.

#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use santun::message::{Message, Note, Part, Problem, Unreadable};
use santun::read::{Column, Cut, Format, Hints};
use santun::source::Window;
use santun::span::Span;

fn window(bytes: &[u8]) -> Window {
    Window::whole(bytes)
}

fn csv() -> &'static Format {
    Format::by_name("csv").unwrap()
}

fn cut() -> Cut {
    csv().cut.unwrap()
}

fn slice(bytes: &[u8], span: Span) -> &[u8] {
    &bytes[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()]
}

fn columns(pairs: &[(&str, &str)]) -> Hints {
    let column = |(part, name): &(&str, &str)| (Column::parse(part).unwrap(), (*name).to_owned());
    Hints { columns: pairs.iter().map(column).collect(), ..Hints::default() }
}

/// A message without what borrows, or why there is none.
type Read = Result<Shown, Unreadable>;

/// Its name, its text, the span of the whole, and its tokens with theirs.
type ShownField = (&'static str, String, Span, Vec<(String, Span)>);

#[derive(Clone, Debug, PartialEq)]
struct Shown {
    index: u64,
    id: Option<String>,
    channel: &'static str,
    attachments: Option<usize>,
    span: Span,
    fields: Vec<ShownField>,
}

fn shown(message: &Message<'_>) -> Shown {
    let fields = message.fields.iter().map(|field| {
        let whole = santun::span::TextSpan::new(0..field.text.len());
        let tokens = field.tokens.iter().map(|t| (t.of(&field.text).to_owned(), field.locate(t.span()))).collect();
        (field.part.name(), field.text.to_string(), field.locate(whole), tokens)
    });
    Shown {
        index: message.index,
        id: message.id.as_ref().map(ToString::to_string),
        channel: message.channel.name(),
        attachments: message.attachments,
        span: message.span,
        fields: fields.collect(),
    }
}

fn read_window(window: &Window, hints: &Hints) -> Vec<Read> {
    let text = csv().decode(window);
    let readings = csv().read(&text, window, hints);
    let one = |conversation: santun::message::Conversation<'_>| {
        // A table without messages has nothing but a remark.
        assert_eq!(conversation.messages.len(), usize::from(conversation.notes.is_empty()));
        conversation.messages.first().map(shown)
    };
    readings.into_iter().filter_map(|reading| reading.map(one).transpose()).collect()
}

fn read(bytes: &[u8], hints: &Hints) -> Vec<Read> {
    read_window(&window(bytes), hints)
}

fn bodies(source: &str) -> Vec<String> {
    let all = read(source.as_bytes(), &Hints::default());
    all.into_iter().map(|message| message.unwrap().fields.last().unwrap().1.clone()).collect()
}

/// Reads in windows of at least `size` bytes, cut as the command cuts them.
fn read_in_windows(bytes: &[u8], size: usize, hints: &Hints) -> Vec<Read> {
    let mut all = Vec::new();
    let (mut at, mut line, mut index) = (0, 1, 0);
    let mut head: Arc<[u8]> = Arc::default();
    while at < bytes.len() {
        let rest = &bytes[at..];
        let mut seen = size;
        let end = loop {
            if seen >= rest.len() {
                break rest.len();
            }
            if let Some(end) = (cut().last)(&head, &rest[..seen]) {
                assert!(end > 0 && end <= seen);
                break end;
            }
            seen += size;
        };
        let window = Window {
            bytes: rest[..end].to_vec(),
            base: at as u64,
            line,
            index,
            head: Arc::clone(&head),
            first: at == 0,
            last: end == rest.len(),
        };
        all.extend(read_window(&window, hints));
        line += rest[..end].split(|b| *b == b'\n').skip(1).count() as u64;
        index += (cut().count)(&head, &window.bytes);
        if head.is_empty() {
            head = (cut().head.unwrap())(&window).into();
        }
        at += end;
    }
    all
}

/// The fields of each message beside the bytes that they came from.
fn report(bytes: &[u8], hints: &Hints) -> String {
    let mut out = String::new();
    for message in read(bytes, hints) {
        match message {
            Ok(Shown { index, id, channel, attachments, span, fields }) => {
                let lines = String::from_utf8_lossy(slice(bytes, span)).lines().count();
                let id = id.unwrap_or_default();
                let _ = writeln!(out, "{index} {channel} id={id} attachments={attachments:?} lines={lines}");
                for (name, text, span, _) in fields {
                    let source = String::from_utf8_lossy(slice(bytes, span)).into_owned();
                    let _ = writeln!(out, "  {name}: {text:?}");
                    if source != text {
                        let _ = writeln!(out, "    from {source:?}");
                    }
                }
            }
            Err(Unreadable { index, line, id, problem }) => {
                let _ = writeln!(out, "{index} line {line} id={}: {problem}", id.unwrap_or_default());
            }
        }
    }
    out
}

#[test]
fn reads_commas_and_quotes() {
    let source = "id,kanal,Perihal,Pengirim,Isi Pesan,lampiran\r\n\
        a-1,email,Jadwal Layanan,\"Dinas X <layanan@x.go.id>\",\"Yth. Ibu Sari,\r\n\r\nLoket \"\"B\"\" gak buka.\r\n\",\"jadwal.pdf, peta.png\"\r\n\
        \r\n\
        2,CHAT,,,\"Jadwal tetap, Bu.\",\r\n\
        3,radio,,,Jadwal tetap.,\r\n\
        ,,,,,\r\n\
        \"a\"\"5\",chat\r\n\
        6,chat,,,Jadwal, Bu\r\n\
        7,chat,,,Jadwal tetap, Bu, ya\r\n";
    insta::assert_snapshot!(report(source.as_bytes(), &Hints::default()));
}

#[test]
fn reads_semicolons_with_a_mark() {
    let source = "\u{feff}No;Tanggal;Teks\n1;2026-01-12;Halo, warga; \n2;;\"Layanan; gak tutup\" besok\n3;; pukul \"08.00\" é 🙏\n";
    insta::assert_snapshot!(report(source.as_bytes(), &Hints::default()));
}

#[test]
fn reads_tabs_and_named_columns() {
    let source = "kode\tpesan\tisi\ttopik\n7\tcatatan dalam, rahasia; jangan\tJadwal \"tetap\", Bu.\tJadwal\n8\t\t\"Dua\tsel\"\t\n";
    let hints = columns(&[("body", "ISI"), ("subject", "topik"), ("id", "kode")]);
    insta::assert_snapshot!(report(source.as_bytes(), &hints));
}

#[test]
fn reads_older_encodings_and_old_line_ends() {
    let bytes = b"id;isi\n1;Jum\x92at \"libur\"\n2;\"tidak \"\"\x93boleh\x94\"\"\"\n";
    insta::assert_snapshot!(report(bytes, &Hints::default()));
    let source = "id,isi\n1,\"gak é\n🙏\"\n";
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(source.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let wide = read(&utf16, &Hints::default());
    let (_, text, span, _) = wide[0].as_ref().unwrap().fields.last().unwrap().clone();
    assert_eq!((text.as_str(), span), ("gak é\n🙏", Span { start: 2 + 2 * 10, end: 2 + 2 * 18 }));
    assert_eq!(bodies("id,isi\r1,satu\r2,dua"), ["satu", "dua"]);
}

#[test]
fn a_table_of_one_column_has_whole_lines() {
    assert_eq!(bodies("pesan\nHalo, Bu; apa kabar?\n\"Dua\nbaris\"\n"), ["Halo, Bu; apa kabar?", "Dua\nbaris"]);
}

#[test]
fn tells_which_columns_there_are() {
    let problem = |source: &str, hints: &Hints| {
        let mut all = read(source.as_bytes(), hints);
        assert_eq!(all.len(), 1);
        all.remove(0).unwrap_err()
    };
    let there = vec!["kode".to_owned(), "Nama, gelar".to_owned()];
    let found = problem("\nkode,\"Nama, gelar\"\n1,a\n", &columns(&[("body", "kode"), ("to", "Penerima")]));
    assert_eq!((found.index, found.line, &found.id), (0, 2, &None));
    assert_eq!(found.problem, Problem::Column { part: "to", name: "Penerima".to_owned(), there: there.clone() });
    // A table that holds no messages may be about something else.
    let notes = |source: &str| {
        let window = window(source.as_bytes());
        let format = Format::by_name("csv").unwrap();
        let text = format.decode(&window);
        let mut all = format.read(&text, &window, &Hints::default());
        let conversation = all.remove(0).unwrap();
        assert!(all.is_empty() && conversation.messages.is_empty());
        conversation.notes
    };
    assert_eq!(notes("\nkode,\"Nama, gelar\"\n1,a\n2,b\n"), [Note::NoColumn(there)]);
    let [Note::NoColumn(there)] = &notes(&format!("{}\n", vec!["x"; 1000].join(",")))[..] else { panic!() };
    assert!(there.len() <= 21);
    for empty in ["", "\n\n", "isi", "id,isi\n", "id,isi\n\n \n"] {
        assert_eq!(read(empty.as_bytes(), &Hints::default()), []);
    }
}

#[test]
fn is_known_by_its_name_or_a_clear_header() {
    let name = |file: &str, head: &str| Format::sniffed(file, head.as_bytes()).name;
    assert_eq!(name("Batch.CSV", "apa saja"), "csv");
    assert_eq!(name("batch.tsv", "apa saja"), "csv");
    for table in [
        "id,isi\n1,Halo\n",
        "\u{feff}Nama;Pesan\r\nSari;\"Halo\nBu\"\r\n",
        "no\t\"isi pesan\"\n1\tHalo\n",
        "message_id,text\n\n1,a",
    ] {
        assert_eq!(name("<stdin>", table), "csv", "{table:?}");
    }
    for draft in [
        "Halo, isi\nsatu, dua\n",
        "Pesan, Bu\nSari, Budi\n",
        "isi\nHalo, Bu\n",
        "id,isi",
        "id,isi\nHalo\n",
        "Mohon maaf,pesan\nBaru sampai sekarang, Bu.\nTerima kasih.\n".trim_end(),
        "Dari: Sari, isi\nKepada: a, b\n",
        "id,\"isi\n1,Halo\n",
        "Yth. Ibu Sari,\n\nisi,pesan\n",
        "id,nama\n1,Sari\n",
    ] {
        assert_eq!(name("<stdin>", draft), "plain", "{draft:?}");
    }
}

#[test]
fn what_never_closes_is_one_cell() {
    let open = format!("id,isi\n1,\"Halo\n{}", "a,\"\"b\n".repeat(200_000));
    let all = read(open.as_bytes(), &Hints::default());
    assert_eq!(all.len(), 1);
    let (_, text, span, _) = all[0].as_ref().unwrap().fields.last().unwrap().clone();
    assert_eq!((span.start, span.end), (10, open.len() as u64));
    assert!(text.ends_with("a,\"b\n"));
    assert_eq!((cut().last)(&[], open.as_bytes()), Some(7));
    assert_eq!((cut().last)(b",id,isi", &open.as_bytes()[7..]), None);
    let header = format!("id,\"isi\n{}", "a,b\n".repeat(200_000));
    assert_eq!(read(header.as_bytes(), &Hints::default()).len(), 0);
}

#[test]
fn a_million_separators_are_read() {
    let wide = format!("id,isi\n1,Halo{}\n", ",".repeat(1_000_000));
    let all = read(wide.as_bytes(), &Hints::default());
    assert_eq!(all[0].as_ref().unwrap().fields.last().unwrap().1, "Halo");
    let header = format!("{}isi\n{}Halo\n", ";".repeat(1_000_000), ";".repeat(1_000_000));
    assert_eq!(bodies(&header), ["Halo"]);
    let marks = format!("id,isi\n{}\n", "\",".repeat(1_000_000));
    assert_eq!(read(marks.as_bytes(), &Hints::default()).len(), 1);
    let blank = format!("id,isi{}1,Halo", "\n".repeat(1_000_000));
    assert_eq!(bodies(&blank), ["Halo"]);
}

/// The command reads a file of several windows as one table, from the header of the first.
#[test]
fn a_large_file_keeps_its_header() {
    let mut source = "id;kanal;isi\n".to_owned();
    let mut rows = 0;
    while source.len() < 5 << 19 {
        let _ = writeln!(source, "{rows};chat;\"Jadwal; \"\"tetap\"\" 🙏\n\ngak {}\"", "berubah ".repeat(rows % 200));
        rows += 1;
    }
    let folder = std::env::temp_dir().join(format!("santun-csv-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("besar.csv");
    std::fs::write(&path, &source).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_lint"))
        .args(["--isolated", "--select", "language/slang", "--format", "jsonl", "--jobs", "2"])
        .arg(&path)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), rows);
    for (index, line) in text.lines().enumerate() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!((&line["index"], &line["id"]), (&index.into(), &index.to_string().into()));
        let found = &line["diagnostics"][0];
        let at = |key: &str| usize::try_from(found["span"][key].as_u64().unwrap()).unwrap();
        assert_eq!(&source[at("start")..at("end")], "gak");
        // The header, then three lines a record, of which the last has the word.
        assert_eq!(found["start"]["line"], 1 + 3 * (index + 1));
    }
}

/// A cell, and whether it is written with quotes though it needs none.
fn cell() -> impl Strategy<Value = (String, bool)> {
    let pieces = ["gak", "berkas", "é", "🙏", " ", "\n", "\r\n", ",", ";", "\t", "\"", "\"\"", "pukul 08.00", "'"];
    (prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..8).prop_map(|p| p.concat()), any::<bool>())
}

/// The table, and where the inner text of each cell begins and ends.
fn written(rows: &[Vec<(String, bool)>], separator: char, ending: &str, marked: bool) -> (String, Vec<Vec<Span>>) {
    let mut out = String::from(if marked { "\u{feff}" } else { "" });
    let _ = write!(out, "id{separator}perihal{separator}isi{ending}");
    let mut places = Vec::new();
    for row in rows {
        let mut row_places = Vec::new();
        for (at, (text, quoted)) in row.iter().enumerate() {
            if at > 0 {
                out.push(separator);
            }
            let quoted = *quoted || text.contains(['"', '\n', '\r', separator]);
            out.push_str(if quoted { "\"" } else { "" });
            let start = out.len() as u64;
            out.push_str(&if quoted { text.replace('"', "\"\"") } else { text.clone() });
            row_places.push(Span { start, end: out.len() as u64 });
            out.push_str(if quoted { "\"" } else { "" });
        }
        out.push_str(ending);
        places.push(row_places);
    }
    (out, places)
}

proptest! {
    /// What a writer writes is read back, and each word stands where its bytes are.
    #[test]
    fn words_know_their_bytes(
        rows in prop::collection::vec(prop::collection::vec(cell(), 3..4), 0..6),
        separator in prop::sample::select(vec![',', ';', '\t']),
        ending in prop::sample::select(vec!["\n", "\r\n"]),
        marked in any::<bool>(),
        size in 1_usize..60,
    ) {
        let (source, places) = written(&rows, separator, ending, marked);
        let all = read(source.as_bytes(), &Hints::default());
        prop_assert_eq!(all.len(), rows.len());
        for (index, (message, (row, places))) in all.iter().zip(rows.iter().zip(&places)).enumerate() {
            let message = message.as_ref().unwrap();
            prop_assert_eq!(message.index, index as u64);
            let id = (!row[0].0.trim().is_empty()).then(|| serde_json::to_string(&row[0].0).unwrap());
            prop_assert_eq!(&message.id, &id);
            for (name, text, span, tokens) in &message.fields {
                let at = if *name == Part::Body.name() { 2 } else { 1 };
                prop_assert_eq!(text, &row[at].0);
                prop_assert_eq!(*span, places[at]);
                for (token, span) in tokens {
                    let bytes = std::str::from_utf8(slice(source.as_bytes(), *span)).unwrap();
                    prop_assert_eq!(bytes.replace("\"\"", "\""), token.as_str());
                    if !token.contains('"') {
                        prop_assert_eq!(bytes, token.as_str());
                    }
                }
            }
        }
        prop_assert_eq!(read_in_windows(source.as_bytes(), size, &Hints::default()), all);
    }

    /// Any bytes are read, alike in windows of any size, and spans lie within the source.
    #[test]
    fn anything_is_read(
        pieces in prop::collection::vec(prop::sample::select(vec![
            &b"\""[..], b"\"\"", b",", b";", b"\t", b"\n", b"\r\n", b"\r", b" ", b"gak", b"1", "é".as_bytes(), b"chat", b"radio", b"\xef\xbb\xbf",
        ]), 0..60),
        header in prop::sample::select(vec!["", "id,isi\n", "\nid;kanal;isi\r\n", "isi\n", "\"i\nd\"\t\"isi\"\n", "kode,nama\n", "isi,lampiran,isi"]),
        size in 1_usize..40,
    ) {
        let bytes = [header.as_bytes(), &pieces.concat()].concat();
        let hints = Hints::default();
        let all = read(&bytes, &hints);
        for message in all.iter().flatten() {
            for (_, _, _, tokens) in &message.fields {
                let mut last = message.span.start;
                for (_, span) in tokens {
                    prop_assert!(span.start >= last && span.end >= span.start && span.end <= message.span.end);
                    last = span.start;
                }
            }
        }
        // Old line ends are found in whole files alone, and the header says what the marks in it mean.
        if !header.is_empty() && header.ends_with('\n') {
            prop_assert_eq!(read_in_windows(&bytes, size, &hints), all);
        }
    }
}
