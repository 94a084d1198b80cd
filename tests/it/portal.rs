//! Portals and badges: links lead somewhere, the same input gives the same files, and nothing of
//! others acts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use scraper::{Html, Selector};

use crate::sandbox::{Run, Sandbox};

const DAY: &str = "2026-11-17";

fn demo() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.devportal("", &["demo", "larkspur"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    sandbox
}

/// Writes a portal, and reads its files.
fn portal(sandbox: &Sandbox, threads: &str, format: &str) -> BTreeMap<String, String> {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "larkspur");
    command.env("RAYON_NUM_THREADS", threads);
    let arguments = [
        "report", "portal", "--at", DAY, "--format", format, "--output",
    ];
    let run = Run::of(command.args(arguments).arg("../portal"));
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    files(&sandbox.root().join("portal"))
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                let name = name.replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// The path that a link of a page leads to.
fn resolved(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    let link = link.split(['#', '?']).next().unwrap_or_default();
    for part in link.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{link} of {page} leaves the folder"),
            "" | "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn attributes(document: &Html, selector: &str, attribute: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let elements = document.select(&selector);
    elements
        .filter_map(|element| element.attr(attribute).map(str::to_owned))
        .collect()
}

#[test]
fn the_same_input_gives_the_same_files() {
    let (first, second) = (demo(), demo());
    let one = portal(&first, "1", "html");
    let two = portal(&second, "2", "html");
    assert!(one.len() > 100, "{}", one.len());
    let differ = one
        .iter()
        .filter(|(path, text)| two.get(*path) != Some(text));
    assert_eq!(
        differ.map(|(path, _)| path).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    assert_eq!(one.len(), two.len());
    let mut command = first.command(env!("CARGO_BIN_EXE_devportal"), "larkspur");
    let arguments = ["report", "portal", "--at", DAY, "--output", "../portal"];
    let again = Run::of(command.args(arguments));
    assert!(again.stderr.contains(": 0 written, "), "{}", again.stderr);
    assert!(again.stderr.contains(" 0 removed"), "{}", again.stderr);
}

#[test]
fn every_link_of_a_portal_leads_to_a_page_and_every_page_is_reached() {
    let sandbox = demo();
    let files = portal(&sandbox, "2", "html");
    let mut reached = BTreeSet::from(["index.html".to_owned()]);
    let mut open = vec!["index.html".to_owned()];
    while let Some(page) = open.pop() {
        let document = Html::parse_document(&files[&page]);
        let ids: BTreeSet<String> = attributes(&document, "[id]", "id").into_iter().collect();
        for link in attributes(&document, "body a, form", "href") {
            if link.starts_with("https://")
                || link.starts_with("http://")
                || link.starts_with("mailto:")
            {
                continue;
            }
            if let Some(anchor) = link.strip_prefix('#') {
                assert!(ids.contains(anchor), "{link} of {page}");
                continue;
            }
            let target = resolved(&page, &link);
            assert!(files.contains_key(&target), "{link} of {page}");
            if reached.insert(target.clone()) {
                open.push(target);
            }
        }
        let [home] = attributes(&document, "form", "action").try_into().unwrap();
        assert_eq!(resolved(&page, &home), "index.html");
    }
    let pages = files.keys().filter(|path| path.ends_with(".html"));
    let lost: Vec<&String> = pages.filter(|path| !reached.contains(*path)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn pages_of_markdown_link_to_each_other() {
    let sandbox = demo();
    let files = portal(&sandbox, "2", "markdown");
    let pages = files.iter().filter(|(path, _)| path.ends_with(".md"));
    let mut links = 0;
    for (page, text) in pages {
        for part in text.split("](").skip(1) {
            let link = part.split(')').next().unwrap();
            if link.ends_with(".md") && !link.contains(':') {
                assert!(
                    files.contains_key(&resolved(page, link)),
                    "{link} of {page}"
                );
                links += 1;
            }
        }
    }
    assert!(links > 500, "{links}");
}

#[test]
fn a_page_has_what_one_looks_for() {
    let sandbox = demo();
    let files = portal(&sandbox, "2", "html");
    let page = &files["component/default/order-service.html"];
    let document = Html::parse_document(page);
    let text = |selector: &str| -> String {
        let selector = Selector::parse(selector).unwrap();
        document
            .select(&selector)
            .flat_map(|it| it.text())
            .collect()
    };
    assert!(text("header").contains("order"), "{}", text("header"));
    let links = attributes(&document, "main a", "href");
    assert!(
        links
            .iter()
            .any(|link| link.starts_with("../../group/default/")),
        "{links:?}"
    );
    assert!(
        links
            .iter()
            .any(|link| link.starts_with("../../system/default/")),
        "{links:?}"
    );
    for heading in ["Neighbours", "Maturity", "Facts"] {
        assert!(text("h2").contains(heading), "{heading}");
    }
    assert!(!attributes(&document, "svg.graph a", "href").is_empty());
    let index = Html::parse_document(&files["index.html"]);
    let search = Selector::parse("script[type='application/json']").unwrap();
    let entries: String = index.select(&search).flat_map(|it| it.text()).collect();
    let entries: serde_json::Value = serde_json::from_str(&entries).unwrap();
    let mut entries = entries.as_array().unwrap().iter();
    assert!(entries.any(|entry| entry[0] == "component/default/order-service.html"));
    let badge = &files["badges/component/default/order-service/ownership.svg"];
    assert!(roxmltree::Document::parse(badge).is_ok());
}

/// A descriptor in which everything that can be written attacks.
#[test]
fn e06_nothing_that_others_wrote_acts() {
    let sandbox = Sandbox::new();
    let attack = "\\\"><script>alert(1)</script><img src=x onerror=alert(1)>\\u202e</style>";
    let descriptor = format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: evil\n  title: \"{attack}\"\n  \
         description: \"{attack}\"\n  tags: [\"{attack}\"]\n  links:\n    - {{url: \"javascript:alert(1)\", title: \"{attack}\"}}\n    \
         - {{url: \"data:text/html,x\"}}\nspec:\n  type: \"{attack}\"\n  lifecycle: \"{attack}\"\n  owner: \"{attack}\"\n  \
         dependsOn: [\"component:{attack}\"]\n"
    );
    let names = ["nul", "A.b", "../../../escape", "a b", "größe"];
    let others = names.map(|name| {
        format!(
            "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: \"{name}\"}}\n\
             spec: {{type: service, lifecycle: production, owner: me}}\n"
        )
    });
    sandbox.write("shop/catalog-info.yaml", &(descriptor + &others.concat()));
    sandbox.repository("shop");
    let run = sandbox.devportal("shop", &["report", "portal", "--output", "../portal"]);
    assert!(run.stderr.contains(" written, "), "{}", run.stderr);
    let files = files(&sandbox.root().join("portal"));
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let document = Html::parse_document(text);
        let scripts = attributes(&document, "script", "id").len();
        let all = Selector::parse("script").unwrap();
        let own = if path == "index.html" { (1, 2) } else { (0, 0) };
        assert_eq!((scripts, document.select(&all).count()), own, "{path}");
        let acts =
            Selector::parse("img, iframe, object, embed, base, [onerror], [onload]").unwrap();
        assert_eq!(document.select(&acts).count(), 0, "{path}");
        for link in attributes(&document, "a", "href") {
            assert!(
                !link.starts_with("javascript:") && !link.starts_with("data:"),
                "{link}"
            );
        }
        assert!(!text.contains('\u{202e}'), "{path}");
    }
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    for path in ["component/default/=6eul.html", "component/default/a.b.html"] {
        assert!(paths.contains(&path), "{paths:?}");
    }
    assert!(!sandbox.root().join("escape.html").exists());
}

#[test]
fn a_folder_with_something_else_in_it_is_left_alone() {
    let sandbox = demo();
    sandbox.write("site/index.html", "mine");
    let run = sandbox.devportal("larkspur", &["report", "portal", "--output", "../site"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("not written by devportal"),
        "{}",
        run.stderr
    );
    let left = files(&sandbox.root().join("site"));
    assert_eq!(
        left,
        BTreeMap::from([("index.html".to_owned(), "mine".to_owned())])
    );
    let run = sandbox.devportal("larkspur", &["report", "portal"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--output DIR"), "{}", run.stderr);
}

#[test]
fn a_badge_tells_a_level_or_an_owner() {
    let sandbox = demo();
    let badge = |arguments: &[&str]| {
        let all = [&["badge", "order-service", "--at", DAY], arguments].concat();
        let run = sandbox.devportal("larkspur", &all);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let owner = badge(&["--owner", "--format", "shields"]);
    let owner: serde_json::Value = serde_json::from_str(&owner).unwrap();
    assert_eq!(owner["schemaVersion"], 1);
    assert_eq!(
        (&owner["label"], &owner["message"]),
        (&"owner".into(), &"fulfilment".into())
    );
    let level = badge(&["--scorecard", "ownership"]);
    let level = roxmltree::Document::parse(&level).unwrap();
    let title = level.descendants().find(|node| node.has_tag_name("title"));
    let title = title.or_else(|| {
        level
            .descendants()
            .find(|node| node.tag_name().name() == "title")
    });
    assert_eq!(title.unwrap().text(), Some("Ownership: Gold"));
    let run = sandbox.devportal(
        "larkspur",
        &["badge", "order-service", "--scorecard", "ownershp"],
    );
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("did you mean \"ownership\"?"),
        "{}",
        run.stderr
    );
    let run = sandbox.devportal("larkspur", &["badge", "order-service"]);
    assert!(
        run.stderr.contains("use --owner, or --scorecard"),
        "{}",
        run.stderr
    );
}
