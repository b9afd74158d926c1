//! The built-in scenarios, compiled in so that they need no network; the same files are served beside the page.

/// A scenario that is always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name, as in its file.
    pub name: &'static str,
    /// Its title, as in its file.
    pub title: &'static str,
    /// Its file.
    pub json: &'static str,
}

macro_rules! built_in {
    ($name:literal, $title:literal) => {
        BuiltIn {
            name: $name,
            title: $title,
            json: include_str!(concat!("../../public/scenarios/", $name, ".json")),
        }
    };
}

/// The built-in scenarios; the first is shown on a first visit.
pub fn library() -> Vec<BuiltIn> {
    vec![
        built_in!("mixed-workload", "Mixed workload"),
        built_in!("basic-operation", "Basic operation"),
        built_in!("emergency-response", "Emergency response"),
        built_in!("failure-recovery", "Failure recovery"),
        built_in!("escalation", "Escalation"),
        built_in!("partition", "Partition and fencing"),
        built_in!("causal-delivery", "Causal delivery"),
        built_in!("coordinators", "Three coordinators"),
        built_in!("false-suspicion", "False suspicion"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_scenario_is_valid_and_named_as_its_file() {
        for built_in in library() {
            let scenario =
                crate::parse(built_in.json).unwrap_or_else(|e| panic!("{}: {e}", built_in.name));
            assert_eq!(scenario.name, built_in.name);
            assert_eq!(scenario.title, built_in.title);
            assert!(
                (20_000_000..=60_000_000).contains(&scenario.duration_us),
                "{}",
                built_in.name
            );
        }
    }
}
