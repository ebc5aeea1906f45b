//! The text of a USD layer as a tree of prims. Only what models need is kept; the rest is stepped
//! over.

use std::collections::BTreeMap;

use super::super::ReadError;

const BAD: ReadError = ReadError::Malformed("a USD layer");
/// Prims within prims, and brackets within brackets.
const DEEPEST: usize = 64;

/// A value.
pub(super) enum Value {
    /// Numbers, vectors, matrices and arrays of them, one after the other.
    Numbers(Vec<f64>),
    /// A string, token or path.
    Text(String),
    /// A file.
    Asset(String),
    /// Several strings, tokens or paths.
    Words(Vec<String>),
}

impl Value {
    pub(super) fn numbers(&self) -> Option<&[f64]> {
        match self {
            Self::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }
}

/// An attribute or relationship.
pub(super) struct Property {
    /// Its type as written, `point3f[]` for example.
    pub kind: String,
    pub value: Value,
    /// What values belong to: `vertex`, `faceVarying`, `constant` and so on.
    pub interpolation: String,
}

/// A node of the tree; the layer itself is one too, its metadata being its properties.
#[derive(Default)]
pub(super) struct Prim {
    pub kind: String,
    pub name: String,
    /// Made to be inherited from, not to be seen.
    pub is_class: bool,
    pub properties: BTreeMap<String, Property>,
    pub children: Vec<Prim>,
}

impl Prim {
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.properties.get(name).map(|property| &property.value)
    }

    pub(super) fn numbers(&self, name: &str) -> Option<&[f64]> {
        self.value(name)?.numbers()
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The prim at an absolute path, seen from the layer.
    pub(super) fn find(&self, path: &str) -> Option<&Prim> {
        let mut prim = self;
        for name in path.strip_prefix('/')?.split('/') {
            prim = prim.children.iter().find(|child| child.name == name)?;
        }
        Some(prim)
    }
}

/// Parses a layer with at most `most` faces, which bounds its numbers.
pub(super) fn layer(bytes: &[u8], most: usize) -> Result<Prim, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|_| BAD)?;
    // Numbers of a face: corners, coordinates, normals, colours.
    let mut parser = Parser {
        rest: text,
        numbers_left: most.saturating_mul(24),
    };
    let mut layer = Prim::default();
    if parser.eat('(') {
        parser.metadata(&mut layer)?;
    }
    while parser.peek().is_some() {
        parser.item(&mut layer, 0)?;
    }
    Ok(layer)
}

struct Parser<'a> {
    rest: &'a str,
    numbers_left: usize,
}

impl<'a> Parser<'a> {
    /// The next character that means something.
    fn peek(&mut self) -> Option<char> {
        loop {
            self.rest = self
                .rest
                .trim_start_matches(|c: char| c.is_whitespace() || c == ';');
            if !self.rest.starts_with('#') {
                return self.rest.chars().next();
            }
            self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
        }
    }

