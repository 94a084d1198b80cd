//! Vulnerabilities, findings of scanners in code, bills of materials.

use std::borrow::Cow;

use jiff::SignedDuration;

use crate::fact::Declaration;
use crate::fact::declaration::ValueType::{Boolean, List, Text, Time};

const SCANNERS: &[Cow<'static, str>] = &[
    Cow::Borrowed("snyk"),
    Cow::Borrowed("osv-scanner"),
    Cow::Borrowed("trivy"),
    Cow::Borrowed("github"),
    Cow::Borrowed("gitlab"),
];
const CODE_SCANNERS: &[Cow<'static, str>] = &[
    Cow::Borrowed("sarif"),
    Cow::Borrowed("snyk-code"),
    Cow::Borrowed("snyk"),
    Cow::Borrowed("github"),
    Cow::Borrowed("gitlab"),
];
const BILLS: &[Cow<'static, str>] = &[Cow::Borrowed("cyclonedx"), Cow::Borrowed("spdx")];
const A_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) static DECLARATIONS: &[Declaration] = &[
    Declaration::number(
        "vulnerability.critical",
        "vulnerabilities",
        SCANNERS,
        "open vulnerabilities of severity critical",
    )
    .holds(A_WEEK),
    Declaration::number(
        "vulnerability.high",
        "vulnerabilities",
        SCANNERS,
        "open vulnerabilities of severity high",
    )
    .holds(A_WEEK),
    Declaration::number(
        "vulnerability.medium",
        "vulnerabilities",
        SCANNERS,
        "open vulnerabilities of severity medium",
    )
    .holds(A_WEEK),
    Declaration::number(
        "vulnerability.low",
        "vulnerabilities",
        SCANNERS,
        "open vulnerabilities of severity low",
    )
    .holds(A_WEEK),
    Declaration::number(
        "vulnerability.unrated",
        "vulnerabilities",
        SCANNERS,
        "open vulnerabilities whose severity nobody rated",
    )
    .holds(A_WEEK),
    Declaration::number(
        "vulnerability.fixable",
        "vulnerabilities",
        SCANNERS,
        "open vulnerabilities for which there is a fix",
    )
    .holds(A_WEEK),
    Declaration::new(
        "vulnerability.critical.since",
        Time,
        SCANNERS,
        "since when the oldest open vulnerability of severity critical is known",
    )
    .holds(A_WEEK),
    Declaration::age(
        "vulnerability.critical.age",
        "vulnerability.critical.since",
        SCANNERS,
        "how long the oldest open vulnerability of severity critical is known",
    )
    .holds(A_WEEK),
    Declaration::new(
        "vulnerability.high.since",
        Time,
        SCANNERS,
        "since when the oldest open vulnerability of severity high is known",
    )
    .holds(A_WEEK),
    Declaration::age(
        "vulnerability.high.age",
        "vulnerability.high.since",
        SCANNERS,
        "how long the oldest open vulnerability of severity high is known",
    )
    .holds(A_WEEK),
    Declaration::new(
        "vulnerability.report",
        Text,
        SCANNERS,
        "where the vulnerabilities are listed",
    )
    .holds(A_WEEK),
    Declaration::number(
        "code-finding.error",
        "findings",
        CODE_SCANNERS,
        "findings of level error in the code",
    )
    .holds(A_WEEK),
    Declaration::number(
        "code-finding.warning",
        "findings",
        CODE_SCANNERS,
        "findings of level warning in the code",
    )
    .holds(A_WEEK),
    Declaration::number(
        "code-finding.note",
        "findings",
        CODE_SCANNERS,
        "findings of level note in the code",
    )
    .holds(A_WEEK),
    Declaration::number(
        "secret-scanning.open",
        "secrets",
        &[Cow::Borrowed("github"), Cow::Borrowed("gitlab")],
        "secrets that were found in the repository and not revoked",
    )
    .holds(A_WEEK),
    Declaration::new(
        "sbom.present",
        Boolean,
        BILLS,
        "whether there is a bill of materials",
    )
    .holds(A_WEEK),
    Declaration::number(
        "sbom.components",
        "components",
        BILLS,
        "components of the bill of materials",
    )
    .holds(A_WEEK),
    Declaration::new(
        "sbom.licenses",
        List,
        BILLS,
        "the licenses of the components, as SPDX names them",
    )
    .holds(A_WEEK),
];
