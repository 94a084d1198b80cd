//! Entities that are not what they seem, and graphs that want to be too much.

use std::fmt::Write as _;

use super::workspace::{Workspace, component};

const SHOP: &str = "shop/catalog-info.yaml";

#[test]
fn c01_names_that_are_paths_devices_or_endless() {
    let workspace = Workspace::new();
    for name in [
        "..",
        "../../x",
        "a/b",
        "'%2e%2e'",
        "\"x\\0y\"",
        "\"\u{202e}gnp\"",
        "раyments",
        "''",
        "'.'",
        "-rf",
        "'a b'",
    ] {
        workspace.write(SHOP, component(name, ""));
        let answer = workspace.check();
        answer.assert_code(1);
        answer.assert_finding("invalid-name", SHOP, Some(4));
        workspace.run(&["find"]);
        workspace.run(&["find", "--format", "name"]);
        workspace.run(&["export", "entities"]);
    }
    workspace.write(SHOP, component(&"x".repeat(10_000), ""));
    workspace
        .check()
        .assert_finding("invalid-name", SHOP, Some(4));
    // A device of Windows is a name like any other: nothing is called by it on a disk.
    workspace.write(SHOP, component("CON", ""));
    workspace.check().assert_code(0);
}

#[test]
fn c01_a_name_that_looks_like_another_is_told() {
    let workspace = Workspace::new();
    workspace
        .component("a", "payments")
        .write("b/catalog-info.yaml", component("рayments", ""));
    let answer = workspace.check();
    answer.assert_code(1);
    let message = answer.assert_finding("lookalike-name", "b/catalog-info.yaml", Some(4));
    assert!(message.contains("component:payments"), "{message}");
}

#[test]
fn c02_two_repositories_that_declare_one_entity() {
    let workspace = Workspace::new();
    workspace
        .component("b", "shop")
        .write("a/catalog-info.yaml", component("Shop", "  title: a\n"))
        .repository("a")
        .repository("b");
    let answer = workspace.check();
    answer.assert_code(1);
    let message = answer.assert_finding("duplicate-entity", "b/catalog-info.yaml", Some(4));
    assert!(message.contains("a/catalog-info.yaml"), "{message}");
    let shown = workspace.run(&["show", "shop", "--json"]);
    assert_eq!(shown.json()["entity"]["title"], "a");
    let documents = workspace.run(&["export", "documents"]);
    let text = documents.text();
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains("\"duplicate\""), "{text}");
}

#[test]
fn c03_references_that_lead_nowhere_have_places() {
    let workspace = Workspace::new();
    let spec = "  dependsOn:\n    - component:paymnts\n    - api:payments\n    - COMPONENT:Default/Payments\n    - 'component: payments'\n    - payments\n    - ':'\n    - 'component:'\n    - '/x'\n";
    workspace
        .component("payments", "payments")
        .write(SHOP, format!("{}{spec}", component("shop", "")))
        .write(
            "api/catalog-info.yaml",
            component("orders", "")
                .replace("Component", "API")
                .replace("  owner", "  definition: x\n  owner"),
        );
    let answer = workspace.check();
    answer.assert_code(1);
    let place = |code: &str| -> Vec<(u64, String)> {
        answer
            .findings(code)
            .iter()
            .map(|it| {
                let help = it["help"].as_str().unwrap_or_default().to_owned();
                (it["line"].as_u64().unwrap(), help)
            })
            .collect()
    };
    let dangling = place("dangling-reference");
    let lines: Vec<u64> = dangling.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [10, 11, 13], "{dangling:?}");
    assert!(dangling[0].1.contains("component:payments"), "{dangling:?}");
    assert!(dangling[1].1.contains("component:payments"), "{dangling:?}");
    let invalid = place("invalid-reference");
    let lines: Vec<u64> = invalid.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [14, 15, 16, 17], "{invalid:?}");
    assert!(invalid[0].1.contains("component:payments"), "{invalid:?}");
}

#[test]
fn c03_an_endless_reference_is_cut_for_people() {
    let workspace = Workspace::new();
    let long = "x".repeat(1 << 20);
    workspace.write(
        SHOP,
        format!(
            "{}  dependsOn: ['component:{long}']\n",
            component("shop", "")
        ),
    );
    workspace
        .check()
        .assert_code(0)
        .assert_finding("dangling-reference", SHOP, Some(9));
    let answer = workspace.run(&["check", "--strict"]);
    let length = answer.text().len();
    assert!(length < 10_000, "{length} bytes");
    workspace.run(&["show", "shop"]).assert_code(0);
}

