//! As much of JSON as exports write by hand: objects of text, numbers and objects.

/// A value.
#[derive(Debug)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// Text made for the occasion.
    Made(String),
    /// A whole number.
    Number(u64),
    /// Fields in order.
    Object(Vec<(&'static str, Value<'a>)>),
}

/// Appends an object.
pub fn object(out: &mut String, fields: &[(&'static str, Value<'_>)]) {
    out.push('{');
    for (place, (key, value)) in fields.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        text(out, key);
        out.push(':');
        match value {
            Value::Text(value) => text(out, value),
            Value::Made(value) => text(out, value),
            Value::Number(value) => out.push_str(&value.to_string()),
            Value::Object(fields) => object(out, fields),
        }
    }
    out.push('}');
}

/// Appends a string in quotes.
pub fn text(out: &mut String, text: &str) {
    let quoted = serde_json::to_string(text);
    out.push_str(&quoted.unwrap_or_else(|_| unreachable!("a string can be serialised")));
}
