//! Markup written as one string and brought into the document by changing only what differs: for views of many
//! small parts that change with every event. It costs no reactive node, and little code for each part.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Markup being written. Elements hold either text or elements, never both beside each other.
#[derive(Default)]
pub struct Html(String);

impl Html {
    /// All that was written.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Markup as it is.
    pub fn put(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// Words of any kind, as text or inside the quotes of an attribute.
    pub fn say(&mut self, words: &str) {
        for letter in words.chars() {
            match letter {
                '<' => self.put("&lt;"),
                '&' => self.put("&amp;"),
                '"' => self.put("&quot;"),
                _ => self.0.push(letter),
            }
        }
    }

    /// An element, ready to hold something: its tag, and one attribute if the name is not empty.
    pub fn open(&mut self, tag: &str, attribute: &str, value: &str) {
        self.put("<");
        self.put(tag);
        if !attribute.is_empty() {
            self.also(attribute, value);
        }
        self.put(">");
    }

    /// One more attribute of the element that was opened last and holds nothing yet.
    pub fn also(&mut self, attribute: &str, value: &str) {
        let is_open = self.0.ends_with('>');
        if is_open {
            self.0.pop();
        }
        self.put(" ");
        self.put(attribute);
        self.put("=\"");
        self.say(value);
        self.put("\"");
        if is_open {
            self.put(">");
        }
    }

    /// The end of an element.
    pub fn close(&mut self, tag: &str) {
        self.put("</");
        self.put(tag);
        self.put(">");
    }

    /// An element with a class and a text.
    pub fn leaf(&mut self, tag: &str, class: &str, words: &str) {
        self.open(tag, if class.is_empty() { "" } else { "class" }, class);
        self.say(words);
        self.close(tag);
    }
}

/// What was written last into one place.
#[derive(Default)]
pub struct Painted(String);

impl Painted {
    /// Makes a place hold what was written.
    pub fn paint(&mut self, place: &Element, html: Html) {
        if self.0 == html.0 {
            return;
        }
        if let Ok(wanted) = document().create_element("div") {
            wanted.set_inner_html(&html.0);
            children(place, &wanted);
        }
        self.0 = html.0;
    }
}

/// Makes the children of an element those of another: what is there already stays, so that it keeps the focus
/// and a click that has begun.
fn children(place: &Element, wanted: &Element) {
    let mut old = place.first_element_child();
    let mut new = wanted.first_element_child();
    if old.is_none() && new.is_some() {
        place.set_text_content(None);
    }
    while let Some(wanted) = new {
        new = wanted.next_element_sibling();
        let Some(there) = old else {
            old = None;
            let _ = place.append_child(&wanted);
            continue;
        };
        old = there.next_element_sibling();
        if there.is_equal_node(Some(&wanted)) {
            continue;
        }
        if there.tag_name() == wanted.tag_name() {
            become_like(&there, &wanted);
        } else {
            let _ = place.replace_child(&wanted, &there);
        }
    }
    while let Some(there) = old {
        old = there.next_element_sibling();
        there.remove();
    }
}

fn become_like(there: &Element, wanted: &Element) {
    let names = |element: &Element| -> Vec<String> {
        let names = element.get_attribute_names();
        names.iter().filter_map(|name| name.as_string()).collect()
    };
    for name in names(wanted) {
        let value = wanted.get_attribute(&name);
        if there.get_attribute(&name) != value {
            let value = value.unwrap_or_default();
            let _ = there.set_attribute(&name, &value);
            // What was typed or dragged is no attribute, and covers it.
            if let Some(input) = there
                .dyn_ref::<HtmlInputElement>()
                .filter(|_| name == "value")
            {
                input.set_value(&value);
            }
        }
    }
    for name in names(there) {
        if !wanted.has_attribute(&name) {
            let _ = there.remove_attribute(&name);
        }
    }
    if wanted.first_element_child().is_some() {
        children(there, wanted);
    } else {
        there.set_text_content(wanted.text_content().as_deref());
    }
}
