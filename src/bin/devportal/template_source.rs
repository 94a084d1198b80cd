//! The template that a word of the command line means: of the binary, of the workspace, of a
//! folder.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use devportal::diagnostic::{Diagnostic, did_you_mean};
use devportal::model::{Entity, Forges, RefParts, SourceFile};
use devportal::repo::{self, FolderContent};
use devportal::scaffold::Manifest;
use devportal::scan::Scan;
use devportal::yaml;
use include_dir::Dir;

use crate::golden_paths::{GoldenPath, golden_path, golden_paths};
use crate::scaffolding::cloned_template;
use crate::session::{Session, without_dots};

/// The file of a folder that declares its template.
const TEMPLATE_FILE: &str = "template.yaml";

/// Files that templates of other programs have, and what the programs are called.
const FOREIGN: [(&str, &str); 4] = [
    ("copier.yml", "copier"),
    ("copier.yaml", "copier"),
    ("cookiecutter.json", "cookiecutter"),
    ("cargo-generate.toml", "cargo-generate"),
];

/// What is said of a folder without a template of ours, when it has one of another program.
fn foreign_template(has_file: &dyn Fn(&str) -> bool) -> Option<String> {
    let (file, program) = FOREIGN.iter().find(|(file, _)| has_file(file))?;
    Some(format!(
        "this is a template of {program} (it has \"{file}\"), and neither it nor its hooks and \
         tasks are run here\n  help: add a {TEMPLATE_FILE} whose step \"fetch:template\" renders \
         its files; {{{{ cookiecutter.name }}}} is rendered with \"cookiecutterCompat: true\""
    ))
}

/// A template, and where its files are.
pub(crate) struct TemplateSource {
    /// What it says; or what is wrong with it.
    pub(crate) manifest: Result<Manifest, Vec<Diagnostic>>,
    /// Its file, as people are told.
    pub(crate) file: Arc<SourceFile>,
    /// Where the files come from that it names.
    pub(crate) origin: Origin,
    /// Whether it was fetched by Git, and does not lie in the workspace.
    pub(crate) is_fetched: bool,
}

/// Where the files of a template come from.
#[derive(Clone)]
pub(crate) enum Origin {
    /// The binary.
    Shipped(&'static Dir<'static>),
    /// A repository, or a folder without one.
    Folder {
        /// What it may read from: the repository, or the folder.
        root: PathBuf,
        /// The folder of its file, relative to that; empty for the root itself.
        folder: String,
        /// The identity of the repository, where it is one that the workspace knows.
        identity: Option<String>,
        /// The commit to read from; the files on the disk where there is none.
        commit: Option<String>,
    },
}

