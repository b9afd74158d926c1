//! A JSON parser that keeps the position of each value, and a lookup of paths such as `executors[2].capacity`.

use std::ops::Range;

/// Maximum nesting depth, as in the readers of the formats.
const DEPTH_MAX: usize = 128;

/// A value and its byte range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Offset of its first byte.
    pub from: usize,
    /// Offset after its last byte.
    pub to: usize,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, `true`, `false` or `null`, as written.
    Plain(String),
    /// A string, unescaped.
    Text(String),
    List(Vec<Node>),
    /// An object, in the order of the text.
    Object(Vec<Member>),
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    /// Offset of the opening quote of its name.
    pub from: usize,
    /// Offset after the closing quote of its name.
    pub name_to: usize,
    pub node: Node,
}

/// The result of looking up a path.
#[derive(Clone, Copy, Debug)]
pub struct PathLookup<'n, 'p> {
    /// The last existing value on the path.
    pub node: &'n Node,
    /// The field that has this value, if it belongs to an object.
    pub entry: Option<&'n Member>,
    /// The part of the path that doesn't exist; empty if the whole path does.
    pub rest: &'p str,
}

impl Node {
    /// Parses a text; `None` if it isn't valid JSON. The readers of the formats report the error.
    pub fn parse(text: &str) -> Option<Node> {
        let mut parser = Parser {
            text,
            bytes: text.as_bytes(),
            at: 0,
        };
        let node = parser.value(0)?;
        parser.skip_whitespace();
        (parser.at == text.len()).then_some(node)
    }

    /// Follows a path as far as it exists.
    pub fn lookup<'n, 'p>(&'n self, path: &'p str) -> PathLookup<'n, 'p> {
        let mut lookup = PathLookup {
            node: self,
            entry: None,
            rest: path,
        };
        while !lookup.rest.is_empty() {
            let Some(next) = lookup.step() else { break };
            lookup = next;
        }
        lookup
    }

    pub fn get(&self, path: &str) -> Option<&Node> {
        let lookup = self.lookup(path);
        lookup.rest.is_empty().then_some(lookup.node)
    }

