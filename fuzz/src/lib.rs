//! What must hold whatever comes in: as a source in any format, as rules and settings, as an archive, or from an editor; and of
//! what goes out, as fixes and as reports.

mod archive;
mod editor;
mod fix;
mod read;
mod render;
mod settings;

use std::sync::OnceLock;

use santun::facts::Facts;
use santun::lint::{Detail, Linter};
use santun::read::{Hints, KeyPattern, MessageKeys};
use santun::ruleset::{Choice, RuleSet, Selection};
use santun::source::Window;

pub use archive::{Packed, archive, packed};
pub use editor::{Session, editor};
pub use fix::fix;
pub use read::check;
pub use render::render;
pub use settings::{config, pack};

/// All that judging needs, which takes long to build.
struct Judges {
    rules: RuleSet,
    selection: Selection,
    facts: Facts,
}

fn judges() -> &'static Judges {
    static JUDGES: OnceLock<Judges> = OnceLock::new();
    JUDGES.get_or_init(|| {
        let rules = RuleSet::embedded();
        let selection = rules.select(&Choice::default(), &[]);
        Judges { rules, selection, facts: facts() }
    })
}

/// What is known of an agency of which nothing is known but the time.
fn facts() -> Facts {
    Facts { now: "2026-01-27T08:00:00".parse().ok(), ..Facts::default() }
}

/// A linter with the embedded rules.
fn linter(detail: Detail) -> Linter<'static> {
    let Judges { rules, selection, facts } = judges();
    Linter { detail, ..Linter::new(rules, selection, facts) }
}

/// A source in one window.
fn window(bytes: &[u8]) -> Window {
    Window::whole(bytes)
}

/// Every string of a catalogue is a message.
fn hints() -> Hints {
    let keys = KeyPattern::parse("**").and_then(|body| MessageKeys::new(body, None));
    Hints { messages: keys.into_iter().collect(), file_name: "2026-01-20.json".to_owned(), ..Hints::default() }
}

/// What the first byte chooses, and the other bytes.
fn chosen<'b, T>(all: &'static [T], bytes: &'b [u8]) -> Option<(&'static T, &'b [u8])> {
    let (choice, rest) = bytes.split_first()?;
    Some((&all[usize::from(*choice) % all.len()], rest))
}
