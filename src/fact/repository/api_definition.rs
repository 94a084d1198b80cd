//! Whether there is the definition of an API: OpenAPI, AsyncAPI, GraphQL or protobuf.

use super::{CodeHome, Look, RepositorySource, Seen};
use crate::api_definition::Format;
use crate::fact::Observation;
use crate::model::Entity;
use crate::repo::FileEntry;

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "api-definition",
    gives: &["api-definition.present"],
    look: Look::AtHome(look),
};

/// The most files that are read to see what they are.
const MOST_READ: usize = 20;

fn look(home: &CodeHome<'_>, seen: &mut Seen) {
    let names = home.names();
    let mut sure = names.definitions.iter().copied();
    let file = sure.find(|file| home.is_there(file)).or_else(|| {
        let mut documents = names.documents.iter().copied().take(MOST_READ);
        documents.find(|file| is_definition(home, file))
    });
    match file.is_none().then(|| declared(home)).flatten() {
        Some(api) => {
            let evidence = api.source().file.path();
            let present = Observation::new("api-definition.present", true);
            seen.add(present.evidence(evidence));
        }
        None => home.say_presence(seen, "api-definition.present", file),
    }
}

/// An API of the home whose descriptor has its definition, or says where that is.
fn declared<'a>(home: &CodeHome<'a>) -> Option<&'a Entity> {
    let catalog = home.code.request.catalog;
    let inhabitants = home.code.homes.get(home.folder)?;
    let mut entities = inhabitants.all.iter().map(|id| catalog.entity(*id));
    entities.find(|entity| {
        let definition = entity.spec().and_then(|spec| spec.get("definition"));
        entity.reference().kind() == "api" && definition.is_some_and(|it| !it.is_null())
    })
}

/// What a name says: that a file is a definition, or that it may be one.
pub(super) fn by_name(folder: &str, name: &str) -> Option<bool> {
    let (stem, ending) = name.rsplit_once('.')?;
    match ending {
        "proto" | "graphqls" => Some(true),
        "graphql" | "gql" => Some(stem == "schema"),
        "yaml" | "yml" | "json" => {
            let stem = stem.to_ascii_lowercase();
            let parent = folder.rsplit('/').next().unwrap_or_default();
            let is_near = stem == "api"
                || ["openapi", "swagger", "asyncapi"]
                    .iter()
                    .any(|word| stem.contains(word) || parent == *word)
                || matches!(parent, "api" | "apis" | "spec" | "specs");
            is_near.then_some(false)
        }
        _ => None,
    }
}

fn is_definition(home: &CodeHome<'_>, file: &FileEntry) -> bool {
    let Ok(text) = home.text(&file.path) else {
        return false;
    };
    if file.path.ends_with(b"ql") {
        // Queries of a client are written in the same language, in files of the same name.
        const TYPES: [&str; 6] = [
            "schema",
            "extend schema",
            "type Query",
            "type Mutation",
            "type Subscription",
            "extend type",
        ];
        let mut lines = text.lines();
        return lines.any(|line| TYPES.iter().any(|word| line.starts_with(word)));
    }
    Format::begins(&text)
}

#[cfg(test)]
mod tests {
    use super::by_name;
    use crate::api_definition::Format;

    #[test]
    fn definitions_are_known_by_name_or_by_how_they_begin() {
        assert_eq!(by_name("proto", "orders.proto"), Some(true));
        assert_eq!(by_name("", "openapi.yaml"), Some(false));
        assert_eq!(by_name("docs", "orders-openapi.v2.json"), Some(false));
        assert_eq!(by_name("api", "orders.yaml"), Some(false));
        assert_eq!(by_name("src", "query.graphql"), Some(false));
        assert_eq!(by_name("src", "orders.yaml"), None);
        for text in [
            "openapi: 3.1.0\n",
            "# ours\n\"swagger\": \"2.0\"\n",
            "{\"openapi\":\"3.0.0\"}",
            "{\n  \"asyncapi\" : \"2.6.0\"\n}",
        ] {
            assert!(Format::begins(text), "{text}");
        }
        for text in [
            "",
            "a:\n  openapi: 3\n",
            "openapi-generator: 3\n",
            "[openapi]",
        ] {
            assert!(!Format::begins(text), "{text}");
        }
    }
}
