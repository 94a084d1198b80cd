//! Pages, links that lead nowhere, and when the documentation was changed.

use devportal::fact::FactSelection;
use devportal::model::Moment;
use serde_json::{Value, json};

use super::{Known, component, repository};
use crate::sandbox::Sandbox;

#[test]
fn links_that_lead_nowhere_are_counted_and_shown() {
    let sandbox = repository(&[
        (
            "README.md",
            "# App\n\n[guide](docs/guide.md) [code](src/main.go#L10) [folder](docs/) \
             [issues](../../issues) [site](https://x.example/y)\n\n[old](docs/old.md)\n\
             ![logo](docs/img/logo.png) <img src=\"docs/img/none.png\">\n`[no](code.md)`\n",
        ),
        (
            "docs/guide.md",
            "# The guide\n\n[up](../README.md#app) [here](#the-guide) [gone](#nothing)\n\
             [part](deep/part.md#first-step) [lost](deep/part.md#second-step) [page](deep/part)\n",
        ),
        (
            "docs/deep/part.md",
            "## First step\n\n[out](../../../../etc/passwd)\n",
        ),
        ("docs/img/logo.png", ""),
        ("src/main.go", ""),
    ]);
    let known = Known::of(&sandbox);
    assert_eq!(known.value("app", "documentation.present"), json!(true));
    assert_eq!(known.value("app", "documentation.pages"), json!(3));
    assert_eq!(known.value("app", "documentation.broken-links"), json!(4));
    let first = known.evidence("app", "documentation.broken-links");
    assert_eq!(first, Some("app/README.md:5"));
    let present = known.evidence("app", "documentation.present");
    assert_eq!(present, Some("app/docs/deep/part.md"));
}

#[test]
fn a_readme_alone_is_no_documentation() {
    let sandbox = repository(&[("README.md", "# App\n"), ("CHANGELOG.md", "# 1.0\n")]);
    let known = Known::of(&sandbox);
    assert_eq!(known.value("app", "documentation.present"), json!(false));
    assert_eq!(known.value("app", "documentation.broken-links"), json!(0));
}

#[test]
fn documentation_is_where_the_entity_says() {
    let sandbox = Sandbox::new();
    let with = |name: &str, reference: &str| {
        let annotations =
            format!("  name: {name}\n  annotations:\n    backstage.io/techdocs-ref: {reference}\n");
        component(name).replace(&format!("  name: {name}\n"), &annotations)
    };
    let elsewhere = "url:https://docs.example.com/site";
    sandbox.write("mono/a/catalog-info.yaml", &with("a", "dir:../handbook"));
    sandbox.write("mono/b/catalog-info.yaml", &with("b", elsewhere));
    sandbox.write("mono/c/catalog-info.yaml", &component("c"));
    sandbox.write("mono/handbook/docs/index.md", "# Handbook\n");
    sandbox.repository("mono");
    let known = Known::of(&sandbox);
    for (entity, present, pages) in [("a", true, 1), ("b", true, 0), ("c", false, 0)] {
        let fact = "documentation.present";
        assert_eq!(known.value(entity, fact), json!(present), "{entity}");
        let fact = "documentation.pages";
        assert_eq!(known.value(entity, fact), json!(pages), "{entity}");
    }
}

#[test]
fn the_last_change_is_that_of_pages_and_what_they_show() {
    let sandbox = Sandbox::new();
    sandbox.write("mono/a/catalog-info.yaml", &component("a"));
    sandbox.write("mono/b/catalog-info.yaml", &component("b"));
    sandbox.write("mono/c/catalog-info.yaml", &component("c"));
    sandbox.write("mono/a/docs/index.md", "# A\n");
    sandbox.write("mono/b/README.md", "# B\n");
    sandbox.repository("mono");
    sandbox.write("mono/a/docs/picture.svg", "<svg/>\n");
    sandbox.commit_on("2026-02-01", "mono");
    sandbox.write("mono/b/README.md", "# B, more\n");
    sandbox.commit_on("2026-03-01", "mono");
    sandbox.write("mono/a/main.go", "package main\n");
    sandbox.commit_on("2026-04-01", "mono");
    sandbox.write("mono/a/docs/index.md", "# Not committed\n");
    let changed = |known: &Known, entity| known.value(entity, "documentation.changed");
    let known = Known::of(&sandbox);
    assert_eq!(changed(&known, "a"), json!("2026-02-01T12:00:00Z"));
    assert_eq!(changed(&known, "b"), json!("2026-03-01T12:00:00Z"));
    assert_eq!(changed(&known, "c"), Value::Null);
    let then = Moment::Time("2026-02-15T00:00:00Z".parse().unwrap());
    let known = Known::at(&sandbox, "", &then, FactSelection::All);
    assert_eq!(changed(&known, "b"), json!("2026-01-15T12:00:00Z"));
}
