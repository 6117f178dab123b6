//! HTML and templates: what a reader sees of them, which parts it has, and what no input may cost.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use santun::facts::Facts;
use santun::lint::{Detail, Linter, WindowReport};
use santun::message::Role;
use santun::read::{Format, Hints};
use santun::ruleset::{Choice, RuleSet};
use santun::source::{Text, Window};
use santun::span::SpanMap;

fn window(source: &str) -> Window {
    Window::whole(source)
}

fn hints(file_name: &str) -> Hints {
    Hints { file_name: file_name.to_owned(), ..Hints::default() }
}

/// The body with the names of its parts, and what it shows of its sender.
fn parts(file_name: &str, source: &str) -> String {
    let text = Text { text: source.into(), map: SpanMap::verbatim(0, source.len()), encoding: "UTF-8", line: 1 };
    let format = Format::sniffed(file_name, source.as_bytes());
    let window = window(source);
    let readings = format.read(&text, &window, &hints(file_name));
    let message = &readings[0].as_ref().unwrap().messages[0];
    let body = message.body().unwrap();
    let mut out = format!("{} {} {:?}\n", format.name, message.channel.name(), message.sender);
    for segment in &body.segments {
        let text = segment.text.of(&body.text);
        let shown = if segment.role == Role::Placeholder {
            format!("⟦{text}⟧")
        } else {
            format!("‹{}›{text}", segment.role.name())
        };
        write!(out, "{shown}").unwrap();
    }
    out
}

fn lint(file_name: &str, source: &str) -> WindowReport {
    let (rules, facts) = (RuleSet::embedded(), Facts::default());
    let selection = rules.select(&Choice::default(), &[]);
    let linter = Linter { detail: Detail::Lines, ..Linter::new(&rules, &selection, &facts) };
    linter.lint(Format::sniffed(file_name, source.as_bytes()), &window(source), &hints(file_name))
}

#[test]
fn a_mail_in_html() {
    let mail = r#"<!DOCTYPE html>
<html><head><title>Gak dibaca</title><style>.gak { color: red }</style></head>
<body style="margin:0">
<div style="display:none">Pratinjau gak penting</div>
<table width="100%"><tr><td>
  <p>Yth. Ibu Sari&nbsp;Dewi,</p>
  <p>Permohonan izin Ibu sudah kami terima. Jadwal pemeriksaannya:</p>
  <table>
    <tr><td>Hari</td><td>:</td><td>Senin, 20 Oktober 2025</td></tr>
    <tr><td>Tempat</td><td>:</td><td>Loket 2 &amp; 3</td></tr>
  </table>
  <p>Demikian kami sampaikan. Terima kasih atas kerja sama Ibu.</p>
  <p>Hormat kami,<br><b>Budi Santoso</b><br>Analis Perizinan<br>Dinas Penanaman Modal Kota X</p>
</td></tr></table>
<!-- gak tampil -->
<div class="footer">© 2025 Pemerintah Kota X</div>
</body></html>"#;
    insta::assert_snapshot!(parts("izin.html", mail));
}

#[test]
fn a_mail_of_laravel() {
    let mail = "@component('mail::message')\n# Tagihan Retribusi\n\nYth. Bapak/Ibu {{ $nama ?? 'Wajib Retribusi' }},\n\n\
                Tagihan bulan {{ $tagihan['bulan'] }} sebesar **Rp{{ number_format($jumlah) }}** sudah terbit.\n\
                @if($terlambat)\nMohon segera dibayar.\n@endif\n\n\
                @component('mail::button', ['url' => $url])\nLihat tagihan\n@endcomponent\n\n\
                Terima kasih.<br>\nHormat kami,<br>\n{{ config('app.name') }}\n@endcomponent\n";
    insta::assert_snapshot!(parts("email-tagihan.blade.php", mail));
}

#[test]
fn a_template_without_tags() {
    let draft = "Subjek: Undangan {{ acara }}\n\n{% if resmi %}\nYth. {{ nama }},\n{% endif %}\n\n\
                 Kami mengundang {{ sapaan }} ke {{ tempat }} pada {{ waktu }}.\n\nTerima kasih.\n\nHormat kami,\n\
                 {{ penanda_tangan }}\n{{ jabatan }}\n{{ instansi }}\n";
    insta::assert_snapshot!(parts("undangan.j2", draft));
}

