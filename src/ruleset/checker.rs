//! Judges messages: what of the rules stands in one, which of them that makes worth asking, and their verdicts.
//!
//! Every word is looked up once for all rules; words, phrases and expressions that may stand in the message wake their rules,
//! and only these are asked. Certain terms are judged first; ambiguous ones count where their theme has then found something.

use super::{Judge, RuleSet, Selection};
use crate::check::{Context, Findings, Hit, Sight, Turns};
use crate::checklist::Asked;
use crate::diagnostic::Diagnostic;
use crate::facts::Facts;
use crate::limits::Limits;
use crate::message::{Channel, Conversation, Message, Part};
use crate::phrase::{Called, Said};
use crate::prefilter::Possible;
use crate::rule::{Gate, Rule};
use crate::span::TextSpan;
use crate::term::{Entry, Match, fold_phrase};
use crate::token::TokenKind;

/// Judges messages, one conversation after the other. What it needs while it judges is kept from one to the next.
#[derive(Debug)]
pub struct Checker<'r> {
    rules: &'r RuleSet,
    selection: &'r Selection,
    facts: &'r Facts,
    /// Rules that are on, by channel.
    on: [Rules; Channel::ALL.len()],
    /// Rules that are asked whatever a message says.
    always: Rules,
    /// Rules that look for what is missing from a conversation's first message, and those about what lies between messages.
    first: Rules,
    both: Rules,
    /// Rules whose gate must be open.
    gated: Rules,
    /// Of each vocabulary, the rule of each phrase.
    phrases: [Vec<u16>; 2],
    hits: Vec<Hit>,
    said: [Said<'r>; 2],
    possible: Possible,
    /// What became of each rule at each message of the last conversation, if that is wanted.
    account: Option<Vec<Vec<Asked>>>,
    /// How many findings there were beyond the limit at each message.
    left_out: Vec<u64>,
    /// How many findings of a rule are kept of each message.
    most: usize,
}

/// What came of asking a rule, besides its findings.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    /// Whether they show the tone of the message.
    evidence: bool,
    /// How many there were beyond the limit.
    left_out: u64,
}

/// A set of rules by their index.
#[derive(Clone, Debug, Default)]
struct Rules(Vec<u64>);

impl Rules {
    fn of(count: usize, is_in: impl Fn(usize) -> bool) -> Self {
        let mut rules = Self(vec![0; count.div_ceil(64)]);
        (0..count).filter(|index| is_in(*index)).for_each(|index| rules.insert(index));
        rules
    }

    fn insert(&mut self, index: usize) {
        self.0[index / 64] |= 1 << (index % 64);
    }

    fn has(&self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|bits| bits >> (index % 64) & 1 != 0)
    }

    /// Keeps what is in `other` and fits `keep`, given the bits of both.
    fn retain(&mut self, other: &Self, keep: impl Fn(u64, u64) -> u64) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own = keep(*own, *other));
    }

    /// The rules in order.
    fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().zip(0..).flat_map(|(bits, word)| {
            let mut rest = *bits;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(word * 64 + bit)
            })
        })
    }
}

impl Judge {
    /// Whether the configuration lets pass what was found.
    fn allows(&self, found: &Diagnostic<'_>, message: &Message<'_>) -> bool {
        let field = message.field(found.place.part());
        field.is_some_and(|field| self.allow.contains(&fold_phrase(found.place.text().of(&field.text))))
    }

    /// Index of the vocabulary that its phrases use.
    fn vocabulary(&self) -> usize {
        usize::from(self.check.embedded.is_none())
    }
}

