//! The languages the page speaks. English stands in the code, where the sentence is; what it is in another language
//! stands in one catalogue per language, `locales/NAME.po`, and is looked up by the English (as with GNU gettext).
//!
//! - [`tr!`](crate::sentence_of_parts) makes a sentence of parts, numbers included: `tr!("{} has left", name)`,
//!   `tr!("one job" | "{n} jobs" % count)`, `tr!("a button" => "Open")`.
//! - [`say`] takes a text without parts and costs nothing while the page speaks English.
//! - [`mark!`] lets a text in a table be found by who makes the catalogue; it is translated where it is shown, by [`say`].
//! - [`known`] is for texts that come out of a file: lessons and scenarios of the library.
//!
//! What is data is never translated: names of processes and jobs, fields and values of a trace, a scenario or a link,
//! `data-testid`, words of the query language. What the headless runner prints stays English.

mod catalogue;

use std::sync::{PoisonError, RwLock};

pub use crate::sentence_of_parts as tr;
#[doc(hidden)]
pub use ::tr as runtime; // for what `tr!` expands to
pub use catalogue::Catalogue;

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// What stands in the code.
    #[default]
    English,
    /// `locales/de.po`.
    German,
}

impl Language {
    /// Every language, as the page offers them.
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
        }
    }

    /// Its tag (BCP 47), as addresses and the document have it.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// The language of a tag such as `de` or `de-AT`, if there is one.
    pub fn of_tag(tag: &str) -> Option<Language> {
        let first = tag.split(['-', '_']).next().unwrap_or(tag);
        Language::ALL
            .into_iter()
            .find(|language| first.eq_ignore_ascii_case(language.tag()))
    }

    /// What stands before the fraction of a number.
    pub fn decimal_mark(self) -> &'static str {
        match self {
            Language::English => ".",
            Language::German => ",",
        }
    }

    /// What stands between the thousands of a number.
    pub fn thousands_mark(self) -> &'static str {
        match self {
            Language::English => ",",
            Language::German => ".",
        }
    }
}

/// What is spoken now. A catalogue stays in memory once it has come, so that texts can be lent for ever.
static SPOKEN: RwLock<Option<&'static Catalogue>> = RwLock::new(None);

/// From now on the page speaks the language of this catalogue; English without one. Texts that were asked for before
/// stay as they are.
pub fn speak(catalogue: Option<Catalogue>) {
    let catalogue: Option<&'static Catalogue> = catalogue.map(|it| &*Box::leak(Box::new(it)));
    *SPOKEN.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
}

fn spoken() -> Option<&'static Catalogue> {
    *SPOKEN.read().unwrap_or_else(PoisonError::into_inner)
}

/// The language that is spoken now.
pub fn language() -> Language {
    spoken().map(Catalogue::language).unwrap_or_default()
}

/// A text without parts in the language that is spoken.
pub fn say(english: &'static str) -> &'static str {
    spoken()
        .and_then(|it| it.find(None, english))
        .unwrap_or(english)
}

/// As [`say`], for a word that has several meanings: the context says which.
pub fn say_as(context: &'static str, english: &'static str) -> &'static str {
    spoken()
        .and_then(|it| it.find(Some(context), english))
        .unwrap_or(english)
}

/// The form of a text for a number.
pub fn say_of(
    context: Option<&'static str>,
    one: &'static str,
    other: &'static str,
    n: u64,
) -> &'static str {
    match spoken() {
        Some(catalogue) => catalogue.of(context, one, other, n),
        None if n == 1 => one,
        None => other,
    }
}

/// A sentence made of parts, in the language that is spoken: see the top of [`language`](crate). The syntax is that of
/// `tr::tr!`, and the parts are put in by the `tr` crate; that macro itself would look up its crate's translator at each of
/// its hundreds of places, which made a first visit 3.6 kB heavier.
#[macro_export]
macro_rules! sentence_of_parts {
    ($text:literal) => {
        $crate::say($text).to_owned()
    };
    ($text:literal, $($parts:tt)*) => {
        $crate::runtime::runtime_format!($crate::say($text), $($parts)*)
    };
    ($context:literal => $text:literal) => {
        $crate::say_as($context, $text).to_owned()
    };
    ($context:literal => $text:literal, $($parts:tt)*) => {
        $crate::runtime::runtime_format!($crate::say_as($context, $text), $($parts)*)
    };
    ($one:literal | $other:literal % $n:expr) => {
        $crate::sentence_of_parts!(@ None, $one, $other, $n,)
    };
    ($one:literal | $other:literal % $n:expr, $($parts:tt)*) => {
        $crate::sentence_of_parts!(@ None, $one, $other, $n, $($parts)*)
    };
    ($context:literal => $one:literal | $other:literal % $n:expr) => {
        $crate::sentence_of_parts!(@ Some($context), $one, $other, $n,)
    };
    ($context:literal => $one:literal | $other:literal % $n:expr, $($parts:tt)*) => {
        $crate::sentence_of_parts!(@ Some($context), $one, $other, $n, $($parts)*)
    };
    (@ $context:expr, $one:literal, $other:literal, $n:expr,) => {{
        let n = $n;
        $crate::runtime::runtime_format!($crate::say_of($context, $one, $other, n as u64), n = n)
    }};
    (@ $context:expr, $one:literal, $other:literal, $n:expr, $($parts:tt)+) => {{
        let n = $n;
        $crate::runtime::runtime_format!(
            $crate::say_of($context, $one, $other, n as u64),
            $($parts)+,
            n = n
        )
    }};
}

/// A text that came out of a file of the library, in the language that is spoken; any other text as it is.
pub fn known(english: &str) -> String {
    spoken()
        .and_then(|it| it.find(None, english))
        .unwrap_or(english)
        .to_owned()
}

/// A text that is translated where it is shown, by [`say`]. Leaves it as it is.
#[macro_export]
macro_rules! mark {
    ($english:literal) => {
        $english
    };
}

/// Digits of a whole number, in groups of three from five digits on: `4096`, `10,000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mark = language().thousands_mark();
    let mut words = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            words.push_str(mark);
        }
        words.push(digit);
    }
    words
}
