//! Reads `docs/glossary.md` into entries. Supports only the Markdown that the file uses: headings, paragraphs and
//! `*emphasis*`, which is shown as plain text.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlossaryEntry {
    /// The term in links: lower case, with `-` for everything but letters and digits.
    pub slug: String,
    pub term: String,
    /// The explanation, by paragraphs; the last ones may name sources.
    pub text: Vec<String>,
}

/// Reads the sections with second-level headings.
pub fn entries(markdown: &str) -> Vec<GlossaryEntry> {
    let sections = markdown.split("\n## ").skip(1);
    let entry = |section: &str| {
        let (term, body) = section.split_once('\n').unwrap_or((section, ""));
        // A first-level heading ends the section.
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

/// The term in links.
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
