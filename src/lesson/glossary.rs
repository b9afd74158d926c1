//! The glossary: `docs/glossary.md` read into entries. Only what that file uses of Markdown is understood: headings,
//! paragraphs, and `*emphasis*`, which is shown as words.

/// A term and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlossaryEntry {
    /// The term as links name it: lower-case, with `-` for what is neither letter nor digit.
    pub slug: String,
    /// The term.
    pub term: String,
    /// What it means, by paragraphs; the last ones may name sources.
    pub text: Vec<String>,
}

/// The entries of a glossary: what is under headings of the second rank.
pub fn entries(markdown: &str) -> Vec<GlossaryEntry> {
    let sections = markdown.split("\n## ").skip(1);
    let entry = |section: &str| {
        let (term, body) = section.split_once('\n').unwrap_or((section, ""));
        // A heading of the first rank ends the section.
        let body = body.split("\n# ").next().unwrap_or_default();
        let paragraphs = body.split("\n\n").map(one_line);
        GlossaryEntry {
            slug: slug(term),
            term: term.trim().to_owned(),
            text: paragraphs.filter(|words| !words.is_empty()).collect(),
        }
    };
    sections.map(entry).collect()
}

fn one_line(paragraph: &str) -> String {
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    words.join(" ").replace('*', "")
}

/// A term as links name it.
pub fn slug(term: &str) -> String {
    let letter = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let slug: String = term.trim().to_lowercase().chars().map(letter).collect();
    let parts: Vec<&str> = slug.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_become_entries() {
        let read = entries(
            "# Glossary\n\nWords.\n\n## Vector clock\n\nOne\nline.\n\nSource: *X*.\n\n## B (c)\n\nTwo.\n",
        );
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].slug, "vector-clock");
        assert_eq!(read[0].text, ["One line.", "Source: X."]);
        assert_eq!(read[1].slug, "b-c");
    }
}
