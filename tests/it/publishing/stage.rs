//! A workspace with a template in it, and a machine that repositories are pushed to.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::forge_double::{Answer, ForgeDouble};
use crate::sandbox::{Run, Sandbox};

/// The token, which must turn up nowhere.
pub(super) const TOKEN: &str = "ghp_never-shown-1234";

/// What every template here begins with.
pub(super) const FETCH: &str = "    - id: fetch
      action: fetch:template
      input:
        url: ./skeleton
        values: {name: '${{ parameters.name }}'}
";

pub(super) struct Stage {
    pub(super) sandbox: Sandbox,
}

impl Stage {
    /// A workspace whose `template` has these steps, and perhaps an `output` after them.
    pub(super) fn new(steps: &str) -> Self {
        let stage = Self {
            sandbox: Sandbox::new(),
        };
        stage.template(steps);
        let skeleton = "template/skeleton";
        stage.sandbox.write(
            &format!("{skeleton}/catalog-info.yaml"),
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${{ values.name }}\nspec: {type: service, lifecycle: production, owner: team-a}\n",
        );
        stage
            .sandbox
            .write(&format!("{skeleton}/README.md"), "# ${{ values.name }}\n");
        // What ssh would do, on this machine.
        stage.program("ssh", "shift\nexec sh -c \"$*\"");
        stage
    }

    /// Gives the template other steps.
    pub(super) fn template(&self, steps: &str) {
        let text = format!(
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {{name: service}}\nspec:\n  type: service\n  parameters:\n    - properties:\n        name: {{type: string, default: orders}}\n        word: {{type: string, ui:field: Secret, default: hunter-twelve}}\n  steps:\n{steps}"
        );
        self.sandbox.write("template/template.yaml", &text);
    }

    /// Writes the user's own configuration.
    pub(super) fn configuration(&self, text: &str) {
        let folder = self.outside("home/.config/devportal");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.yaml"), text).unwrap();
    }

    /// Has the user's configuration lead the forge of a host to a double.
    pub(super) fn forge(&self, host: &str, kind: &str, double: &ForgeDouble) {
        let api = double.url("");
        self.configuration(&format!(
            "forges: {{{host}: {{type: {kind}, api: '{api}'}}}}\n"
        ));
    }

    /// A path beside the workspace.
    pub(super) fn outside(&self, path: &str) -> std::path::PathBuf {
        self.sandbox.root().parent().unwrap().join(path)
    }

    /// Writes a program beside the workspace, in the folder that is first in `PATH`.
    pub(super) fn program(&self, name: &str, script: &str) {
        let path = self.outside("bin").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// The bare repository that a push to `https://NAME` arrives in.
    pub(super) fn remote(&self, name: &str) -> String {
        let path = self.outside("remotes").join(name);
        fs::create_dir_all(&path).unwrap();
        let path = path.to_str().unwrap().to_owned();
        self.sandbox.git(
            "",
            &["init", "--quiet", "--bare", "--initial-branch=main", &path],
        );
        path
    }

    /// A clone in the workspace of a repository of a forge, with these files in its first commit.
    pub(super) fn clone(&self, name: &str, folder: &str, files: &[(&str, &str)]) {
        let remote = self.remote(&format!("{name}.git"));
        for (path, text) in files {
            self.sandbox.write(&format!("{folder}/{path}"), text);
        }
        self.sandbox.repository(folder);
        self.sandbox
            .git(folder, &["push", "--quiet", &remote, "main"]);
        let url = format!("https://{name}.git");
        self.sandbox.git(folder, &["remote", "add", "origin", &url]);
    }

    /// Runs `devportal new ./template` in the workspace, with the token in the environment.
    pub(super) fn new_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        self.run_in(
            "",
            &[&["new", "./template", "--defaults"], arguments].concat(),
            environment,
        )
    }

    pub(super) fn run_in(
        &self,
        folder: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Run {
        let remotes = self.outside("remotes");
        let path = format!(
            "{}:{}",
            self.outside("bin").display(),
            std::env::var("PATH").unwrap()
        );
        let mut command = self
            .sandbox
            .command(env!("CARGO_BIN_EXE_devportal"), folder);
        command
            .args(arguments)
            .env("PATH", path)
            .env("GITHUB_TOKEN", TOKEN)
            .env("GITLAB_TOKEN", TOKEN)
            .env("GIT_SSH_COMMAND", self.outside("bin/ssh"))
            .env("GIT_SSH_VARIANT", "simple")
            .env("GIT_CONFIG_COUNT", "1")
            .env(
                "GIT_CONFIG_KEY_0",
                format!("url.ssh://forge{}/.pushInsteadOf", remotes.display()),
            )
            .env("GIT_CONFIG_VALUE_0", "https://")
            .envs(environment.iter().copied());
        let run = Run::of(&mut command);
        assert!(!run.stdout.contains(TOKEN), "{run:?}");
        assert!(!run.stderr.contains(TOKEN), "{run:?}");
        assert_no_token(&self.outside(""));
        run
    }

    /// The log of a branch of a bare repository: the first lines of its commits.
    pub(super) fn log(&self, repository: &str, branch: &str) -> String {
        let log = ["log", "--format=%s", branch];
        self.sandbox
            .git("", &[&["-C", repository][..], &log].concat())
    }
}

/// The token is in no file that was written.
fn assert_no_token(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            assert_no_token(&path);
        } else {
            let bytes = fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(TOKEN), "{}", path.display());
        }
    }
}

/// What GitHub answers when somebody makes `acme/orders`.
pub(super) fn github_makes() -> Vec<(&'static str, Answer)> {
    use serde_json::json;
    let repository = json!({
        "clone_url": "https://github.com/acme/orders.git",
        "html_url": "https://github.com/acme/orders",
        "private": true,
        "visibility": "private",
        "default_branch": "main",
        "topics": [],
    });
    vec![
        (
            "GET /users/acme",
            Answer::json(200, &json!({"type": "Organization"})),
        ),
        ("POST /orgs/acme/repos", Answer::json(201, &repository)),
        (
            "PUT /repos/acme/orders/topics",
            Answer::json(200, &json!({})),
        ),
    ]
}

/// What GitHub answers of `acme/orders` when it is there: each answer is given once.
pub(super) fn github_has(default_branch: &str) -> (&'static str, Answer) {
    let repository = serde_json::json!({
        "clone_url": "https://github.com/acme/orders.git",
        "html_url": "https://github.com/acme/orders",
        "private": true,
        "visibility": "private",
        "default_branch": default_branch,
        "topics": ["rust"],
    });
    ("GET /repos/acme/orders", Answer::json(200, &repository))
}

pub(super) fn github_has_not() -> (&'static str, Answer) {
    let body = serde_json::json!({"message": "Not Found"});
    ("GET /repos/acme/orders", Answer::json(404, &body))
}

/// What was printed for people, however it was broken into lines.
pub(super) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
