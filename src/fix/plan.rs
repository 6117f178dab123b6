//! Which edits of a window go together, and the proof that they harm nothing.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use crate::decode::encode::{Written, written};
use crate::diagnostic::{Edit, Safety};
use crate::lint::{self, Linter};
use crate::message::{Channel, Message, Part};
use crate::read::{Format, Hints};
use crate::source::Window;
use crate::span::{Layer, Span, TextSpan};

/// The texts of the fields of each message of a window; none for a line that is no message.
pub(super) type Says = Vec<Option<Vec<(Part, String)>>>;

/// What a window says.
pub(super) fn says(format: &Format, window: &Window, hints: &Hints) -> Says {
    let text = format.decode(window);
    let mut says = Says::new();
    format.read_each(&text, window, hints, &mut |reading| match reading {
        Ok(conversation) => says.extend(conversation.messages.iter().map(|message| Some(texts(message)))),
        Err(_) => says.push(None),
    });
    says
}

fn texts(message: &Message<'_>) -> Vec<(Part, String)> {
    message.fields.iter().map(|field| (field.part, field.text.to_string())).collect()
}

/// How a message is judged: as one of which channel, and how often each rule finds something in it.
#[derive(Default)]
struct Judged {
    channel: Option<Channel>,
    counts: HashMap<String, usize>,
}

impl Judged {
    /// Whether some rule finds more than it did `before`. Where the channel is guessed, a few words may tip the scales; what is
    /// then judged by other rules has not become worse.
    fn is_worse_than(&self, before: &Self) -> bool {
        let more = |(rule, count): (&String, &usize)| *count > before.counts.get(rule).copied().unwrap_or(0);
        self.channel == before.channel && self.counts.iter().any(more)
    }
}

/// Fixes for a window that do not get into each other's way.
pub(super) struct Plan {
    /// What the window says before them.
    before: Says,
    /// How each message is judged.
    judged: Vec<Judged>,
    steps: Vec<Step>,
    /// How many other fixes cannot be written where they belong.
    pub(super) unwritten: u64,
}

/// A rule and a message, counted within the window.
type Missing = (usize, String);

/// What is not done, since trying has shown that it is of no use or that something else becomes wrong by it.
#[derive(Default)]
pub(super) struct Restraint {
    /// Additions after which a rule misses the same as before.
    useless: HashSet<Missing>,
    /// Messages in which no fix may add a word, and messages that are left alone.
    wordy: HashSet<usize>,
    alone: HashSet<usize>,
}

impl Restraint {
    /// Whether something is to be done otherwise than in `before`, from which `after` came.
    pub(super) fn learns_from(&mut self, before: &Plan, after: &Plan, most: Safety) -> bool {
        let size = |own: &Self| own.useless.len() + own.wordy.len() + own.alone.len();
        let known = size(self);
        let added: HashSet<&Missing> = before.steps.iter().filter_map(|step| step.adds.as_ref()).collect();
        let missed = after.steps.iter().filter_map(|step| step.adds.as_ref());
        self.useless.extend(missed.filter(|missed| added.contains(missed)).cloned());
        // What a person looks at may draw attention to something else.
        if most == Safety::Safe {
            for (message, (old, new)) in before.judged.iter().zip(&after.judged).enumerate() {
                if new.is_worse_than(old) && !self.wordy.insert(message) {
                    self.alone.insert(message);
                }
            }
        }
        size(self) > known
    }

    fn forbids(&self, message: usize, adds: Option<&Missing>, edits: &[Edit]) -> bool {
        let words = |edit: &Edit| edit.new.contains(' ');
        adds.is_some_and(|adds| self.useless.contains(adds))
            || self.alone.contains(&message)
            || self.wordy.contains(&message) && edits.iter().any(words)
    }
}

/// A fix: its patches stand or fall together.
struct Step {
    patches: Vec<Patch>,
    /// Where it adds what a rule misses: which rule, and in which message.
    adds: Option<Missing>,
    /// What fields will say.
    changes: Vec<Change>,
}

/// What is replaced in the source.
struct Patch {
    span: Span,
    bytes: Vec<u8>,
    written: Written,
}

/// What is replaced in the text of a field.
struct Change {
    /// The message, counted within the window.
    message: usize,
    part: Part,
    text: TextSpan,
    new: String,
}

