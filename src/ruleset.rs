//! All rules together: which are on, what of them stands in a message, and their verdicts.
//!
//! Every word is looked up once for all rules and one pass finds the literals that expressions need. Certain terms are
//! judged first; ambiguous ones count where their theme has then found something.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::OnceLock;

use crate::check::{Check, Context, Findings, Hit, KINDS, Lexicon, Traits, Turns};
use crate::diagnostic::Diagnostic;
use crate::embedded::{Embedded, LITERAL_SETS, LITERALS, RULES, Stored, TERMS, THEMES, VOCABULARY};
use crate::facts::Facts;
use crate::locale::{Lang, Text};
use crate::message::{Channel, Conversation, Message, Part};
use crate::pack::{self, Compiled, PackError};
use crate::phrase::{self, Said, Vocabulary};
use crate::prefilter::{Numbers, Prefilter, Program};
use crate::rule::{ByChannel, Gate, PerChannel, Rule, Severity};
use crate::span::TextSpan;
use crate::term::{BadTerm, Entry, Match, Term, TermTable, fold_phrase};
use crate::token::{self, TokenKind};

/// The sets of words that phrases of any pack may name.
const SHARED_WORDS: &str = include_str!("../rules/words.toml");

/// Every known rule, ready to judge.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Judge>,
    tables: Vec<TermTable>,
    prefilter: Prefilter,
    own_terms: Vec<Term>,
    /// Words of phrases: of the embedded rules, and of packs that were taken in.
    vocabularies: [Vocabulary; 2],
    own_words: phrase::Numbers,
    /// Ids and titles of the themes.
    themes: Vec<(String, Text)>,
}

/// A rule with what judges it.
#[derive(Debug)]
struct Judge {
    rule: Cow<'static, Rule>,
    check: LazyCheck,
    traits: Traits,
    /// What its expressions need.
    needs: Program,
    /// What its phrases need, as [`Embedded::says`].
    says: Cow<'static, [u16]>,
    /// Index of its theme among all.
    theme: usize,
    /// Folded words that the configuration lets pass.
    allow: HashSet<String>,
}

/// A check that is loaded when it is first asked: most are not, for a draft.
#[derive(Debug)]
struct LazyCheck {
    loaded: OnceLock<Option<Box<dyn Check>>>,
    embedded: Option<&'static Embedded>,
}

impl Judge {
    /// Which of its phrases can match, as bits, and how many there are; those beyond the 128th always can.
    fn phrases(&self, said: &Said<'_>) -> (u128, usize) {
        let mut rest: &[u16] = &self.says;
        let (mut bits, mut index) = (0, 0);
        while let Some((count, tail)) = rest.split_first() {
            let (sets, tail) = tail.split_at(usize::from(*count).min(tail.len()));
            rest = tail;
            if index < 128 && said.has_all(sets) {
                bits |= 1 << index;
            }
            index += 1;
        }
        (bits, index)
    }

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

impl LazyCheck {
    /// The check. build.rs wrote the options after compiling them, so loading cannot fail; a rule that did would be missed
    /// by its cases at once.
    fn get(&self) -> Option<&dyn Check> {
        match self.embedded.map(|embedded| embedded.check) {
            Some(Stored::Ready(check)) => Some(check),
            Some(Stored::Options(kind, options)) => {
                let load = || KINDS[kind].load.and_then(|load| load(options).ok());
                self.loaded.get_or_init(load).as_deref()
            }
            None => self.loaded.get()?.as_deref(),
        }
    }

    fn get_mut(&mut self) -> Option<&mut Box<dyn Check>> {
        self.get()?;
        self.loaded.get_mut()?.as_mut()
    }
}

/// Which rules are on, and how grave they are: the outcome of options and configuration for one path.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    levels: Vec<Level>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Level {
    severity: PerChannel<Severity>,
    /// Whether the configuration set it, so that grades within the rule do not count.
    fixed: bool,
    /// Whether it is on only where its gate holds.
    gated: bool,
}

/// What the command line says about rules: ids or themes.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Only these; empty means those that are on by default.
    pub select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
}

/// What the configuration says about one rule.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Off, whatever else.
    pub off: bool,
    /// On, with this severity instead of the rule's.
    pub severity: Option<Severity>,
}

