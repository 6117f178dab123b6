//! The notation of phrases, and what it says.
//!
//! ```text
//! phrase  = item+
//! item    = atom [ "?" | "*" | "+" ]
//! atom    = word | word "|" word … | "<set>" | "<CLASS>" | "(" phrase ( "|" phrase )* ")" | "[" phrase "]"
//!         | "..N" | "...N" | "!" atom | "^" | "^^" | "$" | "$$"
//! word    = letters, with "(di)" before or "(nya|kan)" behind that may be left out, or "~" behind for all forms of a verb
//! ```

use super::class::Class;
use super::forms;
use crate::term::fold_phrase;

/// A phrase as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// One of these words or phrases.
    Words(Vec<String>),
    /// None of these follows.
    Not(Vec<String>),
    /// Something of a class.
    Class(Class),
    /// Up to so many words lie between, within the sentence or, if `wide`, the paragraph.
    Gap { words: u16, wide: bool },
    /// One after the other.
    Sequence(Vec<Node>),
    /// One of them, the first that fits.
    Either(Vec<Node>),
    /// As often as it comes, or at most once if not `many`.
    Repeat { node: Box<Node>, once: bool, many: bool },
    /// What is marked.
    Marked(Box<Node>),
    /// The start of a clause.
    ClauseStart,
    /// The start of a sentence.
    SentenceStart,
    /// The end of a clause.
    ClauseEnd,
    /// The end of a sentence.
    SentenceEnd,
}

/// More words than this are not spelled out for one set.
const MOST_WORDS: usize = 20_000;

/// Of more parts than this no phrase and no set is made, those of the sets that it names included: sets that name each other twice would
/// else double with each. The largest of our own has a quarter of them.
const MOST_PARTS: usize = 1 << 19;

/// What is said of a phrase that goes beyond that.
const TOO_MANY: &str = "it stands for too many words";

/// What is said of sets that lie too deep in each other.
pub(super) const TOO_DEEP: &str = "there are too many sets within sets";

impl Node {
    /// Of how many words and other parts it is made.
    fn size(&self) -> usize {
        let words_of = |text: &String| text.split(' ').count();
        match self {
            Self::Words(texts) | Self::Not(texts) => texts.iter().map(words_of).sum(),
            Self::Sequence(nodes) | Self::Either(nodes) => nodes.iter().map(Self::size).sum(),
            Self::Repeat { node, .. } | Self::Marked(node) => 1 + node.size(),
            _ => 1,
        }
    }

    /// How deep its parts lie within each other.
    fn depth(&self) -> usize {
        match self {
            Self::Sequence(nodes) | Self::Either(nodes) => 1 + nodes.iter().map(Self::depth).max().unwrap_or_default(),
            Self::Repeat { node, .. } | Self::Marked(node) => 1 + node.depth(),
            _ => 0,
        }
    }

    /// All texts that it stands for, where it is made of words only.
    pub(super) fn spelled_out(&self) -> Option<Vec<String>> {
        match self {
            Self::Words(words) => Some(words.clone()),
            Self::Sequence(nodes) => {
                let mut all = vec![String::new()];
                for node in nodes {
                    let next = node.spelled_out()?;
                    if all.len() * next.len() > MOST_WORDS {
                        return None;
                    }
                    let join = |a: &str, b: &str| {
                        [a, b].iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join(" ")
                    };
                    all = all.iter().flat_map(|a| next.iter().map(move |b| join(a, b))).collect();
                    all.sort_unstable();
                    all.dedup();
                }
                Some(all)
            }
            Self::Either(nodes) => {
                let all: Option<Vec<Vec<String>>> = nodes.iter().map(Self::spelled_out).collect();
                Some(all?.concat())
            }
            Self::Repeat { node, once: false, many: false } => {
                let mut all = node.spelled_out()?;
                all.push(String::new());
                Some(all)
            }
            _ => None,
        }
    }

    /// The words with which every match begins; none where it may begin otherwise.
    pub(super) fn first(&self) -> Option<Vec<String>> {
        let (words, may_be_empty) = self.opening()?;
        (!may_be_empty).then_some(words)
    }

    /// Whether it matches without taking a word.
    pub(super) fn may_be_nothing(&self) -> bool {
        match self {
            Self::Words(_) | Self::Class(_) => false,
            Self::Sequence(nodes) => nodes.iter().all(Self::may_be_nothing),
            Self::Either(nodes) => nodes.iter().any(Self::may_be_nothing),
            Self::Repeat { node, once, .. } => !once || node.may_be_nothing(),
            Self::Marked(node) => node.may_be_nothing(),
            _ => true,
        }
    }

