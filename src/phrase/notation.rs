//! The notation of phrases, and what it says.
//!
//! ```text
//! phrase  = item+
//! item    = atom [ "?" | "*" | "+" ]
//! atom    = word | word "|" word … | "<set>" | "<CLASS>" | "(" phrase ( "|" phrase )* ")" | "[" phrase "]"
//!         | "..N" | "...N" | "!" atom | "^" | "$" | "$$"
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
    /// The end of a clause.
    ClauseEnd,
    /// The end of a sentence.
    SentenceEnd,
}

/// More words than this are not spelled out for one set.
const MOST_WORDS: usize = 20_000;

impl Node {
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
                    all = all.iter().flat_map(|a| next.iter().map(move |b| format!("{a} {b}"))).collect();
                }
                Some(all.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect())
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

    /// Lists of words of each of which one stands in every match.
    pub(super) fn needs(&self) -> Vec<Vec<String>> {
        match self {
            Self::Words(words) => vec![words.clone()],
            Self::Sequence(nodes) => nodes.iter().flat_map(Self::needs).collect(),
            Self::Either(nodes) => {
                let least = |node: &Self| node.needs().into_iter().min_by_key(Vec::len);
                let all: Option<Vec<Vec<String>>> = nodes.iter().map(least).collect();
                all.map(|lists| vec![lists.concat()]).unwrap_or_default()
            }
            Self::Repeat { node, once: true, .. } | Self::Marked(node) => node.needs(),
            _ => Vec::new(),
        }
    }

    /// The words with which every match begins; none where it may begin otherwise.
    pub(super) fn first(&self) -> Option<Vec<String>> {
        let (words, may_be_empty) = self.opening()?;
        (!may_be_empty).then_some(words)
    }

    /// The words that it may begin with, and whether it may be nothing; none where it may begin otherwise.
    fn opening(&self) -> Option<(Vec<String>, bool)> {
        match self {
            Self::Words(words) => Some((words.clone(), false)),
            Self::ClauseStart | Self::ClauseEnd | Self::SentenceEnd | Self::Not(_) => Some((Vec::new(), true)),
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

/// Reads a phrase. `set` gives the words of a named set.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse<'s>(text: &str, set: &dyn Fn(&str) -> Option<&'s [String]>) -> Result<Node, String> {
    let mut parser = Parser { rest: text.trim(), set, depth: 0 };
    let node = parser.sequence()?;
    match parser.rest.chars().next() {
        None => Ok(node),
        Some(c) => Err(format!("`{c}` stands where nothing opened it")),
    }
}

/// Groups within groups beyond this are refused.
const DEPTH: usize = 16;

struct Parser<'t, 's> {
    rest: &'t str,
    set: &'t dyn Fn(&str) -> Option<&'s [String]>,
    depth: usize,
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '/' | '.' | '#' | '@' | '&')
}

impl<'t> Parser<'t, '_> {
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
        let mut node = self.atom()?;
        // Words side by side with a bar between need no brackets.
        while self.depth == 0 && self.rest.starts_with('|') {
            self.take("|");
            let next = self.atom()?;
            node = match node {
                Node::Either(mut nodes) => {
                    nodes.push(next);
                    Node::Either(nodes)
                }
                node => Node::Either(vec![node, next]),
            };
        }
        let node = spelled(node);
        let (once, many) = match self.peek() {
            Some('?') => (false, false),
            Some('*') => (false, true),
            Some('+') => (true, true),
            _ => return Ok(node),
        };
        self.rest = self.rest.split_at(1).1;
        Ok(Node::Repeat { node: Box::new(node), once, many })
    }

    fn atom(&mut self) -> Result<Node, String> {
        if let Some(wide) = ["...", ".."].iter().position(|dots| self.take(dots)) {
            let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = self.rest.split_at(digits);
            self.rest = rest;
            let words = number.parse().map_err(|_| "a gap is written with its words, as in `..6`".to_owned())?;
            return Ok(Node::Gap { words, wide: wide == 0 });
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
            let words = self.atom()?.spelled_out().ok_or("after `!` stand words only")?;
            return Ok(Node::Not(words));
        }
        if self.take("<") {
            let name = self.until('>')?;
            if let Some(class) = Class::by_name(name) {
                return Ok(Node::Class(class));
            }
            let words = (self.set)(name).ok_or_else(|| format!("there is no set `{name}`"))?;
            return Ok(Node::Words(words.to_vec()));
        }
        if self.rest.starts_with('[') || self.rest.starts_with('(') && !self.opens_word() {
            return self.group();
        }
        self.word()
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
        let node = spelled(if nodes.len() == 1 { nodes.remove(0) } else { Node::Either(nodes) });
        Ok(if marks { Node::Marked(Box::new(node)) } else { node })
    }

    /// Whether the bracket here belongs to the word behind it, as in `(di)kirim`.
    fn opens_word(&self) -> bool {
        self.rest.split_once(')').is_some_and(|(inner, behind)| {
            !inner.contains(char::is_whitespace) && behind.starts_with(|c: char| c.is_alphanumeric())
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
                    forms =
                        forms.iter().flat_map(|form| endings.iter().map(move |end| format!("{form}{end}"))).collect();
                }
                Some('~') => {
                    self.take("~");
                    forms = forms.iter().flat_map(|form| forms::verb(form)).collect();
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
        let mut words: Vec<String> = forms.iter().map(|form| fold_phrase(form)).collect();
        words.sort_unstable();
        words.dedup();
        Ok(Node::Words(words))
    }
}

/// Words and phrases instead of brackets, where that is all there is.
fn spelled(node: Node) -> Node {
    match &node {
        Node::Either(_) => {
            node.spelled_out().filter(|words| !words.iter().any(String::is_empty)).map_or(node, Node::Words)
        }
        _ => node,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, String> {
        let known: &[String] = &["otp".to_owned(), "kata sandi".to_owned()];
        parse(text, &|name| (name == "secret").then_some(known))
    }

    fn words(list: &[&str]) -> Node {
        Node::Words(list.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn reads_words_and_what_may_be_left_out() {
        assert_eq!(read("(di)kirim(kan)"), Ok(words(&["dikirim", "dikirimkan", "kirim", "kirimkan"])));
        assert_eq!(read("a|b|c"), Ok(words(&["a", "b", "c"])));
        assert_eq!(read("(a b | c)"), Ok(words(&["a b", "c"])));
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
    fn says_what_is_wrong() {
        for (text, problem) in [
            ("", "something is empty"),
            ("a )", "`)` stands where nothing opened it"),
            ("(a | b", "`)` is missing"),
            ("<other>", "there is no set `other`"),
            ("..x", "a gap is written with its words, as in `..6`"),
            ("?", "`?` does not belong here"),
        ] {
            assert_eq!(read(text), Err(problem.to_owned()), "{text}");
        }
    }
}
