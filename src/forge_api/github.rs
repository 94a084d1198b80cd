//! GitHub and GitHub Enterprise, by the REST API of version 2022-11-28
//! (<https://docs.github.com/rest>).

use serde_json::{Value, json};

use super::connection::{Answer, segment};
use super::{
    Connection, Dispatch, Ensured, ForgeApi, ForgeError, RemoteRepository, Visibility, addresses,
    check_visibility,
};
use crate::http::Method;

const HEADERS: [(&str, &str); 2] = [
    ("accept", "application/vnd.github+json"),
    ("x-github-api-version", "2022-11-28"),
];
const NEEDS_REPOSITORY: &str =
    "it needs the scope \"repo\", or the permission \"Administration: write\" of the owner";
const NEEDS_ACTIONS: &str =
    "it needs the scope \"repo\", or the permission \"Actions: write\" of the repository";

pub(super) struct GitHub<'a> {
    connection: Connection<'a>,
}

impl<'a> GitHub<'a> {
    pub(super) const fn new(connection: Connection<'a>) -> Self {
        Self { connection }
    }

    fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Answer, ForgeError> {
        self.connection.ask(method, path, &HEADERS, body)
    }

    fn refusal(&self, answer: &Answer) -> ForgeError {
        self.connection.refusal(answer, NEEDS_REPOSITORY)
    }

    /// The repository, where it is there: `GET /repos/{owner}/{repo}`.
    fn find(&self, repository: &RemoteRepository) -> Result<Option<Value>, ForgeError> {
        let answer = self.ask(Method::Get, &path(repository)?, None)?;
        match answer.status() {
            404 => Ok(None),
            _ if answer.is_success() => self.connection.json(&answer).map(Some),
            _ => Err(self.refusal(&answer)),
        }
    }

    /// `POST /orgs/{org}/repos`, or `POST /user/repos` where the owner is who asks.
    fn create(&self, repository: &RemoteRepository) -> Result<Value, ForgeError> {
        let owner = &repository.owner;
        let mut body = json!({
            "name": repository.name,
            "private": repository.visibility != Visibility::Public,
        });
        if let Some(description) = &repository.description {
            body["description"] = json!(description);
        }
        if let Some(homepage) = &repository.homepage {
            body["homepage"] = json!(homepage);
        }
        let path = if self.is_organisation(owner)? {
            body["visibility"] = json!(repository.visibility.name());
            format!("/orgs/{}/repos", segment(owner)?)
        } else {
            if repository.visibility == Visibility::Internal {
                return Err(ForgeError::new(format!(
                    "\"{owner}\" is a user, whose repositories cannot be internal"
                ))
                .help("ask for the visibility \"private\" or \"public\""));
            }
            self.check_is_asking(owner)?;
            "/user/repos".to_owned()
        };
        let answer = self.ask(Method::Post, &path, Some(body))?;
        match answer.status() {
            _ if answer.is_success() => self.connection.json(&answer),
            // GitHub hides what a token may not see.
            404 => Err(ForgeError {
                needs_credential: true,
                ..self.refusal(&answer).help(format!(
                    "the token may not make repositories of \"{owner}\": {NEEDS_REPOSITORY}"
                ))
            }),
            422 => Err(self.refusal(&answer).help(format!(
                "where \"{owner}/{}\" is there already, the token may not see it",
                repository.name
            ))),
            _ => Err(self.refusal(&answer)),
        }
    }

    /// `GET /users/{username}`, which answers for organisations, too.
    fn is_organisation(&self, owner: &str) -> Result<bool, ForgeError> {
        let answer = self.ask(Method::Get, &format!("/users/{}", segment(owner)?), None)?;
        match answer.status() {
            404 => Err(ForgeError::new(format!(
                "there is no user or organisation \"{owner}\" on host \"{}\"",
                answer.response.host
            ))),
            _ if answer.is_success() => {
                Ok(self.connection.json(&answer)?["type"] == "Organization")
            }
            _ => Err(self.refusal(&answer)),
        }
    }

