//! Alerts of the OASIS Common Alerting Protocol, versions 1.0, 1.1 and 1.2: one to a file, or several within another
//! document, such as a feed. Signatures are not verified, and said to be there; what has no meaning for a story is
//! passed over. Read by `roxmltree`, since what is in use does not keep to the schema: empty polygons, more than one
//! language, elements of other namespaces.

use roxmltree::{Document, Node};

use super::alerts::{Alert, Info, message_type, point, seconds};
use triage_language::tr;

const NAMESPACES: [&str; 3] = [
    "http://www.incident.com/cap/1.0",
    "urn:oasis:names:tc:emergency:cap:1.1",
    "urn:oasis:names:tc:emergency:cap:1.2",
];
const SIGNATURES: &str = "http://www.w3.org/2000/09/xmldsig#";
/// More alerts than this are no story.
pub const ALERTS_MAX: usize = 500;

/// The alerts of a document, in the order in which they stand there, and whether any is signed.
///
/// # Errors
/// Says what is wrong, and in which line.
pub fn read(xml: &str) -> Result<(Vec<Alert>, bool), String> {
    let text = xml.strip_prefix('\u{feff}').unwrap_or(xml);
    let document = Document::parse(text).map_err(|problem| {
        let line = problem.pos().row;
        tr!(
            "line {line}: the file isn't valid XML: {problem}",
            line = line,
            problem = problem
        )
    })?;
    let is_alert = |node: &Node<'_, '_>| node.tag_name().name() == "alert" && is_cap(*node);
    let nodes: Vec<Node<'_, '_>> = document.descendants().filter(is_alert).collect();
    if nodes.is_empty() {
        let root = document.root_element();
        let (line, name) = (line(root), root.tag_name().name());
        return Err(match root.tag_name().namespace() {
            Some(namespace) => tr!(
                "line {line}: the file isn't a CAP alert: its root element is <{name}> of {namespace}",
                line = line,
                name = name,
                namespace = namespace
            ),
            None => tr!(
                "line {line}: the file isn't a CAP alert: its root element is <{name}>",
                line = line,
                name = name
            ),
        });
    }
    if nodes.len() > ALERTS_MAX {
        return Err(tr!(
            "{found} alerts are too many for one exercise: use at most {most}",
            found = nodes.len(),
            most = ALERTS_MAX
        ));
    }
    let signed = document.descendants().any(|node| {
        node.tag_name().name() == "Signature" && node.tag_name().namespace() == Some(SIGNATURES)
    });
    let alerts: Result<Vec<Alert>, String> = nodes.into_iter().map(alert).collect();
    Ok((alerts?, signed))
}

fn is_cap(node: Node<'_, '_>) -> bool {
    node.tag_name()
        .namespace()
        .is_some_and(|namespace| NAMESPACES.contains(&namespace))
}

fn line(node: Node<'_, '_>) -> u32 {
    node.document().text_pos_at(node.range().start).row
}

fn children<'a, 'input>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children()
        .filter(move |child| child.tag_name().name() == name && is_cap(*child))
}

/// The text of a child; `None` if there is none, or it is empty.
fn text<'a>(node: Node<'a, '_>, name: &'static str) -> Option<&'a str> {
    let text = children(node, name).next()?.text()?.trim();
    (!text.is_empty()).then_some(text)
}

fn needed<'a>(node: Node<'a, '_>, name: &'static str) -> Result<&'a str, String> {
    text(node, name).ok_or_else(|| {
        tr!(
            "line {line}: this {parent} has no <{name}>",
            line = line(node),
            parent = node.tag_name().name(),
            name = name
        )
    })
}

fn time(node: Node<'_, '_>, name: &'static str) -> Result<Option<i64>, String> {
    let Some(found) = children(node, name).next() else {
        return Ok(None);
    };
    let Some(text) = found.text().filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    let time = seconds(text).map_err(|problem| {
        tr!(
            "line {line}: {problem}",
            line = line(found),
            problem = problem
        )
    })?;
    Ok(Some(time))
}

