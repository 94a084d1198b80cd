//! A collector of the user's own: a program that reads an entity and prints facts.
//!
//! It is named in the user's own configuration and runs with `--trust` alone. The entity is JSON
//! on its standard input, and never part of its arguments. Each line of its output is a fact:
//! `{"name": "cost.month", "value": 12.5, "dimensions": {"environment": "production"}}`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, AskContext, CollectError, CollectErrorKind, Source, Target, TargetRequest};
use crate::config::ProgramSettings;
use crate::fact::Observation;
use crate::http::Secret;
use crate::model::{Entity, Node};
use crate::program::ProgramRun;

/// How long it may take for an entity, unless the user says otherwise.
const USUAL_TIME: Duration = Duration::from_secs(30);
/// The most bytes of its output that are read.
const MOST_OUTPUT: usize = 1 << 20;
/// The most facts of one entity.
const MOST_FACTS: usize = 1000;
/// How much of what it says about a failure is told.
const LONGEST_WORDS: usize = 300;

/// A program of the user's own.
pub struct Program<'a> {
    /// The name of the source.
    pub name: &'a str,
    /// What the user says of it.
    pub settings: &'a ProgramSettings,
    /// Its file.
    pub file: PathBuf,
    /// The folder in which it runs: none that is scanned.
    pub folder: PathBuf,
    /// All of its environment.
    pub environment: Vec<(OsString, OsString)>,
    /// What of that is not to be shown.
    pub secrets: Vec<Secret>,
    /// When the run has taken long enough.
    pub until: Option<Instant>,
}

/// A line of its output.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Line {
    name: String,
    value: Value,
    #[serde(default)]
    dimensions: BTreeMap<String, String>,
    observed_at: Option<String>,
    evidence: Option<String>,
}

impl Source for Program<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn host(&self) -> String {
        format!("program {}", self.name)
    }

    fn targets(&self, request: &TargetRequest<'_>) -> Vec<Target> {
        let wanted = self.settings.annotation.as_deref();
        let entities = request.entities().filter(|entity| match wanted {
            Some(annotation) => entity.annotation(annotation).is_some(),
            None => entity.kind().eq_ignore_ascii_case("component"),
        });
        let target = |entity: &Entity| Target {
            label: entity.reference().to_string(),
            parameters: [("entity", described(entity).to_string())].into(),
            entities: vec![entity.reference().clone()],
        };
        entities.map(target).collect()
    }

    fn ask(&self, target: &Target, _context: &AskContext<'_>) -> Answer {
        let mut answer = Answer::default();
        let Some(output) = answer.keep(self.run(target)) else {
            return answer;
        };
        for (number, line) in (1..).zip(output.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            if answer.observations.len() >= MOST_FACTS {
                let message = format!("it printed more than {MOST_FACTS} facts");
                answer.errors.push(CollectError::failed(message));
                break;
            }
            match observation(line) {
                Ok(observation) => answer.add(observation),
                Err(error) => {
                    let message = format!("line {number} of its output is no fact: {error}");
                    answer
                        .errors
                        .push(CollectError::failed(self.redact(&message)));
                }
            }
        }
        answer
    }

    fn redact(&self, text: &str) -> String {
        let secrets = self.secrets.iter();
        secrets.fold(text.to_owned(), |text, secret| secret.redact(&text))
    }
}

impl Program<'_> {
    fn run(&self, target: &Target) -> Result<String, CollectError> {
        let time = self.settings.time.unwrap_or(USUAL_TIME);
        let left = self
            .until
            .map(|until| until.saturating_duration_since(Instant::now()));
        let time = left.map_or(time, |left| left.min(time));
        let mut input = target.parameter("entity").as_bytes().to_vec();
        input.push(b'\n');
        let arguments = self.settings.command.value.get(1..).unwrap_or_default();
        let run = ProgramRun {
            program: self.file.clone(),
            arguments: arguments.to_vec(),
            folder: self.folder.clone(),
            environment: Some(self.environment.clone()),
            input,
            most_output: MOST_OUTPUT,
            time: Some(time),
        };
        let result = run.run().map_err(|error| {
            let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
            CollectError {
                // It will be no better for the next entity.
                kind: CollectErrorKind::Unreachable,
                message: format!("\"{}\": {}", self.file.display(), causes.join(": ")),
            }
        })?;
        let Some(status) = result.status else {
            let seconds = time.as_secs();
            let message = format!("it took more than {seconds} seconds, and was ended");
            return Err(CollectError::failed(message));
        };
        if !status.success() {
            let said = self.redact(&String::from_utf8_lossy(&result.stderr));
            let said = said.trim();
            let said: String = said.chars().take(LONGEST_WORDS).collect();
            let said = if said.is_empty() {
                said
            } else {
                format!(": {said}")
            };
            return Err(CollectError::failed(format!(
                "it ended with {status}{said}"
            )));
        }
        if result.is_cut {
            let message = format!("it printed more than {MOST_OUTPUT} bytes");
            return Err(CollectError::failed(message));
        }
        String::from_utf8(result.stdout)
            .map_err(|_| CollectError::failed("its output is no UTF-8 text"))
    }
}

fn observation(line: &str) -> Result<Observation, String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let time = |text: String| {
        let time = text.parse::<Timestamp>();
        time.map_err(|_| format!("\"{text}\" is no time"))
    };
    Ok(Observation {
        name: line.name.into(),
        dimensions: line.dimensions.into_iter().collect(),
        value: line.value,
        observed_at: line.observed_at.map(time).transpose()?,
        evidence: line.evidence,
    })
}

/// An entity, as the program reads it.
fn described(entity: &Entity) -> Value {
    let pairs = |pairs: &mut dyn Iterator<Item = (&str, &str)>| -> Value {
        let pairs = pairs.map(|(name, value)| (name.to_owned(), Value::from(value)));
        Value::Object(pairs.collect())
    };
    json!({
        "ref": entity.reference().to_string(),
        "kind": entity.kind(),
        "namespace": entity.namespace(),
        "name": entity.name(),
        "title": entity.title(),
        "annotations": pairs(&mut entity.annotations()),
        "labels": pairs(&mut entity.labels()),
        "spec": entity.spec().map(Node::to_json),
    })
}
