//! What the doubles of APIs have in common: a server, what it was asked, and lists in pages.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use url::form_urlencoded;

use super::Question;
use crate::forge_double::Answer;

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// The query; of parameters that are there more than once, all.
    pub(crate) query: Vec<(String, String)>,
    headers: BTreeMap<String, String>,
    /// `http://127.0.0.1:PORT` of the double.
    pub(crate) origin: String,
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// A server that answers what a function says. It ends with the test.
pub(crate) struct ApiDouble {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    runtime: Option<Runtime>,
}

impl ApiDouble {
    pub(crate) fn new(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&asked), Arc::new(answer));
        let router = Router::new().fallback(move |request: Request| {
            let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
            async move {
                let asked = Asked::of(&request, address);
                seen.lock().unwrap().push(asked.clone());
                answer(&asked).into_response()
            }
        });
        let runtime = Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(1).enable_all().build().unwrap();
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await
        });
        Self {
            address,
            asked,
            runtime: Some(runtime),
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The paths and queries that were asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How often a path was asked.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.asked()
            .iter()
            .filter(|asked| asked.path == path)
            .count()
    }
}

impl Drop for ApiDouble {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Asked {
    fn of(request: &Request, address: SocketAddr) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let headers = request.headers().iter().map(|(name, value)| {
            let value = value.to_str().unwrap_or_default().to_owned();
            (name.as_str().to_owned(), value)
        });
        Self {
            path: request.uri().path().to_owned(),
            query: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers: headers.collect(),
            origin: format!("http://{address}"),
        }
    }

    /// The same of a request that another double was asked.
    pub(crate) fn of_question(question: &Question) -> Self {
        let asked = &question.asked;
        let target = asked.route.trim_start_matches("GET ");
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let host = asked.header("host").unwrap_or_default();
        Self {
            path: question.path.clone(),
            query: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers: asked.headers.iter().cloned().collect(),
            origin: format!("http://{host}"),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A parameter that is not documented.
    pub(crate) fn undocumented(&self, documented: &[&str]) -> Option<&str> {
        let names = self.query.iter().map(|(name, _)| name.as_str());
        { names }.find(|name| !documented.contains(name))
    }

    /// The same URL with other parameters.
    pub(crate) fn with(&self, parameters: &[(&str, String)]) -> String {
        let kept = self.query.iter().filter(|(name, _)| {
            let is_replaced = parameters.iter().any(|(new, _)| new == name);
            !is_replaced
        });
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept);
        query.extend_pairs(parameters);
        format!("{}{}?{}", self.origin, self.path, query.finish())
    }
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.to_string(),
        }
    }

    /// A failure as GitHub and GitLab write it.
    pub(crate) fn message(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// A page of a list, by `page` and `per_page`, with the next one in the header `Link`.
    pub(crate) fn page(asked: &Asked, items: &[Value], wrap: Option<&str>) -> Self {
        let number = |name: &str, default: usize| {
            let number = asked.parameter(name).map(|number| number.parse().unwrap());
            number.unwrap_or(default)
        };
        let (page, size) = (number("page", 1), number("per_page", 30).min(100));
        let there: Vec<Value> = items
            .iter()
            .skip((page - 1) * size)
            .take(size)
            .cloned()
            .collect();
        let body = match wrap {
            Some(key) => json!({ "total_count": items.len(), key: there }),
            None => json!(there),
        };
        let reply = Self::json(200, &body);
        if page * size >= items.len() {
            return reply;
        }
        let next = asked.with(&[("page", (page + 1).to_string())]);
        let first = asked.with(&[("page", "1".to_owned())]);
        reply.with_header(
            "link",
            &format!("<{next}>; rel=\"next\", <{first}>; rel=\"first\""),
        )
    }

    /// The bytes of it.
    pub(crate) fn into_answer(self) -> Answer {
        let headers = self.headers.iter();
        let headers: Vec<String> = headers
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        Answer::with(self.status, &headers, &self.body)
    }

    fn into_response(self) -> Response<Body> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(*name, value);
        }
        response.body(Body::from(self.body)).unwrap()
    }
}
