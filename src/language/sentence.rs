//! Sentences that are data too: a trace, an audit and the files made of them have them in English, whatever the page
//! speaks, and the page says them in its language.

use std::fmt::{self, Display};
use std::ops::Deref;
use std::rc::Rc;

use super::say;

/// A sentence that is written in English, [said](Sentence::said) in the language that is spoken, and cheap to share.
/// As text it is English; two are equal that say the same in English.
#[derive(Clone, Debug)]
pub struct Sentence(Rc<Words>);

#[derive(Clone, Debug)]
struct Words {
    /// The whole sentence.
    english: String,
    /// The same with names in braces for its parts; empty for data, which is the same in every language.
    pattern: &'static str,
    parts: Vec<(&'static str, Sentence)>,
}

impl Sentence {
    /// A sentence and the data in it: `Sentence::new(mark!("{name} is not hung"), &[("name", &name)])`.
    pub fn new(english: &'static str, parts: &[(&'static str, &dyn Display)]) -> Sentence {
        let data = |(name, value): &(&'static str, &dyn Display)| {
            (*name, Sentence::from(value.to_string()))
        };
        Sentence::of(english, parts.iter().map(data).collect())
    }

    /// The same with a part that is said in the language that is spoken, like the rest.
    pub fn with(&self, name: &'static str, part: Sentence) -> Sentence {
        let mut parts = self.0.parts.clone();
        parts.push((name, part));
        Sentence::of(self.0.pattern, parts)
    }

    /// The same with where it is: `capabilities[2]: …`.
    pub fn at(self, place: &dyn Display) -> Sentence {
        Sentence::new("{place}: {what}", &[("place", place)]).with("what", self)
    }

    /// The sentence in the language that is spoken.
    pub fn said(&self) -> String {
        if self.0.pattern.is_empty() {
            return self.0.english.clone();
        }
        filled(say(self.0.pattern), &self.0.parts, Sentence::said)
    }

    fn of(pattern: &'static str, parts: Vec<(&'static str, Sentence)>) -> Sentence {
        let english = filled(pattern, &parts, |part| part.0.english.clone());
        Sentence(Rc::new(Words {
            english,
            pattern,
            parts,
        }))
    }
}

/// A pattern with its parts in their places.
fn filled(
    pattern: &str,
    parts: &[(&'static str, Sentence)],
    say: fn(&Sentence) -> String,
) -> String {
    let mut words = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        words.push_str(before);
        let part = after.split_once('}').and_then(|(name, after)| {
            let (_, part) = parts.iter().find(|(known, _)| *known == name)?;
            Some((part, after))
        });
        match part {
            Some((part, after)) => {
                words.push_str(&say(part));
                rest = after;
            }
            None => {
                words.push('{');
                rest = after;
            }
        }
    }
    words.push_str(rest);
    words
}

/// Data, which is the same in every language.
impl From<String> for Sentence {
    fn from(data: String) -> Sentence {
        Sentence(Rc::new(Words {
            english: data,
            pattern: "",
            parts: Vec::new(),
        }))
    }
}

impl From<&str> for Sentence {
    fn from(data: &str) -> Sentence {
        Sentence::from(data.to_owned())
    }
}

impl Deref for Sentence {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.english
    }
}

impl Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq for Sentence {
    fn eq(&self, other: &Sentence) -> bool {
        **self == **other
    }
}

impl Eq for Sentence {}

impl PartialEq<&str> for Sentence {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_where_their_names_are_and_are_not_looked_into() {
        let inner = Sentence::new("{a} has {b}", &[("a", &"{b}"), ("b", &7)]);
        assert_eq!(&*inner, "{b} has 7");
        let outer = Sentence::new("id {", &[]).at(&"x[1]");
        assert_eq!(outer, "x[1]: id {");
        let nested = Sentence::new("{who} {unknown}: {why}", &[("who", &"a")]).with("why", inner);
        assert_eq!(nested, "a {unknown}: {b} has 7");
        assert_eq!(nested.said(), nested.to_string());
    }

    #[test]
    fn equal_is_what_says_the_same_in_english() {
        let made = Sentence::new("{name} is not hung", &[("name", &"a")]);
        assert_eq!(made, Sentence::from("a is not hung"));
    }
}