    /// The words that it may begin with, and whether it may be nothing; none where it may begin otherwise.
    fn opening(&self) -> Option<(Vec<String>, bool)> {
        match self {
            Self::Words(words) => Some((words.clone(), false)),
            Self::ClauseStart | Self::SentenceStart | Self::ClauseEnd | Self::SentenceEnd | Self::Not(_) => {
                Some((Vec::new(), true))
            }
            Self::Marked(node) => node.opening(),
            Self::Class(_) | Self::Gap { .. } => None,
            Self::Sequence(nodes) => {
                let mut all = Vec::new();
                for node in nodes {
                    let (words, may_be_empty) = node.opening()?;
                    all.extend(words);
                    if !may_be_empty {
                        return Some((all, false));
                    }
                }
                Some((all, true))
            }
            Self::Either(nodes) => {
                let mut all = (Vec::new(), false);
                for node in nodes {
                    let (words, may_be_empty) = node.opening()?;
                    all.0.extend(words);
                    all.1 |= may_be_empty;
                }
                Some(all)
            }
            Self::Repeat { node, once, .. } => {
                let (words, may_be_empty) = node.opening()?;
                Some((words, may_be_empty || !once))
            }
        }
    }
}

/// The sets that a text names.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(name, _)| name)
}

/// Reads a phrase. `set` gives what a named set holds.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(text: &str, set: &dyn Fn(&str) -> Option<Node>) -> Result<Node, String> {
    if is_ambiguous(text) {
        return Err("a bar beside other words wants brackets: `(a|b) c`".to_owned());
    }
    let mut parser = Parser { rest: text.trim(), set, depth: 0, room: MOST_PARTS };
    let node = parser.sequence()?;
    match parser.rest.chars().next() {
        None => Ok(node),
        Some(c) => Err(format!("`{c}` stands where nothing opened it")),
    }
}

/// Whether a bar outside brackets stands beside other words, so that one may wonder what it parts.
fn is_ambiguous(text: &str) -> bool {
    let mut depth = 0_usize;
    let (mut bar, mut blank) = (false, false);
    for c in text.trim().chars() {
        match c {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth = depth.saturating_sub(1),
            '|' => bar |= depth == 0,
            ' ' => blank |= depth == 0,
            _ => {}
        }
    }
    bar && blank
}

/// Beginnings and endings that are no words.
const AFFIXES: [&str; 8] = ["nya", "ku", "mu", "lah", "kah", "di", "ke", "se"];

/// Groups within groups beyond this are refused.
pub(super) const DEPTH: usize = 16;

