//! Whether a bot proposes new versions of dependencies: Renovate or Dependabot.

use super::{CodeHome, Look, RepositorySource, Seen};
use crate::repo::{FileEntry, FolderFiles};

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
    let own = find(home, home.below());
    let file = own.or_else(|| {
        let at_root = || find(home, home.code.snapshot.folder(""));
        let is_below = !home.folder.is_empty();
        is_below.then(|| *home.code.update_bot.get_or_init(at_root))?
    });
    home.say_presence(seen, "update-bot.present", file);
}

/// What configures a bot in a folder.
fn find<'a>(home: &CodeHome<'a>, folder: FolderFiles<'a>) -> Option<&'a FileEntry> {
    let mut files = PATHS.iter().filter_map(|path| folder.file(path));
    files.find(|file| home.is_there(file)).or_else(|| {
        let package = folder.file("package.json")?;
        let text = home.text(&package.path).ok()?;
        has_renovate(&text).then_some(package)
    })
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
