//! Where the code of an entity is.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Catalog, EntityId};
use crate::model::Entity;

/// A repository in sight, and a folder in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Home {
    /// The identity of the repository.
    pub repository: Arc<str>,
    /// The folder; empty for the root.
    pub folder: String,
}

/// Every home, and whose it is.
#[derive(Debug, Default)]
pub struct Homes(HashMap<Arc<str>, HashMap<String, Vec<EntityId>>>);

/// The kinds whose descriptors lie among code that is not theirs: a team does not own, or feel
/// the change of, what happens to lie beside its descriptor.
const KINDS_WITHOUT_CODE: [&str; 3] = ["group", "user", "location"];

/// Annotations that name the repository of an entity, and the host where the name alone does not
/// say it.
const PROJECT_ANNOTATIONS: [(&str, &str); 4] = [
    ("github.com/project-slug", "github.com"),
    ("gitlab.com/project-slug", "gitlab.com"),
    ("bitbucket.com/project-slug", "bitbucket.org"),
    ("bitbucket.org/project-slug", "bitbucket.org"),
];

impl Catalog {
    /// Where the code of an entity is: `backstage.io/source-location`, else
    /// `github.com/project-slug` and its likes, else the folder of its descriptor, unless that
    /// lies in the catalog repository.
    #[must_use]
    pub fn home(&self, entity: &Entity) -> Option<Home> {
        self.home_by_location(entity)
            .or_else(|| self.home_by_project(entity))
            .or_else(|| self.home_by_descriptor(entity))
    }

    /// Whether an entity is of a kind that has code: not a group, a user or a Location.
    #[must_use]
    pub fn has_code(&self, entity: &Entity) -> bool {
        !KINDS_WITHOUT_CODE.contains(&entity.reference().kind())
    }

    /// The homes of all entities that have code.
    #[must_use]
    pub fn homes(&self) -> Homes {
        let mut homes = Homes::default();
        for id in self.ids() {
            let entity = self.entity(id);
            if !self.has_code(entity) {
                continue;
            }
            if let Some(home) = self.home(entity) {
                let folders = homes.0.entry(home.repository).or_default();
                folders.entry(home.folder).or_default().push(id);
            }
        }
        // Components are what most code is; the rest stays in the order of the references.
        let is_other = |id: &EntityId| self.entity(*id).reference().kind() != "component";
        for inhabitants in homes.0.values_mut().flat_map(HashMap::values_mut) {
            inhabitants.sort_by_key(is_other);
        }
        homes
    }

    /// The folder or file that a URL of a forge names (with or without `url:` in front), when its
    /// repository is in sight. Nobody looked whether the repository has it.
    #[must_use]
    pub fn locate(&self, url: &str) -> Option<Home> {
        let url = self.forges.parse(url.strip_prefix("url:").unwrap_or(url))?;
        let (repository, _) = self.repositories.get_key_value(url.identity.as_str())?;
        Some(Home {
            repository: Arc::clone(repository),
            folder: url.path.trim_end_matches('/').to_owned(),
        })
    }

    fn home_by_location(&self, entity: &Entity) -> Option<Home> {
        self.locate(entity.annotation("backstage.io/source-location")?)
    }

    fn home_by_project(&self, entity: &Entity) -> Option<Home> {
        let repository = PROJECT_ANNOTATIONS.iter().find_map(|(annotation, host)| {
            let project = entity.annotation(annotation)?.trim_matches('/');
            self.repository_named(host, project)
        })?;
        // A descriptor that lies in that very repository says more precisely where.
        let source = entity.source();
        let inside =
            source.file.repository() == &*repository && !self.is_catalog_repository(&repository);
        let folder = if inside {
            source.file.folder_in_repository()
        } else {
            ""
        };
        Some(Home {
            repository,
            folder: folder.to_owned(),
        })
    }

    fn home_by_descriptor(&self, entity: &Entity) -> Option<Home> {
        let file = &entity.source().file;
        let (repository, role) = self.repositories.get_key_value(file.repository())?;
        (!role.is_catalog).then(|| Home {
            repository: Arc::clone(repository),
            folder: file.folder_in_repository().to_owned(),
        })
    }

    fn is_catalog_repository(&self, identity: &str) -> bool {
        self.repositories
            .get(identity)
            .is_some_and(|role| role.is_catalog)
    }

    /// The repository of a project on a host; the annotation's host is also written for servers
    /// of one's own, so a single repository of that name anywhere will do.
    fn repository_named(&self, host: &str, project: &str) -> Option<Arc<str>> {
        if let Some((identity, _)) = self
            .repositories
            .get_key_value(format!("{host}/{project}").as_str())
        {
            return Some(Arc::clone(identity));
        }
        let by_end = self.by_end.get_or_init(|| by_end(self.repositories.keys()));
        by_end.get(project).cloned().flatten()
    }
}

/// The repositories by what stands behind any `/` of their identities; nothing where several have
/// the same there.
fn by_end<'a>(identities: impl Iterator<Item = &'a Arc<str>>) -> HashMap<String, Option<Arc<str>>> {
    let mut by_end: HashMap<String, Option<Arc<str>>> = HashMap::new();
    for identity in identities {
        for (slash, _) in identity.match_indices('/') {
            let end = identity[slash + 1..].to_owned();
            let known = by_end.entry(end);
            known
                .and_modify(|known| *known = None)
                .or_insert_with(|| Some(Arc::clone(identity)));
        }
    }
    by_end
}

impl Homes {
    /// The entities whose home holds a path of a repository: those of the deepest such folder,
    /// components first.
    #[must_use]
    pub fn holding(&self, repository: &str, path: &str) -> &[EntityId] {
        let Some(folders) = self.0.get(repository) else {
            return &[];
        };
        let mut folder = path;
        loop {
            if let Some(inhabitants) = folders.get(folder) {
                return inhabitants;
            }
            if folder.is_empty() {
                return &[];
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
}