fn alert(node: Node<'_, '_>) -> Result<Alert, String> {
    let sent = time(node, "sent")?;
    let infos: Result<Vec<Info>, String> = children(node, "info").map(info).collect();
    // "sender,identifier,sent", several of them with spaces between; the sender may have spaces in careless alerts.
    let references = text(node, "references").unwrap_or_default();
    let references = references.split_whitespace().filter_map(|one| {
        let parts: Vec<&str> = one.split(',').collect();
        parts.get(1).copied().or(parts.first().copied())
    });
    Ok(Alert {
        identifier: needed(node, "identifier")?.to_owned(),
        sent_s: sent.ok_or_else(|| tr!("line {}: this alert has no <sent>", line(node)))?,
        status: text(node, "status").unwrap_or("Actual").to_owned(),
        message_type: message_type(needed(node, "msgType")?),
        references: references.map(str::to_owned).collect(),
        infos: infos?,
    })
}

fn info(node: Node<'_, '_>) -> Result<Info, String> {
    let mut info = Info {
        language: text(node, "language").unwrap_or("en-US").to_owned(),
        event: text(node, "event").unwrap_or_default().to_owned(),
        categories: children(node, "category")
            .filter_map(|category| category.text())
            .map(|category| category.trim().to_owned())
            .collect(),
        severity: text(node, "severity").unwrap_or("Unknown").to_owned(),
        expires_s: time(node, "expires")?,
        ..Info::default()
    };
    for area in children(node, "area") {
        if let Some(words) = text(area, "areaDesc") {
            info.areas.push(words.to_owned());
        }
        for polygon in children(area, "polygon") {
            let text = polygon.text().unwrap_or_default();
            for pair in text.split_whitespace() {
                info.outline.push(pair_of(pair, polygon)?);
            }
        }
        // "latitude,longitude radius", the radius in km: four points of it are outline enough.
        for circle in children(area, "circle") {
            let mut parts = circle.text().unwrap_or_default().split_whitespace();
            if let Some(middle) = parts.next() {
                let (latitude, longitude) = pair_of(middle, circle)?;
                let radius_km = parts.next().and_then(decimal).unwrap_or(0.0);
                let degrees = (radius_km / 111.2).clamp(0.0, 90.0);
                for (north, east) in [
                    (degrees, 0.0),
                    (-degrees, 0.0),
                    (0.0, degrees),
                    (0.0, -degrees),
                ] {
                    info.outline
                        .extend(point(latitude + north, longitude + east));
                }
            }
        }
    }
    Ok(info)
}

fn pair_of(text: &str, node: Node<'_, '_>) -> Result<(f64, f64), String> {
    let found = text.split_once(',').and_then(|(latitude, longitude)| {
        point(decimal(latitude.trim())?, decimal(longitude.trim())?)
    });
    found.ok_or_else(|| {
        tr!(
            "line {line}: \"{text}\" isn't a point: write latitude and longitude in degrees, separated by a comma",
            line = line(node),
            text = text
        )
    })
}

/// A plain decimal, such as `-97.125`, to nine places. The library's reader of any number is ten kilobytes of tables, which
/// a first visit would load.
fn decimal(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + part.len() == 0 || whole.len() > 9 || !is_number(whole) || !is_number(part) {
        return None;
    }
    let value = |text: &str| {
        text.bytes()
            .fold(0u64, |value, byte| value * 10 + u64::from(byte - b'0'))
    };
    let part = part.get(..part.len().min(9))?;
    let tenths = (0..part.len()).fold(1.0, |scale, _| scale * 10.0);
    Some(sign * (value(whole) as f64 + value(part) as f64 / tenths))
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimals_are_read_as_they_are_written() {
        for (text, value) in [
            ("53.5", 53.5),
            ("-97.125", -97.125),
            ("+9", 9.0),
            (".5", 0.5),
            ("7.", 7.0),
            ("0.123456789123", 0.123456789),
        ] {
            assert_eq!(decimal(text), Some(value), "{text}");
        }
        for text in ["", "-", ".", "1e5", "1.2.3", "x", "1234567890", "--1"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
