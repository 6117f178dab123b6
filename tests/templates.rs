//! Constructs of template languages wherever they stand in a message: they fill their place, and nothing in them is judged.

#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on has failed")]

use santun::facts::Facts;
use santun::lint::{Linter, WindowReport};
use santun::read::{Format, Hints};
use santun::ruleset::{Choice, RuleSet};
use santun::source::Window;

/// A language: a file's name, a value, one with something nested in it, a value over two lines where there may be one, a
/// directive, and how a construct begins that nothing ends.
struct Syntax {
    file: &'static str,
    value: &'static str,
    nested: &'static str,
    lines: Option<&'static str>,
    directive: Option<&'static str>,
    unclosed: &'static str,
}

const fn syntax(file: &'static str, value: &'static str, nested: &'static str, unclosed: &'static str) -> Syntax {
    Syntax { file, value, nested, lines: None, directive: None, unclosed }
}

#[rustfmt::skip]
const SYNTAXES: &[Syntax] = &[
    Syntax { lines: Some("{{ nama\n  | title }}"), directive: Some("{% if gak %}"), ..syntax("a.txt.j2", "{{ nama }}", "{{ nama[\"gak\"] | d({\"gak\": 1}) }}", "{{ nama") },
    Syntax { directive: Some("{% if gak %}"), ..syntax("a.twig", "{{ nama|e }}", "{{ nama.gak('a') }}", "{{ nama") },
    Syntax { directive: Some("{% assign gak = 1 %}"), ..syntax("a.liquid", "{{ nama | upcase }}", "{{ nama | default: \"gak\" }}", "{{ nama") },
    Syntax { directive: Some("{{#if gak}}"), ..syntax("a.hbs", "{{nama}}", "{{{ gak.nama }}}", "{{nama") },
    Syntax { directive: Some("{{#gak}}"), ..syntax("a.mustache", "{{nama}}", "{{& gak}}", "{{nama") },
    Syntax { lines: Some("{{ $nama\n ?? 'gak' }}"), directive: Some("@if($gak < count($b['gak']))"), ..syntax("a.blade.php", "{{ $nama }}", "{!! $a->gak(fn ($x) => $x['gak']) !!}", "{{ $nama") },
    Syntax { directive: Some("<% if gak %>"), ..syntax("a.erb", "<%= @nama %>", "<%= @gak[\"gak\"] %>", "<%= @nama") },
    Syntax { directive: Some("<% if (gak) { %>"), ..syntax("a.ejs", "<%- nama %>", "<%= gak({ a: \"gak\" }) %>", "<%= nama") },
    syntax("a.ftl", "${nama}", "${gak.nama!\"gak\"}", "${nama"),
    syntax("wa.txt", "{{1}}", "{{2}}", "{{1"),
    syntax("php.txt", "{$user->nama}", "{$gak->user->nama}", "{$user->nama"),
    syntax("merge.txt", "<<Nama>>", "«Nama»", "<<Nama"),
    syntax("campaign.txt", "*|NAMA|*", "*|GAK:NAMA|*", "*|NAMA"),
];

fn lint(file: &str, source: &str) -> WindowReport {
    let rules = RuleSet::embedded();
    let selection = rules.select(&Choice::default(), &[]);
    let facts = Facts::default();
    let linter = Linter::new(&rules, &selection, &facts);
    let window = Window::whole(source);
    let forced = Some(santun::message::Channel::Email);
    let hints = Hints { file_name: file.to_owned(), forced, ..Hints::default() };
    linter.lint(Format::sniffed(file, source.as_bytes()), &window, &hints)
}

/// The rules that find something, each with the bytes under its finding.
fn found(file: &str, source: &str) -> Vec<(String, String)> {
    let report = lint(file, source);
    let findings = report.messages.iter().flat_map(|message| &message.findings);
    let text = |finding: &santun::report::Finding| {
        let span = usize::try_from(finding.place.span.start).unwrap()..usize::try_from(finding.place.span.end).unwrap();
        source[span].to_owned()
    };
    findings.map(|finding| (finding.rule.to_string(), text(finding))).collect()
}

/// A mail in which a construct stands at each place.
fn mail(value: &str, body: &str) -> String {
    format!(
        "Yth. Bapak/Ibu {value},\n\nTerima kasih atas laporan Bapak/Ibu nomor {value}. Laporan tersebut gak lengkap. {body}\n\n\
         Apabila ada pertanyaan, Bapak/Ibu dapat menghubungi kami di (0209) 555 114.\n\n\
         Atas perhatian Bapak/Ibu, kami ucapkan terima kasih.\n\nHormat kami,\n{value}\nKepala Bidang\nDinas Perhubungan Kota X\n"
    )
}

#[test]
fn constructs_fill_their_place() {
    for syntax in SYNTAXES {
        for value in [syntax.value, syntax.nested] {
            let found = found(syntax.file, &mail(value, ""));
            assert_eq!(found, [("language/slang".to_owned(), "gak".to_owned())], "{}: {value}", syntax.file);
        }
    }
}

#[test]
fn nothing_is_found_in_values_within_words_or_over_lines() {
    for syntax in SYNTAXES {
        for body in [
            format!("Berkas ke-{v} dan{v}nya sudah{v} diterima.", v = syntax.nested),
            format!("Berkas {} sudah diterima.", syntax.lines.unwrap_or(syntax.value)),
            format!("{} Berkas sudah diterima.", syntax.directive.unwrap_or(syntax.value)),
        ] {
            let found = found(syntax.file, &mail(syntax.value, &body));
            let inside = found.iter().filter(|(_, text)| text == "gak").count();
            assert_eq!(inside, 1, "{}: {body}: {found:?}", syntax.file);
        }
    }
}

#[test]
fn what_nothing_ends_takes_nothing_with_it() {
    for syntax in SYNTAXES {
        let found = found(syntax.file, &mail(syntax.value, &format!("Berkas {} sudah diterima.", syntax.unclosed)));
        assert!(found.contains(&("language/slang".to_owned(), "gak".to_owned())), "{}: {found:?}", syntax.file);
    }
}

#[test]
fn a_subject_of_a_value_is_not_vague() {
    for syntax in SYNTAXES.iter().filter(|syntax| !syntax.file.contains(".blade")) {
        let source =
            format!("Subjek: Jadwal {} di Kota X\nDari: a@dinasx.go.id\n\n{}", syntax.value, mail(syntax.value, ""));
        let found = found("konsep.txt", &source);
        assert!(!found.iter().any(|(rule, _)| rule.starts_with("email/subject")), "{}: {found:?}", syntax.file);
    }
}
