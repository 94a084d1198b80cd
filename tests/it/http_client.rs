//! What a server can do to us: nothing but answer.

use std::net::TcpListener;
use std::time::Duration;

use devportal::http::{
    Authorization, Client, HttpError, HttpErrorKind, Limits, Method, Request, Response, Secret,
};
use serde_json::{Value, json};

use crate::forge_double::{Answer, ForgeDouble};

const TOKEN: &str = "ghp_secret+token";

fn limits() -> Limits {
    Limits {
        waiting: Duration::from_secs(5),
        answer_bytes: 1000,
        ..Limits::default()
    }
}

fn get(url: String) -> Result<Response, HttpError> {
    let token = Secret::new(TOKEN);
    Client::new(limits()).send(&Request {
        method: Method::Get,
        url,
        headers: Vec::new(),
        token: Some(&token),
        authorization: Authorization::Scheme("Bearer"),
        body: None,
    })
}

fn answered(answers: Vec<Answer>) -> (Result<Response, HttpError>, usize) {
    let answers = answers.into_iter().map(|answer| ("GET /x", answer));
    let double = ForgeDouble::new(answers.collect());
    let result = get(double.url("/x"));
    (result, double.asked().len())
}

/// F01: a token is sent to the host that it is for, and to nobody else.
#[test]
fn f01_no_redirect_gets_the_token() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = ForgeDouble::new(vec![("GET /x", Answer::json(200, &json!({})))]);
        let location = format!("location: {}", elsewhere.url("/x"));
        let double = ForgeDouble::new(vec![("GET /x", Answer::with(status, &[&location], ""))]);
        let error = get(double.url("/x")).unwrap_err();
        assert_eq!(error.kind, HttpErrorKind::Redirected);
        assert!(error.message.contains(&double.host()), "{error}");
        assert!(error.message.contains(&elsewhere.host()), "{error}");
        assert_eq!(elsewhere.asked().len(), 0, "{status}");
        let asked = double.asked();
        let authorization = format!("Bearer {TOKEN}");
        assert_eq!(
            asked[0].header("authorization"),
            Some(authorization.as_str())
        );
    }
}

#[test]
fn f02_a_host_that_asks_for_patience_gets_some() {
    let wait = |seconds: &str| {
        let header = format!("retry-after: {seconds}");
        Answer::with(429, &[&header], "")
    };
    let fine = Answer::json(200, &json!({ "a": 1 }));
    let (result, tries) = answered(vec![wait("0"), wait("0"), fine.clone()]);
    assert_eq!(result.unwrap().json::<Value>().unwrap(), json!({ "a": 1 }));
    assert_eq!(tries, 3);
    let (result, tries) = answered(vec![wait("3600"), fine.clone()]);
    let error = result.unwrap_err();
    assert_eq!((error.kind, tries), (HttpErrorKind::Busy, 1));
    assert!(error.message.ends_with("later in 3600 seconds"), "{error}");
    let (result, tries) = answered(vec![wait("0"); 10]);
    assert_eq!((result.unwrap_err().kind, tries), (HttpErrorKind::Busy, 4));
    let (result, tries) = answered(vec![wait("tomorrow"), fine]);
    assert_eq!((result.unwrap().status, tries), (429, 1));
}

#[test]
fn f02_answers_that_are_none_have_their_own_words() {
    let failure = |answer: Answer| {
        let (result, _) = answered(vec![answer]);
        let result = result.and_then(|response| response.json::<Value>());
        result.unwrap_err()
    };
    let html = Answer::with(200, &["content-type: text/html; charset=utf-8"], "<html>");
    let truncated = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"a\":";
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n[{}", "1,".repeat(1000));
    let header = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(1 << 17));
    for (answer, kind, words) in [
        (
            html,
            HttpErrorKind::Broken,
            "answered with \"text/html\" instead of JSON",
        ),
        (
            Answer::with(200, &[], ""),
            HttpErrorKind::Broken,
            "that does not fit",
        ),
        (
            Answer::raw(truncated),
            HttpErrorKind::Broken,
            "in the middle",
        ),
        (
            Answer::raw(b"hello\r\n\r\n"),
            HttpErrorKind::Broken,
            "does not speak HTTP",
        ),
        (Answer::raw(b""), HttpErrorKind::Broken, "in the middle"),
        (
            Answer::raw(endless.as_bytes()),
            HttpErrorKind::TooLarge,
            "more than 1000 bytes",
        ),
        (
            Answer::raw(header.as_bytes()),
            HttpErrorKind::TooLarge,
            "header that is too large",
        ),
    ] {
        let error = failure(answer);
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.message.contains(words), "{error}");
    }
}

#[test]
fn f02_a_host_that_says_nothing_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x", silent.local_addr().unwrap());
    let client = Client::new(Limits {
        total: Duration::from_millis(50),
        ..limits()
    });
    let request = |url| Request {
        method: Method::Get,
        url,
        headers: Vec::new(),
        token: None,
        authorization: Authorization::Scheme("Bearer"),
        body: None,
    };
    let error = client.send(&request(url.clone())).unwrap_err();
    assert_eq!(error.kind, HttpErrorKind::TimedOut, "{error}");
    drop(silent);
    let error = Client::new(limits()).send(&request(url)).unwrap_err();
    assert_eq!(error.kind, HttpErrorKind::Unreachable, "{error}");
    let double = ForgeDouble::new(Vec::new());
    let url = format!("https://{}/x", double.host());
    assert!(Client::new(limits()).send(&request(url)).is_err());
}

/// F05: no error has the token, even when the host sends it back.
#[test]
fn f05_the_token_is_in_no_text() {
    let encoded = TOKEN.replace('+', "%2B");
    let location = format!("location: https://{TOKEN}.example/?t={encoded}");
    let (result, _) = answered(vec![Answer::with(302, &[&location], "")]);
    let error = result.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    let error = get(format!("ftp://{TOKEN}.example/x")).unwrap_err();
    assert!(!error.message.contains("secret"), "{error}");
    let error = get(format!("https://user:{TOKEN}@host/x")).unwrap_err();
    assert!(!error.message.contains("secret"), "{error}");
    let token = Secret::new("a\r\nx-evil: 1");
    let double = ForgeDouble::new(Vec::new());
    let error = Client::new(limits()).send(&Request {
        method: Method::Get,
        url: double.url("/x"),
        headers: Vec::new(),
        token: Some(&token),
        authorization: Authorization::Scheme("Bearer"),
        body: None,
    });
    assert_eq!(error.unwrap_err().kind, HttpErrorKind::NotSent);
    assert_eq!(double.asked().len(), 0);
}

#[test]
fn a_proxy_is_asked_for_other_hosts_only() {
    let proxy = ForgeDouble::new(Vec::new());
    let double = ForgeDouble::new(vec![("GET /x", Answer::json(200, &json!({})))]);
    let client = Client::new(limits());
    let client = client
        .through_proxy(&proxy.url(""), Some("intern.example"))
        .unwrap();
    let request = |url: &str| Request {
        method: Method::Get,
        url: url.to_owned(),
        headers: Vec::new(),
        token: None,
        authorization: Authorization::Scheme("Bearer"),
        body: None,
    };
    assert!(client.send(&request(&double.url("/x"))).is_ok());
    assert!(client.send(&request("https://intern.example/x")).is_err());
    assert_eq!(proxy.asked().len(), 0);
    assert!(client.send(&request("https://forge.example/x")).is_err());
    assert_eq!(proxy.routes(), ["CONNECT forge.example:443"]);
    assert!(
        Client::new(limits())
            .through_proxy("ftp://x", None)
            .is_err()
    );
}
