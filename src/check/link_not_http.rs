//! A link is not a web page.
//!
//! Browsers refuse or mishandle other schemes, and `javascript:` and `data:` run code. Use
//! `https://`; most tools have a web address for what a scheme of their own opens.

use super::{Check, CheckInput, WARNING};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Entity;

pub(super) static CHECK: Check = Check {
    code: Code::new("link-not-http", WARNING, include_str!("link_not_http.rs")),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    input.catalog.entities().iter().flat_map(problems).collect()
}

fn problems(entity: &Entity) -> Vec<Diagnostic> {
    let urls = entity.links().filter_map(|link| link.get("url"));
    urls.filter_map(|node| {
        let text = node.as_str()?;
        let scheme = url::Url::parse(text).ok()?.scheme().to_owned();
        if matches!(scheme.as_str(), "http" | "https") {
            return None;
        }
        let problem = Diagnostic::new(
            &CHECK.code,
            format!(
                "a link of \"{}\" has the scheme \"{scheme}:\"",
                entity.reference().short()
            ),
        );
        let problem = problem.help("use an address that begins with \"https://\"");
        Some(
            problem
                .entity(entity.reference())
                .subject(text)
                .at(entity.place_of(node)),
        )
    })
    .collect()
}
