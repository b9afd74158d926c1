//! What a language says for each English text. The page gets it as JSON made of the `.po` file when it is built.

use std::borrow::Cow;

use serde_json::Value;

use super::Language;

/// Between a context and a text in a key, as in gettext's compiled catalogues.
const CONTEXT_END: char = '\u{4}';

/// A key, what stands for it, and its plural where it has one.
type Text = (Box<str>, Box<str>, Option<Box<str>>);

/// The texts of one language.
#[derive(Debug)]
pub struct Catalogue {
    language: Language,
    /// By key, sorted. Plural texts have two forms, the others one; languages with more forms are not offered yet.
    texts: Vec<Text>,
    /// Every text is in brackets, see [`Catalogue::bracketing`].
    #[cfg(not(target_arch = "wasm32"))]
    brackets: bool,
}

/// A text in brackets.
#[cfg(not(target_arch = "wasm32"))]
fn bracketed(english: &str) -> String {
    ["⟦", english, "⟧"].concat()
}

impl Catalogue {
    /// Reads `{"English": "German", "one job": ["ein Auftrag", "{n} Aufträge"], "context\u0004Open": "…"}`.
    ///
    /// # Errors
    /// Says that it is no catalogue.
    pub fn from_json(language: Language, json: &str) -> Result<Catalogue, String> {
        let failed = || format!("The texts in {} are damaged.", language.name());
        let Ok(Value::Object(object)) = serde_json::from_str(json) else {
            return Err(failed());
        };
        let mut texts = Vec::new();
        for (key, value) in object {
            let (one, other) = match value {
                Value::String(text) => (text, None),
                Value::Array(forms) => match forms.as_slice() {
                    [Value::String(one), Value::String(other)] => {
                        (one.clone(), Some(other.clone().into()))
                    }
                    _ => return Err(failed()),
                },
                _ => return Err(failed()),
            };
            texts.push((key.into(), one.into(), other));
        }
        texts.sort_unstable();
        Ok(Catalogue {
            language,
            texts,
            #[cfg(not(target_arch = "wasm32"))]
            brackets: false,
        })
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
        Some(self.entry(context, english)?.0)
    }

    fn entry(&self, context: Option<&str>, english: &str) -> Option<(&str, Option<&str>)> {
        let key = match context {
            Some(context) => {
                let mut key = context.to_owned();
                key.push(CONTEXT_END);
                key.push_str(english);
                Cow::Owned(key)
            }
            None => Cow::Borrowed(english),
        };
        let at = self
            .texts
            .binary_search_by(|(there, ..)| (**there).cmp(&key))
            .ok()?;
        let (_, one, other) = self.texts.get(at)?;
        Some((one, other.as_deref()))
    }
}

/// A catalogue that is lent to [`tr::tr`].
pub(super) struct Lent(pub &'static Catalogue);

impl tr::Translator for Lent {
    fn translate<'a>(&'a self, english: &'a str, context: Option<&'a str>) -> Cow<'a, str> {
        Cow::Borrowed(self.0.find(context, english).unwrap_or(english))
    }

    fn ntranslate<'a>(
        &'a self,
        n: u64,
        one: &'a str,
        other: &'a str,
        context: Option<&'a str>,
    ) -> Cow<'a, str> {
        #[cfg(not(target_arch = "wasm32"))]
        if self.0.brackets {
            return Cow::Owned(bracketed(if n == 1 { one } else { other }));
        }
        let (one, other) = match self.0.entry(context, one) {
            Some((one, Some(other))) => (one, other),
            Some((text, None)) => (text, text),
            None => (one, other),
        };
        Cow::Borrowed(if n == 1 { one } else { other })
    }
}
