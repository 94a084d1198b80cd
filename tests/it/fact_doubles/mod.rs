//! Servers on this machine that speak as the documentation of a vendor says, each a file.

pub(crate) mod api;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod larkspur;
pub(crate) mod pagerduty;
pub(crate) mod prometheus;
pub(crate) mod snyk;
pub(crate) mod sonarqube;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::{Value, json};

use crate::forge_double::{Answer, Asked, read_request};

/// What a double answers to a request.
type Speak = dyn Fn(&Question) -> Answer + Send + Sync;

/// A request, taken apart.
pub(crate) struct Question {
    pub(crate) asked: Asked,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, Vec<String>>,
}

impl Question {
    /// The first value of a parameter; empty where there is none.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        let values = self.query.get(name);
        values
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    /// All values of a parameter.
    pub(crate) fn parameters(&self, name: &str) -> Vec<&str> {
        let values = self.query.get(name).into_iter().flatten();
        values.map(String::as_str).collect()
    }

    fn of(asked: Asked) -> Self {
        let target = asked.route.trim_start_matches("GET ");
        // A proxy is asked for a host.
        let target = if target.starts_with('/') { target } else { "/" };
        let url = url::Url::parse(&format!("http://double{target}")).unwrap();
        let mut query: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in url.query_pairs() {
            let values = query.entry(name.into_owned()).or_default();
            values.push(value.into_owned());
        }
        let path = url.path().to_owned();
        Self { asked, path, query }
    }
}

/// A server that answers many at the same time. It ends with the test.
pub(crate) struct FactDouble {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    thread: Option<JoinHandle<()>>,
}

impl FactDouble {
    pub(crate) fn new(speak: impl Fn(&Question) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (seen, speak): (_, Arc<Speak>) = (Arc::clone(&asked), Arc::new(speak));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                // A connection without a request ends the server.
                let mut first = [0];
                if stream.peek(&mut first).unwrap_or(0) == 0 {
                    return;
                }
                let (seen, speak) = (Arc::clone(&seen), Arc::clone(&speak));
                std::thread::spawn(move || answer(&stream, &seen, &*speak));
            }
        });
        Self {
            address,
            asked,
            thread: Some(thread),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The paths that were asked for so far, without their queries, in their order.
    pub(crate) fn paths(&self) -> Vec<String> {
        let asked = self.asked().into_iter();
        let mut paths: Vec<String> = asked.map(|it| Question::of(it).path).collect();
        paths.sort();
        paths
    }
}

impl Drop for FactDouble {
    fn drop(&mut self) {
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: &TcpStream, seen: &Mutex<Vec<Asked>>, speak: &Speak) {
    if let Some(asked) = read_request(stream) {
        seen.lock().unwrap().push(asked.clone());
        let answer = speak(&Question::of(asked));
        // The client may have gone, which some of the tests are about.
        let _ = stream.write_all(answer.bytes());
    }
}

/// An answer of success.
pub(crate) fn fine(body: &Value) -> Answer {
    Answer::json(200, body)
}

/// A descriptor of a component with annotations, as a file has it.
pub(crate) fn component(name: &str, annotations: &[(&str, &str)]) -> String {
    let annotations: BTreeMap<&str, &str> = annotations.iter().copied().collect();
    let entity = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": { "name": name, "annotations": annotations },
        "spec": { "type": "service", "lifecycle": "production", "owner": "payments" },
    });
    format!("{entity}\n")
}
