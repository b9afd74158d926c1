//! The form of the common parts: what it shows is read from the text, what is typed into it changes the text and nothing
//! else in it. What the form does not know stays as it is.

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

/// The form of a text; nothing for one that is no JSON.
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
