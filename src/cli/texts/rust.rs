//! Texts in Rust sources: what stands in `tr!`, `say`, `say_as` and `mark!`, inside other macros too. Sources are taken
//! apart into tokens, so that comments and strings that only look like it are none.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Lit;

use super::Found;

/// Finds the texts of one source.
pub fn find(file: &str, source: &str, found: &mut Found) {
    match source.parse::<TokenStream>() {
        Ok(tokens) => walk(file, tokens, found),
        Err(problem) => found.problems.push(format!("{file}: {problem}")),
    }
}

fn walk(file: &str, tokens: TokenStream, found: &mut Found) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        if is_test(&tokens[at..]) {
            at = after_item(&tokens, at + 2);
            continue;
        }
        take(file, &tokens, at, found);
        if let TokenTree::Group(group) = &tokens[at] {
            walk(file, group.stream(), found);
        }
        at += 1;
    }
}

/// `#[cfg(test)]`.
fn is_test(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(group), ..] = tokens else {
        return false;
    };
    hash.as_char() == '#' && group.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// Behind an item that begins at a place: after its braces, or its semicolon.
fn after_item(tokens: &[TokenTree], from: usize) -> usize {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    let end = tokens.iter().skip(from).position(is_end);
    end.map_or(tokens.len(), |end| from + end + 1)
}

/// Takes the text of the call that begins at a place, if one does.
fn take(file: &str, tokens: &[TokenTree], at: usize, found: &mut Found) {
    let TokenTree::Ident(name) = &tokens[at] else {
        return;
    };
    let name_of = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map(ToString::to_string);
    let is_macro = name_of(Some(at + 1)).as_deref() == Some("!");
    let inside = match tokens.get(at + 1 + usize::from(is_macro)) {
        Some(TokenTree::Group(group)) => group.stream().into_iter().collect::<Vec<_>>(),
        _ => return,
    };
    // A method or a function of that name is something else.
    let before = name_of(at.checked_sub(1));
    let is_other = matches!(before.as_deref(), Some("." | "fn"));
    let line = name.span().start().line;
    let literal = |at: usize| inside.get(at).and_then(string);
    match (name.to_string().as_str(), is_macro) {
        ("tr", true) => match parts(&inside) {
            Some((context, english, plural)) => {
                found.add(file, context.as_deref(), &english, plural.as_deref());
            }
            None => found.problems.push(format!(
                "{file}:{line}: the text must be written directly in tr!"
            )),
        },
        ("mark", true) => {
            if let Some(english) = literal(0) {
                found.add(file, None, &english, None);
            }
        }
        ("say", false) if !is_other => {
            if let Some(english) = literal(0) {
                found.add(file, None, &english, None);
            }
        }
        ("say_as", false) if !is_other => {
            if let (Some(context), Some(english)) = (literal(0), literal(2)) {
                found.add(file, Some(&context), &english, None);
            }
        }
        _ => {}
    }
}

/// Context, text and plural in a `tr!`.
fn parts(inside: &[TokenTree]) -> Option<(Option<String>, String, Option<String>)> {
    let is = |at: usize, letter: char| matches!(inside.get(at), Some(TokenTree::Punct(it)) if it.as_char() == letter);
    let text = |at: usize| inside.get(at).and_then(string);
    let (context, at) = if is(1, '=') && is(2, '>') {
        (Some(text(0)?), 3)
    } else {
        (None, 0)
    };
    let plural = if is(at + 1, '|') {
        Some(text(at + 2)?)
    } else {
        None
    };
    Some((context, text(at)?, plural))
}

/// What a string literal means.
fn string(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        // What a macro has handed on.
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            string(&group.stream().into_iter().next()?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Text;
    use super::*;

    fn found(source: &str) -> (Vec<Text>, Vec<String>) {
        let mut found = Found::default();
        find("a.rs", source, &mut found);
        (found.texts, found.problems)
    }

    fn short(source: &str) -> Vec<(Option<String>, String, Option<String>)> {
        let (texts, problems) = found(source);
        assert!(problems.is_empty(), "{problems:?}");
        let short = |it: Text| (it.context, it.english, it.plural);
        texts.into_iter().map(short).collect()
    }

    fn one(english: &str) -> (Option<String>, String, Option<String>) {
        (None, english.to_owned(), None)
    }

    #[test]
    fn every_form_is_found_inside_macros_too() {
        let source = r##"
            const A: &str = mark!("table");
            fn f() {
                view! { <p title=say("title")>{tr!("{} has left", name)}</p> };
                vec![language::say("in a list"), tr!("open" => "verb"), say_as("menu", "Open")];
                tr!("one job" | "{n} jobs" % count(a | b), who = x);
                tr!("c" => "one" | "{n} many" % n);
                say("two \
                    lines, \"quoted\"");
                say(r#"raw "text""#);
            }
        "##;
        let context = |context: &str, english: &str, plural: Option<&str>| {
            let owned = str::to_owned;
            (Some(owned(context)), owned(english), plural.map(owned))
        };
        assert_eq!(
            short(source),
            [
                one("table"),
                one("title"),
                one("{} has left"),
                one("in a list"),
                context("open", "verb", None),
                context("menu", "Open", None),
                (None, "one job".to_owned(), Some("{n} jobs".to_owned())),
                context("c", "one", Some("{n} many")),
                one("two lines, \"quoted\""),
                one("raw \"text\""),
            ]
        );
    }

    #[test]
    fn what_only_looks_like_a_text_is_none() {
        let source = r#"
            //! tr!("in a comment")
            fn say(english: &str) {}
            fn f() { html.say("a method"); say(entry.text); "say(\"in a string\")"; }
            #[cfg(test)]
            mod tests { fn f() { say("in a test"); } }
            #[cfg(test)]
            use say;
            fn g() { say("after") }
        "#;
        assert_eq!(short(source), [one("after")]);
    }

    #[test]
    fn a_text_is_there_once_with_its_plural() {
        let (texts, problems) = found(
            r#"fn f() { say("one job"); tr!("one job" | "{n} jobs" % 2); tr!("one job" | "jobs" % 2); }"#,
        );
        assert_eq!(texts.len(), 1);
        assert_eq!(texts[0].plural.as_deref(), Some("{n} jobs"));
        assert_eq!(texts[0].files, ["a.rs"]);
        assert!(problems[0].contains("has the plural"), "{problems:?}");
    }

    #[test]
    fn a_text_that_cannot_be_found_is_named_by_its_line() {
        let (_, problems) = found("fn f() {\n tr!(words, x);\n}");
        assert_eq!(
            problems,
            ["a.rs:2: the text must be written directly in tr!"]
        );
    }
}
