//! The templates that are shipped in the binary.

use std::sync::Arc;

use devportal::model::SourceFile;
use include_dir::{Dir, include_dir};

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// What stands for the repository of shipped templates.
pub(crate) const SHIPPED: &str = "devportal";

/// A template of the binary.
#[derive(Clone, Copy)]
pub(crate) struct GoldenPath {
    /// Its folder, with `template.yaml` in it.
    pub(crate) folder: &'static Dir<'static>,
}

impl GoldenPath {
    /// The name of its folder, which is that of the template.
    pub(crate) fn name(self) -> &'static str {
        let name = self.folder.path().file_name();
        name.and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// The text of its `template.yaml`.
    pub(crate) fn text(self) -> &'static str {
        let file = self
            .folder
            .get_file(self.folder.path().join("template.yaml"));
        file.and_then(|file| file.contents_utf8())
            .unwrap_or_default()
    }

    /// Its `template.yaml`, as people are told.
    pub(crate) fn file(self) -> Arc<SourceFile> {
        let path = format!("{}/template.yaml", self.name());
        Arc::new(SourceFile::new(SHIPPED.into(), "", path.as_bytes()))
    }
}

/// All of them, by name.
pub(crate) fn golden_paths() -> Vec<GoldenPath> {
    let folders = TEMPLATES.dirs().map(|folder| GoldenPath { folder });
    let mut all: Vec<GoldenPath> = folders.filter(|it| !it.text().is_empty()).collect();
    all.sort_by_key(|it| it.name());
    all
}

/// The one of that name.
pub(crate) fn golden_path(name: &str) -> Option<GoldenPath> {
    golden_paths().into_iter().find(|it| it.name() == name)
}
