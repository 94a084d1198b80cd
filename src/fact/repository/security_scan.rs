//! Whether what CI runs looks for vulnerabilities: by the actions, images, templates and commands
//! of well-known scanners. Comments and the names of steps say nothing.

/// Whether a scanner is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scanned {
    /// It is, there.
    Yes { evidence: String },
    /// It may be, in a file that is not in sight.
    NotInSight,
    /// It is not.
    No,
}

impl Scanned {
    /// The more telling of two.
    pub(super) fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Yes { .. }, _) | (Self::NotInSight, Self::NotInSight | Self::No) => self,
            _ => other,
        }
    }
}

/// Words that are scanners, as a command, the last part of an image, or a part of the name of an
/// action or orb.
const SCANNERS: &[&str] = &[
    "advancedsecurity-codeql-analyze",
    "audit-check",
    "bandit",
    "brakeman",
    "bundle-audit",
    "bundler-audit",
    "cargo-audit",
    "cargo-deny",
    "cargo-deny-action",
    "checkmarx",
    "checkov",
    "checkov-action",
    "codeql",
    "codeql-action",
    "container-scanning",
    "dependency-check",
    "dependency-check-maven",
    "dependency-review-action",
    "dependency-scanning",
    "dependencycheckanalyze",
    "docker-scout",
    "dockle",
    "gh-action-pip-audit",
    "gitleaks",
    "gitleaks-action",
    "gosec",
    "govulncheck",
    "govulncheck-action",
    "grype",
    "kics",
    "microsoftsecuritydevops",
    "nancy",
    "njsscan",
    "osv-scanner",
    "osv-scanner-action",
    "pip-audit",
    "psalm-security-scan",
    "roave-security-advisories",
    "sast",
    "scan-action",
    "scout-action",
    "secret-detection",
    "security-devops-action",
    "semgrep",
    "semgrep-action",
    "semgrep-agent",
    "snyk",
    "snyksecurityscan",
    "tfsec",
    "tfsec-action",
    "trivy",
    "trivy-action",
    "trufflehog",
    "veracode",
    "whitesource",
];

/// Commands of two words that look for vulnerabilities.
const COMMANDS: &[(&str, &str)] = &[
    ("bun", "audit"),
    ("cargo", "audit"),
    ("cargo", "deny"),
    ("composer", "audit"),
    ("docker", "scout"),
    ("npm", "audit"),
    ("pnpm", "audit"),
    ("poetry", "audit"),
    ("safety", "check"),
    ("safety", "scan"),
    ("yarn", "audit"),
];

/// Templates of GitLab, in front of `.gitlab-ci.yml`, without `.latest`.
const TEMPLATES: &[&str] = &[
    "api-security",
    "container-scanning",
    "dast",
    "dependency-scanning",
    "sast",
    "sast-iac",
    "secret-detection",
];

/// How a line begins that only names or describes a step.
const NAMES: &[&str] = &["name:", "- name:", "displayname:", "description:", "if:"];

/// Looks through a file of a CI system. `evidence` says where a line is.
pub(super) fn scan(text: &str, evidence: impl Fn(u32) -> String) -> Scanned {
    let mut scanned = Scanned::No;
    let mut line_text = String::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim_start();
        if line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        line_text.clear();
        line_text.push_str(line.split(" #").next().unwrap_or(line));
        line_text.make_ascii_lowercase();
        if NAMES.iter().any(|name| line_text.starts_with(name)) {
            continue;
        }
        if runs_scanner(&line_text) {
            return Scanned::Yes {
                evidence: evidence(number),
            };
        }
        if leads_elsewhere(&line_text) {
            scanned = Scanned::NotInSight;
        }
    }
    scanned
}

fn runs_scanner(line: &str) -> bool {
    let words = line.split(|c: char| c.is_whitespace() || "\"'`(){}[],;=$|&".contains(c));
    let mut before = "";
    for word in words.filter(|word| !word.is_empty()) {
        if is_scanner(word) || COMMANDS.binary_search(&(before, word)).is_ok() {
            return true;
        }
        before = word;
    }
    false
}

/// Whether a word, a path, an image with its tag, or an action with its version is a scanner.
fn is_scanner(word: &str) -> bool {
    if let Some(template) = word.strip_suffix(".gitlab-ci.yml") {
        let template = template.strip_suffix(".latest").unwrap_or(template);
        let name = template.rsplit('/').next().unwrap_or(template);
        return TEMPLATES.binary_search(&name).is_ok();
    }
    let word = word.split('@').next().unwrap_or(word);
    word.split(['/', ':'])
        .any(|part| SCANNERS.binary_search(&part).is_ok())
}

/// Whether a line takes in what another repository has: a reusable workflow of GitHub, or what
/// GitLab includes from a project or an address.
fn leads_elsewhere(line: &str) -> bool {
    let line = line.trim_start_matches("- ");
    let value = |key: &str| {
        let rest = line.strip_prefix(key)?.strip_prefix(':')?;
        Some(rest.trim().trim_matches(['"', '\'']))
    };
    let workflow = value("uses")
        .is_some_and(|target| target.contains("/.github/workflows/") && !target.starts_with("./"));
    let include = ["project", "remote", "component"]
        .iter()
        .find_map(|key| value(key))
        .is_some_and(|target| target.contains('/'));
    workflow || include
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, SCANNERS, Scanned, TEMPLATES, scan};

    fn of(text: &str) -> Scanned {
        scan(text, |line| line.to_string())
    }

    #[test]
    fn the_lists_can_be_searched() {
        assert!(SCANNERS.is_sorted());
        assert!(COMMANDS.is_sorted());
        assert!(TEMPLATES.is_sorted());
    }

    #[test]
    fn scanners_are_known_by_action_image_template_and_command() {
        for line in [
            "- uses: github/codeql-action/init@v3",
            "  uses: aquasecurity/trivy-action@0.28.0",
            "- uses: \"actions/dependency-review-action@v4\"",
            "- uses: snyk/actions/node@master",
            "image: ghcr.io/aquasecurity/trivy:latest",
            "- run: cargo audit --deny warnings",
            "run: npm ci && npm audit --audit-level=high",
            "  - template: Security/SAST.gitlab-ci.yml",
            "  - template: Jobs/Dependency-Scanning.latest.gitlab-ci.yml",
            "  - component: gitlab.com/components/sast/sast@1.0",
            "sh 'mvn org.owasp:dependency-check-maven:check'",
            "- task: SnykSecurityScan@1",
            "  snyk: snyk/snyk@1.0",
            "- govulncheck ./...",
        ] {
            let yes = Scanned::Yes {
                evidence: "2".to_owned(),
            };
            assert_eq!(of(&format!("x: y\n{line}\n")), yes, "{line}");
        }
    }

    #[test]
    fn what_is_said_about_a_scanner_runs_none() {
        for line in [
            "# - uses: github/codeql-action/init@v3",
            "- run: cargo test # cargo audit comes later",
            "- name: Snyk",
            "- run: npm install audit",
            "- run: ./trivyish",
            "- uses: ./.github/workflows/test.yml",
        ] {
            assert_eq!(of(line), Scanned::No, "{line}");
        }
    }

    #[test]
    fn what_another_repository_runs_is_not_known() {
        for line in [
            "  uses: larkspur/.github/.github/workflows/build.yml@main",
            "  - project: 'larkspur/ci'",
            "  - remote: https://ci.example.com/all.yml",
        ] {
            assert_eq!(of(line), Scanned::NotInSight, "{line}");
        }
    }
}
