//! Runs the examples inside packs: what a rule must find, and what it must let pass.

use crate::decode::charset;
use crate::facts::Facts;
use crate::fix;
use crate::message::{Conversation, Message, Part};
use crate::read::{Format, Hints};
use crate::rule::{Case, Rule};
use crate::ruleset::{Choice, RuleSet};
use crate::source::Window;

/// A case that did not come out as its pack says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule.
    pub rule: String,
    /// Which of its cases, from 1.
    pub number: usize,
    /// The body of the message.
    pub body: String,
    /// What went wrong.
    pub kind: FailureKind,
}

/// What went wrong with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The message cannot be read.
    Unreadable,
    /// A bad case in which nothing was found.
    NothingFound,
    /// A good case in which this was found.
    Found(Vec<String>),
    /// The excerpts differ.
    Excerpts(Vec<String>),
    /// The first severity differs.
    Severity(String),
    /// The fixes make something else.
    Fixed(String),
}

/// How many cases ran, and which failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Cases that ran.
    pub ran: usize,
    /// Cases that failed.
    pub failures: Vec<Failure>,
}

/// Runs the cases of every rule.
#[must_use]
pub fn run(rules: &RuleSet) -> Outcome {
    let mut all = Outcome::default();
    for Outcome { ran, failures } in rules.rules().map(|rule| run_of(rules, rule, &rule.cases)) {
        all.ran += ran;
        all.failures.extend(failures);
    }
    all
}

/// Runs cases of one rule. Other rules of its theme are on as well, since ambiguous terms count beside their findings.
#[must_use]
pub fn run_of(rules: &RuleSet, rule: &Rule, cases: &[Case]) -> Outcome {
    let select = vec![rule.id.to_string(), rule.theme().to_owned()];
    let choice = Choice { select, ignore: Vec::new() };
    let judged = cases.iter().zip(1..).filter_map(|(case, number)| {
        let (body, kind) = failure(rules, rule, &choice, case)?;
        Some(Failure { rule: rule.id.to_string(), number, body, kind })
    });
    Outcome { ran: cases.len(), failures: judged.collect() }
}

fn failure(rules: &RuleSet, rule: &Rule, choice: &Choice, case: &Case) -> Option<(String, FailureKind)> {
    let window = Window::whole(case.message.as_ref());
    let text = charset::decode(&window);
    let unreadable = || (case.message.to_string(), FailureKind::Unreadable);
    let Some(format) = Format::by_name("jsonl") else { return Some(unreadable()) };
    let Some(Ok(conversation)) = format.read(&text, &window, &Hints::default()).into_iter().next() else {
        return Some(unreadable());
    };
    let facts: Facts = case.agency.as_ref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let bodies = conversation.messages.iter().filter_map(Message::body).map(|field| field.text.as_ref());
    let body = bodies.collect::<Vec<_>>().join("\n");
    judge(rules, rule, choice, case, &conversation, &facts).map(|kind| (body, kind))
}

fn judge(
    rules: &RuleSet,
    rule: &Rule,
    choice: &Choice,
    case: &Case,
    conversation: &Conversation<'_>,
    facts: &Facts,
) -> Option<FailureKind> {
    let selection = rules.select(choice, &[]);
    let findings = rules.checker(&selection, facts).check(conversation);
    let mut found = Vec::new();
    let mut excerpts = Vec::new();
    for (message, own) in conversation.messages.iter().zip(findings) {
        for diagnostic in own.into_iter().filter(|d| d.rule.id == rule.id) {
            let field = message.field(diagnostic.place.part());
            excerpts.push(field.map_or_else(String::new, |f| diagnostic.place.text().of(&f.text).to_owned()));
            found.push(diagnostic);
        }
    }
    if !case.bad {
        return (!found.is_empty()).then_some(FailureKind::Found(excerpts));
    }
    let Some(first) = found.first() else { return Some(FailureKind::NothingFound) };
    if !case.finds.is_empty()
        && case.finds.iter().map(std::convert::AsRef::as_ref).ne(excerpts.iter().map(String::as_str))
    {
        return Some(FailureKind::Excerpts(excerpts));
    }
    if case.severity.is_some_and(|severity| severity != first.severity) {
        return Some(FailureKind::Severity(first.severity.name().to_owned()));
    }
    let fixed = case.fixed.as_ref()?;
    // Most mend the body; some, another field.
    let part = found.iter().find_map(|d| d.fix.as_ref()?.edits.first()).map_or(Part::Body, |edit| edit.place.part());
    let made = fix::apply(&conversation.messages[0].field(part)?.text, part, &found);
    (made != *fixed).then_some(FailureKind::Fixed(made))
}
