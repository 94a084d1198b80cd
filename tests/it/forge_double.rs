//! A server on this machine that answers as a forge's documentation says, or worse.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::Value;

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `GET /path`.
    pub(crate) route: String,
    /// The headers, with names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Value,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// An answer to one request: the bytes that are sent.
#[derive(Clone, Debug)]
pub(crate) struct Answer(Vec<u8>);

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::with(
            status,
            &["content-type: application/json"],
            &body.to_string(),
        )
    }

    pub(crate) fn with(status: u16, headers: &[&str], body: &str) -> Self {
        let mut lines = vec![format!("HTTP/1.1 {status} Status")];
        lines.extend(headers.iter().map(|header| (*header).to_owned()));
        lines.push(format!("content-length: {}", body.len()));
        lines.push("connection: close".to_owned());
        Self(format!("{}\r\n\r\n{body}", lines.join("\r\n")).into_bytes())
    }

    pub(crate) fn raw(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The server. It ends with the test.
pub(crate) struct ForgeDouble {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    thread: Option<JoinHandle<()>>,
}

impl ForgeDouble {
    /// Gives each answer once, to the first request of its route; what nothing is left for is not
    /// found.
    pub(crate) fn new(answers: Vec<(&str, Answer)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let mut answers: Vec<(String, Answer)> = answers
            .into_iter()
            .map(|(route, answer)| (route.to_owned(), answer))
            .collect();
        let seen = Arc::clone(&asked);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let Some(request) = read_request(&stream) else {
                    return;
                };
                let found = answers
                    .iter()
                    .position(|(route, _)| *route == request.route);
                let answer = match found {
                    Some(at) => answers.remove(at).1,
                    None => Answer::json(404, &serde_json::json!({ "message": "Not Found" })),
                };
                seen.lock().unwrap().push(request);
                // The client may have gone, which some of the tests are about.
                let _ = (&stream).write_all(&answer.0);
            }
        });
        Self {
            address,
            asked,
            thread: Some(thread),
        }
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The routes that were asked so far.
    pub(crate) fn routes(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.route).collect()
    }
}

impl Drop for ForgeDouble {
    fn drop(&mut self) {
        // A connection without a request ends the server.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) fn read_request(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let route = format!("{} {}", words.next()?, words.next()?);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, length)| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked {
        route,
        headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    })
}
