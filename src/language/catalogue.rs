//! What a language says for each English text. The page gets it as JSON made of the `.po` file when it is built.

use std::borrow::Cow;

use super::Language;

/// Between a context and a text in a key, as in gettext's compiled catalogues.
const CONTEXT_END: char = '\u{4}';
/// Between what belongs to one text, and between texts.
const PART_END: char = '\u{1}';
const TEXT_END: char = '\u{2}';

/// The texts of one language.
#[derive(Debug)]
pub struct Catalogue {
    language: Language,
    /// Each with its key before it and the form for more than one behind it, if there is one, in the order of their keys.
    /// Languages with more forms are not offered yet.
    texts: Vec<Box<str>>,
    /// Every text is in brackets, see [`Catalogue::bracketing`].
    #[cfg(not(target_arch = "wasm32"))]
    brackets: bool,
}

/// A text in brackets.
#[cfg(not(target_arch = "wasm32"))]
fn bracketed(english: &str) -> String {
    ["⟦", english, "⟧"].concat()
}

fn key(text: &str) -> &str {
    text.split(PART_END).next().unwrap_or(text)
}

impl Catalogue {
    /// Reads what `public/boot.js` makes of a file such as `{"English": "German", "one job": ["ein Auftrag", "{n} Aufträge"],
    /// "context\u0004Open": "…"}`: it has read JSON already. `English U+0001 German U+0002 one job U+0001 ein Auftrag U+0001 …`
    pub fn read(language: Language, all: &str) -> Catalogue {
        let mut texts: Vec<Box<str>> = Vec::new();
        for text in all.split(TEXT_END).filter(|text| text.contains(PART_END)) {
            // They come in order, or nearly.
            let place = texts.iter().rposition(|there| key(there) <= key(text));
            texts.insert(place.map_or(0, |place| place + 1), text.into());
        }
        Catalogue {
            language,
            texts,
            #[cfg(not(target_arch = "wasm32"))]
            brackets: false,
        }
    }

    /// A language in which every text is the English one in ⟦brackets⟧: tests see with it what is translated and what
    /// is not. Texts stay in memory with every use.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn bracketing(language: Language) -> Catalogue {
        Catalogue {
            language,
            texts: Vec::new(),
            brackets: true,
        }
    }

    /// Whose texts these are.
    pub fn language(&self) -> Language {
        self.language
    }

    /// What stands for an English text.
    pub fn find(&self, context: Option<&str>, english: &str) -> Option<&str> {
        #[cfg(not(target_arch = "wasm32"))]
        if self.brackets {
            return Some(Box::leak(bracketed(english).into_boxed_str()));
        }
        Some(self.forms(context, english)?.0)
    }

    /// What stands for an English text in its form for a number.
    pub fn of(
        &self,
        context: Option<&str>,
        one: &'static str,
        other: &'static str,
        n: u64,
    ) -> &str {
        #[cfg(not(target_arch = "wasm32"))]
        if self.brackets {
            return Box::leak(bracketed(if n == 1 { one } else { other }).into_boxed_str());
        }
        let (one, other) = match self.forms(context, one) {
            Some((one, Some(other))) => (one, other),
            Some((text, None)) => (text, text),
            None => (one, other),
        };
        if n == 1 { one } else { other }
    }

    fn forms(&self, context: Option<&str>, english: &str) -> Option<(&str, Option<&str>)> {
        let wanted = match context {
            Some(context) => {
                let mut key = context.to_owned();
                key.push(CONTEXT_END);
                key.push_str(english);
                Cow::Owned(key)
            }
            None => Cow::Borrowed(english),
        };
        let found = self.texts.binary_search_by(|text| key(text).cmp(&wanted));
        let mut parts = self.texts.get(found.ok()?)?.split(PART_END).skip(1);
        Some((parts.next()?, parts.next()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_key_context_and_number() {
        let all = "b\u{1}B\u{2}a\u{1}A\u{2}job\u{1}Auftrag\u{1}{n} Aufträge\u{2}verb\u{4}Open\u{1}Öffnen\u{2}damaged\u{2}";
        let catalogue = Catalogue::read(Language::German, all);
        assert_eq!(catalogue.find(None, "a"), Some("A"));
        assert_eq!(catalogue.find(None, "b"), Some("B"));
        assert_eq!(catalogue.find(Some("verb"), "Open"), Some("Öffnen"));
        for (context, unknown) in [
            (None, "Open"),
            (Some("noun"), "Open"),
            (None, "damaged"),
            (None, ""),
        ] {
            assert_eq!(catalogue.find(context, unknown), None);
        }
        assert_eq!(catalogue.of(None, "job", "jobs", 1), "Auftrag");
        assert_eq!(catalogue.of(None, "job", "jobs", 0), "{n} Aufträge");
        assert_eq!(catalogue.of(None, "dog", "dogs", 2), "dogs");
        assert_eq!(catalogue.of(None, "a", "as", 2), "A");
    }
}
