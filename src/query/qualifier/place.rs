//! Where an entity is declared.

use super::Qualifier;
use crate::query::matcher::certain;

pub(super) const REPO: Qualifier = Qualifier {
    name: "repo",
    key: None,
    value: "REPOSITORY",
    about: "declared in that repository: `host/owner/name`, or its end",
    example: "repo:larkspur/orders kind:component",
    compile: |context, operand| {
        let catalog = context.catalog;
        let value = operand.value;
        Ok(certain(move |id| {
            let repository = catalog.entity(id).source().file.repository();
            let mut ends =
                std::iter::successors(Some(repository), |end| Some(end.split_once('/')?.1));
            ends.any(|end| value.fits(end))
        }))
    },
};

pub(super) const PATH: Qualifier = Qualifier {
    name: "path",
    key: None,
    value: "PATH",
    about: "declared in that file, or below that folder, of the workspace",
    example: "path:payments/services",
    compile: |context, operand| {
        let catalog = context.catalog;
        let value = operand.value;
        Ok(certain(move |id| {
            let path = catalog.entity(id).source().file.path();
            let ends = path.match_indices('/').map(|(end, _)| &path[..end]);
            let wanted = |part: &str| value.fits(part) || value.text.trim_end_matches('/') == part;
            wanted(path) || ends.into_iter().any(wanted)
        }))
    },
};
