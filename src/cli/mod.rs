//! The command line: arguments, files, output, and one file a command.

#[doc(hidden)] // but for tests
mod args;
mod baseline;
mod check;
mod checklist;
mod completions;
mod device;
mod diff;
mod explain;
mod failure;
mod init;
mod input;
mod interrupt;
mod jobs;
mod man;
mod mend;
mod output;
mod patient;
mod problem;
mod progress;
mod rewrite;
mod rules;
mod spool;
mod terminal;
mod total;
mod trial;
mod watch;
mod whole;
mod wildcard;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use args::{Arguments, Common, Task};

use crate::{lsp, schema};

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Nothing at or above the severity that fails.
    Clean,
    /// Findings.
    Findings,
    /// Something could not be read or understood.
    Trouble,
    /// Ctrl-C came before the end.
    Interrupted,
    /// A fault of the program itself.
    Fault,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::Trouble => 2,
            Outcome::Interrupted => interrupt::EXIT_CODE,
            Outcome::Fault => failure::EXIT_CODE,
        })
    }
}

/// Runs the command with these arguments, the first of which is its name.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.collect();
    let lang = args::language(&arguments);
    failure::keep_texts_to_itself(lang);
    let outcome = catch_unwind(AssertUnwindSafe(|| match Arguments::parse(&arguments) {
        Ok(arguments) => run(&arguments),
        Err(outcome) => outcome,
    }));
    terminal::stay(lang);
    let outcome = outcome.unwrap_or(Outcome::Fault);
    outcome.into()
}

/// Serves an editor. One that goes away without taking leave ends the command with 1, as the protocol wants it.
fn serve(common: &Common) -> Outcome {
    if lsp::run(common.setup()) { Outcome::Clean } else { Outcome::Findings }
}

fn run(arguments: &Arguments) -> Outcome {
    let lang = arguments.common.lang.unwrap_or_default();
    match &arguments.task {
        Task::Check(task) => check::run(&arguments.common, task),
        Task::Explain { rule } => explain::run(&arguments.common, rule),
        Task::ListRules { as_json } => rules::list(&arguments.common, *as_json),
        Task::TestRules { packs } => trial::run(&arguments.common, packs),
        Task::PackSchema => output::print(&output::pretty_json(&schema::pack())),
        Task::Init(task) => init::run(lang, arguments.common.lang, task),
        Task::Serve => serve(&arguments.common),
        Task::Completions { shell } => completions::run(args::command(lang), shell),
        Task::Man { output } => man::run(lang, args::command(lang), output.as_deref()),
    }
}
