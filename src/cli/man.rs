//! `lint man`: the manual, in the language of the interface, made from the command's own help.

use std::path::{Path, PathBuf};

use clap::{Arg, Command, value_parser};
use roff::{Roff, bold, italic, roman};

use super::args::{base, lang_option, option};
use super::{Outcome, output, problem, whole};
use crate::locale::Lang;
use crate::report::shown;
use crate::texts::Key;

/// The command and its options.
pub(super) fn command(lang: Lang) -> Command {
    base(Command::new("man"), lang)
        .about(lang.text(Key::AboutMan))
        .override_usage(lang.text(Key::UsageMan))
        .arg(option(lang, "output", Key::ValueFolder, Key::OptManOutput).value_parser(value_parser!(PathBuf)))
        .arg(lang_option(lang))
}

/// Prints the manual as one page, or writes a page for each command to `folder`.
pub(super) fn run(lang: Lang, mut whole: Command, folder: Option<&Path>) -> Outcome {
    whole.build();
    let Some(folder) = folder else {
        let mut page = page(lang, &whole, "lint");
        for (name, command) in below(&whole, "lint") {
            page.control("SH", [name.to_uppercase().as_str()]);
            summary(&mut page, command);
            arguments(&mut page, command, "SS", |arg| !whole.get_arguments().any(|own| own.get_id() == arg.get_id()));
        }
        return output::print(&page.render());
    };
    let pages = std::iter::once(("lint".to_owned(), &whole)).chain(below(&whole, "lint"));
    let written = std::fs::create_dir_all(folder).and_then(|()| {
        pages.into_iter().try_for_each(|(name, command)| {
            let mut page = page(lang, command, &name);
            let others: Vec<String> = below(command, &name).into_iter().map(|(name, _)| file_name(&name)).collect();
            if !others.is_empty() {
                page.control("SH", [lang.text(Key::ManSeeAlso)]);
                page.text([roman(others.join(", "))]);
            }
            whole::write(&folder.join(file_name(&name)), page.render().as_bytes())
        })
    });
    match written {
        Ok(()) => Outcome::Clean,
        Err(error) => {
            problem::say(lang, &lang.fill(Key::ErrorWrite, &[("detail", &shown(&error.to_string()))]));
            Outcome::Trouble
        }
    }
}

/// The name of the page of a command.
fn file_name(name: &str) -> String {
    format!("{}.1", name.replace(' ', "-"))
}

/// The commands below this one, each with its full name.
fn below<'c>(command: &'c Command, name: &str) -> Vec<(String, &'c Command)> {
    let mut all = Vec::new();
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        let name = format!("{name} {}", inner.get_name());
        all.push((name.clone(), inner));
        all.extend(below(inner, &name));
    }
    all
}

/// The page of one command, with the names of those right below it.
fn page(lang: Lang, command: &Command, name: &str) -> Roff {
    let mut page = Roff::new();
    let source = format!("santun {}", env!("CARGO_PKG_VERSION"));
    page.control("TH", [file_name(name).trim_end_matches(".1").to_uppercase().as_str(), "1", " ", &source]);
    page.control("SH", [lang.text(Key::ManName)]);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    page.text([roman(format!("{} - {}", name.replace(' ', "-"), about.trim_end_matches('.')))]);
    page.control("SH", [lang.text(Key::ManSynopsis)]);
    usage(&mut page, command);
    let inner: Vec<&Command> = command.get_subcommands().filter(|inner| !inner.is_hide_set()).collect();
    if !inner.is_empty() {
        page.control("SH", [lang.text(Key::HeadingCommands).to_uppercase().as_str()]);
        for inner in inner {
            page.control("TP", []);
            page.text([bold(inner.get_name())]);
            page.text([roman(inner.get_about().map(ToString::to_string).unwrap_or_default())]);
        }
    }
    arguments(&mut page, command, "SH", |_| true);
    if let Some(more) = command.get_after_help() {
        page.control("PP", []);
        page.control("nf", []);
        for line in more.to_string().lines() {
            page.text([roman(line)]);
        }
        page.control("fi", []);
    }
    page
}

/// What a command does and how it is written.
fn summary(page: &mut Roff, command: &Command) {
    page.text([roman(command.get_about().map(ToString::to_string).unwrap_or_default())]);
    page.control("PP", []);
    usage(page, command);
}

/// How the command is written.
fn usage(page: &mut Roff, command: &Command) {
    let usage = command.clone().render_usage().to_string();
    // The usage is our own text, behind a word of clap's.
    let usage = usage.trim_start_matches("Usage: ");
    for (index, line) in usage.lines().enumerate() {
        if index > 0 {
            page.control("br", []);
        }
        page.text([bold(line.trim())]);
    }
}

/// Arguments and options by their headings, those that `wanted` picks.
fn arguments(page: &mut Roff, command: &Command, level: &str, wanted: impl Fn(&Arg) -> bool) {
    let all: Vec<&Arg> = command.get_arguments().filter(|arg| !arg.is_hide_set() && wanted(arg)).collect();
    let mut headings: Vec<&str> = Vec::new();
    for heading in all.iter().filter_map(|arg| arg.get_help_heading()) {
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    for heading in headings {
        page.control(level, [if level == "SH" { heading.to_uppercase() } else { heading.to_owned() }.as_str()]);
        for arg in all.iter().filter(|arg| arg.get_help_heading() == Some(heading)) {
            page.control("TP", []);
            page.text(named(arg));
            page.text([roman(arg.get_help().map(ToString::to_string).unwrap_or_default())]);
        }
    }
}

/// The names of an argument and of its value.
fn named(arg: &Arg) -> Vec<roff::Inline> {
    let mut names = Vec::new();
    let short = arg.get_short().map(|short| format!("-{short}"));
    for name in short.into_iter().chain(arg.get_long().map(|long| format!("--{long}"))) {
        if !names.is_empty() {
            names.push(roman(", "));
        }
        names.push(bold(name));
    }
    if arg.get_action().takes_values() {
        let value = arg.get_value_names().unwrap_or_default().first().map(ToString::to_string).unwrap_or_default();
        if !names.is_empty() {
            names.push(roman(" "));
        }
        names.push(italic(value));
    }
    names
}