impl RuleSet {
    /// The embedded rules.
    #[must_use]
    pub fn embedded() -> Self {
        let themes = THEMES.iter().map(|(id, title)| ((*id).to_owned(), title.clone())).collect();
        let prefilter = Prefilter::new(Numbers::after(LITERALS, LITERAL_SETS));
        let vocabularies = [VOCABULARY.clone(), Vocabulary::default()];
        let mut set = Self { tables: vec![TERMS.clone()], themes, prefilter, vocabularies, ..Self::default() };
        for embedded in RULES {
            let check = LazyCheck { loaded: OnceLock::new(), embedded: Some(embedded) };
            set.push(Judge {
                rule: Cow::Borrowed(&embedded.rule),
                check,
                traits: embedded.traits,
                needs: Cow::Borrowed(embedded.needs),
                says: Cow::Borrowed(embedded.says),
                theme: 0,
                allow: HashSet::new(),
            });
        }
        set
    }

    /// No rules at all.
    #[must_use]
    pub fn empty() -> Self {
        Self { tables: vec![TermTable::default()], ..Self::default() }
    }

    /// Takes in the rules of a pack, whose TOML is `text`. `lexicon` gives the TOML of a long table by its name.
    ///
    /// # Errors
    /// Everything that is wrong with the pack; the rules stay as they were.
    pub fn add_pack(
        &mut self,
        text: &str,
        lexicon: &mut dyn FnMut(&str) -> Result<String, String>,
    ) -> Result<(), Vec<PackError>> {
        let pack = pack::parse(text)?;
        let shared = toml::from_str(SHARED_WORDS).map_err(|error| vec![PackError::from(error)])?;
        let mut words = pack.words(&mut self.own_words, &shared).map_err(|error| vec![error])?;
        let mut table = |name: &str| -> Result<Lexicon, String> {
            let text = lexicon(name)?;
            toml::from_str(&text).map_err(|error: toml::de::Error| format!("lexicon {name}: {}", error.message()))
        };
        let mut compiled = Vec::new();
        let mut errors = Vec::new();
        for rule in pack.rules {
            let index = u16::try_from(self.rules.len() + compiled.len()).unwrap_or(u16::MAX);
            match rule.compile(index, &mut words, &mut table) {
                Ok(rule) if self.rules.iter().any(|known| known.rule.id == rule.rule.id) => {
                    errors
                        .push(PackError { message: format!("the rule `{}` exists already", rule.rule.id), span: None });
                }
                Ok(rule) => compiled.push(rule),
                Err(error) => errors.push(error),
            }
        }
        let terms: Vec<Term> = compiled.iter().flat_map(|rule| rule.terms.iter().cloned()).collect();
        if let Err(error) = TermTable::build(&terms) {
            errors.push(PackError { message: error.to_string(), span: None });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        if !self.themes.iter().any(|(id, _)| *id == pack.theme.0) {
            self.themes.push(pack.theme);
        }
        for Compiled { rule, check, terms } in compiled {
            let needs = self.prefilter.program(&check.needs());
            let (traits, says) = (check.traits(), phrase::flat(&check.says()).into());
            let check = LazyCheck { loaded: OnceLock::from(Some(check)), embedded: None };
            let (rule, allow) = (Cow::Owned(rule), HashSet::new());
            self.push(Judge { rule, check, traits, needs, says, theme: 0, allow });
            self.own_terms.extend(terms);
        }
        self.rebuild().map_err(|error| vec![PackError { message: error.to_string(), span: None }])
    }

    /// Adds words to a rule that looks for words; false where it does not.
    ///
    /// # Errors
    /// A word that cannot be looked up.
    pub fn add_terms(&mut self, id: &str, words: &[String]) -> Result<bool, BadTerm> {
        let Some(index) = self.index(id).filter(|i| self.rules[*i].traits.by_terms) else { return Ok(false) };
        let rule = u16::try_from(index).unwrap_or(u16::MAX);
        let term = |text: &String| Term { rule, text: text.clone(), certain: true, evidence: true, ..Term::default() };
        self.own_terms.extend(words.iter().map(term));
        self.rebuild().map(|()| true)
    }

    /// Lets words pass that a rule would find; false where it does not look for words or phrases.
    pub fn allow_words(&mut self, id: &str, words: &[String]) -> bool {
        let speaks = |judge: &Judge| judge.traits.by_terms || !judge.says.is_empty();
        let Some(index) = self.index(id).filter(|i| speaks(&self.rules[*i])) else { return false };
        self.rules[index].allow.extend(words.iter().map(|word| fold_phrase(word)));
        true
    }

    /// Sets the limit of a rule; false where it has none.
    pub fn set_limit(&mut self, id: &str, limit: ByChannel<u32>) -> bool {
        self.index(id).and_then(|index| self.rules[index].check.get_mut()).is_some_and(|check| check.set_limit(limit))
    }

    /// The title of a theme.
    #[must_use]
    pub fn title<'s>(&'s self, theme: &'s str, lang: Lang) -> &'s str {
        self.themes.iter().find(|(id, _)| id == theme).map_or(theme, |(_, title)| title.get(lang))
    }

    /// All rules, in order.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|judge| judge.rule.as_ref())
    }

