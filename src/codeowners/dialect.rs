//! Whose `CODEOWNERS` a file is: where each forge looks for it, and which way it reads it.

use crate::model::ForgeKind;

/// The way in which a forge reads the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// "About code owners", GitHub Docs, 2026. Also for Azure DevOps and Gerrit, which have no
    /// such file of their own.
    GitHub,
    /// "Syntax of CODEOWNERS file" and "Advanced CODEOWNERS configuration", GitLab 18.
    GitLab,
    /// "Set up and use code owners", Bitbucket Cloud, 2026; "Code owners", Bitbucket Data Center
    /// 8.16; and "Owner rules" of the app Code Owners for Bitbucket.
    Bitbucket,
    /// "Code Owners", Gitea 1.25; Forgejo agrees.
    Gitea,
}

/// A place where a forge looks for the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// The path in the repository.
    pub path: &'static str,
    /// Who reads what lies there; `None` when that is not known.
    pub dialect: Option<Dialect>,
}

/// Where the file may lie when it is not known what forge the repository is on.
const ANYWHERE: [Location; 7] = [
    Location::of(".github/CODEOWNERS", Some(Dialect::GitHub)),
    Location::of("CODEOWNERS", None),
    Location::of("docs/CODEOWNERS", None),
    Location::of(".gitlab/CODEOWNERS", Some(Dialect::GitLab)),
    Location::of(".bitbucket/CODEOWNERS", Some(Dialect::Bitbucket)),
    Location::of(".gitea/CODEOWNERS", Some(Dialect::Gitea)),
    Location::of(".forgejo/CODEOWNERS", Some(Dialect::Gitea)),
];

impl Dialect {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Bitbucket => "Bitbucket",
            Self::Gitea => "Gitea",
        }
    }

    /// The dialect of a forge.
    #[must_use]
    pub const fn of(forge: ForgeKind) -> Self {
        match forge {
            ForgeKind::GitHub | ForgeKind::Azure | ForgeKind::Gerrit => Self::GitHub,
            ForgeKind::GitLab => Self::GitLab,
            ForgeKind::Bitbucket | ForgeKind::BitbucketServer => Self::Bitbucket,
            ForgeKind::Gitea => Self::Gitea,
        }
    }

    /// The dialect of a file that might be anybody's: only GitLab has sections.
    #[must_use]
    pub fn guess(text: &str) -> Self {
        let mut lines = text.lines().map(str::trim);
        if lines.any(|line| line.strip_prefix('^').unwrap_or(line).starts_with('[')) {
            Self::GitLab
        } else {
            Self::GitHub
        }
    }

    const fn paths(self) -> &'static [&'static str] {
        match self {
            Self::GitHub => &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"],
            Self::GitLab => &["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"],
            // The app reads the one at the root.
            Self::Bitbucket => &[".bitbucket/CODEOWNERS", "CODEOWNERS"],
            Self::Gitea => &[
                "CODEOWNERS",
                "docs/CODEOWNERS",
                ".gitea/CODEOWNERS",
                ".forgejo/CODEOWNERS",
            ],
        }
    }
}

impl Location {
    const fn of(path: &'static str, dialect: Option<Dialect>) -> Self {
        Self { path, dialect }
    }

    /// The places of a forge, in the order in which it looks; the first file counts.
    pub fn all(forge: Option<ForgeKind>) -> impl Iterator<Item = Self> {
        let dialect = forge.map(Dialect::of);
        let own = dialect.map_or(&[][..], Dialect::paths).iter();
        let anywhere = if forge.is_some() { &[][..] } else { &ANYWHERE };
        own.map(move |path| Self::of(path, dialect))
            .chain(anywhere.iter().copied())
    }
}
