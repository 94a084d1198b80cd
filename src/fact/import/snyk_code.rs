//! Findings of `snyk code test --sarif`.

use super::document::looks_like;
use super::{ImportFormat, sarif};

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "snyk-code",
    source: "snyk-code",
    about: "findings in code: snyk code test --sarif (SARIF 2.1.0, \
            docs.snyk.io/developer-tools/snyk-cli/commands/code-test)",
    gives: sarif::GIVES,
    recognises: |file| looks_like(file, &["\"runs\"", "\"SnykCode\""]),
    read: sarif::read,
};
