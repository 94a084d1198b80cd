//! Whether a home is built as a container.

use super::{CodeHome, Look, RepositorySource, Seen};

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "container",
    gives: &["dockerfile.present"],
    look: Look::AtHome(|home: &CodeHome<'_>, seen: &mut Seen| {
        let mut files = home.names().containers.iter().copied();
        let file = files.find(|file| home.is_there(file));
        home.say_presence(seen, "dockerfile.present", file);
    }),
};