/// Components that depend on each other: from each, to those.
fn graph(workspace: &Workspace, edges: impl Iterator<Item = (usize, Vec<usize>)>) {
    let text = edges.fold(String::new(), |mut text, (from, to)| {
        let to: Vec<String> = to.iter().map(|to| format!("component:c{to}")).collect();
        writeln!(
            text,
            "---\n{}  dependsOn: [{}]",
            component(&format!("c{from}"), "").trim_end(),
            to.join(", ")
        )
        .unwrap();
        text
    });
    workspace.write(SHOP, text.replace("owner: team", "owner: team\n"));
}

#[test]
fn c04_large_chains_cycles_stars_and_cliques() {
    const NODES: usize = 3_000;
    let workspace = Workspace::new();
    graph(&workspace, (0..NODES).map(|i| (i, vec![i + 1])));
    let answer = workspace.check();
    assert_eq!(answer.findings("dependency-cycle").len(), 0);
    graph(&workspace, (0..NODES).map(|i| (i, vec![(i + 1) % NODES])));
    let answer = workspace.check();
    let message = answer.finding("dependency-cycle")["message"].to_string();
    assert!(message.len() < 2_000, "{} bytes", message.len());
    graph(
        &workspace,
        (0..NODES).map(|i| {
            (
                i,
                if i == 0 {
                    (1..NODES).collect()
                } else {
                    Vec::new()
                },
            )
        }),
    );
    workspace.check().assert_code(0);
    let shown = workspace.run(&["show", "c0"]);
    assert!(shown.text().len() < 5_000);
    graph(&workspace, (0..100).map(|i| (i, (0..100).collect())));
    let answer = workspace.check();
    assert_eq!(answer.findings("dependency-cycle").len(), 1);
    workspace.run(&["check"]);
}

#[test]
fn c05_groups_and_domains_that_contain_themselves() {
    let group = |name: &str, spec: &str| {
        format!(
            "---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{name: {name}}}\nspec: {{type: team, children: [], {spec}}}\n"
        )
    };
    let workspace = Workspace::new();
    let mut text =
        group("a", "parent: b") + &group("b", "parent: a") + &group("self", "parent: self");
    text += "---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: mira}\nspec: {memberOf: [user:mira, a]}\n";
    text += "---\napiVersion: backstage.io/v1alpha1\nkind: Domain\nmetadata: {name: d}\nspec: {owner: a, subdomainOf: d}\n";
    workspace.write(SHOP, &text);
    let answer = workspace.check();
    assert_eq!(answer.findings("group-cycle").len(), 2);
    assert_eq!(answer.findings("taxonomy-cycle").len(), 1);
    for name in ["a", "self", "mira", "d"] {
        workspace.run(&["show", name]).assert_code(0);
    }
    let deep: String = (0..2_000)
        .map(|i| group(&format!("g{i}"), &format!("parent: g{}", i + 1)))
        .collect();
    workspace.write(SHOP, deep + &group("g2000", ""));
    workspace.check().assert_code(0);
    workspace.run(&["show", "g0"]).assert_code(0);
}

#[test]
fn c11_a_code_that_is_none_is_refused() {
    let workspace = Workspace::new();
    workspace.component("shop", "shop");
    for option in ["--select", "--ignore"] {
        workspace
            .run(&["check", option, "dangling-refrence"])
            .assert_refused("did you mean \"dangling-reference\"?");
        workspace
            .run(&["check", option, "x\u{1b}[2J"])
            .assert_refused(r"x\u{1b}[2J");
    }
    workspace
        .run(&["explain", "dangling-refrence"])
        .assert_refused("did you mean \"dangling-reference\"?");
    workspace
        .run(&["explain", &"x".repeat(100_000)])
        .assert_code(2);
}

#[test]
fn c12_the_same_input_gives_the_same_bytes() {
    let folders: Vec<String> = (0..12).map(|index| format!("repository-{index}")).collect();
    let build = |folders: &[String]| {
        let workspace = Workspace::new();
        for folder in folders {
            workspace
                .write(
                    format!("{folder}/catalog-info.yaml"),
                    format!(
                        "{}  dependsOn: [component:x, component:nowhere]\n---\n{}",
                        component("same", ""),
                        component(folder, "")
                    ),
                )
                .repository(folder);
        }
        workspace
    };
    let reversed: Vec<String> = folders.iter().rev().cloned().collect();
    let (first, second) = (build(&folders), build(&reversed));
    for arguments in [
        &["check", "--format", "json"][..],
        &["check", "--all"],
        &["check", "--format", "sarif"],
        &["export", "relations"],
        &["export", "documents"],
        &["find"],
    ] {
        let mut answers = Vec::new();
        for (workspace, threads) in [(&first, "1"), (&first, "2"), (&second, "8")] {
            let mut command = workspace.command(arguments);
            answers.push(workspace.finish(command.env("RAYON_NUM_THREADS", threads)));
        }
        assert!(!answers[0].stdout.is_empty());
        assert_eq!(answers[0].text(), answers[1].text());
        assert_eq!(answers[0].text(), answers[2].text());
    }
}
