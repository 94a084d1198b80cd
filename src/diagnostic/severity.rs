//! How bad a problem is.

use std::fmt;
use std::str::FromStr;

/// How bad a problem is; ordered from worst to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Backstage refuses it, or the catalog cannot be trusted with it.
    Error,
    /// Probably a mistake.
    Warning,
    /// Worth knowing.
    Note,
    /// Not reported.
    Off,
}

impl Severity {
    /// All, worst first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Note, Self::Off];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Off => "off",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.name() == text)
            .ok_or_else(|| format!("\"{text}\" is no severity: use error, warning, note or off"))
    }
}
