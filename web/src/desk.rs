//! What a page asks with each text, and the rules that hold by it, which are kept as long as nobody changes the settings.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use serde::Deserialize;

use santun::calendar::Moment;
use santun::config::Config;
use santun::facts::Facts;
use santun::flaw::Flaw;
use santun::locale::Lang;
use santun::message::Channel;
use santun::ready::Ready;
use santun::ruleset::RuleSet;

/// What a page says of a text, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Request {
    pub(crate) name: String,
    lang: String,
    channel: Option<String>,
    settings: String,
    now: String,
}

impl Request {
    /// The request, and what is wrong with it; what is wrong then says nothing.
    pub(crate) fn read(json: &str) -> (Self, Option<String>) {
        match serde_json::from_str(json) {
            Ok(request) => (request, None),
            Err(error) => (Self::default(), Some(error.to_string())),
        }
    }

    pub(crate) fn lang(&self) -> Lang {
        crate::language(&self.lang)
    }

    pub(crate) fn channel(&self) -> Option<Channel> {
        self.channel.as_deref().and_then(Channel::parse)
    }

    /// The agency's facts. Where the settings do not tell the moment, the page does.
    pub(crate) fn facts(&self, desk: &Desk) -> Facts {
        let mut facts = desk.ready.project.facts.clone();
        facts.now = facts.now.or_else(|| Some(Moment::parse(&self.now)?.local(facts.zone)));
        facts
    }
}

/// What holds by some settings.
pub(crate) struct Desk {
    pub(crate) ready: Ready,
    /// What is wrong with the settings.
    pub(crate) error: Option<String>,
}

impl Desk {
    /// What holds by the settings of a request.
    pub(crate) fn of(request: &Request) -> Rc<Self> {
        thread_local! {
            static LAST: RefCell<Option<(String, Lang, Rc<Desk>)>> = const { RefCell::new(None) };
        }
        let (settings, lang) = (&request.settings, request.lang());
        LAST.with_borrow_mut(|last| {
            if let Some((known, known_lang, desk)) = last
                && known == settings
                && *known_lang == lang
            {
                return Rc::clone(desk);
            }
            let desk = Rc::new(Self::new(settings, lang));
            *last = Some((settings.clone(), lang, Rc::clone(&desk)));
            desk
        })
    }

    fn new(settings: &str, lang: Lang) -> Self {
        let rules = RuleSet::embedded();
        let settings = settings.trim_start_matches('\u{feff}');
        let (config, mut flaws) = match Config::parse(settings) {
            Ok(config) => (config, Vec::new()),
            Err(error) => (Config::default(), vec![Flaw::of_config(lang, &error, &rules)]),
        };
        flaws.extend(config.packs.iter().map(|pack| Flaw::no_folder(lang, pack.span())));
        let (ready, errors) = Ready::new(rules, config, Path::new(""));
        flaws.extend(errors.iter().map(|error| Flaw::of_config(lang, error, &ready.rules)));
        let told: Vec<String> = flaws.iter().map(|flaw| flaw.told(lang, settings)).collect();
        Self { ready, error: (!told.is_empty()).then(|| told.join("\n")) }
    }
}
