//! Why a command was refused, as an audit has it, read.

use strum::VariantArray;
use triage_engine::access::Right;
use triage_engine::bounds::{Broken, Invalid, Violation};
use triage_engine::command::{Ends, Mismatch, Rejection};

use super::json::Json;
use super::reader::{Problem, Read, object, tagged, word};

/// Rejections that are nothing but their code.
const BARE: [Rejection; 9] = [
    Rejection::NoEmergency,
    Rejection::LevelNone,
    Rejection::TooManyExecutors,
    Rejection::LinkNotDegraded,
    Rejection::LinkSame,
    Rejection::AlreadySplit,
    Rejection::NotSplit,
    Rejection::SplitOneSided,
    Rejection::ReadOnly,
];
/// The others.
const CODES: [&str; 8] = [
    "unknown_principal",
    "not_permitted",
    "process",
    "invalid",
    "emergency_not_active",
    "same_level",
    "link_unused",
    "already_forged",
];
const BARE_VIOLATIONS: [Violation; 2] = [Violation::NameEmpty, Violation::NoEffect];
const VIOLATIONS: [&str; 7] = [
    "below_least",
    "above_most",
    "too_many",
    "duplicate",
    "too_long",
    "name_too_long",
    "name_character",
];

impl Read for Rejection {
    fn read(json: &Json) -> Result<Rejection, Problem> {
        if let Json::Text(_) = json {
            let codes = BARE.each_ref().map(Rejection::code);
            return Ok(BARE[word(json, &codes)?].clone());
        }
        tagged(json, &CODES, |code, json| match code {
            "unknown_principal" => Ok(Rejection::UnknownPrincipal(Read::read(json)?)),
            "not_permitted" => object!(json => Rejection::NotPermitted {
                "principal" => principal,
                "role" => role,
                "right" => right,
            }),
            "process" => {
                object!(json => Rejection::Process { "name" => name, "mismatch" => mismatch })
            }
            "invalid" => Ok(Rejection::Invalid(Read::read(json)?)),
            "emergency_not_active" => object!(json => Rejection::EmergencyNotActive {
                "emergency" => emergency,
                "active" => active,
            }),
            "same_level" => Ok(Rejection::SameLevel(Read::read(json)?)),
            "link_unused" => Ok(Rejection::LinkUnused(Read::read(json)?)),
            _ => Ok(Rejection::AlreadyForged(Read::read(json)?)),
        })
    }
}

impl Read for Right {
    fn read(json: &Json) -> Result<Right, Problem> {
        let codes = Right::VARIANTS.iter().map(<&str>::from);
        Ok(Right::VARIANTS[word(json, &codes.collect::<Vec<_>>())?])
    }
}

impl Read for Mismatch {
    fn read(json: &Json) -> Result<Mismatch, Problem> {
        let codes = Mismatch::VARIANTS.iter().map(<&str>::from);
        Ok(Mismatch::VARIANTS[word(json, &codes.collect::<Vec<_>>())?])
    }
}

impl Read for Ends {
    fn read(json: &Json) -> Result<Ends, Problem> {
        object!(json => Ends { "from" => from, "to" => to })
    }
}

impl Read for Invalid {
    fn read(json: &Json) -> Result<Invalid, Problem> {
        object!(json => Invalid { "field" => field, "violation" => violation })
    }
}

impl Read for Violation {
    fn read(json: &Json) -> Result<Violation, Problem> {
        if let Json::Text(_) = json {
            let codes = BARE_VIOLATIONS.each_ref().map(<&str>::from);
            return Ok(BARE_VIOLATIONS[word(json, &codes)?].clone());
        }
        tagged(json, &VIOLATIONS, |code, json| match code {
            "below_least" => Ok(Violation::BelowLeast(Read::read(json)?)),
            "above_most" => Ok(Violation::AboveMost(Read::read(json)?)),
            "too_many" => Ok(Violation::TooMany(Read::read(json)?)),
            "duplicate" => Ok(Violation::Duplicate(Read::read(json)?)),
            "too_long" => Ok(Violation::TooLong(Read::read(json)?)),
            "name_too_long" => Ok(Violation::NameTooLong(Read::read(json)?)),
            _ => Ok(Violation::NameCharacter(Read::read(json)?)),
        })
    }
}

impl Read for Broken {
    fn read(json: &Json) -> Result<Broken, Problem> {
        object!(json => Broken { "value" => value, "bound" => bound })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader;
    use triage_engine::access::Role;

    #[test]
    fn every_rejection_is_read_as_it_is_written() {
        let name = || "a".into();
        let ends = || Ends {
            from: name(),
            to: name(),
        };
        let broken = Broken { value: 7, bound: 5 };
        let mut all = BARE.to_vec();
        all.extend([
            Rejection::UnknownPrincipal(name()),
            Rejection::EmergencyNotActive {
                emergency: name(),
                active: vec![name(), name()],
            },
            Rejection::SameLevel(name()),
            Rejection::LinkUnused(ends()),
            Rejection::AlreadyForged(ends()),
        ]);
        let rights = Right::VARIANTS.iter().map(|right| Rejection::NotPermitted {
            principal: name(),
            role: Role::Operator,
            right: *right,
        });
        all.extend(rights);
        all.extend(Mismatch::VARIANTS.iter().map(|mismatch| mismatch.of("a")));
        let violations = [
            Violation::BelowLeast(broken),
            Violation::AboveMost(broken),
            Violation::TooMany(broken),
            Violation::Duplicate(name()),
            Violation::TooLong(60),
            Violation::NameTooLong(name()),
            Violation::NameCharacter(name()),
            Violation::NameEmpty,
            Violation::NoEffect,
        ];
        all.extend(violations.map(|violation| violation.of("capabilities[2]").into()));
        for rejection in all {
            let json = serde_json::to_string(&rejection).unwrap();
            assert_eq!(reader::read(&json).as_ref(), Ok(&rejection), "{json}");
        }
    }
}