    /// The string, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The fields of an object; empty for other values.
    pub fn entries(&self) -> &[Member] {
        match &self.value {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; empty for other values.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The bytes to mark for a problem at a path: the value itself if it is simple, otherwise the name of its field;
    /// for a missing value, its parent.
    pub fn range(&self, path: &str) -> Range<usize> {
        let lookup = self.lookup(path);
        let node = lookup.node;
        let is_leaf = node.entries().is_empty() && node.items().is_empty();
        match lookup.entry {
            _ if is_leaf && lookup.rest.is_empty() => node.from..node.to,
            Some(entry) => entry.from..entry.name_to,
            None => node.from..node.from + 1,
        }
    }
}

impl<'n, 'p> PathLookup<'n, 'p> {
    fn step(self) -> Option<PathLookup<'n, 'p>> {
        match &self.node.value {
            Value::List(items) => {
                let (number, rest) = self.rest.strip_prefix('[')?.split_once(']')?;
                Some(PathLookup {
                    node: items.get(number.parse::<usize>().ok()?)?,
                    entry: None,
                    rest: after_point(rest),
                })
            }
            Value::Object(entries) => {
                // Names may contain points and brackets, so take the longest one that matches.
                let fits = |entry: &&Member| {
                    let rest = self.rest.strip_prefix(entry.name.as_str());
                    !entry.name.is_empty()
                        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                };
                let entry = entries.iter().filter(fits).max_by_key(|it| it.name.len())?;
                Some(PathLookup {
                    node: &entry.node,
                    entry: Some(entry),
                    rest: after_point(&self.rest[entry.name.len()..]),
                })
            }
            _ => None,
        }
    }
}

fn after_point(rest: &str) -> &str {
    rest.strip_prefix('.').unwrap_or(rest)
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn skip_whitespace(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Consumes a byte and the whitespace before it, if it comes next.
    fn accept(&mut self, byte: u8) -> bool {
        self.skip_whitespace();
        let comes = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(comes);
        comes
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        self.skip_whitespace();
        let from = self.at;
        let value = match self.bytes.get(from)? {
            _ if depth > DEPTH_MAX => return None,
            b'{' => self.object(depth)?,
            b'[' => self.list(depth)?,
            b'"' => Value::Text(self.quoted()?),
            _ => self.plain()?,
        };
        Some(Node {
            from,
            to: self.at,
            value,
        })
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut entries = Vec::new();
        while !self.accept(b'}') {
            if !entries.is_empty() && !self.accept(b',') {
                return None;
            }
            self.skip_whitespace();
            let from = self.at;
            let name = self.quoted()?;
            let name_to = self.at;
            if !self.accept(b':') {
                return None;
            }
            let node = self.value(depth + 1)?;
            entries.push(Member {
                name,
                from,
                name_to,
                node,
            });
        }
        Some(Value::Object(entries))
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.accept(b']') {
            if !items.is_empty() && !self.accept(b',') {
                return None;
            }
            items.push(self.value(depth + 1)?);
        }
        Some(Value::List(items))
    }

    fn quoted(&mut self) -> Option<String> {
        let from = self.at;
        if self.bytes.get(from) != Some(&b'"') {
            return None;
        }
        self.at += 1;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        serde_json::from_str(self.text.get(from..self.at)?).ok()
    }

    fn plain(&mut self) -> Option<Value> {
        let from = self.at;
        let belongs =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        while self.bytes.get(self.at).is_some_and(belongs) {
            self.at += 1;
        }
        let text = self.text.get(from..self.at)?;
        (!text.is_empty()).then(|| Value::Plain(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use triage_scenario::library;

    const TEXT: &str = r#"{
  "a": [1, {"b.c": "é\"x", "b": {"c": null}}],
  "list": [
    {"id": "one"},
    {"id": "two"}
  ],
  "empty": {}
}"#;

    fn at(path: &str) -> &'static str {
        let tree = Node::parse(TEXT).unwrap();
        &TEXT[tree.range(path)]
    }

    #[test]
    fn a_path_leads_to_its_value() {
        assert_eq!(at("a[0]"), "1");
        assert_eq!(at("a[1].b.c"), r#""é\"x""#, "the longest name that fits");
        assert_eq!(at("list[1].id"), r#""two""#);
        assert_eq!(at("empty"), "{}");
        let tree = Node::parse(TEXT).unwrap();
        assert_eq!(tree.get("a[1].b.c").and_then(Node::text), Some("é\"x"));
        assert!(tree.get("a[2]").is_none() && tree.get("list.x").is_none());
    }

    #[test]
    fn multi_line_values_are_marked_at_their_name_and_missing_ones_at_their_parent() {
        assert_eq!(at("list"), "\"list\"");
        assert_eq!(at("list[1]"), "{");
        assert_eq!(at("list[1].nothing"), "{");
        assert_eq!(at("a[1].b.d"), "\"b\"", "of the two, the one that is there");
        assert_eq!(at("empty.x.y"), "\"empty\"");
        assert_eq!(at("list[7].id"), "\"list\"");
        assert_eq!(at(""), "{");
    }

    #[test]
    fn every_value_of_every_built_in_is_where_it_says() {
        fn walk(text: &str, node: &Node) {
            let slice = &text[node.from..node.to];
            let again = Node::parse(slice).unwrap();
            assert_eq!(again.to, slice.len());
            assert_eq!(
                std::mem::discriminant(&again.value),
                std::mem::discriminant(&node.value)
            );
            node.items().iter().for_each(|item| walk(text, item));
            for entry in node.entries() {
                let name = &text[entry.from..entry.name_to];
                assert_eq!(name, format!("{:?}", entry.name));
                walk(text, &entry.node);
            }
        }
        for built_in in library() {
            walk(built_in.json, &Node::parse(built_in.json).unwrap());
        }
    }

    #[test]
    fn invalid_json_has_no_tree() {
        for text in [
            "",
            "{",
            "{\"a\" 1}",
            "[1 2]",
            "[1,]x",
            "\"a",
            "{} {}",
            "\"\\",
        ] {
            assert!(Node::parse(text).is_none(), "{text}");
        }
        assert!(Node::parse(&"[".repeat(100_000)).is_none());
    }
}