impl<'r> Checker<'r> {
    pub(super) fn new(rules: &'r RuleSet, selection: &'r Selection, facts: &'r Facts) -> Self {
        let all = &rules.rules;
        let set = |is_in: &dyn Fn(usize) -> bool| Rules::of(all.len(), is_in);
        let turns = |wanted: Turns| set(&|index| all[index].traits.turns == wanted);
        Self {
            on: Channel::ALL.map(|channel| set(&|index| selection.severity(index, channel).is_some())),
            always: set(&|index| {
                let Judge { traits, phrases, .. } = &all[index];
                !traits.by_terms && phrases.is_empty() && (traits.misses || !rules.prefilter.knows(index))
            }),
            first: turns(Turns::First),
            both: turns(Turns::Both),
            gated: set(&|index| selection.levels.get(index).is_some_and(|level| level.gated)),
            phrases: [false, true].map(|own| {
                let judges = all.iter().zip(0_u16..).filter(|(judge, _)| (judge.vocabulary() == 1) == own);
                judges.flat_map(|(judge, index)| judge.phrases.clone().map(move |_| index)).collect()
            }),
            hits: Vec::new(),
            said: rules.vocabularies.each_ref().map(Said::new),
            possible: Possible::default(),
            account: None,
            left_out: Vec::new(),
            most: Limits::default().findings,
            rules,
            selection,
            facts,
        }
    }

    /// The same, which also keeps account of what becomes of each rule.
    pub(crate) fn with_account(self) -> Self {
        Self { account: Some(Vec::new()), ..self }
    }

