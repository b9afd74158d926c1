//! Principals in addition to the roles.

use crate::form::{Context, EditAction, EditOperation, Input, Part, Section, picks};
use triage_language::{say, tr};

pub fn section(context: &Context) -> Section {
    let path = context.at("principals");
    let count = context.count(&path);
    let says = match count {
        0 => String::new(),
        _ => tr!("one besides the roles" | "{n} besides the roles" % count),
    };
    context.section("people", say("Principals"), says, || {
        let name = |path: &str| {
            let text = |field: &str| context.text_of(&[path, ".", field].concat()).unwrap_or("?");
            (text("name").to_owned(), text("role").to_owned())
        };
        let mut list = context.list(
            &path,
            say("The four roles always exist: observer, operator, dispatcher, commander."),
            &name,
            &|path| {
                let roles =
                    ["observer", "operator", "dispatcher", "commander"].map(|role| (role, role));
                vec![
                    context
                        .field(&[path, ".name"].concat(), say("Name"), Input::Line)
                        .required()
                        .part(),
                    context
                        .field(&[path, ".role"].concat(), say("Role"), picks(&roles))
                        .hint(say(
                            "Each role includes the permissions of the one before it.",
                        ))
                        .required()
                        .part(),
                ]
            },
        );
        list.add_actions = vec![EditAction::new(
            say("Add a principal"),
            EditOperation::Add,
            &path,
            r#"{"name": "person-1", "role": "operator"}"#,
        )];
        vec![Part::List(list)]
    })
}
