//! The user's own configuration.

use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, did_you_mean, register};
use crate::model::{Place, SourceFile};
use crate::yaml;

/// What the user's `config.yaml` says.
#[derive(Clone, Debug, Default)]
pub struct UserSettings {
    /// `workspace`: the folder that is looked at when nothing else says which.
    pub workspace: Option<PathBuf>,
    /// `user`: who uses this machine, as the catalog calls them: a name, a reference or an
    /// e-mail address.
    pub user: Option<String>,
    /// `actions`: programs for actions of templates.
    pub actions: Vec<(String, Vec<String>)>,
    /// `trust`: templates whose programs may run.
    pub trust: Vec<String>,
}

impl UserSettings {
    /// Reads the file. What is wrong in it is left out, and said.
    #[must_use]
    pub fn parse(text: &str, shown_path: &str) -> (Self, Vec<Diagnostic>) {
        let file = Arc::new(SourceFile::new(
            Arc::from("user"),
            "",
            shown_path.as_bytes(),
        ));
        let mut settings = Self::default();
        let mut problems = Vec::new();
        let mut problem = |span, message: String, help: Option<String>| {
            let diagnostic =
                Diagnostic::new(&register::CONFIGURATION, message.clone()).subject(message);
            problems.push(Diagnostic {
                help,
                ..diagnostic.at(Place::span(Arc::clone(&file), span))
            });
        };
        for document in yaml::parse(text) {
            for found in document.problems {
                problem(found.span, found.message, found.help);
            }
            let Some(root) = document.tree.as_ref().and_then(crate::model::Tree::root) else {
                continue;
            };
            for (key, value) in root.entries() {
                match (key.text(), value.as_str()) {
                    ("workspace", Some(folder)) => settings.workspace = Some(PathBuf::from(folder)),
                    ("user", Some(user)) => settings.user = Some(user.to_owned()),
                    ("workspace", None) => problem(
                        value.span(),
                        "\"workspace\" must be a path".to_owned(),
                        None,
                    ),
                    ("user", None) => problem(
                        value.span(),
                        "\"user\" must be a name or an e-mail address".to_owned(),
                        None,
                    ),
                    (name, _) => {
                        let help = did_you_mean(name, ["workspace", "user"])
                            .map(|meant| format!("did you mean \"{meant}\"?"));
                        problem(key.span(), format!("unknown key \"{name}\""), help);
                    }
                }
            }
        }
        (settings, problems)
    }
}
