//! `lint completions SHELL`: what makes a shell complete commands, options, their values, and the embedded rules.

use std::borrow::Cow;

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, Command, ValueEnum};
use clap_complete::Shell;

use super::args::{base, lang_option};
use super::{Outcome, output};
use crate::locale::Lang;
use crate::ruleset::RuleSet;
use crate::texts::Key;

/// The shells that are known.
const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

/// The command and its options.
pub(super) fn command(lang: Lang) -> Command {
    let shell = Arg::new("shell")
        .value_name(lang.text(Key::ValueShell))
        .required(true)
        .value_parser(SHELLS)
        .hide_possible_values(true)
        .help(lang.fill(Key::OptShell, &[("shells", &SHELLS.join(", "))]))
        .help_heading(lang.text(Key::HeadingArguments));
    base(Command::new("completions"), lang)
        .about(lang.text(Key::AboutCompletions))
        .override_usage(lang.text(Key::UsageCompletions))
        .arg(shell)
        .arg(lang_option(lang))
}

/// Prints the script of `shell` for the whole command.
pub(super) fn run(whole: Command, shell: &str) -> Outcome {
    let Ok(shell) = Shell::from_str(shell, true) else { return Outcome::Trouble };
    let rules = || rule_names(false);
    let names = || rule_names(true);
    let chosen = |command: Command| ["select", "ignore"].iter().fold(command, |all, name| valued(all, name, names()));
    let mut whole = chosen(whole)
        .mut_subcommand("check", chosen)
        .mut_subcommand("explain", |explain| valued(explain, "rule", rules()));
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut whole, "lint", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}

fn valued(command: Command, name: &'static str, values: ValueParser) -> Command {
    command.mut_arg(name, |arg| arg.value_parser(values))
}

/// The embedded rules, with their themes or without.
fn rule_names(themes: bool) -> ValueParser {
    let mut names: Vec<&'static str> = Vec::new();
    for rule in RuleSet::embedded().rules() {
        // Embedded rules are constants.
        let Cow::Borrowed(id) = rule.id else { continue };
        let theme = id.split_once('/').map(|(theme, _)| theme).filter(|theme| themes && !names.contains(theme));
        names.extend(theme.into_iter().chain([id]));
    }
    PossibleValuesParser::new(names).into()
}
