//! Constructs of template languages: stretches that stand for something else (`{{ nama }}`) or steer what is printed
//! (`{% if … %}`).

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use memchr::memmem;

use super::blade;
use crate::span::TextSpan;

/// A construct in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Construct {
    /// Where it stands.
    pub(crate) span: TextSpan,
    /// Whether something is printed in its place, such as a name; else it steers, or says something to programmers only.
    pub(crate) value: bool,
}

/// What a text is, and so what may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// A message as it is sent, with what was left unfilled.
    Message,
    /// The source of a template, in which `@if(…)` and `<#if …>` are no words, and `<?php` may run to the end.
    Source,
}

/// How long a construct may be in a message, where braces may mean nothing.
const IN_MESSAGE: usize = 500;
/// How long a value or a directive may be in a source. Comments and PHP have no end but their own.
const IN_SOURCE: usize = 4000;
/// How long a name is at most.
const NAME: usize = 60;

/// The constructs of `text`, in order, without overlaps.
pub(crate) fn find(text: &str, dialect: Dialect) -> Vec<Construct> {
    let bytes = text.as_bytes();
    let common = memchr::memchr3(b'{', b'$', b'<', bytes).or_else(|| memchr::memchr3(b'[', b'|', 0xab, bytes));
    if common.is_none() && (dialect == Dialect::Message || memchr::memchr(b'@', bytes).is_none()) {
        return Vec::new();
    }
    let budget = bytes.len().saturating_mul(8);
    let mut finder =
        Finder { text, bytes, dialect, closers: [Known::default(); CLOSERS.len()], blocks: None, strays: 0, budget };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| b"{$<[*@\xc2".contains(b))) {
        at += next;
        match finder.construct_at(at) {
            Some((range, value)) => {
                at = range.end;
                found.push(Construct { span: TextSpan::new(range), value });
            }
            None => at += 1,
        }
    }
    found
}

/// The constructs that were found, and values at `others`, in order; where they overlap, the first counts.
pub(crate) fn merged(found: Vec<Construct>, others: Vec<TextSpan>) -> Vec<Construct> {
    if others.is_empty() {
        return found;
    }
    let mut all = found;
    all.extend(others.into_iter().map(|span| Construct { span, value: true }));
    all.sort_by_key(|construct| construct.span);
    let mut end = 0;
    all.retain(|construct| {
        let free = construct.span.start >= end;
        if free {
            end = construct.span.end;
        }
        free
    });
    all
}

/// `text` with each value as a word in capitals and each directive as blanks, of the same length, so that whoever reads
/// it stumbles over neither.
pub(crate) fn masked<'t>(text: &'t str, constructs: &[Construct]) -> Cow<'t, str> {
    if constructs.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    for construct in constructs {
        let range = construct.span.range();
        masked.push_str(text.get(masked.len()..range.start).unwrap_or_default());
        let (first, rest) = if construct.value { ('X', "x") } else { (' ', " ") };
        masked.push(first);
        masked.push_str(&rest.repeat(range.len() - 1));
    }
    masked.push_str(text.get(masked.len()..).unwrap_or_default());
    Cow::Owned(masked)
}

/// What ends a construct.
#[derive(Clone, Copy)]
enum Closer {
    Braces,
    ThreeBraces,
    Raw,
    BladeComment,
    Statement,
    Comment,
    Php,
    Percent,
    Angles,
    Merge,
    EndPhp,
}

const CLOSERS: [&str; 11] = ["}}", "}}}", "!!}", "--}}", "%}", "#}", "?>", "%>", ">>", "|*", "@endphp"];

/// What is known of a closer: from where on it was sought, and where it stands.
#[derive(Clone, Copy, Default)]
struct Known {
    sought: Option<(usize, Option<usize>)>,
}

struct Finder<'t> {
    text: &'t str,
    bytes: &'t [u8],
    dialect: Dialect,
    /// So that a text full of openers is searched once for each closer, not once for each opener.
    closers: [Known; CLOSERS.len()],
    /// Names of Blade's blocks, found when first needed.
    blocks: Option<HashSet<&'t str>>,
    /// Double braces before this are strays: others follow before they close.
    strays: usize,
    /// How many bytes may still be read in search of closing parentheses.
    budget: usize,
}