    /// The same, which keeps no more than `most` findings of a rule of each message.
    pub(crate) fn with_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// What became of each rule at each message of the last conversation.
    pub(crate) fn take_account(&mut self) -> Vec<Vec<Asked>> {
        self.account.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// How many findings were left out of each message of the last conversation, since a rule had too many.
    pub(crate) fn left_out(&self) -> &[u64] {
        &self.left_out
    }

    /// The findings of each message of the conversation, by place.
    #[must_use]
    pub fn check(&mut self, conversation: &Conversation<'_>) -> Vec<Vec<Diagnostic<'r>>> {
        let turns = &conversation.messages;
        self.left_out.clear();
        let mut ours_before = false;
        let mut all = Vec::with_capacity(turns.len());
        for (turn, message) in turns.iter().enumerate() {
            all.push(self.judge(turns, turn, message.ours && !ours_before));
            ours_before |= message.ours;
        }
        if all.len() > 1 {
            self.keep_once(turns, &mut all);
        }
        for (turn, findings) in all.iter_mut().enumerate() {
            let account = self.account.as_mut().and_then(|account| account.get_mut(turn));
            setting_aside(self.rules, account, findings, drop_covered);
            findings.sort_by_key(|d| (d.place.span(), d.rule.id.as_ref()));
        }
        all
    }

    /// What must be there once in a conversation is missed once, and only if no message has it.
    fn keep_once(&self, turns: &[Message<'_>], all: &mut [Vec<Diagnostic<'r>>]) {
        for judge in self.rules.rules.iter().filter(|judge| judge.traits.turns == Turns::Any) {
            let is_own = |d: &Diagnostic<'_>| d.rule.id == judge.rule.id;
            let mut ours = turns.iter().zip(&*all).filter(|(turn, _)| turn.ours);
            let satisfied = ours.any(|(_, findings)| !findings.iter().any(is_own));
            let mut first = !satisfied;
            for findings in all.iter_mut() {
                findings.retain(|d| !is_own(d) || std::mem::take(&mut first));
            }
        }
    }

    /// The findings of one message; `first` says whether it is the first of ours.
    fn judge(&mut self, turns: &[Message<'_>], turn: usize, first: bool) -> Vec<Diagnostic<'r>> {
        let message = &turns[turn];
        let asked = self.asked(message, first);
        let woken = self.woken(message, &asked);
        let mut out = Vec::new();
        let mut evidence = 0_u128;
        let mut left_out = 0;
        let theme = |index: usize| self.rules.rules[index].theme.min(127);
        for index in woken.iter() {
            let hits = self.hits_of(index, true);
            let outcome = self.ask(index, turns, turn, hits, true, &mut out);
            evidence |= u128::from(outcome.evidence) << theme(index);
            left_out += outcome.left_out;
        }
        let mut ambiguous: Vec<usize> =
            self.hits.iter().filter(|hit| !hit.certain).map(|hit| hit.rule.into()).collect();
        ambiguous.dedup();
        for index in ambiguous {
            let supported = evidence >> theme(index) & 1 != 0;
            let hits = self.hits_of(index, false);
            left_out += self.ask(index, turns, turn, hits, supported, &mut out).left_out;
        }
        self.left_out.push(left_out);
        let alone: Vec<&Rule> = out.iter().map(|d| d.rule).filter(|rule| rule.alone).collect();
        if self.account.is_some() {
            let own = self.account_of(turns, turn, first, &asked, &alone);
            self.account.iter_mut().for_each(|account| account.push(own.clone()));
        }
        if !alone.is_empty() {
            out.retain(|d| d.rule.alone || !alone.iter().any(|rule| rule.theme() == d.rule.theme()));
        }
        out
    }

    /// The rules that are on for a message.
    fn asked(&self, message: &Message<'_>, first: bool) -> Rules {
        let mut asked = self.on[message.channel as usize].clone();
        if !message.ours {
            asked.retain(&self.both, |own, both| own & both);
        } else if !first {
            asked.retain(&self.first, |own, first| own & !first);
        }
        for index in self.gated.iter() {
            if asked.has(index) && self.waits(index, message) {
                asked.0[index / 64] &= !(1 << (index % 64));
            }
        }
        asked
    }

    /// Whether a rule waits for what does not hold for a message.
    fn waits(&self, index: usize, message: &Message<'_>) -> bool {
        let gate = self.rules.rules[index].rule.only[message.channel as usize];
        self.gated.has(index) && gate.is_some_and(|gate| !holds(gate, message, self.facts))
    }

    /// What became of each rule at a message, of which `asked` were asked and `alone` took the place of all of their themes.
    fn account_of(
        &self,
        turns: &[Message<'_>],
        turn: usize,
        first: bool,
        asked: &Rules,
        alone: &[&Rule],
    ) -> Vec<Asked> {
        let message = &turns[turn];
        let of = |(index, judge): (usize, &Judge)| {
            let rule = &judge.rule;
            let sight = || {
                let context = self.context(index, turns, turn, self.hits_of(index, true), true);
                judge.check.get().map_or(Sight::Blind, |check| check.sight(&context))
            };
            match () {
                () if rule.severity[message.channel as usize].is_none() => Asked::Elsewhere,
                () if !message.ours && judge.traits.turns != Turns::Both => Asked::Elsewhere,
                () if self.selection.severity(index, message.channel).is_none() => {
                    if rule.default {
                        Asked::Off
                    } else {
                        Asked::Dormant
                    }
                }
                () if !asked.has(index) && self.waits(index, message) => Asked::Waiting,
                () if !asked.has(index) => Asked::Elsewhere,
                // What must be there once is missed at the first of ours.
                () if judge.traits.turns == Turns::Any && !first => Asked::Elsewhere,
                () if !rule.alone && alone.iter().any(|other| other.theme() == rule.theme()) => Asked::Off,
                () => match sight() {
                    Sight::Sees => Asked::Yes,
                    Sight::Blind => Asked::Blind,
                    Sight::Elsewhere => Asked::Elsewhere,
                },
            }
        };
        self.rules.rules.iter().enumerate().map(of).collect()
    }

    /// Reads the message and returns the rules of those asked for which something may stand in it that is certain.
    fn woken(&mut self, message: &Message<'_>, asked: &Rules) -> Rules {
        self.read_terms(message, asked);
        let mut woken = self.always.clone();
        for hit in self.hits.iter().filter(|hit| hit.certain) {
            woken.insert(hit.rule.into());
        }
        for (said, rules) in self.said.iter_mut().zip(&self.phrases) {
            said.read(message);
            said.calls().iter().for_each(|call| woken.insert(rules[usize::from(call.phrase)].into()));
        }
        self.rules.prefilter.look(message, |rule| asked.has(rule), &mut self.possible);
        for rule in self.possible.rules() {
            woken.insert((*rule).into());
        }
        woken.retain(asked, |own, asked| own & asked);
        woken
    }

    fn calls_of(&self, judge: &Judge) -> &[Called] {
        let calls = self.said[judge.vocabulary()].calls();
        let first = calls.partition_point(|call| usize::from(call.phrase) < judge.phrases.start);
        let last = calls.partition_point(|call| usize::from(call.phrase) < judge.phrases.end);
        &calls[first..last]
    }

    /// Where the hits of a rule lie among all.
    fn hits_of(&self, rule: usize, certain: bool) -> &[Hit] {
        let key = |hit: &Hit| (usize::from(hit.rule), !hit.certain);
        let first = self.hits.partition_point(|hit| key(hit) < (rule, !certain));
        let last = self.hits.partition_point(|hit| key(hit) <= (rule, !certain));
        &self.hits[first..last]
    }

    /// What the rule at `index` may know of a message.
    fn context<'a, 'w>(
        &'a self,
        index: usize,
        turns: &'a [Message<'w>],
        turn: usize,
        hits: &'a [Hit],
        supported: bool,
    ) -> Context<'a, 'w> {
        let judge = &self.rules.rules[index];
        Context {
            turns,
            turn,
            message: &turns[turn],
            rule: &judge.rule,
            facts: self.facts,
            hits,
            supported,
            tables: &self.rules.tables,
            said: &self.said[judge.vocabulary()],
            calls: self.calls_of(judge),
            first_phrase: judge.phrases.start,
            expressions: self.possible.expressions(index),
        }
    }

    /// Asks one rule for its findings.
    fn ask(
        &self,
        index: usize,
        turns: &[Message<'_>],
        turn: usize,
        hits: &[Hit],
        supported: bool,
        out: &mut Vec<Diagnostic<'r>>,
    ) -> Outcome {
        let judge = &self.rules.rules[index];
        let message = &turns[turn];
        let severity = self.selection.severity(index, message.channel);
        let (Some(check), Some(severity)) = (judge.check.get(), severity) else {
            return Outcome::default();
        };
        let context = self.context(index, turns, turn, hits, supported);
        let fixed = self.selection.levels[index].fixed;
        // Whatever is to be masked must be known.
        let most = if judge.rule.mask { usize::MAX } else { self.most };
        let mut findings = Findings::new(&judge.rule, severity, fixed, most, out);
        check.judge(&context, &mut findings);
        let outcome = Outcome { evidence: findings.evidence, left_out: findings.finish() };
        if !judge.allow.is_empty() && !judge.traits.by_terms {
            out.retain(|d| d.rule.id != judge.rule.id || !judge.allows(d, message));
        }
        outcome
    }

    /// Finds the terms that stand in the message, by rule, certain ones first, then by place, without overlaps in a rule.
    fn read_terms(&mut self, message: &Message<'_>, asked: &Rules) {
        let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        self.hits.clear();
        for (field_index, field) in message.fields.iter().enumerate() {
            for (table_index, table) in self.rules.tables.iter().enumerate() {
                let mut hit = |found: Match| {
                    let entry = &table.entries[found.entry as usize];
                    let passed = || self.rules.allows(entry.rule, found.span.of(&field.text));
                    let replaced = || table_index == 0 && self.rules.replaces(entry.rule, table.slice(entry.text));
                    if asked.has(entry.rule.into()) && !passed() && !replaced() {
                        self.hits.push(Hit {
                            rule: entry.rule,
                            group: entry.group,
                            certain: entry.has(Entry::CERTAIN),
                            table: small(table_index),
                            field: small(field_index),
                            found,
                        });
                    }
                };
                for index in 0..field.tokens.len() {
                    let mut known = false;
                    table.matches_at(&field.text, &field.tokens, index, &mut |found| {
                        known = true;
                        hit(found);
                    });
                    if !known {
                        table.variants_at(&field.text, &field.tokens, index, &mut hit);
                    }
                }
            }
        }
        self.hits.sort_unstable_by_key(|h| {
            let list =
                u64::from(h.rule) << 17 | u64::from(!h.certain) << 16 | u64::from(h.group) << 8 | u64::from(h.field);
            (list, h.found.span.start, !h.found.span.end, h.table, h.found.entry)
        });
        self.hits.dedup_by(|next, kept| {
            let same =
                (next.rule, next.certain, next.group, next.field) == (kept.rule, kept.certain, kept.group, kept.field);
            same && next.found.span.overlaps(kept.found.span)
        });
    }
}

impl RuleSet {
    /// Whether the configuration lets the words pass that the rule would find.
    fn allows(&self, rule: u16, text: &str) -> bool {
        let allow = &self.rules[rule as usize].allow;
        !allow.is_empty() && allow.contains(&fold_phrase(text))
    }

    /// Whether a pack has said anew what the rule says of a word or phrase, folded.
    fn replaces(&self, rule: u16, term: &str) -> bool {
        self.rules[rule as usize].replaced.contains(term)
    }
}

/// Whether what a rule waits for holds.
fn holds(gate: Gate, message: &Message<'_>, facts: &Facts) -> bool {
    match gate {
        Gate::Election => facts.election,
        Gate::OfficialGroup => message.field(Part::Account).is_some_and(|f| facts.is_official_group(&f.text)),
        Gate::Outsiders => {
            let addressed = message.fields.iter().filter(|f| matches!(f.part, Part::To | Part::Cc | Part::Bcc));
            let mut mails = addressed.flat_map(|f| {
                let mails = f.tokens.iter().filter(|t| t.kind == TokenKind::Mail);
                mails.filter_map(|t| t.of(&f.text).rsplit_once('@'))
            });
            !facts.domains.is_empty() && mails.any(|(_, domain)| !facts.is_own_domain(domain))
        }
    }
}

/// Sets findings aside by `leave_out`, which is noted of rules that then have none: their silence is no praise.
pub(crate) fn setting_aside<'r>(
    rules: &RuleSet,
    account: Option<&mut Vec<Asked>>,
    findings: &mut Vec<Diagnostic<'r>>,
    leave_out: impl FnOnce(&mut Vec<Diagnostic<'r>>),
) {
    let Some(account) = account else { return leave_out(findings) };
    let mut before: Vec<&str> = findings.iter().map(|found| found.rule.id.as_ref()).collect();
    leave_out(findings);
    before.retain(|id| !findings.iter().any(|found| found.rule.id == *id));
    for (rule, asked) in rules.rules().zip(account) {
        if before.contains(&rule.id.as_ref()) {
            *asked = Asked::Off;
        }
    }
}

/// Leaves out replacements within a larger replacement ("Bro" in "Halo Bro"): mending the larger one mends them.
fn drop_covered(findings: &mut Vec<Diagnostic<'_>>) {
    findings.sort_by_key(|d| (d.place.part(), d.place.text().start, std::cmp::Reverse(d.place.text().end)));
    let mut outer: Option<(Part, TextSpan)> = None;
    findings.retain(|d| {
        let (part, text) = (d.place.part(), d.place.text());
        // An insertion stands beside what it is about and replaces nothing of it.
        let replaces = d.fix.as_ref().is_some_and(|fix| fix.edits.iter().any(|edit| edit.place.text() == text));
        let covered = outer.is_some_and(|(other, span)| other == part && text.end <= span.end && text != span);
        if replaces && !covered && outer.is_none_or(|(other, span)| other != part || span.end <= text.start) {
            outer = Some((part, text));
        }
        !(replaces && covered)
    });
}
