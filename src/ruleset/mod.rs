//! All rules together: where they come from, and which are on.

mod checker;
mod extend;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

use crate::check::{Check, KINDS, Lexicon, Traits};
use crate::embedded::{Embedded, NEEDS, RULES, Stored, TERMS, THEMES, Theme, VOCABULARY};
use crate::facts::Facts;
use crate::locale::Lang;
use crate::message::{Channel, Roles};
use crate::pack::{self, Compiled, Extensions, PackError, PackFlaw, PackInfo};
use crate::phrase::{self, Vocabulary};
use crate::prefilter::{Numbers, Prefilter};
use crate::rule::{ByChannel, PerChannel, Rule, Severity};
use crate::term::{BadTerm, Term, TermTable, fold_phrase};

pub use checker::Checker;
pub(crate) use checker::setting_aside;
pub use extend::Change;

/// The sets of words that phrases of any pack may name.
const SHARED_WORDS: &str = include_str!("../../rules/words.toml");

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
    /// Messages of packs that were taken in, which tell what words are common.
    own_texts: Vec<String>,
    /// The packs, whose ids are the themes of the rules.
    packs: Vec<PackInfo>,
}

/// Reads the TOML of a long table by its name.
pub type ReadTable<'r> = dyn FnMut(&str) -> Result<String, String> + 'r;

/// A rule with what judges it.
#[derive(Debug)]
struct Judge {
    rule: Cow<'static, Rule>,
    check: LazyCheck,
    traits: Traits,
    /// The numbers of its phrases in its vocabulary.
    phrases: Range<usize>,
    /// Index of its theme among all.
    theme: usize,
    /// Folded words that the configuration, or a pack that extends the rule, lets pass.
    allow: HashSet<String>,
    /// What packs have changed of it.
    changes: Vec<Change>,
    /// Folded words of which packs have said anew what an embedded rule says of them.
    replaced: HashSet<String>,
}

/// A check that is loaded when it is first asked: most are not, for a draft.
#[derive(Debug)]
struct LazyCheck {
    loaded: OnceLock<Option<Box<dyn Check>>>,
    embedded: Option<&'static Embedded>,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    levels: Vec<Level>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Level {
    severity: PerChannel<Severity>,
    /// Whether the configuration or a pack that extends the rule set it, so that grades within the rule do not count.
    fixed: bool,
    /// Whether it is on only where its gate holds.
    gated: bool,
}