impl Plan {
    /// The fixes that a linter has for a window, as far as `restraint` lets one.
    pub(super) fn of(
        linter: &Linter<'_>,
        format: &Format,
        window: &Window,
        hints: &Hints,
        most: Safety,
        restraint: &Restraint,
    ) -> Self {
        let mut plan = Self { before: Says::new(), judged: Vec::new(), steps: Vec::new(), unwritten: 0 };
        let text = format.decode(window);
        let switches = Linter::switches(format, &text, hints);
        linter.judge(format, &text, window, hints, &switches, &mut |judged| {
            let Ok(lint::Judged { conversation, findings, .. }) = judged else {
                plan.judged.push(Judged::default());
                return plan.before.push(None);
            };
            for (message, findings) in conversation.messages.iter().zip(findings) {
                let number = plan.before.len();
                plan.before.push(Some(texts(message)));
                let mut judged = Judged { channel: Some(message.channel), ..Judged::default() };
                for found in &findings {
                    *judged.counts.entry(found.rule.id.to_string()).or_default() += 1;
                }
                plan.judged.push(judged);
                for (found, fix) in findings.iter().filter_map(|found| Some((found, found.fix.as_ref()?))) {
                    if fix.safety > most || fix.edits.is_empty() {
                        continue;
                    }
                    let inserts = fix.edits.iter().all(|edit| edit.place.text().range().is_empty());
                    let adds = inserts.then(|| (number, found.rule.id.to_string()));
                    match Step::of(message, number, &fix.edits) {
                        _ if restraint.forbids(number, adds.as_ref(), &fix.edits) => {}
                        Some(step) => plan.steps.push(Step { adds, ..step }),
                        None => plan.unwritten += 1,
                    }
                }
            }
        });
        plan.part();
        plan
    }

    /// How many fixes there are.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Leaves out what overlaps with what stands before it in the source.
    fn part(&mut self) {
        let first = |step: &Step| step.patches.iter().map(|patch| (patch.span.start, patch.span.end)).min();
        self.steps.sort_by_key(first);
        let mut taken: BTreeSet<(u64, u64)> = BTreeSet::new();
        let mut steps: Vec<Step> = Vec::with_capacity(self.steps.len());
        for mut step in self.steps.drain(..) {
            let same = |other: &Step| {
                let pairs = || other.patches.iter().zip(&step.patches);
                other.patches.len() == step.patches.len()
                    && pairs().all(|(a, b)| (a.span, &a.bytes) == (b.span, &b.bytes))
            };
            if let Some(other) = steps.last_mut().filter(|other| same(other)) {
                // One place of the source may be read as a field of several messages.
                other.changes.append(&mut step.changes);
            } else if step.patches.iter().all(|patch| is_free(&taken, patch.span)) {
                taken.extend(step.patches.iter().map(|patch| (patch.span.start, patch.span.end)));
                steps.push(step);
            }
        }
        self.steps = steps;
    }

    /// The bytes of the window with as many of the fixes as prove harmless, and how many those are. `read` tells what the
    /// window says with other bytes.
    pub(super) fn carried_out(&self, window: &Window, read: impl Fn(Vec<u8>) -> Says) -> (Vec<u8>, usize) {
        /// How often parts of a plan are tried out before the rest of it is given up.
        const TRIES: usize = 100;
        let mut sound: Vec<&Step> = Vec::new();
        let mut waiting: Vec<Range<usize>> = std::iter::once(0..self.steps.len()).collect();
        for _ in 0..TRIES {
            let Some(range) = waiting.pop() else { break };
            let steps = self.steps.get(range.clone()).unwrap_or_default();
            let tried: Vec<&Step> = sound.iter().copied().chain(steps).collect();
            let harmless = || is_same(&self.expected(&tried), &read(written_into(window, &tried)));
            if !steps.is_empty() && harmless() {
                sound = tried;
            } else if steps.len() > 1 {
                let middle = usize::midpoint(range.start, range.end);
                waiting.extend([middle..range.end, range.start..middle]);
            }
        }
        (written_into(window, &sound), sound.len())
    }

