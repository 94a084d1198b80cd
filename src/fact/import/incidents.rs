//! Incidents as plain JSON lines, for every tool that has no format of its own here.
//!
//! ```json
//! {"id": "42", "entity": "payments-api", "began": "2026-03-31T12:00:00Z", "ended": "2026-03-31T13:00:00Z"}
//! ```
//!
//! `service` may stand for `entity`; `ended` is missing while it is open; `environment` and
//! `severity` may say more. A later line of an id replaces an earlier one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::document::{json_values, looks_like, text, time};
use super::incident::{self, Incident};
use super::{ImportError, ImportFile, ImportFormat, ImportProblem, Imported, Subject};

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "incidents",
    source: "incidents",
    about: "incidents: JSON lines {\"id\", \"entity\" or \"service\", \"began\", \"ended\", \
            \"environment\"}, devportal's own",
    gives: incident::GIVES,
    recognises: |file| looks_like(file, &["\"began\"", "\"id\""]),
    read,
};

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    entity: Option<Cow<'a, str>>,
    #[serde(borrow)]
    service: Option<Cow<'a, str>>,
    #[serde(borrow)]
    began: Cow<'a, str>,
    #[serde(borrow)]
    ended: Option<Cow<'a, str>>,
    #[serde(borrow)]
    environment: Option<Cow<'a, str>>,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let mut imported = Imported::default();
    let mut once: BTreeMap<String, Incident> = BTreeMap::new();
    for (number, line) in json_values::<Line<'_>>(&text)? {
        let read = line.map_err(|error| error.message);
        let read = read.and_then(|line| Ok((line.id.to_string(), line.incident()?)));
        match read {
            Ok((id, incident)) => {
                once.insert(id, incident);
            }
            Err(message) => {
                let problem = ImportProblem::new(message).on_line(number);
                imported.problems.push(problem);
            }
        }
    }
    incident::say(once.into_values(), file, &mut imported);
    Ok(imported)
}

impl Line<'_> {
    fn incident(&self) -> Result<Incident, String> {
        let moment = |text: &str| {
            let wrong = || format!("\"{text}\" is no date and time, as 2026-03-31T12:00:00Z");
            time(text).ok_or_else(wrong)
        };
        let named = self.entity.as_deref().or(self.service.as_deref());
        Ok(Incident {
            subject: named.map_or(Subject::File, |name| Subject::Entity(name.to_owned())),
            environment: self.environment.as_deref().map(str::to_owned),
            began: moment(&self.began)?,
            ended: self.ended.as_deref().map(moment).transpose()?,
        })
    }
}