    fn eat(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.rest = &self.rest[wanted.len_utf8()..];
        }
        there
    }

    /// A name, number, keyword or type: everything up to a bracket, comma, equals sign or space.
    fn word(&mut self) -> Result<&'a str, ReadError> {
        self.peek();
        let ends = |c: char| c.is_whitespace() || "()[]{}=,\"'<>@#;".contains(c);
        let mut end = self.rest.find(ends).unwrap_or(self.rest.len());
        // `point3f[]` is one word.
        if end > 0 && self.rest[end..].starts_with("[]") {
            end += 2;
        }
        if end == 0 {
            return Err(BAD);
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(word)
    }

    /// The text between two of `quote`, without resolving what is escaped in it.
    fn quoted(&mut self, quote: &str) -> Result<String, ReadError> {
        let start = self.rest.strip_prefix(quote).ok_or(BAD)?;
        let mut from = 0;
        loop {
            let end = from + start[from..].find(quote).ok_or(BAD)?;
            let escapes = start[..end]
                .bytes()
                .rev()
                .take_while(|&byte| byte == b'\\')
                .count();
            if escapes % 2 == 0 {
                self.rest = &start[end + quote.len()..];
                return Ok(start[..end].to_owned());
            }
            from = end + quote.len();
        }
    }

    fn string(&mut self) -> Result<String, ReadError> {
        self.peek();
        let quotes = ["\"\"\"", "'''", "\"", "'"];
        let quote = quotes
            .into_iter()
            .find(|quote| self.rest.starts_with(quote));
        self.quoted(quote.ok_or(BAD)?)
    }

    /// A prim or a property.
    fn item(&mut self, parent: &mut Prim, depth: usize) -> Result<(), ReadError> {
        let mut word = self.word()?;
        match word {
            "def" | "over" | "class" => {
                let prim = self.prim(word == "class", depth + 1)?;
                parent.children.push(prim);
                return Ok(());
            }
            "variantSet" => {
                self.string()?;
                self.eat('=');
                return self.skip_brackets('{');
            }
            "reorder" => {
                self.word()?;
                self.eat('=');
                return self.value(0).map(drop);
            }
            _ => {}
        }
        while matches!(
            word,
            "custom" | "uniform" | "varying" | "prepend" | "append" | "add" | "delete"
        ) {
            word = self.word()?;
        }
        let kind = word.to_owned();
        let name = self.word()?.to_owned();
        let value = if self.eat('=') { self.value(0)? } else { None };
        let mut about = Prim::default();
        if self.eat('(') {
            self.metadata(&mut about)?;
        }
        let interpolation = about.text("interpolation").unwrap_or("constant").to_owned();
        if let Some(value) = value {
            parent.properties.insert(
                name,
                Property {
                    kind,
                    value,
                    interpolation,
                },
            );
        }
        Ok(())
    }

    fn prim(&mut self, is_class: bool, depth: usize) -> Result<Prim, ReadError> {
        if depth > DEEPEST {
            return Err(ReadError::TooLarge("prims within prims"));
        }
        let mut prim = Prim {
            is_class,
            ..Prim::default()
        };
        if !matches!(self.peek(), Some('"' | '\'')) {
            prim.kind = self.word()?.to_owned();
        }
        prim.name = self.string()?;
        if self.eat('(') {
            self.metadata(&mut Prim::default())?;
        }
        if !self.eat('{') {
            return Err(BAD);
        }
        while !self.eat('}') {
            self.item(&mut prim, depth)?;
        }
        Ok(prim)
    }

    /// `name = value` up to the closing bracket, and lone comments.
    fn metadata(&mut self, about: &mut Prim) -> Result<(), ReadError> {
        while !self.eat(')') {
            if matches!(self.peek(), Some('"' | '\'')) {
                self.string()?;
                continue;
            }
            let mut name = self.word()?;
            while matches!(name, "prepend" | "append" | "add" | "delete" | "reorder") {
                name = self.word()?;
            }
            if self.eat('=')
                && let Some(value) = self.value(0)?
            {
                let property = Property {
                    kind: String::new(),
                    value,
                    interpolation: String::new(),
                };
                about.properties.insert(name.to_owned(), property);
            }
        }
        Ok(())
    }

    /// `None`: a value that is none, a dictionary, or samples over time.
    fn value(&mut self, depth: usize) -> Result<Option<Value>, ReadError> {
        if depth > DEEPEST {
            return Err(BAD);
        }
        match self.peek().ok_or(BAD)? {
            '"' | '\'' => Ok(Some(Value::Text(self.string()?))),
            '<' => {
                self.rest = &self.rest[1..];
                let (path, rest) = self.rest.split_once('>').ok_or(BAD)?;
                self.rest = rest;
                Ok(Some(Value::Text(path.to_owned())))
            }
            '@' => {
                let quote = if self.rest.starts_with("@@@") {
                    "@@@"
                } else {
                    "@"
                };
                let file = self.quoted(quote)?;
                // A reference may name a prim behind the file.
                if self.peek() == Some('<') {
                    self.value(depth + 1)?;
                }
                Ok(Some(Value::Asset(file)))
            }
            '{' => self.skip_brackets('{').map(|()| None),
            open @ ('[' | '(') => {
                self.rest = &self.rest[1..];
                let close = if open == '[' { ']' } else { ')' };
                self.sequence(close, depth).map(Some)
            }
            _ => {
                let word = self.word()?;
                Ok(match word.parse::<f64>() {
                    Ok(number) => Some(Value::Numbers(vec![number])),
                    Err(_) if word == "None" => None,
                    Err(_) => Some(Value::Text(word.to_owned())),
                })
            }
        }
    }

    /// What is inside brackets, flattened.
    fn sequence(&mut self, close: char, depth: usize) -> Result<Value, ReadError> {
        let (mut numbers, mut words) = (Vec::new(), Vec::new());
        while !self.eat(close) {
            // Nearly all are plain numbers or vectors: those make no value of their own.
            let is_number = self
                .peek()
                .is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
            if is_number {
                numbers.push(self.word()?.parse().map_err(|_| BAD)?);
                self.numbers_left = self.numbers_left.checked_sub(1).ok_or(BAD)?;
            } else {
                match self.value(depth + 1)? {
                    Some(Value::Numbers(more)) => numbers.extend(more),
                    Some(Value::Text(word) | Value::Asset(word)) => words.push(word),
                    Some(Value::Words(more)) => words.extend(more),
                    None => {}
                }
            }
            self.eat(',');
        }
        Ok(if words.is_empty() {
            Value::Numbers(numbers)
        } else {
            Value::Words(words)
        })
    }

    /// Steps over everything up to the bracket that closes this one.
    fn skip_brackets(&mut self, open: char) -> Result<(), ReadError> {
        if !self.eat(open) {
            return Err(BAD);
        }
        let mut depth = 1_usize;
        while depth > 0 {
            match self.peek().ok_or(BAD)? {
                '"' | '\'' => drop(self.string()?),
                c => {
                    self.rest = &self.rest[c.len_utf8()..];
                    match c {
                        '{' | '[' | '(' => depth += 1,
                        '}' | ']' | ')' => depth -= 1,
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }
}
