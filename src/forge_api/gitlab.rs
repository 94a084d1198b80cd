//! GitLab, by its REST API of version 4 (<https://docs.gitlab.com/api/rest/>).

use serde_json::{Value, json};

use super::connection::{Answer, segment};
use super::{
    Connection, Dispatch, Ensured, ForgeApi, ForgeError, RemoteRepository, Visibility, addresses,
    check_visibility,
};
use crate::http::Method;

const HEADERS: [(&str, &str); 1] = [("accept", "application/json")];
const NEEDS_API: &str = "it needs the scope \"api\", and its user at least the role Developer";

pub(super) struct GitLab<'a> {
    connection: Connection<'a>,
}

impl<'a> GitLab<'a> {
    pub(super) const fn new(connection: Connection<'a>) -> Self {
        Self { connection }
    }

    fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Answer, ForgeError> {
        self.connection.ask(method, path, &HEADERS, body)
    }

    fn refusal(&self, answer: &Answer) -> ForgeError {
        self.connection.refusal(answer, NEEDS_API)
    }

    /// The project, where it is there: `GET /projects/:id`.
    fn find(&self, repository: &RemoteRepository) -> Result<Option<Value>, ForgeError> {
        let answer = self.ask(Method::Get, &path(repository)?, None)?;
        match answer.status() {
            404 => Ok(None),
            _ if answer.is_success() => self.connection.json(&answer).map(Some),
            _ => Err(self.refusal(&answer)),
        }
    }

    /// The number of a user or group: `GET /namespaces/:id`.
    fn namespace(&self, owner: &str) -> Result<Value, ForgeError> {
        let answer = self.ask(
            Method::Get,
            &format!("/namespaces/{}", segment(owner)?),
            None,
        )?;
        match answer.status() {
            404 => Err(ForgeError::new(format!(
                "there is no group or user \"{owner}\" on host \"{}\", or the token may not see it",
                answer.response.host
            ))),
            _ if answer.is_success() => Ok(self.connection.json(&answer)?["id"].take()),
            _ => Err(self.refusal(&answer)),
        }
    }

    /// `POST /projects`. The first branch that is pushed becomes the default one; GitLab takes
    /// `default_branch` only together with a file of its own.
    fn create(&self, repository: &RemoteRepository) -> Result<Value, ForgeError> {
        let mut body = json!({
            "name": repository.name,
            "path": repository.name,
            "namespace_id": self.namespace(&repository.owner)?,
            "visibility": repository.visibility.name(),
        });
        if let Some(description) = &repository.description {
            body["description"] = json!(description);
        }
        if !repository.topics.is_empty() {
            body["topics"] = json!(repository.topics);
        }
        let answer = self.ask(Method::Post, "/projects", Some(body))?;
        if answer.is_success() {
            self.connection.json(&answer)
        } else {
            Err(self.refusal(&answer))
        }
    }
}

impl ForgeApi for GitLab<'_> {
    fn ensure_repository(&self, repository: &RemoteRepository) -> Result<Ensured, ForgeError> {
        let (found, is_new) = match self.find(repository)? {
            Some(found) => (found, false),
            None => (self.create(repository)?, true),
        };
        if !is_new {
            let visibility = found["visibility"].as_str().and_then(Visibility::of_name);
            check_visibility(repository, visibility)?;
        }
        let (clone, web) = (
            found["http_url_to_repo"].as_str(),
            found["web_url"].as_str(),
        );
        let addresses = addresses(repository, clone, web);
        Ok(if is_new {
            Ensured::Created(addresses)
        } else {
            Ensured::Existed(addresses)
        })
    }

    /// `PUT /projects/:id`, where the branch is another.
    fn set_default_branch(&self, repository: &RemoteRepository) -> Result<(), ForgeError> {
        let found = self.find(repository)?.unwrap_or_default();
        if found["default_branch"] == repository.default_branch.as_str() {
            return Ok(());
        }
        let body = json!({ "default_branch": repository.default_branch });
        let answer = self.ask(Method::Put, &path(repository)?, Some(body))?;
        if answer.is_success() {
            Ok(())
        } else {
            Err(self.refusal(&answer))
        }
    }

    /// `POST /projects/:id/pipeline`.
    fn dispatch(&self, work: &Dispatch) -> Result<(), ForgeError> {
        let Dispatch::Pipeline {
            project,
            reference,
            variables,
        } = work
        else {
            return Err(ForgeError::new("GitLab has pipelines, and no workflows"));
        };
        let mut body = json!({ "ref": reference });
        if !variables.is_empty() {
            let variables = variables.iter();
            let variables = variables.map(|(key, value)| json!({ "key": key, "value": value }));
            body["variables"] = variables.collect();
        }
        let path = format!("/projects/{}/pipeline", segment(project)?);
        let answer = self.ask(Method::Post, &path, Some(body))?;
        match answer.status() {
            _ if answer.is_success() => Ok(()),
            404 => Err(self.refusal(&answer).help(format!(
                "there is no project \"{project}\", or the token may not see it"
            ))),
            _ => Err(self.refusal(&answer)),
        }
    }
}

fn path(repository: &RemoteRepository) -> Result<String, ForgeError> {
    let whole = format!("{}/{}", repository.owner, repository.name);
    Ok(format!("/projects/{}", segment(&whole)?))
}
