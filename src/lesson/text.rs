//! Parses the text of a step: plain text with links to the glossary, `[[term]]` or `[[words|term]]`.

/// A part of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// A link to a glossary term.
    Term {
        /// The link's text.
        words: &'a str,
        /// The term, as returned by [`super::glossary::slug`].
        term: &'a str,
    },
}

/// Splits a paragraph into parts. Unclosed links are plain text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        let Some((inside, behind)) = after.split_once("]]") else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let (words, term) = inside.split_once('|').unwrap_or((inside, inside));
        pieces.push(Piece::Term { words, term });
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// A paragraph without links, for screen readers.
pub fn plain(text: &str) -> String {
    let words = |piece: Piece<'_>| match piece {
        Piece::Text(words) => words.to_owned(),
        Piece::Term { words, .. } => words.to_owned(),
    };
    pieces(text).into_iter().map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_taken_out_of_the_words() {
        let text = "A [[vector clock|vector-clock]] has [[entry|entry]] by entry.";
        assert_eq!(plain(text), "A vector clock has entry by entry.");
        assert_eq!(
            pieces(text)[1],
            Piece::Term {
                words: "vector clock",
                term: "vector-clock"
            }
        );
        assert_eq!(plain("not [[closed"), "not [[closed");
    }
}
