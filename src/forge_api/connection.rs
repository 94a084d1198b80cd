//! Asking a forge.

use serde_json::Value;

use super::ForgeError;
use crate::http::{Authorization, Client, HttpError, Method, Request, Response, Secret};

/// How much of what a forge says is passed on.
const LONGEST_WORDS: usize = 400;

/// Where a forge's API is, and who asks.
#[derive(Clone, Debug)]
pub struct Connection<'a> {
    /// The URL of the API, without `/` at its end.
    pub api_url: String,
    /// The token.
    pub token: &'a Secret,
    /// The client.
    pub client: &'a Client,
}

/// A forge's answer, and what it answers.
pub(super) struct Answer {
    pub(super) response: Response,
    method: Method,
    path: String,
}

impl Connection<'_> {
    /// Asks, with the headers that the forge wants.
    pub(super) fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &'static str)],
        body: Option<Value>,
    ) -> Result<Answer, ForgeError> {
        let request = Request {
            method,
            url: format!("{}{path}", self.api_url.trim_end_matches('/')),
            headers: headers.to_vec(),
            token: Some(self.token),
            authorization: Authorization::Scheme("Bearer"),
            body,
        };
        let response = self.client.send(&request);
        Ok(Answer {
            response: response.map_err(|error| self.failed(&error))?,
            method,
            path: path.to_owned(),
        })
    }

    /// The answer as JSON.
    pub(super) fn json(&self, answer: &Answer) -> Result<Value, ForgeError> {
        answer.response.json().map_err(|error| self.failed(&error))
    }

    /// Why an answer is a refusal: what the forge said, and what the token needs.
    pub(super) fn refusal(&self, answer: &Answer, needs: &str) -> ForgeError {
        let Response { host, status, .. } = &answer.response;
        let method = match answer.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
        };
        let words = words(&answer.response, self.token);
        let words = words.map_or_else(String::new, |words| format!(": {words}"));
        let message = format!(
            "host \"{host}\" answered {status} to {method} {}{words}",
            answer.path
        );
        let error = ForgeError::new(self.token.redact(&message));
        match status {
            401 => ForgeError {
                needs_credential: true,
                ..error.help(format!(
                    "the token is not valid any more, or never was: {needs}"
                ))
            },
            403 if error.message.contains("rate limit") => {
                error.help("the forge has answered often enough; run the command again later")
            }
            403 => ForgeError {
                needs_credential: true,
                ..error.help(format!("the token may not do that: {needs}"))
            },
            500.. => error.help("the forge has a problem; run the command again later"),
            _ => error,
        }
    }

    fn failed(&self, error: &HttpError) -> ForgeError {
        ForgeError::new(self.token.redact(&error.message))
    }
}

impl Answer {
    pub(super) const fn status(&self) -> u16 {
        self.response.status
    }

    pub(super) const fn is_success(&self) -> bool {
        self.response.is_success()
    }
}

/// What a forge says about a failure: text, or lists of text by field.
fn words(response: &Response, token: &Secret) -> Option<String> {
    let answer: Value = response.json().ok()?;
    let mut said = Vec::new();
    for key in ["message", "error", "error_description", "errors"] {
        match &answer[key] {
            Value::Null => {}
            Value::String(text) => said.push(text.clone()),
            other => said.push(other.to_string()),
        }
    }
    // Before it is cut: the beginning of a token is no less secret.
    let said = token.redact(&said.join(": "));
    let end = said
        .char_indices()
        .nth(LONGEST_WORDS)
        .map_or(said.len(), |(at, _)| at);
    (!said.is_empty()).then(|| said[..end].to_owned())
}

/// A name as one part of a path.
pub(super) fn segment(name: &str) -> Result<String, ForgeError> {
    if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(ForgeError::new(format!(
            "\"{name}\" cannot be a name on a forge"
        )));
    }
    let encoded = name.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    Ok(encoded.collect())
}