struct Parser<'t> {
    rest: &'t str,
    set: &'t dyn Fn(&str) -> Option<Node>,
    depth: usize,
    /// How many words there may still be.
    room: usize,
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '/' | '.' | '#' | '@' | '&')
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn take(&mut self, text: &str) -> bool {
        self.rest.strip_prefix(text).is_some_and(|rest| {
            self.rest = rest;
            true
        })
    }

    /// What stands before the closing `end`, which is taken as well.
    fn until(&mut self, end: char) -> Result<&'t str, String> {
        let (inner, rest) = self.rest.split_once(end).ok_or_else(|| format!("`{end}` is missing"))?;
        self.rest = rest;
        Ok(inner)
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            match self.peek() {
                None | Some(')' | ']' | '|') => break,
                Some(_) => nodes.push(self.item()?),
            }
        }
        match nodes.len() {
            0 => Err("something is empty".to_owned()),
            1 => Ok(nodes.remove(0)),
            _ => Ok(Node::Sequence(nodes)),
        }
    }

    fn item(&mut self) -> Result<Node, String> {
        let node = self.atoms()?;
        let (once, many) = match self.peek() {
            Some('?') => (false, false),
            Some('*') => (false, true),
            Some('+') => (true, true),
            Some(c)
                if !c.is_whitespace()
                    && !matches!(c, ')' | ']' | '|')
                    && !matches!(node, Node::SentenceStart | Node::ClauseStart) =>
            {
                return Err(format!("a blank is missing before `{c}`"));
            }
            _ => return Ok(node),
        };
        self.rest = self.rest.split_at(1).1;
        Ok(Node::Repeat { node: Box::new(node), once, many })
    }

    /// An atom, or outside brackets several with a bar between: a|b|c.
    fn atoms(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.atom()?];
        while self.depth == 0 && self.take("|") {
            nodes.push(self.atom()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { either(nodes) })
    }

    fn atom(&mut self) -> Result<Node, String> {
        if let Some(wide) = ["...", ".."].iter().position(|dots| self.take(dots)) {
            let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = self.rest.split_at(digits);
            self.rest = rest;
            let words = number.parse().map_err(|_| "a gap is written with its words, as in `..6`".to_owned())?;
            return Ok(Node::Gap { words, wide: wide == 0 });
        }
        if self.take("^^") {
            return Ok(Node::SentenceStart);
        }
        if self.take("^") {
            return Ok(Node::ClauseStart);
        }
        if self.take("$$") {
            return Ok(Node::SentenceEnd);
        }
        if self.take("$") {
            return Ok(Node::ClauseEnd);
        }
        if self.take("!") {
            let words = self.atoms()?.spelled_out().ok_or("after `!` stand words only")?;
            return Ok(Node::Not(words));
        }
        if self.take("<") {
            let name = self.until('>')?;
            if let Some(class) = Class::by_name(name) {
                return Ok(Node::Class(class));
            }
            let set = (self.set)(name).ok_or_else(|| format!("there is no set `{name}`"))?;
            return self.fitting(set);
        }
        if self.rest.starts_with('[') || self.rest.starts_with('(') && !self.opens_word() {
            return self.group();
        }
        let word = self.word()?;
        self.fitting(word)
    }

    /// The node, if there is room for it.
    fn fitting(&mut self, node: Node) -> Result<Node, String> {
        self.room = self.room.checked_sub(node.size()).ok_or(TOO_MANY)?;
        Ok(node)
    }

    fn group(&mut self) -> Result<Node, String> {
        let marks = self.take("[");
        if !marks {
            self.take("(");
        }
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("there are too many brackets within brackets".to_owned());
        }
        let mut nodes = vec![self.sequence()?];
        while self.take("|") {
            nodes.push(self.sequence()?);
        }
        self.depth -= 1;
        let end = if marks { "]" } else { ")" };
        if !self.take(end) {
            return Err(format!("`{end}` is missing"));
        }
        let node = if nodes.len() == 1 { nodes.remove(0) } else { either(nodes) };
        Ok(if marks { Node::Marked(Box::new(node)) } else { node })
    }

    /// Whether the bracket here belongs to the word behind it, as in `(di)kirim`.
    fn opens_word(&self) -> bool {
        self.rest.split_once(')').is_some_and(|(inner, behind)| {
            !inner.contains([' ', '[', '<']) && inner.rfind('(') == Some(0) && behind.starts_with(char::is_alphanumeric)
        })
    }

    fn word(&mut self) -> Result<Node, String> {
        let mut forms = vec![String::new()];
        let mut letters = false;
        loop {
            match self.peek() {
                Some('(') if !letters || !self.rest.starts_with("( ") => {
                    self.take("(");
                    let inner = self.until(')')?;
                    let endings: Vec<&str> = std::iter::once("").chain(inner.split('|')).collect();
                    forms = few(forms.iter().flat_map(|form| endings.iter().map(move |end| format!("{form}{end}"))))?;
                }
                Some('~') => {
                    self.take("~");
                    forms = few(forms.iter().flat_map(|form| forms::verb(form)))?;
                    break;
                }
                Some(c) if is_letter(c) => {
                    letters = true;
                    let (letter, rest) = self.rest.split_at(c.len_utf8());
                    self.rest = rest;
                    for form in &mut forms {
                        form.push_str(letter);
                    }
                }
                _ => break,
            }
        }
        if !letters {
            let c = self.peek().unwrap_or_default();
            return Err(format!("`{c}` does not belong here"));
        }
        if let Some(form) = forms.iter().find(|form| forms.len() > 1 && AFFIXES.contains(&form.as_str())) {
            return Err(format!("without what may be left out, `{form}` stands alone"));
        }
        let mut words: Vec<String> = forms.iter().map(|form| fold_phrase(form)).collect();
        words.sort_unstable();
        words.dedup();
        Ok(Node::Words(words))
    }
}

/// The forms of a word, unless they are too many.
fn few(forms: impl Iterator<Item = String>) -> Result<Vec<String>, String> {
    let forms: Vec<String> = forms.take(MOST_PARTS + 1).collect();
    if forms.len() > MOST_PARTS { Err(TOO_MANY.to_owned()) } else { Ok(forms) }
}

