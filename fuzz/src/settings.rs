//! What must hold of packs and configurations, whatever stands in them.

use std::ops::Range;
use std::path::Path;

use santun::cases;
use santun::config::{Config, ConfigError, Project};
use santun::lint::{Detail, Linter};
use santun::locale::Lang;
use santun::pack::PackError;
use santun::read::{Format, Hints};
use santun::ruleset::{Choice, RuleSet, Selection};

use crate::{facts, window};

/// What is linted by whatever rules came of it.
const MAIL: &str = "From: Dinas Contoh <dinas@contoh.go.id>\nTo: warga@contoh.id\nCc: arsip@contoh.go.id\nSubject: Jadwal layanan\n\n\
    Yth. Ibu Sari,\n\nBerkasnya gak lengkap, mohon kirim otp teman2 sebelum 12 Januari 2026 pukul 10.30 WIB!!! \
    Anda dapat menghubungi kamu di 0812-3456-7890 atau (021) 555-0100. Rp500.000,00 \u{1f64f}\n\nTerima kasih.\n\nAnton\nPranata Humas\n";

/// Takes in a pack, has it extend what it says, runs its cases, and lints a message and itself with it. Behind a form feed stands the
/// long table that it may name.
///
/// # Panics
///
/// Where something does not hold.
pub fn pack(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (text, table) = text.split_once('\u{c}').unwrap_or((text, ""));
    // All rules are needed only to be extended.
    let mut rules = if text.contains("[extend]]") { RuleSet::embedded() } else { RuleSet::empty() };
    let mut tables = |_: &str| Ok(table.to_owned());
    let extended = rules.add_pack("uji.toml", text, &mut tables).and_then(|found| rules.extend(found, &mut tables));
    for PackError { span, flaw } in extended.err().into_iter().flatten() {
        check_span(text, span.as_ref(), &flaw.to_string());
    }
    for rule in rules.rules() {
        // Those of the embedded rules are many, and run elsewhere.
        let is_own = rules.pack(rule.theme()).is_some_and(|pack| pack.file.is_some());
        let own = is_own.then_some(&*rule.cases);
        for cases in own.into_iter().chain(rules.changes(&rule.id).iter().map(|change| &*change.cases)) {
            let _ = cases::run_of(&rules, rule, cases);
        }
    }
    let select =
        rules.packs().map(|pack| pack.id.clone()).chain(rules.rules().map(|rule| rule.id.to_string())).collect();
    let selection = rules.select(&Choice { select, ignore: Vec::new() }, &[]);
    lint(&rules, &selection, &Project { facts: facts(), ..Project::default() }, text);
}

/// Reads a configuration, applies it to the embedded rules, and lints with what came of it.
///
/// # Panics
///
/// Where something does not hold.
pub fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let config = match Config::parse(text) {
        Ok(config) => config,
        Err(error) => return check_span(text, span_of(&error), &error.to_string()),
    };
    for pack in &config.packs {
        check_span(text, Some(&pack.span()), "a pack");
    }
    let mut rules = RuleSet::embedded();
    match config.apply(&mut rules, Path::new("/surat")) {
        Ok(project) => {
            let (settings, _) = project.for_path(Path::new("/surat/keluar/1.eml"));
            let selection = rules.select(&Choice::default(), &settings);
            lint(&rules, &selection, &project, text);
        }
        Err(errors) => errors.iter().for_each(|error| check_span(text, span_of(error), &error.to_string())),
    }
}

fn lint(rules: &RuleSet, selection: &Selection, project: &Project, own: &str) {
    let path = Path::new("/surat/keluar/1.eml");
    let hints = Hints {
        configured: project.for_path(path).1,
        me: project.identity.names.clone(),
        messages: project.messages_of(path),
        limits: project.limits,
        ..Hints::default()
    };
    let linter = Linter { lang: Lang::En, detail: Detail::Everything, ..Linter::new(rules, selection, &project.facts) };
    for (format, text) in [("eml", MAIL), ("plain", own), ("catalogue", own)] {
        let format = Format::by_name(format).expect("a format");
        let _ = linter.lint(format, &window(text.as_bytes()), &hints);
    }
}

fn span_of(error: &ConfigError) -> Option<&Range<usize>> {
    match error {
        ConfigError::Toml { span, .. } => span.as_ref(),
        ConfigError::UnknownRule { span, .. }
        | ConfigError::NotForRule { span, .. }
        | ConfigError::Word { span, .. }
        | ConfigError::Key { span, .. }
        | ConfigError::KeySubject { span, .. }
        | ConfigError::Pattern { span, .. } => Some(span),
    }
}

fn check_span(text: &str, span: Option<&Range<usize>>, says: &str) {
    if let Some(span) = span {
        assert!(text.get(span.clone()).is_some(), "{span:?} lies at characters of the text: {says}");
    }
}
