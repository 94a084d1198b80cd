//! The lines of a page that show facts: which facts stand on a line, and in which words.

use Words::{Ago, Are, Count, Is, Link};

/// A line of the page: facts of one subject, one after the other.
pub(super) struct FactLine {
    /// What it is about.
    pub(super) label: &'static str,
    /// What it says, in this order.
    pub(super) parts: &'static [Part],
    /// Whether its absence is worth a word.
    pub(super) expected: Expected,
}

/// Whether a reader expects a line of every component, and where its facts come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    No,
    OfCode,
    OfOthers,
}

/// A fact on a line.
pub(super) struct Part {
    /// Its name.
    pub(super) fact: &'static str,
    /// How it is told.
    pub(super) words: Words,
    /// When it is bad news.
    pub(super) alarm: Alarm,
}

/// How a value is told. `{}` stands for it.
pub(super) enum Words {
    /// In these words.
    Are(&'static str),
    /// One of something, or many; of none there are "no".
    Count(&'static str, &'static str),
    /// A truth, and its opposite; an empty one is not told.
    Is(&'static str, &'static str),
    /// A time, as how long ago it is.
    Ago(&'static str),
    /// An address.
    Link,
}

/// When a value is bad news.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Alarm {
    Never,
    AboveZero,
    WhenFalse,
}

const fn part(fact: &'static str, words: Words) -> Part {
    Part {
        fact,
        words,
        alarm: Alarm::Never,
    }
}

const fn bad_above_zero(fact: &'static str, words: Words) -> Part {
    Part {
        alarm: Alarm::AboveZero,
        ..part(fact, words)
    }
}

const fn bad_when_false(fact: &'static str, words: Words) -> Part {
    Part {
        alarm: Alarm::WhenFalse,
        ..part(fact, words)
    }
}

const fn of_code(label: &'static str, parts: &'static [Part]) -> FactLine {
    FactLine {
        label,
        parts,
        expected: Expected::OfCode,
    }
}

const fn of_others(label: &'static str, parts: &'static [Part]) -> FactLine {
    FactLine {
        expected: Expected::OfOthers,
        ..of_code(label, parts)
    }
}

const fn further(label: &'static str, parts: &'static [Part]) -> FactLine {
    FactLine {
        expected: Expected::No,
        ..of_code(label, parts)
    }
}

/// All lines, in the order of the page.
pub(super) static LINES: &[FactLine] = &[
    of_others(
        "on call",
        &[
            part("on-call.people", Are("{}")),
            part("on-call.schedule", Are("schedule {}")),
            part("on-call.url", Link),
        ],
    ),
    of_code(
        "documentation",
        &[
            part("readme.present", Is("README", "no README")),
            part("readme.lines", Count("1 line", "{} lines")),
            part("documentation.pages", Count("1 page", "{} pages")),
            part("documentation.changed", Ago("changed {}")),
            bad_above_zero(
                "documentation.broken-links",
                Count("1 broken link", "{} broken links"),
            ),
        ],
    ),
    of_others(
        "availability",
        &[
            part("availability", Are("{} %")),
            part("slo.objective", Are("of {} % promised")),
            bad_when_false("slo.met", Is("objective kept", "objective missed")),
            part(
                "error-budget.remaining",
                Are("{} % of the error budget left"),
            ),
            part("latency.p95", Are("p95 {} ms")),
        ],
    ),
    further(
        "releases",
        &[
            part("release.version", Are("{}")),
            part("release.at", Ago("{}")),
            part(
                "releases.90d",
                Count("1 release in 90 days", "{} releases in 90 days"),
            ),
        ],
    ),
    of_others(
        "deployments",
        &[
            bad_when_false("deployment.succeeded", Is("", "the last one failed")),
            part("deployment.version", Are("{}")),
            part("deployment.at", Ago("{}")),
            part(
                "deployments.30d",
                Count("1 deployment in 30 days", "{} deployments in 30 days"),
            ),
        ],
    ),
    further(
        "delivery",
        &[
            part("dora.deployment-frequency", Are("{} deployments a week")),
            part(
                "dora.lead-time",
                Count("1 hour to deploy", "{} hours to deploy"),
            ),
            part("dora.change-failure-rate", Are("{} % of changes fail")),
            part(
                "dora.time-to-restore",
                Count("1 hour to restore", "{} hours to restore"),
            ),
        ],
    ),
    further(
        "CI",
        &[
            part("ci.systems", Are("{}")),
            bad_when_false(
                "ci.run.succeeded",
                Is("last run succeeded", "last run failed"),
            ),
            part("ci.run.at", Ago("{}")),
            part("ci.run.success-rate", Are("{} % succeed")),
            part("ci.run.duration", Count("1 minute", "{} minutes")),
        ],
    ),
    of_others(
        "vulnerabilities",
        &[
            bad_above_zero("vulnerability.critical", Count("1 critical", "{} critical")),
            bad_above_zero("vulnerability.high", Count("1 high", "{} high")),
            part("vulnerability.medium", Count("1 medium", "{} medium")),
            part("vulnerability.low", Count("1 low", "{} low")),
            part("vulnerability.fixable", Count("1 fixable", "{} fixable")),
            part("vulnerability.critical.since", Ago("oldest critical {}")),
            part("vulnerability.report", Link),
        ],
    ),
    further(
        "code findings",
        &[
            bad_above_zero("code-finding.error", Count("1 error", "{} errors")),
            part("code-finding.warning", Count("1 warning", "{} warnings")),
            part("code-finding.note", Count("1 note", "{} notes")),
            bad_above_zero(
                "secret-scanning.open",
                Count("1 open secret", "{} open secrets"),
            ),
        ],
    ),
    of_others(
        "incidents",
        &[
            bad_above_zero(
                "incident.open",
                Count("1 open incident", "{} open incidents"),
            ),
            part(
                "incidents.30d",
                Count("1 incident in 30 days", "{} incidents in 30 days"),
            ),
            part("incident.last", Ago("last {}")),
            part(
                "incident.time-to-resolve",
                Count("1 hour to resolve", "{} hours to resolve"),
            ),
            part("incident.report", Link),
        ],
    ),
    of_code(
        "activity",
        &[
            part("commit.last", Ago("changed {}")),
            part(
                "commits.90d",
                Count("1 commit in 90 days", "{} commits in 90 days"),
            ),
            part("authors.90d", Count("1 person", "{} people")),
            part("bus-factor", Are("bus factor {}")),
        ],
    ),
    further(
        "pull requests",
        &[
            part(
                "pull-request.open",
                Count("1 open request", "{} open requests"),
            ),
            part("pull-request.oldest", Ago("oldest {}")),
        ],
    ),
    further(
        "branch",
        &[
            bad_when_false("branch.protected", Is("protected", "not protected")),
            part(
                "branch.required-reviews",
                Count("1 review required", "{} reviews required"),
            ),
        ],
    ),
    further(
        "quality",
        &[
            bad_when_false("quality-gate.passed", Is("gate passed", "gate failed")),
            part("coverage.lines", Are("{} % of lines covered")),
            part("coverage.branches", Are("{} % of branches")),
            part("test.count", Count("1 test", "{} tests")),
            bad_above_zero("test.failed", Count("1 failed test", "{} failed tests")),
            part("quality.bugs", Count("1 bug", "{} bugs")),
            part(
                "quality.code-smells",
                Count("1 code smell", "{} code smells"),
            ),
            part("quality.duplication", Are("{} % duplicated")),
        ],
    ),
    further(
        "code",
        &[
            part("languages", Are("{}")),
            part("manifest.version", Are("version {}")),
            part("dependency.count", Count("1 dependency", "{} dependencies")),
            part("dockerfile.present", Is("Dockerfile", "")),
            part("tests.present", Is("tests", "no tests")),
            part("lock-file.present", Is("lock file", "no lock file")),
            part("api-definition.present", Is("API definition", "")),
        ],
    ),
    further(
        "policies",
        &[
            part("license.present", Is("licence", "no licence")),
            part(
                "security-policy.present",
                Is("security policy", "no security policy"),
            ),
            part("contributing.present", Is("contributing", "")),
            part("changelog.present", Is("changelog", "")),
            part("codeowners.present", Is("CODEOWNERS", "no CODEOWNERS")),
            part("ci.security-scan", Is("security scan", "")),
            part("update-bot.present", Is("update bot", "")),
        ],
    ),
    further(
        "bill of materials",
        &[
            part("sbom.present", Is("", "none")),
            part("sbom.components", Count("1 component", "{} components")),
            part("sbom.licenses", Are("{}")),
        ],
    ),
    further("cost", &[part("cost.month", Are("{} a month"))]),
];

/// Facts that no line tells: what stands on one in another way, and what only machines ask for.
pub(super) const NOT_TOLD: [&str; 14] = [
    "authors.180d.addresses",
    "authors.30d",
    "authors.365d",
    "ci.present",
    "commit.first",
    "commits.30d",
    "commits.365d",
    "documentation.present",
    "language",
    "slo.count",
    "test.duration",
    "test.skipped",
    "vulnerability.high.since",
    "vulnerability.unrated",
];