    /// The rule of that id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules().find(|rule| rule.id == id)
    }

    /// Whether `name` is a rule's id or a theme.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.rules().any(|rule| rule.id == name || rule.theme() == name)
    }

    /// Whether a rule of that id or theme is on in some channel.
    pub(crate) fn is_on(&self, name: &str, selection: &Selection) -> bool {
        let named = self.rules().enumerate().filter(|(_, rule)| rule.id == name || rule.theme() == name);
        named
            .into_iter()
            .any(|(index, _)| Channel::ALL.iter().any(|channel| selection.severity(index, *channel).is_some()))
    }

    /// The rules that `choice` and `settings` leave on. A rule that is off by default is on only when it is named itself.
    #[must_use]
    pub fn select(&self, choice: &Choice, settings: &[(String, Setting)]) -> Selection {
        let named = |names: &[String], rule: &Rule| names.iter().any(|n| *n == rule.id || n == rule.theme());
        let level = |rule: &Rule| {
            let setting = settings.iter().filter(|(id, _)| *id == rule.id || id == rule.theme());
            let by_id = setting.clone().any(|(id, s)| *id == rule.id && !s.off);
            let off = setting.clone().next_back().is_some_and(|(_, s)| s.off);
            let chosen = choice.select.iter().any(|name| *name == rule.id);
            let named_itself = if choice.select.is_empty() { by_id } else { chosen || by_id };
            let in_choice = choice.select.is_empty() || named(&choice.select, rule);
            // A rule that is off by default may be on where what it waits for holds.
            let waits = !rule.default && rule.only.iter().any(Option::is_some);
            let wanted = in_choice && (rule.default || named_itself || waits);
            if !wanted || named(&choice.ignore, rule) || off && !chosen {
                return Level::default();
            }
            let severity = setting.filter_map(|(_, s)| s.severity).next_back();
            let levels = rule.severity.map(|own| own.map(|own| severity.unwrap_or(own)));
            Level { severity: levels, fixed: severity.is_some(), gated: rule.default || !named_itself }
        };
        Selection { levels: self.rules().map(level).collect() }
    }

    /// The findings of each message of the conversation, by place.
    #[must_use]
    pub fn check<'r>(
        &'r self,
        conversation: &Conversation<'_>,
        selection: &Selection,
        facts: &Facts,
    ) -> Vec<Vec<Diagnostic<'r>>> {
        let turns = &conversation.messages;
        let mut all: Vec<Vec<Diagnostic<'r>>> =
            (0..turns.len()).map(|turn| self.judge(turns, turn, selection, facts)).collect();
        if all.len() > 1 {
            self.keep_once(turns, &mut all);
        }
        for findings in &mut all {
            drop_covered(findings);
            findings.sort_by_key(|d| (d.place.span(), d.rule.id.as_ref()));
        }
        all
    }

    /// What must be there once in a conversation is missed once, and only if no message has it.
    fn keep_once<'r>(&'r self, turns: &[Message<'_>], all: &mut [Vec<Diagnostic<'r>>]) {
        for judge in self.rules.iter().filter(|judge| judge.traits.turns == Turns::Any) {
            let is_own = |d: &Diagnostic<'_>| d.rule.id == judge.rule.id;
            let mut ours = turns.iter().zip(&*all).filter(|(turn, _)| turn.ours);
            let satisfied = ours.any(|(_, findings)| !findings.iter().any(is_own));
            let mut first = !satisfied;
            for findings in all.iter_mut() {
                findings.retain(|d| !is_own(d) || std::mem::take(&mut first));
            }
        }
    }

    fn judge<'r>(
        &'r self,
        turns: &[Message<'_>],
        turn: usize,
        selection: &Selection,
        facts: &Facts,
    ) -> Vec<Diagnostic<'r>> {
        let message = &turns[turn];
        let channel = message.channel as usize;
        let first = message.ours && !turns[..turn].iter().any(|other| other.ours);
        let severity = |index: usize| {
            let level = selection.levels.get(index)?;
            let Judge { rule, traits, .. } = &self.rules[index];
            let asked = match traits.turns {
                Turns::Each | Turns::Any => message.ours,
                Turns::First => first,
                Turns::Both => true,
            };
            let open = || !level.gated || rule.only[channel].is_none_or(|gate| holds(gate, message, facts));
            level.severity[channel].filter(|_| asked && open())
        };
        let hits = self.hits(message, |rule| severity(rule as usize).is_some());
        let present = self.prefilter.present(message);
        let said = self.vocabularies.each_ref().map(|vocabulary| vocabulary.said(message));
        let mut out = Vec::new();
        let mut evidence: HashSet<usize> = HashSet::new();
        for ambiguous in [false, true] {
            let mut rest = hits.as_slice();
            for (index, judge) in self.rules.iter().enumerate() {
                let own = rest.iter().take_while(|hit| hit.rule as usize == index).count();
                let (own, later) = rest.split_at(own);
                rest = later;
                let Some(severity) = severity(index) else { continue };
                let split = own.partition_point(|hit| hit.certain);
                let own = if ambiguous { &own[split..] } else { &own[..split] };
                if own.is_empty() && (ambiguous || judge.traits.by_terms) {
                    continue;
                }
                let supported = !ambiguous || evidence.contains(&judge.theme);
                let said = &said[judge.vocabulary()];
                let (expressions, count) =
                    if judge.says.is_empty() { present.expressions(&judge.needs) } else { judge.phrases(said) };
                let idle = expressions == 0 && (1..=128).contains(&count);
                let Some(check) = judge.check.get().filter(|_| !idle) else { continue };
                let context = Context {
                    turns,
                    turn,
                    message,
                    rule: &judge.rule,
                    facts,
                    hits: own,
                    supported,
                    tables: &self.tables,
                    said,
                    expressions,
                };
                let fixed = selection.levels[index].fixed;
                let mut findings = Findings::new(&judge.rule, severity, fixed, &mut out);
                check.judge(&context, &mut findings);
                if findings.evidence && !ambiguous {
                    evidence.insert(judge.theme);
                }
                if !judge.allow.is_empty() && !judge.traits.by_terms {
                    out.retain(|d| d.rule.id != judge.rule.id || !judge.allows(d, message));
                }
            }
        }
        let alone: Vec<&Rule> = out.iter().map(|d| d.rule).filter(|rule| rule.alone).collect();
        if !alone.is_empty() {
            out.retain(|d| d.rule.alone || !alone.iter().any(|rule| rule.theme() == d.rule.theme()));
        }
        out
    }

    /// The terms that stand in the message, by rule, certain ones first, then by place, without overlaps in a rule.
    fn hits(&self, message: &Message<'_>, is_on: impl Fn(u16) -> bool) -> Vec<Hit> {
        let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        let mut hits: Vec<Hit> = Vec::new();
        for (field_index, field) in message.fields.iter().enumerate() {
            for (table_index, table) in self.tables.iter().enumerate() {
                let mut hit = |found: Match| {
                    let entry = &table.entries[found.entry as usize];
                    if is_on(entry.rule) && !self.allows(entry.rule, found.span.of(&field.text)) {
                        hits.push(Hit {
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
        hits.sort_by_key(|h| {
            (h.rule, !h.certain, h.group, h.field, h.found.span.start, std::cmp::Reverse(h.found.span.end))
        });
        hits.dedup_by(|next, kept| {
            let same =
                (next.rule, next.certain, next.group, next.field) == (kept.rule, kept.certain, kept.group, kept.field);
            same && next.found.span.overlaps(kept.found.span)
        });
        hits
    }

    fn allows(&self, rule: u16, text: &str) -> bool {
        let allow = &self.rules[rule as usize].allow;
        !allow.is_empty() && allow.contains(&fold_phrase(text))
    }

    /// Adds a rule, whose theme is known by now.
    fn push(&mut self, judge: Judge) {
        let known = self.themes.iter().position(|(id, _)| id == judge.rule.theme());
        self.rules.push(Judge { theme: known.unwrap_or(self.themes.len()), ..judge });
    }

    fn rebuild(&mut self) -> Result<(), BadTerm> {
        self.tables.truncate(1);
        if !self.own_terms.is_empty() {
            self.tables.push(TermTable::build(&self.own_terms)?);
        }
        self.vocabularies[1] = Vocabulary::build(&self.own_words)?;
        Ok(())
    }

    fn index(&self, id: &str) -> Option<usize> {
        self.rules.iter().position(|judge| judge.rule.id == id)
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

impl Selection {
    /// The severity of the rule at `index` in `channel`, if it is on there.
    #[must_use]
    pub fn severity(&self, index: usize, channel: Channel) -> Option<Severity> {
        self.levels.get(index).and_then(|level| level.severity[channel as usize])
    }

    /// How many rules are on in some channel.
    #[must_use]
    pub fn count(&self) -> usize {
        self.levels.iter().filter(|level| level.severity.iter().any(Option::is_some)).count()
    }
}

/// The known name nearest to `name`, if one is near.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let name = token::fold(name);
    let scored = known.map(|other| (strsim::jaro_winkler(&name, other), other));
    scored.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, other)| other)
}