#[test]
fn formats_are_told_by_name_and_by_content() {
    for (name, head, format) in [
        ("surel.html", "Yth. Ibu", "html"),
        ("surel.HTM", "", "html"),
        ("surel.txt", "<!DOCTYPE html><html>", "html"),
        ("-", "\n<p>Yth. Ibu,</p><p>Baik.</p>", "html"),
        ("surel.txt", "<budi@x.go.id> menulis <b>tebal</b>", "plain"),
        ("surel.txt", "Yth. Ibu <b>Sari</b>,<br>baik.<br>", "plain"),
        ("chat.txt", "<Media tidak disertakan>", "plain"),
        ("surel.blade.php", "<p>Yth.", "template"),
        ("surel.html.twig", "Yth.", "template"),
        ("a.jsonl", "{\"body\": \"<p>a</p><p>b</p>\"}", "jsonl"),
    ] {
        assert_eq!(Format::sniffed(name, head.as_bytes()).name, format, "{name}: {head}");
    }
}

/// Findings lie where the reader reads, never in a tag, a style, a comment or a construct.
#[test]
fn findings_lie_in_the_text() {
    let source = "<style>.gak{}</style><p title='gak'>Yth. Ibu {{ $gak }}, jadwalnya <b>g&#97;k</b> berubah<!-- gak -->.</p>\
                  <script>gak()</script><p>{{ $x ? 'gak' : 'gak' }} @include('gak')</p>";
    let report = lint("email.blade.php", source);
    let slang: Vec<_> = report.messages[0].findings.iter().filter(|f| f.rule == "language/slang").collect();
    assert_eq!(slang.len(), 1);
    let span = slang[0].place.span;
    let at = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
    assert_eq!(source.get(at), Some("g&#97;k"));
}

/// A subject is one stretch, whatever is filled in.
#[test]
fn constructs_leave_headers_whole() {
    let draft = |subject: &str| {
        let source = format!("Dari: a@dinas.go.id\nSubjek: {subject}\n\nYth. Ibu,\n\nBaik.\n\nHormat kami,\nDinas X\n");
        let report = lint("surel.txt", &source);
        let about = report.messages[0].findings.iter().filter(|f| f.rule.starts_with("email/subject"));
        about.map(|f| f.rule.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(draft("Tagihan retribusi {{ nomor }}"), Vec::<String>::new());
    assert_eq!(draft("{{ subjek }}"), Vec::<String>::new());
    assert_eq!(
        draft("Undangan {{ $undangan->rapat->nama_rapat_koordinasi ?? 'Rapat Koordinasi Tahunan' }} di Aula"),
        Vec::<String>::new()
    );
}

/// What no input may cost: ten times the time that the slowest of these takes on a slow machine.
#[test]
fn hostile_sources_take_no_longer() {
    let nested = |tag: &str, n: usize| format!("{}x{}", format!("<{tag}>").repeat(n), format!("</{tag}>").repeat(n));
    let sources = [
        "<".repeat(1_000_000),
        "<p".repeat(300_000),
        "</".repeat(100_000),
        "<!--".repeat(100_000),
        "<a href=\"".repeat(100_000),
        "&".repeat(300_000),
        "&#9999999999999999999999;".repeat(3_000),
        "&nbsp".repeat(100_000),
        "&CounterClockwiseContourIntegral;".repeat(5_000),
        "{{".repeat(300_000),
        "{".repeat(300_000),
        "@if(".repeat(100_000),
        "<p>{{ $a".repeat(50_000),
        nested("div", 100_000),
        nested("table", 100_000),
        format!("<div hidden>{}", nested("span", 100_000)),
        (0..50_000).fold("<div hidden>".to_owned(), |tags, n| tags + "<x" + &n.to_string() + "></y>"),
        "<br>".repeat(200_000),
        "<td>:".repeat(100_000),
        format!("<pre>{}", "a \n".repeat(50_000)),
        "<x-mail::a>\n@b\n".repeat(50_000),
    ];
    for source in sources {
        let start = Instant::now();
        lint("email.blade.php", &source);
        let head: String = source.chars().take(30).collect();
        assert!(start.elapsed() < Duration::from_secs(60), "{head}…: {:?}", start.elapsed());
    }
}