    /// What the window should say with some of the fixes.
    fn expected(&self, steps: &[&Step]) -> Says {
        let mut says = self.before.clone();
        let mut changes: Vec<&Change> = steps.iter().flat_map(|step| &step.changes).collect();
        // From behind, so that what stands before keeps its place.
        changes.sort_by_key(|change| std::cmp::Reverse((change.text.start, change.text.end)));
        for change in changes {
            let fields = says.get_mut(change.message).and_then(Option::as_mut);
            let field = fields.and_then(|fields| fields.iter_mut().find(|(part, _)| *part == change.part));
            if let Some((_, text)) = field
                && text.get(change.text.range()).is_some()
            {
                text.replace_range(change.text.range(), &change.new);
            }
        }
        says
    }
}

impl Step {
    fn of(message: &Message<'_>, number: usize, edits: &[Edit]) -> Option<Self> {
        let mut step = Self { patches: Vec::new(), adds: None, changes: Vec::new() };
        for edit in edits {
            let (part, text) = (edit.place.part(), edit.place.text());
            let written = written(message.field(part)?, text, &edit.new).ok()?;
            step.changes.push(Change { message: number, part, text, new: written.plain.clone() });
            step.patches.push(Patch { span: edit.place.span(), bytes: written.bytes()?, written });
        }
        Some(step)
    }
}

/// Whether nothing that is taken lies in `span`; at one place there is room for one insertion.
fn is_free(taken: &BTreeSet<(u64, u64)>, span: Span) -> bool {
    let own = (span.start, span.end);
    let before = taken.range(..own).next_back().is_none_or(|before| before.1 <= span.start);
    before && taken.range(own..).next().is_none_or(|next| *next != own && next.0 >= span.end)
}

/// Whether a window says what it should. How many blanks there are between words may depend on how a source breaks its lines.
fn is_same(expected: &Says, found: &Says) -> bool {
    let blanks = |a: &str, b: &str| a == b || a.split_whitespace().eq(b.split_whitespace());
    let fields = |a: &Vec<(Part, String)>, b: &Vec<(Part, String)>| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && blanks(&a.1, &b.1))
    };
    let pair = |pair: (&Option<Vec<_>>, &Option<Vec<_>>)| match pair {
        (Some(a), Some(b)) => fields(a, b),
        (None, None) => true,
        _ => false,
    };
    expected.len() == found.len() && expected.iter().zip(found).all(pair)
}

/// The bytes of the window with the fixes in them.
fn written_into(window: &Window, steps: &[&Step]) -> Vec<u8> {
    let mut patches: Vec<&Patch> = steps.iter().flat_map(|step| &step.patches).collect();
    patches.sort_by_key(|patch| (patch.span.start, patch.span.end));
    let offset =
        |at: u64| usize::try_from(at.saturating_sub(window.base)).unwrap_or(usize::MAX).min(window.bytes.len());
    let mut out = Vec::with_capacity(window.bytes.len() + patches.len() * 8);
    let mut at = 0;
    for patch in patches {
        let (start, end) = (offset(patch.span.start).max(at), offset(patch.span.end).max(at));
        out.extend_from_slice(&window.bytes[at..start]);
        patch.write(&window.bytes[end..], &mut out);
        at = end;
    }
    out.extend_from_slice(&window.bytes[at..]);
    out
}

impl Patch {
    /// Writes the new text behind `out` and before `rest`. Lines and words whose length is limited are broken at its edges,
    /// so that nothing else of the source changes.
    fn write(&self, rest: &[u8], out: &mut Vec<u8>) {
        let layers = self.written.layers;
        if layers.has(Layer::QuotedPrintable) {
            self.write_in_line(rest, out);
        } else if layers.has(Layer::Word) {
            self.write_in_word(rest, out);
        } else {
            out.extend_from_slice(&self.bytes);
        }
    }

    /// Quoted-printable: a line has 76 characters at most, the mark that it goes on included (RFC 2045, 6.7).
    fn write_in_line(&self, rest: &[u8], out: &mut Vec<u8>) {
        const LINE: usize = 76;
        let first = self.bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        let column = |out: &[u8]| out.len() - memchr::memrchr(b'\n', out).map_or(0, |end| end + 1);
        let soft: &[u8] = if memchr::memmem::find(out, b"\r\n").is_some() { b"=\r\n" } else { b"=\n" };
        if column(out) > 0 && column(out) + first.len() >= LINE {
            out.extend_from_slice(soft);
        }
        out.extend_from_slice(&self.bytes);
        let follows = memchr::memchr(b'\n', rest).map_or(rest, |end| &rest[..end]).trim_ascii_end();
        if !follows.is_empty() && follows != b"=" && column(out) > 0 && column(out) + follows.len() > LINE {
            out.extend_from_slice(soft);
        }
    }