impl Level {
    fn is_on(self) -> bool {
        self.severity.iter().any(Option::is_some)
    }
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
        let info = |(id, title): &Theme| PackInfo { id: (*id).to_owned(), title: title.clone(), ..PackInfo::default() };
        let packs = THEMES.iter().map(info).collect();
        let programs =
            RULES.iter().map(|embedded| (Cow::Borrowed(embedded.needs), reach(embedded.traits, embedded.rule.roles)));
        let prefilter = Prefilter::new(Numbers::after(NEEDS.clone()), programs);
        let vocabularies = [VOCABULARY.clone(), Vocabulary::default()];
        let mut set = Self { tables: vec![TERMS.clone()], packs, prefilter, vocabularies, ..Self::default() };
        for embedded in RULES {
            let check = LazyCheck { loaded: OnceLock::new(), embedded: Some(embedded) };
            set.push(Judge {
                rule: Cow::Borrowed(&embedded.rule),
                check,
                traits: embedded.traits,
                phrases: embedded.phrases.0..embedded.phrases.1,
                theme: 0,
                allow: HashSet::new(),
                changes: Vec::new(),
                replaced: HashSet::new(),
            });
        }
        set
    }

    /// No rules at all.
    #[must_use]
    pub fn empty() -> Self {
        Self { tables: vec![TermTable::default()], ..Self::default() }
    }

    /// Takes in the rules of a pack, whose TOML is `text` and whose file is called `file`. `table` gives the TOML of a long table by its
    /// name. What the pack extends is handed back for [`RuleSet::extend`], since it may be a rule of a pack that comes later.
    ///
    /// # Errors
    /// Everything that is wrong with the pack; the rules stay as they were.
    pub fn add_pack(
        &mut self,
        file: &str,
        text: &str,
        table: &mut ReadTable<'_>,
    ) -> Result<Extensions, Vec<PackError>> {
        let pack = pack::parse(text)?;
        let shared = toml::from_str(SHARED_WORDS).map_err(|error| vec![PackError::from(error)])?;
        let mut words = pack.words(&mut self.own_words, &shared).map_err(|error| vec![error])?;
        let mut compiled = Vec::new();
        let mut errors = Vec::new();
        if let Some(other) = self.packs.iter().find(|other| other.id == pack.info.id) {
            let flaw = PackFlaw::SameId { id: other.id.clone(), other: other.file.clone() };
            errors.push(PackError::at(pack.id_at, flaw));
        }
        for rule in pack.rules {
            let index = u16::try_from(self.rules.len() + compiled.len()).unwrap_or(u16::MAX);
            match rule.compile(index, &mut words, &mut |name| lexicon(table, name)) {
                Ok(rule) => compiled.push(rule),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        self.packs.push(PackInfo { file: Some(file.to_owned()), ..pack.info });
        for Compiled { rule, check, terms } in compiled {
            let (traits, ways) = (check.traits(), check.ways());
            self.prefilter.push(&check.needs(), reach(traits, rule.roles));
            let count = ways.len();
            let first = self.own_words.add_phrases(ways);
            self.own_texts.extend(rule.cases.iter().map(|case| case.message.to_string()));
            let check = LazyCheck { loaded: OnceLock::from(Some(check)), embedded: None };
            self.push(Judge {
                rule: Cow::Owned(rule),
                check,
                traits,
                phrases: first..first + count,
                theme: 0,
                allow: HashSet::new(),
                changes: Vec::new(),
                replaced: HashSet::new(),
            });
            self.own_terms.extend(terms);
        }
        self.rebuild().map_err(|error| vec![PackError::form(None, error.to_string())])?;
        Ok(pack.extensions)
    }

    /// Adds words to a rule that looks for words; false where it does not.
    ///
    /// # Errors
    /// A word that cannot be looked up.
    pub fn add_terms(&mut self, id: &str, words: &[String]) -> Result<bool, BadTerm> {
        let Some(index) = self.index(id).filter(|i| self.rules[*i].traits.by_terms) else { return Ok(false) };
        let rule = u16::try_from(index).unwrap_or(u16::MAX);
        let term = |text: &String| Term { rule, text: text.clone(), certain: true, evidence: true, ..Term::default() };
        // Packs know more of a word than that it is one.
        let new = words.iter().filter(|word| !self.tables.iter().any(|table| table.holds(rule, word)));
        self.own_terms.extend(new.map(term));
        self.rebuild().map(|()| true)
    }

    /// Lets words pass that a rule would find; false where it does not look for words or phrases.
    pub fn allow_words(&mut self, id: &str, words: &[String]) -> bool {
        let speaks = |judge: &Judge| judge.traits.by_terms || !judge.phrases.is_empty();
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
        self.pack(theme).map_or(theme, |pack| pack.title.get(lang))
    }

    /// The packs, in order.
    pub fn packs(&self) -> impl Iterator<Item = &PackInfo> {
        self.packs.iter()
    }

    /// The pack with that id.
    #[must_use]
    pub fn pack(&self, id: &str) -> Option<&PackInfo> {
        self.packs.iter().find(|pack| pack.id == id)
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
        let regraded = |judge: &Judge| judge.changes.iter().any(|change| change.keys.contains(&"severity"));
        let levels = self.rules.iter().map(|judge| {
            let level = level(&judge.rule);
            Level { fixed: level.fixed || regraded(judge), ..level }
        });
        Selection { levels: levels.collect() }
    }

    /// The rules that a selection leaves on in some channel.
    pub fn selected<'s>(&'s self, selection: &'s Selection) -> impl Iterator<Item = &'s Rule> {
        self.rules().zip(&selection.levels).filter(|(_, level)| level.is_on()).map(|(rule, _)| rule)
    }

    /// A checker of messages by the rules that are selected.
    #[must_use]
    pub fn checker<'r>(&'r self, selection: &'r Selection, facts: &'r Facts) -> Checker<'r> {
        Checker::new(self, selection, facts)
    }

    /// Adds a rule, whose theme is known by now.
    fn push(&mut self, judge: Judge) {
        let known = self.packs.iter().position(|pack| pack.id == judge.rule.theme());
        self.rules.push(Judge { theme: known.unwrap_or(self.packs.len()), ..judge });
    }

    fn rebuild(&mut self) -> Result<(), BadTerm> {
        self.tables.truncate(1);
        if !self.own_terms.is_empty() {
            self.tables.push(TermTable::build(&self.own_terms)?);
        }
        let texts: Vec<&str> = self.own_texts.iter().map(String::as_str).collect();
        self.vocabularies[1] = Vocabulary::build(&self.own_words, &texts)?;
        Ok(())
    }

    fn index(&self, id: &str) -> Option<usize> {
        self.rules.iter().position(|judge| judge.rule.id == id)
    }
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
        self.levels.iter().filter(|level| level.is_on()).count()
    }
}

/// Reads a long table of words.
fn lexicon(table: &mut ReadTable<'_>, name: &str) -> Result<Lexicon, String> {
    let text = table(name)?;
    toml::from_str(&text).map_err(|error: toml::de::Error| format!("lexicon {name}: {}", error.message()))
}

/// In fields of which roles the expressions of a rule are run: one that misses something reads the body whatever its roles.
fn reach(traits: Traits, roles: Roles) -> Roles {
    if traits == Traits::default() { roles } else { Roles::ALL }
}
