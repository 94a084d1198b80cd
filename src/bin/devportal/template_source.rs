//! stub
use std::path::PathBuf;
use std::sync::Arc;
use devportal::model::SourceFile;
use include_dir::Dir;
pub(crate) enum Origin { Shipped(&'static Dir<'static>), Folder { root: PathBuf, folder: String, identity: Option<String> }, Commit { root: PathBuf, folder: String, identity: String, commit: String } }
impl Origin { pub(crate) fn folder(&self) -> &str { match self { Self::Shipped(_) => "", Self::Folder { folder, .. } | Self::Commit { folder, .. } => folder } } }
pub(crate) struct TemplateSource { pub(crate) text: String, pub(crate) file: Arc<SourceFile>, pub(crate) origin: Origin }
