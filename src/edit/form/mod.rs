//! The form for common parts of a document. It is built from the text, and input changes only the affected part of the
//! text, so everything that the form doesn't know is preserved.

mod action;
mod context;
mod evidence;
mod folds;
mod lesson;
mod parts;
mod question;
mod scenario;
mod write;

pub use evidence::{Evidence, anchor_of};
pub use folds::Folds;
pub use parts::{
    EditAction, EditOperation, Field, Form, Input, Item, List, Number, Part, Pick, Section, fields,
};
pub use write::{anchor_json, apply, perform};

use context::Context;
use parts::{ms, number, picks, seconds, within};

use super::tree::{Node, Value};
use super::{Kind, TextProblem};

/// The form of a text; `None` if it isn't valid JSON.
pub fn form(
    kind: Kind,
    text: &str,
    found: &[TextProblem],
    folds: &Folds,
    evidence: Option<&Evidence>,
) -> Option<Form> {
    let tree = Node::parse(text)?;
    if !matches!(tree.value, Value::Object(_)) {
        return None;
    }
    let context = Context {
        text,
        tree: &tree,
        found,
        folds,
        evidence,
        defaults: scenario::defaults(),
        base: "",
    };
    let sections = match kind {
        Kind::Scenario => scenario::sections(&context),
        Kind::Lesson => lesson::sections(&context),
    };
    Some(Form { sections })
}

#[cfg(test)]
mod tests;
