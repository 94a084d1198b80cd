//! What manifests declare: language, version, dependencies.

use super::REPOSITORY;
use crate::fact::Declaration;
use crate::fact::declaration::ValueType::{List, Text, Version};

pub(super) static DECLARATIONS: &[Declaration] = &[
    Declaration::new(
        "language",
        Text,
        REPOSITORY,
        "the language of the first manifest, as rust or java",
    ),
    Declaration::new(
        "languages",
        List,
        REPOSITORY,
        "the languages of all manifests",
    ),
    Declaration::new(
        "manifest.version",
        Version,
        REPOSITORY,
        "the version that the first manifest gives",
    ),
    Declaration::number(
        "dependency.count",
        "dependencies",
        REPOSITORY,
        "how many different dependencies the manifests declare",
    ),
    Declaration::new(
        "dependency.*",
        Version,
        REPOSITORY,
        "the version of a dependency that a manifest declares: the locked one, else the lowest allowed; of Java the name is the artifact, and group:artifact is known, too",
    ),
];
