//! The README of a home.

use super::documentation::Surveyed;
use super::{CodeHome, Look, RepositorySource, Seen};
use crate::fact::Observation;

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "readme",
    gives: &["readme.present", "readme.lines"],
    look: Look::AtHome(look),
};

/// The endings that a README has, the first before the second where there are several.
const ENDINGS: [&str; 8] = [
    ".md",
    ".markdown",
    ".mdx",
    ".rst",
    ".adoc",
    ".asciidoc",
    ".txt",
    "",
];

/// A README speaks for the folder it lies in, so that of the root is not that of a home below it.
fn look(home: &CodeHome<'_>, seen: &mut Seen) {
    let files = home.below().direct();
    let rank = |name: &[u8]| {
        let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
        let ending = name.strip_prefix("readme")?;
        ENDINGS.iter().position(|known| *known == ending)
    };
    let readme = files
        .filter_map(|file| Some((rank(file.name())?, file)))
        .filter(|(_, file)| home.is_there(file))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, file)| file);
    home.say_presence(seen, "readme.present", readme);
    let Some(readme) = readme.filter(|_| home.wants("readme.lines")) else {
        return;
    };
    if let Ok(text) = Surveyed::text(home, &readme.path) {
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        let evidence = home.evidence(&readme.path, None);
        seen.add(Observation::new("readme.lines", lines).evidence(evidence));
    }
}