    /// `GET /user`: a token makes repositories of its own user only.
    fn check_is_asking(&self, owner: &str) -> Result<(), ForgeError> {
        let answer = self.ask(Method::Get, "/user", None)?;
        if !answer.is_success() {
            return Err(self.refusal(&answer));
        }
        let user = self.connection.json(&answer)?;
        let login = user["login"].as_str().unwrap_or_default();
        if login.eq_ignore_ascii_case(owner) {
            return Ok(());
        }
        Err(ForgeError {
            needs_credential: true,
            ..ForgeError::new(format!(
                "the token is of \"{login}\", who cannot make repositories of the user \"{owner}\""
            ))
            .help("use a token of that user, or an organisation as the owner")
        })
    }

    /// `PUT /repos/{owner}/{repo}/topics`, where the repository has none yet.
    fn set_topics(&self, repository: &RemoteRepository, found: &Value) -> Result<(), ForgeError> {
        let has_topics = found["topics"].as_array().is_some_and(|it| !it.is_empty());
        if repository.topics.is_empty() || has_topics {
            return Ok(());
        }
        let topics = repository.topics.iter().map(|topic| topic.to_lowercase());
        let body = json!({ "names": topics.collect::<Vec<_>>() });
        let path = format!("{}/topics", path(repository)?);
        let answer = self.ask(Method::Put, &path, Some(body))?;
        if answer.is_success() {
            Ok(())
        } else {
            Err(self.refusal(&answer))
        }
    }
}

impl ForgeApi for GitHub<'_> {
    fn ensure_repository(&self, repository: &RemoteRepository) -> Result<Ensured, ForgeError> {
        let (found, is_new) = match self.find(repository)? {
            Some(found) => (found, false),
            None => (self.create(repository)?, true),
        };
        if !is_new {
            let is_private = found["private"].as_bool();
            let by_flag = is_private.map(|is_private| {
                if is_private {
                    Visibility::Private
                } else {
                    Visibility::Public
                }
            });
            let named = found["visibility"].as_str().and_then(Visibility::of_name);
            check_visibility(repository, named.or(by_flag))?;
        }
        self.set_topics(repository, &found)?;
        let (clone, web) = (found["clone_url"].as_str(), found["html_url"].as_str());
        let addresses = addresses(repository, clone, web);
        Ok(if is_new {
            Ensured::Created(addresses)
        } else {
            Ensured::Existed(addresses)
        })
    }

    fn set_default_branch(&self, repository: &RemoteRepository) -> Result<(), ForgeError> {
        let found = self.find(repository)?.unwrap_or_default();
        if found["default_branch"] == repository.default_branch.as_str() {
            return Ok(());
        }
        let body = json!({ "default_branch": repository.default_branch });
        let answer = self.ask(Method::Patch, &path(repository)?, Some(body))?;
        if answer.is_success() {
            Ok(())
        } else {
            Err(self.refusal(&answer))
        }
    }

    /// `POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches`.
    fn dispatch(&self, work: &Dispatch) -> Result<(), ForgeError> {
        let Dispatch::Workflow {
            owner,
            name,
            workflow,
            reference,
            inputs,
        } = work
        else {
            return Err(ForgeError::new("GitHub has workflows, and no pipelines"));
        };
        let path = format!(
            "/repos/{}/{}/actions/workflows/{}/dispatches",
            segment(owner)?,
            segment(name)?,
            segment(workflow)?
        );
        let mut body = json!({ "ref": reference });
        if !inputs.is_empty() {
            body["inputs"] = json!(inputs);
        }
        let answer = self.ask(Method::Post, &path, Some(body))?;
        match answer.status() {
            _ if answer.is_success() => Ok(()),
            404 => Err(self.connection.refusal(&answer, NEEDS_ACTIONS).help(format!(
                "there is no workflow \"{workflow}\" in \"{owner}/{name}\", or the token may not see it"
            ))),
            _ => Err(self.connection.refusal(&answer, NEEDS_ACTIONS)),
        }
    }
}

fn path(repository: &RemoteRepository) -> Result<String, ForgeError> {
    let (owner, name) = (segment(&repository.owner)?, segment(&repository.name)?);
    Ok(format!("/repos/{owner}/{name}"))
}