/// One of `nodes`, as the set that holds them all.
///
/// # Errors
/// That they are too many, or made of sets within sets beyond all measure.
pub(super) fn set(nodes: Vec<Node>) -> Result<Node, String> {
    /// As deep as brackets may lie in one phrase, and a few sets of such phrases. Nodes are walked by recursion.
    const DEEPEST: usize = 100;
    if nodes.iter().any(|node| node.depth() > DEEPEST) {
        return Err(TOO_DEEP.to_owned());
    }
    if nodes.iter().map(Node::size).sum::<usize>() > MOST_PARTS { Err(TOO_MANY.to_owned()) } else { Ok(either(nodes)) }
}

/// The words with which every match of one of these begins; none where it may begin otherwise.
pub(super) fn first_of(nodes: &[Node]) -> Option<Vec<String>> {
    let all: Option<Vec<Vec<String>>> = nodes.iter().map(Node::first).collect();
    all.map(|lists| lists.concat())
}

/// One of the nodes: a list of words and phrases as far as these are few, since a list is looked up at once.
pub(super) fn either(nodes: Vec<Node>) -> Node {
    /// A phrase whose parts make more texts than this is matched part by part.
    const MOST_TEXTS: usize = 8;
    let mut words = Vec::new();
    let mut others = Vec::new();
    for node in nodes {
        let texts = match &node {
            Node::Words(list) => Some(list.clone()),
            node => node.spelled_out().filter(|texts| texts.len() <= MOST_TEXTS),
        };
        match (texts, node) {
            (Some(texts), _) if !texts.iter().any(String::is_empty) => words.extend(texts),
            (_, Node::Either(inner)) => others.extend(inner),
            (_, node) => others.push(node),
        }
    }
    words.sort_unstable();
    words.dedup();
    if others.is_empty() {
        return Node::Words(words);
    }
    // What is matched part by part is longer as a rule, and the first that fits is taken.
    if !words.is_empty() {
        others.push(Node::Words(words));
    }
    if others.len() == 1 { others.remove(0) } else { Node::Either(others) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, String> {
        parse(text, &|name| (name == "secret").then(|| words(&["otp", "kata sandi"])))
    }

    fn words(list: &[&str]) -> Node {
        Node::Words(list.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn reads_words_and_what_may_be_left_out() {
        assert_eq!(read("(di)kirim(kan)"), Ok(words(&["dikirim", "dikirimkan", "kirim", "kirimkan"])));
        assert_eq!(read("a|b|c"), Ok(words(&["a", "b", "c"])));
        assert_eq!(read("(a b | c)"), Ok(words(&["a b", "c"])));
        assert_eq!(read("((mem)baca | x)"), Ok(words(&["baca", "membaca", "x"])));
        assert_eq!(read("<secret>"), Ok(words(&["otp", "kata sandi"])));
        assert_eq!(read("a.n."), Ok(words(&["a.n."])));
    }

    #[test]
    fn reads_sequences_gaps_and_marks() {
        let marked = Node::Marked(Box::new(words(&["otp", "kata sandi"])));
        assert_eq!(
            read("minta ..6 [<secret>] dong?"),
            Ok(Node::Sequence(vec![
                words(&["minta"]),
                Node::Gap { words: 6, wide: false },
                marked,
                Node::Repeat { node: Box::new(words(&["dong"])), once: false, many: false },
            ]))
        );
        assert_eq!(
            read("^ (a | ...3)+ !b $").map(|node| matches!(node, Node::Sequence(nodes) if nodes.len() == 4)),
            Ok(true)
        );
    }

    #[test]
    fn what_multiplies_is_bounded() {
        let many = Err(TOO_MANY.to_owned());
        assert_eq!(read(&format!("k{}", "(a|b)".repeat(40))), many);
        let word =
            ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(|letter| format!("({letter}1|{letter}2)")).concat();
        assert_eq!(read(&format!("k{word} ").repeat(40)), many);
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, problem) in [
            ("", "something is empty"),
            ("a )", "`)` stands where nothing opened it"),
            ("(a | b", "`)` is missing"),
            ("<other>", "there is no set `other`"),
            ("..x", "a gap is written with its words, as in `..6`"),
            ("?", "`?` does not belong here"),
            ("a|b c", "a bar beside other words wants brackets: `(a|b) c`"),
            ("(a|b)nya", "without what may be left out, `nya` stands alone"),
            ("(a|b)(nya)", "a blank is missing before `(`"),
        ] {
            assert_eq!(read(text), Err(problem.to_owned()), "{text}");
        }
    }
}
