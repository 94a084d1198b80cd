//! Whether a bot proposes new versions of dependencies: Renovate or Dependabot.

use super::home::join;
use super::{CodeHome, Look, RepositorySource, Seen};

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "update-bot",
    gives: &["update-bot.present"],
    look: Look::AtHome(look),
};

/// Where they look ([Renovate](https://docs.renovatebot.com/configuration-options/), Dependabot's
/// "options reference"), in that order.
const PATHS: [&str; 13] = [
    ".github/dependabot.yml",
    ".github/dependabot.yaml",
    "renovate.json",
    "renovate.json5",
    "renovate.jsonc",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".gitlab/renovate.json",
    ".gitlab/renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
    ".renovaterc.jsonc",
];

fn look(home: &CodeHome<'_>, seen: &mut Seen) {
    let snapshot = home.code.snapshot;
    let mut paths = home
        .home_then_root()
        .flat_map(|base| PATHS.iter().map(move |path| join(base, path)));
    let file = paths.find_map(|path| {
        let file = snapshot.file(path.as_bytes());
        file.filter(|file| home.is_there(file))
    });
    let file = file.or_else(|| {
        let mut packages = home.home_then_root().map(|base| join(base, "package.json"));
        packages.find_map(|path| {
            let file = snapshot.file(path.as_bytes())?;
            let text = home.text(path.as_bytes()).ok()?;
            has_renovate(&text).then_some(file)
        })
    });
    home.say_presence(seen, "update-bot.present", file);
}

/// Whether a `package.json` configures Renovate.
fn has_renovate(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Package {
        renovate: Option<serde::de::IgnoredAny>,
    }
    text.contains("\"renovate\"")
        && serde_json::from_str::<Package>(text).is_ok_and(|package| package.renovate.is_some())
}
