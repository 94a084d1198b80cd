//! Facts that a `devportal.yaml` declares.

use std::borrow::Cow;

use jiff::SignedDuration;

use super::Register;
use crate::config::{DeclaredFact, FactSettings, Setting};
use crate::diagnostic::{Diagnostic, did_you_mean, register};
use crate::fact::{Declaration, TimeToLive, ValueType};

/// What gives a declared fact.
const SOURCES: &[Cow<'static, str>] = &[Cow::Borrowed("facts"), Cow::Borrowed("http")];
const WHERE: &[&str] = &["environment", "region"];

impl Register {
    /// The facts that a configuration declares, and what is wrong with it.
    #[must_use]
    pub fn declared(settings: &FactSettings) -> (Vec<Declaration>, Vec<Diagnostic>) {
        let own = Self::default();
        let (mut declarations, mut problems) = (Vec::new(), Vec::new());
        for (name, setting) in &settings.declared {
            let problem = |(message, help): (String, String)| {
                Diagnostic::new(&register::CONFIGURATION, message)
                    .help(help)
                    .subject(name.as_str())
                    .at(setting.origin.clone())
            };
            if own.declaration(name).is_some() {
                let message = format!("fact \"{name}\" is declared by devportal itself");
                problems.push(problem((message, "give it another name".to_owned())));
                continue;
            }
            match declaration(name, setting) {
                Ok(declaration) => declarations.push(declaration),
                Err(error) => problems.push(problem(error)),
            }
        }
        (declarations, problems)
    }
}

fn declaration(
    name: &str,
    setting: &Setting<DeclaredFact>,
) -> Result<Declaration, (String, String)> {
    let DeclaredFact {
        value_type,
        unit,
        about,
        time_to_live,
    } = &setting.value;
    if !is_name(name) {
        return Err((
            format!("\"{name}\" cannot be the name of a fact"),
            "write words in lower case with \"-\" and \".\": cost.month".to_owned(),
        ));
    }
    let names = ValueType::ALL.map(ValueType::name);
    let Some(value_type) = ValueType::ALL
        .into_iter()
        .find(|known| known.name() == value_type)
    else {
        let help = did_you_mean(value_type, names).map_or_else(
            || format!("types are {}", names.join(", ")),
            |meant| format!("did you mean \"{meant}\"?"),
        );
        return Err((format!("there is no type \"{value_type}\""), help));
    };
    let time_to_live = time_to_live.as_deref().unwrap_or("24h");
    let Some(time_to_live) = duration(time_to_live) else {
        return Err((
            format!("\"{time_to_live}\" is no time to live"),
            "write 15m, 24h or 7d".to_owned(),
        ));
    };
    Ok(Declaration {
        name: Cow::Owned(name.to_owned()),
        value_type,
        unit: unit.clone().map(Cow::Owned),
        about: Cow::Owned(about.clone()),
        time_to_live: TimeToLive::Lasting(time_to_live),
        sources: Cow::Borrowed(SOURCES),
        dimensions: WHERE,
        age_of: None,
        is_kept: true,
    })
}

fn is_name(name: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    name.split('.').all(is_word)
}

/// Reads `15m`, `24h` or `7d`.
fn duration(text: &str) -> Option<SignedDuration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: i64 = number
        .parse()
        .ok()
        .filter(|number| (1..=100_000).contains(number))?;
    match unit {
        "m" => Some(SignedDuration::from_mins(number)),
        "h" => Some(SignedDuration::from_hours(number)),
        "d" => Some(SignedDuration::from_hours(number * 24)),
        _ => None,
    }
}