type Found = Option<(Range<usize>, bool)>;

/// How merge tags begin that steer and print nothing.
const STEERING_MERGES: [&str; 6] = ["IF:", "IFNOT:", "ELSE", "END:", "INTERESTED:", "RSSITEMS:"];

impl<'t> Finder<'t> {
    fn construct_at(&mut self, at: usize) -> Found {
        match self.bytes[at] {
            b'{' => self.braces(at),
            b'$' => self.variable(at),
            b'<' => self.angles(at),
            b'[' => self.brackets(at),
            b'*' => self.merge(at),
            b'@' if self.dialect == Dialect::Source => self.blade(at),
            0xc2 => self.guillemets(at),
            _ => None,
        }
    }

    fn starts(&self, at: usize, with: &str) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(with.as_bytes()))
    }

    /// Where `closer` stands at or after `from`.
    fn close(&mut self, closer: Closer, from: usize) -> Option<usize> {
        let known = &mut self.closers[closer as usize].sought;
        match *known {
            Some((sought, at)) if sought <= from && at.is_none_or(|at| at >= from) => at,
            _ => {
                let rest = self.bytes.get(from..)?;
                let at = memmem::find(rest, CLOSERS[closer as usize].as_bytes()).map(|n| from + n);
                *known = Some((from, at));
                at
            }
        }
    }

    /// What stands from `start` to the closer, if that is no stray mark far away.
    fn inside(&mut self, closer: Closer, start: usize) -> Option<(&'t str, usize)> {
        let end = self.close(closer, start)?;
        let most = if self.dialect == Dialect::Message { IN_MESSAGE } else { IN_SOURCE };
        let inner = self.text.get(start..end).filter(|inner| inner.len() <= most)?;
        let broken = match self.dialect {
            Dialect::Message => inner.contains("\n\n"),
            // Braces of a script or a style are none of a template's.
            Dialect::Source => inner.contains("</s"),
        };
        (!broken).then_some((inner, end + CLOSERS[closer as usize].len()))
    }

    /// A comment, of any length in a source.
    fn comment(&mut self, closer: Closer, at: usize) -> Found {
        let end = match self.dialect {
            Dialect::Message => self.inside(closer, at)?.1,
            Dialect::Source => self.close(closer, at)? + CLOSERS[closer as usize].len(),
        };
        Some((at..end, false))
    }

    fn braces(&mut self, at: usize) -> Found {
        let rest = self.bytes.get(at + 1..)?;
        match rest {
            [b'{', b'-', b'-', ..] | [b'{', b'!', b'-', b'-', ..] => self.comment(Closer::BladeComment, at),
            [b'{', b'{', ..] => {
                let (two, three) = (self.close(Closer::Braces, at + 2), self.inside(Closer::ThreeBraces, at + 3));
                let closed = three.filter(|(inner, _)| two == Some(at + 3 + inner.len()));
                closed.map(|(_, end)| (at..end, true)).or_else(|| self.double(at))
            }
            [b'{', ..] => self.double(at),
            [b'!', b'!', ..] => self.inside(Closer::Raw, at + 3).map(|(_, end)| (at..end, true)),
            [b'%', ..] => {
                let (inner, end) = self.inside(Closer::Statement, at + 2)?;
                Some((at..end, PRINTING_STATEMENTS.contains(&first_word(inner))))
            }
            [b'#', ..] => self.comment(Closer::Comment, at),
            [b'$', ..] => {
                let len = rest.iter().take(200).position(|b| matches!(b, b'}' | b'{' | b'\n'))?;
                (len > 1 && rest[len] == b'}').then_some((at..at + len + 2, true))
            }
            // An expression: {($catatan ?? '-')}
            [b'(', ..] => {
                let len = rest.iter().take(200).position(|b| matches!(b, b'}' | b'{' | b'\n'))?;
                let computes = rest[..len].contains(&b'$') && rest[len - 1] == b')' && rest[len] == b'}';
                computes.then_some((at..at + len + 2, true))
            }
            _ => {
                let len = rest.iter().take(NAME).take_while(|b| is_name(**b) || matches!(b, b'.' | b'-')).count();
                let named = rest.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
                let closed = match rest.get(len).filter(|_| named)? {
                    b'}' => len,
                    // A call: {strtoupper($nama)}
                    b'(' => len + rest[len..].iter().take(200).position(|b| matches!(b, b'}' | b'\n'))?,
                    _ => return None,
                };
                (rest[closed] == b'}' && (closed == len || rest[closed - 1] == b')'))
                    .then_some((at..at + closed + 2, true))
            }
        }
    }

    /// `{{ … }}`: of several openers before the closer the last one counts. In a source `@` before it keeps it as it is.
    fn double(&mut self, at: usize) -> Found {
        if at < self.strays {
            return None;
        }
        let (inner, end) = self.inside(Closer::Braces, at + 2)?;
        if let Some(last) = inner.rfind("{{") {
            self.strays = at + 2 + last;
            return None;
        }
        let bare = inner.trim_start_matches(['-', '~']);
        let steers =
            bare.starts_with(['#', '/', '^', '!']) || STEERING.contains(&first_word(bare.trim_end_matches('-')));
        Some((at..end, !steers))
    }

    /// `$nama`, `$x->y['z']` and `${x}`, as PHP and shells put them into text.
    fn variable(&mut self, at: usize) -> Found {
        let rest = self.bytes.get(at + 1..)?;
        if rest.first() == Some(&b'{') {
            let len = rest.iter().skip(1).take(200).position(|b| matches!(b, b'}' | b'{' | b'\n'))?;
            return (len > 0 && rest[len + 1] == b'}').then_some((at..at + len + 3, true));
        }
        if at > 0 && (is_name(self.bytes[at - 1]) || self.bytes[at - 1] == b'$') {
            return None;
        }
        let name = |from: usize| {
            let rest = rest.get(from..).unwrap_or_default();
            let named = rest.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
            if named { rest.iter().take(NAME).take_while(|b| is_name(**b)).count() } else { 0 }
        };
        let mut len = name(0);
        if len == 0 {
            return None;
        }
        loop {
            let more = match rest.get(len..).unwrap_or_default() {
                [b'-', b'>', ..] => name(len + 2) + 2,
                [b'?', b'-', b'>', ..] => name(len + 3) + 3,
                [b'[', index @ ..] => {
                    let close = index.iter().take(NAME).position(|b| matches!(b, b']' | b'\n' | b'['));
                    close.filter(|n| *n > 0 && index[*n] == b']').map_or(0, |n| n + 2)
                }
                _ => 0,
            };
            if more < 3 || rest[len] == b'?' && more < 4 {
                return Some((at..at + 1 + len, true));
            }
            len += more;
        }
    }

    fn angles(&mut self, at: usize) -> Found {
        let source = self.dialect == Dialect::Source;
        match self.bytes.get(at + 1..)? {
            [b'?', b'=' | b' ' | b'\n' | b'\r' | b'\t', ..] | [b'?', b'p', b'h', b'p', ..] => {
                let end = self.close(Closer::Php, at).map(|end| end + 2);
                let end =
                    if source { end.unwrap_or(self.bytes.len()) } else { end.filter(|end| end - at <= IN_MESSAGE)? };
                let code = self.text.get(at + 2..end)?.trim_start_matches("php");
                Some((at..end, code.starts_with('=') || ["echo", "print"].contains(&first_word(code))))
            }
            [b'%', next, ..] => {
                let value = matches!(next, b'=' | b'-');
                self.inside(Closer::Percent, at + 2).map(|(_, end)| (at..end, value))
            }
            [b'<', ..] => {
                let (inner, end) = self.inside(Closer::Angles, at + 2)?;
                is_field_name(inner).then_some((at..end, true))
            }
            // FreeMarker
            [b'#' | b'@', next, ..] | [b'/', b'#' | b'@', next, ..] if source && next.is_ascii_alphabetic() => {
                let rest = self.bytes.get(at + 1..)?;
                let len = rest.iter().take(IN_SOURCE).position(|b| matches!(b, b'<' | b'>'))?;
                (rest[len] == b'>').then_some((at..at + len + 2, false))
            }
            _ => None,
        }
    }

    /// `[nama_desa]`: without its underscore it might be a word, and before parentheses it is a link's.
    fn brackets(&self, at: usize) -> Found {
        let rest = self.bytes.get(at + 1..)?;
        let len = rest.iter().take(NAME).take_while(|b| is_name(**b)).count();
        let named = rest.first().is_some_and(u8::is_ascii_alphabetic) && rest[..len].contains(&b'_');
        let closed = rest.get(len) == Some(&b']') && rest.get(len + 1) != Some(&b'(');
        (named && closed).then_some((at..at + len + 2, true))
    }

    /// `*|NAMA|*`
    fn merge(&mut self, at: usize) -> Found {
        if self.bytes.get(at + 1) != Some(&b'|') {
            return None;
        }
        let (inner, end) = self.inside(Closer::Merge, at + 2)?;
        let plain = |b: u8| is_name(b) || matches!(b, b':' | b'.' | b'-' | b'=' | b' ');
        let steers = STEERING_MERGES.iter().any(|word| inner.starts_with(word));
        (!inner.is_empty() && inner.len() <= NAME && inner.bytes().all(plain)).then_some((at..end, !steers))
    }

    /// `«Nama»`
    fn guillemets(&mut self, at: usize) -> Found {
        let rest = self.text.get(at..)?.strip_prefix('«')?;
        let len = rest.bytes().take(NAME + 1).position(|b| b == 0xc2)?;
        let inner = rest.get(..len)?;
        let closed = rest.get(len..)?.starts_with('»');
        (closed && is_field_name(inner)).then_some((at..at + len + 4, true))
    }

    /// A directive of Blade with its arguments, and `@{{ … }}`. Directives of one's own print something, unless they are
    /// ended further down.
    fn blade(&mut self, at: usize) -> Found {
        if at > 0 && (is_name(self.bytes[at - 1]) || matches!(self.bytes[at - 1], b'@' | b'.' | b'-')) {
            return None;
        }
        if self.starts(at + 1, "{{") {
            let (range, _) = self.double(at + 1)?;
            return Some((at..range.end, true));
        }
        let len = self.bytes.get(at + 1..)?.iter().take(NAME).take_while(|b| is_name(**b)).count();
        let word = self.text.get(at + 1..at + 1 + len).filter(|word| !word.is_empty())?;
        let blanks = self.bytes.get(at + 1 + len..)?.iter().take(8).take_while(|b| **b == b' ').count();
        let open = at + 1 + len + blanks;
        let arguments = if self.bytes.get(open) == Some(&b'(') { self.parentheses(open) } else { None };
        let end = arguments.unwrap_or(at + 1 + len);
        if word == "php" && arguments.is_none() {
            return self.comment(Closer::EndPhp, at).or(Some((at..end, false)));
        }
        if let Some(value) = blade::prints(word) {
            return Some((at..end, value));
        }
        if word.starts_with("end") {
            return Some((at..end, false));
        }
        let own = arguments.is_some() && blanks == 0;
        own.then(|| (at..end, !self.is_block(&format!("end{word}"))))
    }

    /// Whether the text has the directive `@word`, which ends a block.
    fn is_block(&mut self, word: &str) -> bool {
        let text = self.text;
        let blocks = self.blocks.get_or_insert_with(|| {
            let all = memmem::find_iter(text.as_bytes(), b"@end");
            all.filter_map(|at| {
                let rest = text.get(at + 1..)?;
                rest.get(..rest.bytes().take(NAME).take_while(|b| is_name(*b)).count())
            })
            .collect()
        });
        blocks.contains(word)
    }

    /// Where the parentheses that open at `open` have closed, strings aside.
    fn parentheses(&mut self, open: usize) -> Option<usize> {
        let rest = self.bytes.get(open..)?;
        let rest = rest.get(..rest.len().min(IN_SOURCE).min(self.budget))?;
        let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
        for (index, byte) in rest.iter().enumerate() {
            match (quote, byte) {
                _ if escaped => escaped = false,
                (Some(_), b'\\') => escaped = true,
                (Some(mark), byte) if mark == byte => quote = None,
                (None, b'\'' | b'"') => quote = Some(byte),
                (None, b'(') => depth += 1,
                (None, b')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.budget -= index;
                return Some(open + index + 1);
            }
        }
        self.budget -= rest.len();
        None
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The name of a field of a mail merge: letters, digits and blanks.
fn is_field_name(inner: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-' | '.' | '/');
    inner.len() <= NAME && inner.starts_with(char::is_alphabetic) && inner.chars().all(plain)
}

fn first_word(code: &str) -> &str {
    let code = code.trim_start_matches(|c: char| c.is_whitespace() || c == '-');
    code.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// First words within double braces that steer (Go, Handlebars).
const STEERING: &[&str] = &["if", "else", "elseif", "end", "range", "with", "define", "endif", "each"];

/// Statements that print something (Twig, Jinja, Liquid).
const PRINTING_STATEMENTS: &[&str] = &["url", "path", "now", "include", "render", "echo", "firstof", "translate"];

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, dialect: Dialect) -> Vec<(&str, bool)> {
        find(text, dialect).iter().map(|c| (c.span.of(text), c.value)).collect()
    }

    #[test]
    fn finds_values_in_messages() {
        for value in [
            "{{ nama }}",
            "{{{ nama }}}",
            "{!! $isi !!}",
            "{{ $x->y['z'] ?? '-' }}",
            "{$x->y}",
            "${x}",
            "$x->y['z']",
            "$nama",
            "{nama_lengkap}",
            "<?= $nama ?>",
            "<?php echo $nama; ?>",
            "<%= nama %>",
            "<<Nama Lengkap>>",
            "{strtoupper($x->nama)}",
            "{($x->catatan ?? '-')}",
            "«Nama»",
            "*|FNAME|*",
            "{{\n nama\n}}",
            "[NaMa_desa]",
        ] {
            let text = format!("Yth. {value}, selamat pagi.");
            assert_eq!(found(&text, Dialect::Message), vec![(value, true)], "{value}");
            assert_eq!(found(value, Dialect::Message), vec![(value, true)], "{value} is all there is");
        }
    }

    #[test]
    fn tells_directives_from_values() {
        for directive in [
            "{% if x %}",
            "{# catatan #}",
            "{{-- catatan --}}",
            "{{#each isi}}",
            "{{/each}}",
            "<% if (x) { %>",
            "*|END:IF|*",
        ] {
            assert_eq!(found(directive, Dialect::Message), vec![(directive, false)], "{directive}");
        }
        let blade = "@if(count($a) > (1 + 2)) Halo {{ $nama }} @endif @rupiah($total) @role('admin') x @endrole";
        let expected = [
            ("@if(count($a) > (1 + 2))", false),
            ("{{ $nama }}", true),
            ("@endif", false),
            ("@rupiah($total)", true),
            ("@role('admin')", false),
            ("@endrole", false),
        ];
        assert_eq!(found(blade, Dialect::Source), expected);
        let lines = "@component('mail::button', ['url' =>\n  route('x', [')'])])\nIsi\n@endcomponent <#if x>a</#if> @php $a = 1; @endphp";
        let all: Vec<&str> = found(lines, Dialect::Source).iter().map(|(text, _)| *text).collect();
        assert_eq!(all[0], "@component('mail::button', ['url' =>\n  route('x', [')'])])");
        assert_eq!(all[1..], ["@endcomponent", "<#if x>", "</#if>", "@php $a = 1; @endphp"]);
    }

    #[test]
    fn leaves_messages_alone() {
        for text in [
            "Rp5.000 atau US$ 5, {1, 2}, a{b, {}, {{ belum tutup",
            "budi@if.id dan @dinas_x (lihat @if saja)",
            "x << y >> z",
            "a < b, <b>tebal</b>, «kata yang panjang sekali, dikutip apa adanya dari sebuah naskah yang lama»",
            "A$AP $5 $$x",
            "{{ awal\n\nparagraf lain }}",
            "* | * |",
            "[catatan] [a_b](https://x.go.id) [12_3]",
        ] {
            assert_eq!(found(text, Dialect::Message), vec![], "{text}");
        }
        let style = "<style>@media (max-width: 600px) { a{b:c} } @import url(x);</style> @dinas_x hubungi budi@if.id";
        assert_eq!(found(style, Dialect::Source), vec![]);
    }

    #[test]
    fn ends_where_the_construct_does() {
        for (text, constructs) in [
            ("Yth. Bapak {{ a {{ b }}", &["{{ b }}"][..]),
            ("Yth. Bapak dan Ibu {{{ a }} dan {{{ b }}}", &["{{{ a }}", "{{{ b }}}"]),
            ("{$} {$nama\n}", &["$nama"]),
            ("{($x) + 1} {(1)} {($y)\n}", &["$x", "$y"]),
            ("{f(x)\n} {f(x} {a b} {f(x)}", &["{f(x)}"]),
            ("${} ${a\n} ${a}", &["${a}"]),
            ("$x?->nama $x?->y $x?-> $x-> $x->5 $x->y->z", &["$x?->nama", "$x?->y", "$x", "$x", "$x", "$x->y->z"]),
            ("$x[] $x[a\n] $x[a[1]] $x['z'][1] $x[]", &["$x", "$x", "$x", "$x['z'][1]", "$x"]),
            ("*||* *|A;B|* *|A B|*", &["*|A B|*"]),
            ("«a;b» «Nama\u{a0}Desa» «5» «Nama»", &["«Nama»"]),
            ("Halo {{ nama }}, lihat @if saja <#if x> dan <% a", &["{{ nama }}"]),
        ] {
            let found: Vec<&str> = found(text, Dialect::Message).into_iter().map(|(found, _)| found).collect();
            assert_eq!(found, constructs, "{text}");
        }
    }

    #[test]
    fn sources_know_more_constructs_than_messages() {
        for (text, constructs) in [
            ("Surat @if(true) Halo @endif", &[("@if(true)", false), ("@endif", false)][..]),
            ("Surat @{{ nama }}", &[("@{{ nama }}", true)]),
            ("Halo @if (true)", &[("@if (true)", false)]),
            ("Halo @php(a) Isi @endphp", &[("@php(a)", false), ("@endphp", false)]),
            (r"Halo @if($x == 'a\')') Isi", &[(r"@if($x == 'a\')')", false)]),
            (r#"@if("(" == $x) Isi)"#, &[(r#"@if("(" == $x)"#, false)]),
            ("<# 1> </# x> <@kop> </@kop>", &[("<@kop>", false), ("</@kop>", false)]),
            ("<#if x < 1>", &[]),
            ("<?php $a = 1; Halo", &[("<?php $a = 1; Halo", false)]),
        ] {
            assert_eq!(found(text, Dialect::Source), constructs, "{text}");
        }
    }

    #[test]
    fn what_is_too_long_is_none() {
        let of = |opener: &str, length: usize, closer: &str| format!("{opener}{}{closer}", "a".repeat(length));
        for (opener, closer, most, dialect) in [
            ("{{", "}}", IN_MESSAGE, Dialect::Message),
            ("{{", "}}", IN_SOURCE, Dialect::Source),
            ("{", "}", NAME, Dialect::Message),
            ("«", "»", NAME, Dialect::Message),
            ("*|", "|*", NAME, Dialect::Message),
            ("<<", ">>", NAME, Dialect::Message),
            ("[a_", "]", NAME - 2, Dialect::Message),
        ] {
            let just = of(opener, most, closer);
            assert_eq!(found(&just, dialect), [(just.as_str(), true)], "{opener}");
            assert_eq!(found(&of(opener, most + 1, closer), dialect), [], "{opener}");
        }
        let php = of("", IN_MESSAGE, "<?= $a ?>");
        assert_eq!(found(&php, Dialect::Message), [("<?= $a ?>", true)]);
    }

    #[test]
    fn masks_with_the_same_length() {
        let text = "Yth. {{ nama }}é{% if x %},";
        assert_eq!(masked(text, &find(text, Dialect::Message)), "Yth. Xxxxxxxxxxé          ,");
    }

    #[test]
    fn takes_time_in_proportion_to_the_text() {
        for piece in [
            "{{", "{{{", "{!!", "{%", "{#", "{{--", "<?php ", "<%", "<<a", "*|", "«", "@if(", "@x(", "$x[", "{$", "${",
            "@end", "<#a",
        ] {
            let mut text = piece.repeat(300_000);
            find(&text, Dialect::Source);
            text.push_str("}} }}} !!} %} #} --}} >> |* ?>");
            find(&text, Dialect::Message);
            find(&text, Dialect::Source);
        }
    }
}
