//! Files that a repository has, and its documentation.

use super::REPOSITORY;
use crate::fact::Declaration;
use crate::fact::declaration::ValueType::{Boolean, List, Time};

pub(super) static DECLARATIONS: &[Declaration] = &[
    Declaration::new(
        "readme.present",
        Boolean,
        REPOSITORY,
        "whether there is a README",
    ),
    Declaration::number(
        "readme.lines",
        "lines",
        REPOSITORY,
        "lines of the README that are not empty",
    ),
    Declaration::new(
        "license.present",
        Boolean,
        REPOSITORY,
        "whether there is a LICENSE",
    ),
    Declaration::new(
        "security-policy.present",
        Boolean,
        REPOSITORY,
        "whether there is a SECURITY policy",
    ),
    Declaration::new(
        "contributing.present",
        Boolean,
        REPOSITORY,
        "whether there is a CONTRIBUTING guide",
    ),
    Declaration::new(
        "changelog.present",
        Boolean,
        REPOSITORY,
        "whether there is a CHANGELOG",
    ),
    Declaration::new(
        "codeowners.present",
        Boolean,
        REPOSITORY,
        "whether there is a CODEOWNERS file",
    ),
    Declaration::new(
        "ci.present",
        Boolean,
        REPOSITORY,
        "whether a CI system has something to run",
    ),
    Declaration::new(
        "ci.systems",
        List,
        REPOSITORY,
        "the CI systems that have something to run, as github-actions",
    ),
    Declaration::new(
        "ci.security-scan",
        Boolean,
        REPOSITORY,
        "whether CI runs a well-known scanner for vulnerabilities",
    ),
    Declaration::new(
        "update-bot.present",
        Boolean,
        REPOSITORY,
        "whether Renovate or Dependabot is configured",
    ),
    Declaration::new(
        "dockerfile.present",
        Boolean,
        REPOSITORY,
        "whether there is a Dockerfile or Containerfile",
    ),
    Declaration::new(
        "lock-file.present",
        Boolean,
        REPOSITORY,
        "whether a lock file, or requirements that are all pinned, fix the versions of dependencies",
    ),
    Declaration::new(
        "tests.present",
        Boolean,
        REPOSITORY,
        "whether there are tests, by the conventions of each language",
    ),
    Declaration::new(
        "api-definition.present",
        Boolean,
        REPOSITORY,
        "whether there is an OpenAPI, AsyncAPI, GraphQL or protobuf definition",
    ),
    Declaration::new(
        "documentation.present",
        Boolean,
        REPOSITORY,
        "whether there is documentation beside README, CHANGELOG and CONTRIBUTING",
    ),
    Declaration::number(
        "documentation.pages",
        "pages",
        REPOSITORY,
        "pages of documentation, the README among them",
    ),
    Declaration::number(
        "documentation.broken-links",
        "links",
        REPOSITORY,
        "relative links in the documentation that lead nowhere",
    ),
    Declaration::new(
        "documentation.changed",
        Time,
        REPOSITORY,
        "when a commit changed the documentation last",
    ),
    Declaration::age(
        "documentation.age",
        "documentation.changed",
        REPOSITORY,
        "how long ago the documentation was changed",
    ),
    Declaration::new(
        "file.*",
        Boolean,
        REPOSITORY,
        "whether there is a file of that path, as file.docs/runbook.md; it may be a pattern: file.**/*.tf",
    ),
    Declaration::new(
        "content.*",
        Boolean,
        REPOSITORY,
        "whether a line of a file fits a regular expression, as content.Cargo.toml:^edition",
    ),
];
