//! Style sheets and the script, with the hashes that a policy names them by.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::output::{base64, chart, graph};

/// A style sheet or a script that stands in a page.
pub(super) struct Sheet {
    /// What stands between its tags.
    pub(super) text: String,
    /// Its name in a policy (CSP Level 3, "hash-source").
    pub(super) hash: String,
}

/// What every page looks like.
pub(super) static BASE: LazyLock<Sheet> = LazyLock::new(|| Sheet::new(include_str!("page.css")));
/// What drawings look like, and charts inside of them.
pub(super) static DRAWING: LazyLock<Sheet> = LazyLock::new(|| {
    Sheet::new(&format!(
        "{}{}",
        include_str!("drawing.css"),
        chart::svg::STYLE
    ))
});
/// What graphs look like.
pub(super) static GRAPH: LazyLock<Sheet> = LazyLock::new(|| Sheet::new(graph::SVG_STYLE));
/// What stands above the pages of a site.
pub(super) static BAR: LazyLock<Sheet> = LazyLock::new(|| Sheet::new(include_str!("bar.css")));
/// The search of a site.
pub(super) static SEARCH: LazyLock<Sheet> = LazyLock::new(|| Sheet::new(include_str!("search.js")));

impl Sheet {
    fn new(text: &str) -> Self {
        // A browser takes carriage returns out before it looks at the hash.
        let text = text.replace('\r', "");
        Self {
            hash: format!("sha256-{}", base64(&Sha256::digest(&text))),
            text,
        }
    }
}
