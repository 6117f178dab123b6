//! `timing`: how long the other party of a conversation waited for an answer.

use serde::Deserialize;

use super::{Check, Context, Findings, Sight, Traits, Turns};
use crate::calendar::{Moment, waited};
use crate::diagnostic::{Label, LabelSays, Place};
use crate::facts::Facts;
use crate::message::{Field, Message, Role};
use crate::rule::{ByChannel, Severity};
use crate::source::line_around;
use crate::span::TextSpan;
use crate::term::{fold_phrase, phrase_at};
use crate::token::{Token, TokenKind};

/// The options of the kind.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Timing {
    /// Which delay is found.
    measure: Measure,
    /// Hours after which it is a warning.
    warning: ByChannel<u32>,
    /// Hours after which it is a suggestion.
    info: Option<ByChannel<u32>>,
    /// Words of which a last message may consist that asks for nothing.
    #[serde(default)]
    thanks: Vec<String>,
}

/// Which delay is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "Delay"))]
#[serde(rename_all = "kebab-case")]
enum Measure {
    /// Our answer came late.
    Late,
    /// No answer came.
    Unanswered,
}

/// How many words a message may have that only thanks.
const THANKS_WORDS: usize = 8;

impl Timing {
    /// The first message of `turns`, none of which is ours, that wants an answer.
    fn question<'t, 'w>(&self, turns: &'t [Message<'w>]) -> Option<&'t Message<'w>> {
        turns.iter().find(|turn| !self.only_thanks(turn))
    }

    /// Whether a message says thanks, or nothing in words, and asks for nothing.
    fn only_thanks(&self, message: &Message<'_>) -> bool {
        let Some(body) = message.body() else { return true };
        // What a program wrote in a message's place asks for nothing.
        let said = |token: &&Token| token.kind == TokenKind::Word && body.role_at(token.start) != Role::Placeholder;
        let words = body.tokens.iter().filter(said).count();
        let stands = |phrase: &String| {
            let phrase = fold_phrase(phrase);
            (0..body.tokens.len()).any(|index| phrase_at(&body.text, &body.tokens, index, &phrase).is_some())
        };
        words == 0 && message.attachments.unwrap_or(0) == 0
            || words <= THANKS_WORDS && !body.text.contains('?') && self.thanks.iter().any(stands)
    }

    /// How grave it is to wait so long, and which limit that passes.
    fn grade(&self, context: &Context<'_, '_>, hours: u64) -> Option<(Severity, u64)> {
        let limit = |limit: Option<ByChannel<u32>>| limit.and_then(|l| l.get(context.channel())).map(u64::from);
        let passed = |severity, own: Option<u64>| own.filter(|own| hours >= *own).map(|own| (severity, own));
        passed(Severity::Warning, limit(Some(self.warning))).or_else(|| passed(Severity::Info, limit(self.info)))
    }
}

/// Hours from `start` to `end`, as the agency counts them; none where clocks ran backwards.
fn hours(facts: &Facts, start: Moment, end: jiff::civil::DateTime) -> Option<u64> {
    let start = start.local(facts.zone);
    let minutes = waited(start, end, facts.reply_clock, &facts.hours, &facts.holidays);
    u64::try_from(minutes).ok().map(|minutes| minutes / 60)
}

/// The first line of a message that holds something.
fn first_line(body: &Field<'_>) -> TextSpan {
    let start = body.text.len() - body.text.trim_start().len();
    let line = line_around(&body.text, start);
    let text = line.of(&body.text);
    TextSpan::new(start..line.start as usize + text.trim_end().len())
}

impl Check for Timing {
    fn traits(&self) -> Traits {
        Traits { turns: Turns::Both, ..Traits::default() }
    }

    fn set_limit(&mut self, limit: ByChannel<u32>) -> bool {
        self.warning = limit;
        true
    }

    fn sight(&self, context: &Context<'_, '_>) -> Sight {
        let is_answer = context.message.ours;
        match () {
            () if context.turns.len() < 2 || context.message.sent.is_none() => Sight::Blind,
            () if is_answer == (self.measure == Measure::Late) => Sight::Sees,
            () => Sight::Elsewhere,
        }
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let (turns, turn) = (context.turns, context.turn);
        let (before, after) = (&turns[..turn], &turns[turn + 1..]);
        let facts = context.facts;
        let question = match self.measure {
            Measure::Late if context.message.ours => {
                let waiting = before.iter().rposition(|other| other.ours).map_or(0, |at| at + 1);
                self.question(&before[waiting..])
            }
            // The run of messages that waits is judged at the first of them that asks. Runs are long where nobody answers,
            // so earlier ones are sought from here, and later ones only for that one.
            Measure::Unanswered if !context.message.ours && after.first().is_none_or(|other| !other.ours) => {
                let mut run = before.iter().rev().take_while(|other| !other.ours);
                let first = !self.only_thanks(context.message) && run.all(|other| self.only_thanks(other));
                (first && !after.iter().any(|other| other.ours)).then_some(context.message)
            }
            _ => None,
        };
        let end = match self.measure {
            Measure::Late => context.message.sent.map(|sent| sent.local(facts.zone)),
            Measure::Unanswered => facts.now,
        };
        let (Some(question), Some(end)) = (question, end) else { return };
        let waited = question.sent.and_then(|asked| hours(facts, asked, end));
        let Some((hours, (severity, limit))) = waited.and_then(|h| Some((h, self.grade(context, h)?))) else { return };
        let (Some(body), Some(asked)) = (context.message.body(), question.body()) else { return };
        let found = findings.add_graded(body, first_line(body), Some(severity));
        (found.values.count, found.values.limit) = (Some(hours), Some(limit));
        if self.measure == Measure::Late {
            let place = Place::new(asked, first_line(asked));
            found.labels = vec![Label::elsewhere(place, asked, LabelSays::Question)];
        }
    }
}