/// What a word means, before it is looked up.
enum Word<'a> {
    GitUrl(&'a str),
    Path(PathBuf),
    Name(&'a str),
}

impl TemplateSource {
    /// What the template says.
    ///
    /// # Errors
    /// All that keeps it from being run, one a line.
    pub(crate) fn manifest(&self) -> Result<&Manifest> {
        self.manifest.as_ref().map_err(|problems| {
            let mut text = format!("the template \"{}\" cannot be read", self.file.path());
            for problem in problems {
                let line = problem.place.as_ref().and_then(|place| place.span);
                let line = line.map_or(0, |span| span.line);
                // Writing to a String cannot fail.
                let _ = write!(text, "\n  line {line}: {}", problem.message);
                if let Some(help) = &problem.help {
                    text.extend([" (", help, ")"]);
                }
            }
            anyhow!(text)
        })
    }

    /// One of the binary.
    pub(crate) fn shipped(path: GoldenPath) -> Self {
        let origin = Origin::Shipped(path.folder);
        Self::read(path.text(), path.file(), origin)
    }

    /// An entity of the workspace.
    pub(crate) fn of_entity(entity: &Entity, scan: &Scan, session: &Session) -> Result<Self> {
        let file = &entity.source().file;
        let moment = session.moment();
        let repository = scan
            .repositories
            .iter()
            .find(|it| *it.identity == *file.repository())
            .with_context(|| format!("the repository of \"{}\" is gone", file.path()))?;
        let tree = entity.tree().root().context("the template is empty")?;
        Ok(Self {
            manifest: Manifest::of_tree(tree, file),
            file: Arc::clone(file),
            origin: Origin::Folder {
                root: repository.root.clone(),
                folder: file.folder_in_repository().to_owned(),
                identity: repository.remote.clone(),
                commit: repository.commit_of(&moment),
            },
            is_fetched: false,
        })
    }

    /// One of a repository: the path of its file there, as it lies there or as a commit has it.
    pub(crate) fn in_repository(
        root: &Path,
        identity: &str,
        path: &str,
        commit: Option<&str>,
    ) -> Result<Self> {
        let read = match commit {
            Some(commit) => repo::read_file_at(root, commit, path),
            None => repo::read_file_below(root, path),
        };
        let file = read.with_context(|| {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let has = |name: &str| match commit {
                Some(commit) => {
                    repo::read_file_at(root, commit, &format!("{folder}/{name}")).is_ok()
                }
                None => root.join(folder).join(name).is_file(),
            };
            foreign_template(&has)
                .unwrap_or_else(|| format!("there is no template \"{path}\" in {identity}"))
        })?;
        let FolderContent::File { bytes, .. } = file.content else {
            bail!("the template \"{path}\" of {identity} is no regular file");
        };
        let file = SourceFile::new(identity.into(), identity, path.as_bytes());
        let origin = Origin::Folder {
            root: root.to_path_buf(),
            folder: file.folder_in_repository().to_owned(),
            identity: Some(identity.to_owned()),
            commit: commit.map(str::to_owned),
        };
        let text = yaml::decode(&bytes).0;
        Ok(Self::read(&text, Arc::new(file), origin))
    }

    /// One of the binary, by name.
    pub(crate) fn shipped_as(name: &str) -> Option<Self> {
        golden_path(name).map(Self::shipped)
    }

    fn read(text: &str, file: Arc<SourceFile>, origin: Origin) -> Self {
        let include = |target: &str| origin.include(target, &file);
        Self {
            manifest: Manifest::read(text, &file, &include),
            file,
            origin,
            is_fetched: false,
        }
    }
}

impl Origin {
    /// The folder of the template's file, relative to what it may read from.
    pub(crate) fn folder(&self) -> &str {
        match self {
            Self::Shipped(_) => "",
            Self::Folder { folder, .. } => folder,
        }
    }

    /// The text of a file that the template reads, by its path in the repository.
    pub(crate) fn text(&self, path_in_repository: &str) -> Option<String> {
        let bytes = match self {
            Self::Shipped(folder) => {
                return folder
                    .get_file(path_in_repository)?
                    .contents_utf8()
                    .map(str::to_owned);
            }
            Self::Folder { root, commit, .. } => {
                let read = match commit {
                    Some(commit) => repo::read_file_at(root, commit, path_in_repository),
                    None => repo::read_file_below(root, path_in_repository),
                };
                match read.ok()?.content {
                    FolderContent::File { bytes, .. } => bytes,
                    FolderContent::Link { .. } | FolderContent::EmptyFolder => return None,
                }
            }
        };
        Some(yaml::decode(&bytes).0.into_owned())
    }

    /// The text of a file that `$yaml` and its likes name, beside the template.
    fn include(&self, target: &str, file: &SourceFile) -> Result<String, String> {
        match self {
            Self::Shipped(folder) => {
                let path = without_dots(&folder.path().join(target));
                let file = folder.get_file(path);
                let text = file.and_then(|file| file.contents_utf8());
                text.map(str::to_owned)
                    .ok_or_else(|| "is not there".to_owned())
            }
            Self::Folder { root, commit, .. } => {
                let path = path_of(target, file).ok_or("is not a file of the repository")?;
                let read = match commit {
                    Some(commit) => repo::read_file_at(root, commit, &path),
                    None => repo::read_file_below(root, &path),
                };
                match read
                    .map_err(|error| format!("cannot be read: {error}"))?
                    .content
                {
                    FolderContent::File { bytes, .. } => Ok(yaml::decode(&bytes).0.into_owned()),
                    FolderContent::Link { .. } => Err("is a link, which is not followed".into()),
                    FolderContent::EmptyFolder => Err("is a folder".to_owned()),
                }
            }
        }
    }
}

/// The path in the repository of a template that a target means: a path, or the URL of a file.
fn path_of(target: &str, file: &SourceFile) -> Option<String> {
    let url = Forges::default().parse(target);
    let url = url.filter(|url| url.is_of(file.repository()));
    url.map(|url| url.path).or_else(|| file.sibling(target))
}

impl Session {
    /// The template that a word means. A bare name takes the workspace's before the binary's;
    /// what else has the name is told.
    ///
    /// # Errors
    /// When there is none, or several and `--exact` is given.
    pub(crate) fn template(
        &mut self,
        word: &str,
        revision: Option<&str>,
        allows_local: bool,
    ) -> Result<TemplateSource> {
        let meaning = self.meaning(word)?;
        if let (Some(revision), false) = (revision, matches!(meaning, Word::GitUrl(_))) {
            bail!("--ref \"{revision}\" is for templates that are named by a Git URL");
        }
        match meaning {
            Word::GitUrl(url) => cloned_template::template(url, revision, allows_local),
            Word::Path(path) => self.template_at(&path),
            Word::Name(name) => self.template_named(name),
        }
    }

    fn meaning<'a>(&self, word: &'a str) -> Result<Word<'a>> {
        if word.contains("://") || word.starts_with("git@") {
            return Ok(Word::GitUrl(word));
        }
        let path = self.base()?.join(word);
        let has_extension = Path::new(word)
            .extension()
            .is_some_and(|it| it.eq_ignore_ascii_case("yaml") || it.eq_ignore_ascii_case("yml"));
        // `template:default/name` is a reference, and `./template:x` is a path.
        let is_reference = RefParts::parse(word).is_ok_and(|parts| parts.kind.is_some());
        let looks_like_path = word.starts_with('.') || word.starts_with('/') || has_extension;
        let is_path = looks_like_path || !is_reference && (word.contains('/') || path.is_dir());
        Ok(if is_path {
            Word::Path(path)
        } else {
            Word::Name(word)
        })
    }

    /// The template of a folder, or of a file in it.
    fn template_at(&self, path: &Path) -> Result<TemplateSource> {
        let path = std::path::absolute(path).context("the current folder is gone")?;
        let path = without_dots(&path);
        let file = if path.is_dir() {
            path.join(TEMPLATE_FILE)
        } else {
            path
        };
        let folder = file.parent().unwrap_or(Path::new("/")).to_path_buf();
        let root = repo::enclosing_root(&folder).unwrap_or_else(|| folder.clone());
        let workspace = self.workspace()?;
        let inside = file.strip_prefix(&root).unwrap_or(&file);
        let mut shown_root = workspace.relative(&root);
        if shown_root.starts_with("..") {
            shown_root = root.to_string_lossy().into_owned();
        }
        let identity = repo::remote_of(&root);
        let source = SourceFile::new(
            identity.as_deref().unwrap_or(&shown_root).into(),
            &shown_root,
            inside.to_string_lossy().replace('\\', "/").as_bytes(),
        );
        let content =
            repo::read_file_below(&root, source.path_in_repository()).with_context(|| {
                foreign_template(&|name| folder.join(name).is_file())
                    .unwrap_or_else(|| format!("there is no template at \"{}\"", file.display()))
            })?;
        let FolderContent::File { bytes, .. } = content.content else {
            bail!("the template \"{}\" is no regular file", file.display());
        };
        let origin = Origin::Folder {
            folder: source.folder_in_repository().to_owned(),
            root,
            identity,
            commit: None,
        };
        let text = yaml::decode(&bytes).0;
        Ok(TemplateSource::read(&text, Arc::new(source), origin))
    }

    fn template_named(&mut self, name: &str) -> Result<TemplateSource> {
        let parts = RefParts::parse(name).map_err(|error| anyhow!("{error}"))?;
        if let Some(kind) = parts.kind
            && !kind.eq_ignore_ascii_case("template")
        {
            bail!("\"{name}\" is no template, but a {kind}");
        }
        let shipped = golden_path(name);
        let scan = self.scan()?;
        let fits = |entity: &&Entity| {
            let reference = entity.reference();
            let namespace = parts.namespace;
            reference.kind() == "template"
                && reference.name().eq_ignore_ascii_case(parts.name)
                && namespace.is_none_or(|it| reference.namespace().eq_ignore_ascii_case(it))
        };
        let mut found: Vec<&Entity> = scan.catalog.entities().iter().filter(fits).collect();
        found.sort_by_key(|entity| entity.namespace() != "default");
        let Some((first, others)) = found.split_first() else {
            return shipped
                .map(TemplateSource::shipped)
                .ok_or_else(|| anyhow!(not_found(name, &scan)));
        };
        let mut names: Vec<String> = others.iter().map(|it| it.reference().to_string()).collect();
        names.extend(shipped.map(|it| format!("{} of devportal itself", it.name())));
        if !names.is_empty() {
            let (taken, names) = (first.reference(), names.join(", "));
            if self.globals().exact {
                bail!("\"{name}\" means {taken} and also {names}");
            }
            self.hint(&format!("{taken} is taken; also of that name: {names}"));
        }
        TemplateSource::of_entity(first, &scan, self)
    }
}

fn not_found(name: &str, scan: &Scan) -> String {
    let templates = templates(scan).map(|entity| entity.name().to_owned());
    let shipped = golden_paths().into_iter().map(|it| it.name().to_owned());
    let names: Vec<String> = templates.chain(shipped).collect();
    let help = did_you_mean(name, names.iter().map(String::as_str)).map_or_else(
        || "\"devportal template list\" has all".to_owned(),
        |meant| format!("did you mean \"{meant}\"?"),
    );
    format!("there is no template \"{name}\": {help}")
}

/// The templates of a workspace, in the order of the catalog.
pub(crate) fn templates(scan: &Scan) -> impl Iterator<Item = &Entity> {
    let entities = scan.catalog.entities().iter();
    entities.filter(|entity| entity.reference().kind() == "template")
}
