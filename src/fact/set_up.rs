//! How facts that nobody has are made known.

use super::collect::CONNECTORS;
use super::import::FORMATS;
use super::{Declaration, FactSelector, Register};

/// What comes from repositories: nothing has to be set up for it.
const REPOSITORY: &str = "repository";

/// Commands, each of which sets up a source that gives one of the facts; none for those that only
/// repositories give.
#[must_use]
pub fn set_up_commands(facts: &[String], register: &Register) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    for fact in facts {
        // A fact is named here as expressions ask for it.
        let name = fact.split('{').next().unwrap_or(fact);
        let name = fact
            .parse::<FactSelector>()
            .map_or_else(|_| name.to_owned(), |selector| selector.name);
        let sources = register.declaration(&name).into_iter();
        for source in sources.flat_map(|declaration: &Declaration| declaration.sources.iter()) {
            let command = command(source);
            if !source.is_empty() && source != REPOSITORY && !commands.contains(&command) {
                commands.push(command);
            }
        }
    }
    commands
}

fn command(source: &str) -> String {
    let is_connector = CONNECTORS.iter().any(|connector| connector.name == source);
    let format = FORMATS.iter().find(|format| format.source == source);
    match format {
        Some(format) if !is_connector => {
            format!("devportal facts import --format {} FILE", format.name)
        }
        _ => format!("devportal facts collect --source {source}"),
    }
}
