//! Connectors ask what the documentation of an API describes, and say what is unknown.

mod github;
mod gitlab;
mod snyk;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use devportal::catalog::{BuildInput, Catalog, RepositoryRole};
use devportal::config::SourceSettings;
use devportal::fact::Register;
use devportal::fact::collect::{
    Answer, AskContext, CONNECTORS, CollectErrorKind, Connection, Connector, Target, TargetRequest,
};
use devportal::http::{Client, Limits, Secret};
use devportal::model::{Entity, EntityRef, Forges, Source, SourceFile};
use serde_json::Value;

/// The time of all runs here.
const NOW: &str = "2026-03-31T12:00:00Z";
const MONTH_AGO: &str = "2026-03-01T12:00:00Z";

fn connector(name: &str) -> &'static Connector {
    let mut found = CONNECTORS.iter();
    found.find(|connector| connector.name == name).unwrap()
}

/// A catalog of components: their repository, their folder in it, their name, and their
/// annotations.
fn catalog(components: &[(&str, &str, &str, &str)]) -> Catalog {
    let mut input = BuildInput {
        forges: Forges::default(),
        ..BuildInput::default()
    };
    for (repository, folder, name, annotations) in components {
        let text = format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  \
             annotations: {{ {annotations} }}\nspec: {{ type: service, lifecycle: production, \
             owner: team }}\n"
        );
        let document = devportal::yaml::parse(&text).remove(0);
        let path = format!("{folder}/catalog-info.yaml");
        let repository: Arc<str> = Arc::from(*repository);
        let file = SourceFile::new(
            Arc::clone(&repository),
            "",
            path.trim_start_matches('/').as_bytes(),
        );
        let source = Source {
            file: Arc::new(file),
            document: 0,
            line: 1,
        };
        let reference = component(name);
        let entity = Entity::new(reference, document.tree.unwrap(), source, true);
        input.entities.push(entity);
        input
            .repositories
            .insert(repository, RepositoryRole::default());
    }
    Catalog::build(input)
}

fn component(name: &str) -> EntityRef {
    EntityRef::new("component", "default", name)
}

/// The targets of some components, or of all where none is named.
fn targets(connector: &Connector, catalog: &Catalog, names: &[&str]) -> Vec<Target> {
    let entities = catalog.ids().filter(|id| {
        let name = catalog.entity(*id).reference().name();
        names.is_empty() || names.contains(&name)
    });
    (connector.targets)(&TargetRequest {
        catalog,
        entities: &entities.collect::<Vec<_>>(),
        settings: &SourceSettings::default(),
        environments: &["production".to_owned(), "staging".to_owned()],
    })
}

/// Asks for a target, from a month ago on.
fn ask(connector: &Connector, api: &str, token: &str, target: &Target) -> Told {
    ask_since(connector, api, token, target, MONTH_AGO)
}

fn ask_since(connector: &Connector, api: &str, token: &str, target: &Target, since: &str) -> Told {
    // A host that asks for more patience is not waited for.
    let limits = Limits {
        waiting: Duration::ZERO,
        ..Limits::default()
    };
    let connection = Connection::new(
        Client::new(limits),
        api.to_owned(),
        Some(Secret::new(token)),
        connector.authorization,
    );
    let context = AskContext {
        now: NOW.parse().unwrap(),
        since: since.parse().unwrap(),
        settings: &SourceSettings::default(),
    };
    let answer = (connector.ask)(&connection, target, &context);
    let register = Register::default();
    for (_, observation) in &answer.observations {
        let name = &*observation.name;
        assert!(connector.gives.contains(&name), "{name} is not announced");
        let declaration = register.declaration(name).unwrap();
        let source = connector.name;
        assert!(
            declaration.sources.iter().any(|known| known == source),
            "{name} is not declared for {source}"
        );
    }
    for error in &answer.errors {
        assert!(!error.message.contains(token), "{error}");
    }
    Told(answer)
}

/// What a connector says.
struct Told(Answer);

impl Told {
    /// The facts of all entities of the target: `NAME{environment}=value`.
    fn facts(&self) -> BTreeMap<String, Value> {
        self.facts_of(None)
    }

    /// The facts of one entity alone.
    fn facts_of(&self, entity: Option<&str>) -> BTreeMap<String, Value> {
        let entity = entity.map(component);
        let own = self.0.observations.iter();
        let own = own.filter(|(of, _)| *of == entity);
        own.map(|(_, said)| {
            (
                format!("{}{}", said.name, said.dimensions),
                said.value.clone(),
            )
        })
        .collect()
    }

    /// The names of all facts.
    fn names(&self) -> Vec<&str> {
        let said = self.0.observations.iter();
        said.map(|(_, observation)| &*observation.name).collect()
    }

    fn has(&self, family: &str) -> bool {
        self.names().iter().any(|name| name.starts_with(family))
    }

    fn errors(&self) -> Vec<(CollectErrorKind, &str)> {
        let errors = self.0.errors.iter();
        errors
            .map(|error| (error.kind, error.message.as_str()))
            .collect()
    }

    /// The one error that there is.
    fn error(&self) -> (CollectErrorKind, &str) {
        let errors = self.errors();
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors[0]
    }
}

#[test]
fn connectors_give_only_what_is_declared_for_them() {
    let register = Register::default();
    for connector in CONNECTORS {
        for name in connector.gives {
            let declaration = register.declaration(name).unwrap();
            let source = connector.name;
            assert!(
                declaration.sources.iter().any(|known| known == source),
                "{name} is not declared for {source}"
            );
        }
    }
}
