//! What a repository has once: licence, security policy, guide, changelog, code owners.
//!
//! They are looked for in the home, then at the root, in the places where forges look:
//! <https://docs.github.com/en/communities> ("About community profiles").

use super::{CodeHome, Look, RepositorySource, Seen};
use crate::codeowners::Location;
use crate::repo::FileEntry;

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "policies",
    gives: &[
        "license.present",
        "security-policy.present",
        "contributing.present",
        "changelog.present",
        "codeowners.present",
    ],
    look: Look::AtHome(look),
};

/// A file that a repository has once.
struct Policy {
    fact: &'static str,
    folders: &'static [&'static str],
    /// What it is called in front of its ending, in lower case.
    names: &'static [&'static str],
}

const LICENSE: &str = "license.present";
/// The folder of licences of REUSE (<https://reuse.software/spec-3.3/>).
const LICENSES: &str = "LICENSES";

const POLICIES: [Policy; 4] = [
    Policy {
        fact: LICENSE,
        folders: &[""],
        names: &["license", "licence", "copying", "unlicense"],
    },
    Policy {
        fact: "security-policy.present",
        folders: &["", ".github", ".gitlab", "docs", ".well-known"],
        names: &["security", "security-policy", "security_policy"],
    },
    Policy {
        fact: "contributing.present",
        folders: &["", ".github", ".gitlab", "docs"],
        names: &["contributing"],
    },
    Policy {
        fact: "changelog.present",
        folders: &["", "docs", ".github"],
        names: &[
            "changelog",
            "changes",
            "history",
            "news",
            "releases",
            "release-notes",
            "release_notes",
        ],
    },
];

/// The endings of a text that people write; `history.rs` is no changelog.
const ENDINGS: [&str; 8] = ["", "md", "markdown", "mdx", "rst", "adoc", "txt", "html"];

fn look(home: &CodeHome<'_>, seen: &mut Seen) {
    for policy in &POLICIES {
        if home.wants(policy.fact) {
            let is_license = policy.fact == LICENSE;
            let file = home
                .find_in(policy.folders, |file| policy.is(file))
                .or_else(|| home.find_in(&[LICENSES], |_| is_license));
            home.say_presence(seen, policy.fact, file);
        }
    }
    if home.wants("codeowners.present") {
        let mut places = home.home_then_root().flat_map(|base| {
            Location::all(None).map(move |location| super::home::join(base, location.path))
        });
        let file = places.find_map(|path| {
            let file = home.code.snapshot.file(path.as_bytes());
            file.filter(|file| home.is_there(file))
        });
        home.say_presence(seen, "codeowners.present", file);
    }
}

impl Policy {
    fn is(&self, file: &FileEntry) -> bool {
        let Ok(name) = std::str::from_utf8(file.name()) else {
            return false;
        };
        let name = name.to_ascii_lowercase();
        self.names.iter().any(|known| {
            let rest = name.strip_prefix(known);
            rest.is_some_and(|rest| match rest.split_at_checked(1) {
                None => true,
                // `LICENSE-MIT`, `LICENSE.Apache-2.0`.
                Some(("." | "-" | "_", _)) if self.fact == LICENSE => !is_source(rest),
                Some((".", ending)) => ENDINGS.contains(&ending),
                _ => false,
            })
        })
    }
}

/// Whether a name ends like that of a program or of data: `license.go`, `license_test.py`.
fn is_source(name: &str) -> bool {
    const ENDINGS: [&str; 14] = [
        ".c", ".cs", ".go", ".gradle", ".java", ".js", ".json", ".kt", ".php", ".py", ".rb", ".rs",
        ".ts", ".yml",
    ];
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}
