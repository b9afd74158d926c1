//! The colours of the style sheet as a canvas wants them: read once, and again when the theme changes.

use leptos::prelude::*;
use web_sys::CssStyleDeclaration;

use crate::view::diagram::picture::Paint;

/// The custom property of each `Paint`.
const PAINTS: [&str; Paint::COUNT] = [
    "--p1",
    "--p2",
    "--p3",
    "--p4",
    "--p5",
    "--p6",
    "--p7",
    "--p8",
    "--normal",
    "--low",
    "--medium",
    "--high",
    "--critical",
    "--good",
    "--dim",
    "--raised",
    "--accent",
    "--high",
    "--line-strong",
];

/// Every colour that the diagram uses.
#[derive(Default)]
pub struct Palette {
    paints: Vec<String>,
    /// The ground.
    pub panel: String,
    /// Text and the cursor.
    pub ink: String,
    /// Text that matters less.
    pub dim: String,
    /// The ground of what is folded.
    pub sunken: String,
    /// Thin lines.
    pub line: String,
    /// The face of numbers.
    pub mono: String,
    /// The face of words.
    pub face: String,
}

impl Palette {
    /// The colours as they are now.
    pub fn read() -> Palette {
        let root = document().document_element();
        let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
        let Some(style) = style else {
            return Palette::default();
        };
        let read = |name: &str| property(&style, name);
        Palette {
            paints: PAINTS.iter().map(|name| read(name)).collect(),
            panel: read("--panel"),
            ink: read("--ink"),
            dim: read("--dim"),
            sunken: read("--sunken"),
            line: read("--line-strong"),
            mono: read("--mono"),
            face: read("--face"),
        }
    }

    /// What a colour looks like.
    pub fn of(&self, paint: Paint) -> &str {
        self.paints.get(usize::from(paint.0)).map_or("", |css| css)
    }
}

fn property(style: &CssStyleDeclaration, name: &str) -> String {
    let value = style.get_property_value(name).unwrap_or_default();
    value.trim().to_owned()
}