    /// An encoded word has 75 characters at most (RFC 2047, 2).
    fn write_in_word(&self, rest: &[u8], out: &mut Vec<u8>) {
        const WORD: usize = 75;
        let Some(start) = memchr::memmem::rfind(out, b"=?") else { return out.extend_from_slice(&self.bytes) };
        let marks: Vec<usize> = memchr::memchr_iter(b'?', &out[start..]).take(3).collect();
        let head = out[start..=start + marks.last().copied().unwrap_or(1)].to_vec();
        let end: &[u8] = if memchr::memmem::find(out, b"\r\n").is_some() { b"?=\r\n " } else { b"?=\n " };
        let follows = memchr::memmem::find(rest, b"?=").unwrap_or(rest.len());
        let next = |out: &mut Vec<u8>| {
            out.extend_from_slice(end);
            out.extend_from_slice(&head);
            out.len() - head.len()
        };
        let mut start = start;
        if out.len() > start + head.len() && out.len() - start + self.bytes.len() + follows + 2 > WORD {
            start = next(out);
        }
        out.extend_from_slice(&self.bytes);
        if follows > 0 && out.len() - start + follows + 2 > WORD {
            next(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{Layers, SpanMap};

    /// A fix that replaces `span` of the source by `new`, wrapped in a layer.
    fn patch(span: Range<u64>, new: &str, layer: Option<Layer>) -> Patch {
        let map = SpanMap::verbatim(0, 1);
        let wrapped = layer.map(|layer| map.wrapped(layer).layers_of(TextSpan::new(0..1)).unwrap());
        let layers: Layers = wrapped.unwrap_or_default();
        let written = Written { plain: new.to_owned(), text: new.to_owned(), layers };
        Patch { span: Span { start: span.start, end: span.end }, bytes: new.into(), written }
    }

    fn step(span: Range<u64>, new: &str) -> Step {
        let text = TextSpan { start: span.start.try_into().unwrap(), end: span.end.try_into().unwrap() };
        let change = Change { message: 0, part: Part::Body, text, new: new.to_owned() };
        Step { patches: vec![patch(span, new, None)], adds: None, changes: vec![change] }
    }

    fn plan(text: &str, steps: Vec<Step>) -> Plan {
        Plan { before: says(text), judged: Vec::new(), steps, unwritten: 0 }
    }

    fn says(text: &str) -> Says {
        vec![Some(vec![(Part::Body, text.to_owned())])]
    }

    /// The window with what of the plan is sound, where reading goes wrong if `wrong` stands in it.
    fn carried_out(plan: &Plan, text: &str, wrong: &str) -> (String, usize) {
        let window = Window { bytes: text.into(), ..Window::default() };
        let (bytes, applied) = plan.carried_out(&window, |bytes| {
            let text = String::from_utf8(bytes).unwrap();
            says(&if text.contains(wrong) { text + "!" } else { text })
        });
        (String::from_utf8(bytes).unwrap(), applied)
    }

    #[test]
    fn what_harms_is_left_out_and_the_rest_is_done() {
        let text = "a b c d e";
        let steps = || (0..5).map(|at| step(at * 2..at * 2 + 1, &at.to_string())).collect();
        let plan = plan(text, steps());
        assert_eq!(carried_out(&plan, text, "none"), ("0 1 2 3 4".to_owned(), 5));
        assert_eq!(carried_out(&plan, text, "3"), ("0 1 2 d 4".to_owned(), 4));
        assert_eq!(carried_out(&plan, text, "0"), ("a 1 2 3 4".to_owned(), 4));
        // Two that do no harm by themselves may do so together.
        assert_eq!(carried_out(&plan, text, "1 2"), ("0 1 c 3 4".to_owned(), 4));
        assert_eq!(carried_out(&plan, text, " "), (text.to_owned(), 0));
    }

    #[test]
    fn what_fields_say_and_how_they_are_judged_is_known() {
        let window = Window::whole("Halo, berkasnya gak ada, gak jadi.");
        let format = Format::by_name("plain").unwrap();
        let said = super::says(format, &window, &Hints::default());
        assert_eq!(said, self::says("Halo, berkasnya gak ada, gak jadi."));
        let rules = crate::ruleset::RuleSet::embedded();
        let selection = rules.select(&crate::ruleset::Choice::default(), &[]);
        let facts = crate::facts::Facts::default();
        let linter = Linter::new(&rules, &selection, &facts);
        let plan = Plan::of(&linter, format, &window, &Hints::default(), Safety::Safe, &Restraint::default());
        assert_eq!(plan.before, said);
        assert_eq!(plan.judged[0].counts["language/slang"], 2);
        assert_eq!(plan.judged[0].channel, Some(Channel::Chat));
        assert_eq!(plan.len(), 2);
        let mail = Hints { forced: Some(Channel::Email), ..Hints::default() };
        let plan = Plan::of(&linter, format, &window, &mail, Safety::Review, &Restraint::default());
        let adds: Vec<_> = plan.steps.iter().filter_map(|step| step.adds.clone()).collect();
        assert_eq!(adds, [(0, "email/closing-contact".to_owned())]);
    }

    #[test]
    fn a_window_says_what_it_should_or_not() {
        let two = |subject: &str| vec![Some(vec![(Part::Subject, subject.to_owned()), (Part::Body, "a".to_owned())])];
        assert!(is_same(&says("a  b\n"), &says("a b")));
        assert!(is_same(&vec![None], &vec![None]));
        assert!(is_same(&two("b"), &two("b")));
        for (expected, found) in [
            (says("a b"), says("a c")),
            (says("a b"), says("ab")),
            (says("a"), vec![None]),
            (vec![None], says("a")),
            (says("a"), Vec::new()),
            (Vec::new(), says("a")),
            (says("a"), [says("a"), says("a")].concat()),
            (two("b"), two("c")),
            (two("b"), says("a")),
            (says("a"), vec![Some(vec![(Part::Subject, "a".to_owned())])]),
        ] {
            assert!(!is_same(&expected, &found), "{expected:?} {found:?}");
        }
    }

    #[test]
    fn at_one_place_there_is_room_for_one_fix() {
        let taken = BTreeSet::from([(5, 8)]);
        for (start, end, free) in [(4, 5, true), (8, 9, true), (5, 5, true), (8, 8, true), (0, 2, true)] {
            assert_eq!(is_free(&taken, Span { start, end }), free, "{start}..{end}");
        }
        for (start, end) in [(5, 8), (4, 6), (7, 9), (6, 7), (6, 6), (4, 9), (5, 9), (5, 6)] {
            assert!(!is_free(&taken, Span { start, end }), "{start}..{end}");
        }
        assert!(!is_free(&BTreeSet::from([(5, 5)]), Span { start: 5, end: 5 }));
    }

    #[test]
    fn a_place_that_two_messages_share_is_mended_once() {
        let mut plan = plan("abc", vec![step(1..2, "x"), step(0..1, "y"), step(1..2, "x"), step(1..2, "z")]);
        plan.part();
        let left: Vec<_> = plan.steps.iter().map(|step| (step.changes[0].new.as_str(), step.changes.len())).collect();
        assert_eq!(left, [("y", 1), ("x", 2)]);
        let mut longer = step(1..2, "x");
        longer.patches.push(patch(2..3, "w", None));
        let mut plan = super::Plan { steps: vec![step(1..2, "x"), longer], ..plan };
        plan.part();
        assert_eq!((plan.steps.len(), plan.steps[0].changes.len()), (1, 1));
    }

    /// How a message is judged in which one rule finds so much.
    fn judged(count: usize) -> Plan {
        let counts = HashMap::from([("tone/blame".to_owned(), count)]);
        Plan { judged: vec![Judged { channel: Some(Channel::Chat), counts }], ..plan("", Vec::new()) }
    }

    #[test]
    fn what_makes_a_message_worse_is_given_up_by_degrees() {
        let words =
            Edit { place: crate::diagnostic::Place::new(&field(), TextSpan::new(0..1)), new: "dua kata".to_owned() };
        let word = Edit { new: "kata".to_owned(), ..words.clone() };
        let mut restraint = Restraint::default();
        assert!(!restraint.learns_from(&judged(1), &judged(1), Safety::Safe));
        assert!(!restraint.learns_from(&judged(1), &judged(2), Safety::Review));
        assert!(restraint.learns_from(&judged(1), &judged(2), Safety::Safe));
        assert!(restraint.forbids(0, None, std::slice::from_ref(&words)));
        assert!(!restraint.forbids(0, None, std::slice::from_ref(&word)));
        assert!(!restraint.forbids(1, None, &[words]));
        assert!(restraint.learns_from(&judged(1), &judged(2), Safety::Safe));
        assert!(restraint.forbids(0, None, &[word]));
        assert!(!restraint.learns_from(&judged(1), &judged(2), Safety::Safe));
    }

    #[test]
    fn what_is_added_in_vain_is_not_added_again() {
        let adding = |rule: &str| {
            let step = Step { adds: Some((0, rule.to_owned())), ..step(0..0, "x") };
            plan("", vec![step])
        };
        let mut restraint = Restraint::default();
        assert!(!restraint.learns_from(&adding("email/greeting"), &adding("email/closing"), Safety::Review));
        assert!(restraint.learns_from(&adding("email/greeting"), &adding("email/greeting"), Safety::Review));
        assert!(restraint.forbids(0, Some(&(0, "email/greeting".to_owned())), &[]));
        assert!(!restraint.forbids(0, Some(&(0, "email/closing".to_owned())), &[]));
    }

    fn field() -> crate::message::Field<'static> {
        crate::message::Field::new(Part::Body, "a".into(), SpanMap::verbatim(0, 1))
    }

    /// What `new` is written as between `before` and `after` in a layer.
    fn between(layer: Layer, before: &str, new: &str, after: &str) -> String {
        let mut out = before.as_bytes().to_vec();
        patch(0..0, new, Some(layer)).write(after.as_bytes(), &mut out);
        String::from_utf8(out).unwrap().strip_prefix(before).unwrap().to_owned()
    }

    #[test]
    fn lines_of_quoted_printable_are_broken_where_they_are_full() {
        let a = |count: usize| "a".repeat(count);
        for (before, new, after, written) in [
            (a(70), "bbbbb", "\n", "bbbbb"),
            (a(70), "bbbbbb", "\n", "=\nbbbbbb"),
            (format!("x\r\n{}", a(70)), "bbbbbb", "\r\n", "=\r\nbbbbbb"),
            (format!("x\r\n{}", a(70)), "bbbbb\nbbbb", "\r\n", "bbbbb\nbbbb"),
            ("x\n".to_owned(), &a(76), "\n", &a(76)),
            (a(10), "b", &a(65), "b"),
            (a(10), "b", &a(66), "b=\n"),
            (a(10), "b", &format!("{}  \ncc", a(65)), "b"),
            (a(74), "b", "=\nccc", "b"),
            (a(74), "b", "=", "b"),
            (a(74), "b", "cc", "b=\n"),
            (a(10), "b\n", &a(80), "b\n"),
        ] {
            assert_eq!(between(Layer::QuotedPrintable, &before, new, after), written, "{before} {new} {after}");
        }
    }

    #[test]
    fn words_of_headers_are_begun_anew_where_they_are_full() {
        let open = "S: =?utf-8?Q?";
        let full = |count: usize| format!("{open}{}", "a".repeat(count));
        for (before, new, after, written) in [
            (full(60), "bbb", "?=", "bbb".to_owned()),
            (full(60), "bbbb", "?=", "?=\n =?utf-8?Q?bbbb".to_owned()),
            (format!("T: x\r\n{}", full(60)), "bbbb", "?=", "?=\r\n =?utf-8?Q?bbbb".to_owned()),
            (format!("{}?= =?utf-8?Q?a", full(60)), "bbbb", "?=", "bbbb".to_owned()),
            (full(0), &"b".repeat(70), "?=", "b".repeat(70)),
            (full(0), &"b".repeat(60), "ccc?=", "b".repeat(60)),
            (full(0), &"b".repeat(60), "cccc?=", format!("{}?=\n =?utf-8?Q?", "b".repeat(60))),
            ("S: ".to_owned(), "bbb", "ccc", "bbb".to_owned()),
        ] {
            assert_eq!(between(Layer::Word, &before, new, after), written, "{before} {new} {after}");
        }
    }
}
