//! Placeholders, Locations, configurations and schemas that lead somewhere else.

use std::fmt::Write as _;
use std::fs;

use super::workspace::{SECRET, Workspace, component};

const SHOP: &str = "shop/catalog-info.yaml";

fn assert_placeholder_refused(workspace: &Workspace, target: &str, reason: &str) {
    for placeholder in ["$text", "$yaml"] {
        let text = component(
            "shop",
            &format!("  description:\n    {placeholder}: {target}\n"),
        );
        workspace.write(SHOP, text);
        let answer = workspace.check();
        answer.assert_code(1);
        let message = answer.assert_finding("invalid-placeholder", SHOP, Some(6));
        assert!(message.contains(reason), "{message}");
        workspace.run(&["show", "shop", "--json"]);
    }
}

#[test]
fn b19_placeholders_stay_inside_of_the_repository() {
    let workspace = Workspace::new();
    workspace.component("shop", "shop").repository("shop");
    let outside = workspace.outside();
    workspace
        .link(outside.join("catalog-info.yaml"), "shop/link")
        .link("../../outside", "shop/folder")
        .git("shop", &["config", "http.extraheader", SECRET]);
    for (target, reason) in [
        (
            "../../../../../../etc/passwd",
            "leads out of the repository",
        ),
        (
            "../../outside/catalog-info.yaml",
            "leads out of the repository",
        ),
        ("file:///etc/shadow", "is not the URL"),
        ("/etc/passwd", "is not there"),
        ("./link", "leads out of the repository"),
        ("./folder/catalog-info.yaml", "leads out of the repository"),
        ("./.git/config", "Git's own data"),
        ("./x/../.git/config", "Git's own data"),
        (
            "http://169.254.169.254/latest/meta-data",
            "which Backstage refuses",
        ),
        (
            "https://user:pass@example.com/a/b/blob/main/x",
            "which Backstage refuses",
        ),
        ("''", ""),
        ("[a]", "must be a path"),
        (".", "is not"),
    ] {
        assert_placeholder_refused(&workspace, target, reason);
    }
}

#[test]
fn b19_placeholders_that_bring_in_each_other_end() {
    let workspace = Workspace::new();
    workspace
        .write(SHOP, component("shop", "  x: {$yaml: ./a.yaml}\n"))
        .write("shop/a.yaml", "$yaml: ./a.yaml\n");
    workspace
        .check()
        .assert_code(1)
        .assert_finding("invalid-placeholder", SHOP, Some(5));
    // Ten of them on each of eight levels are a hundred million.
    let ten = "- $yaml: ./a.yaml\n".repeat(10);
    workspace.write("shop/a.yaml", &ten);
    let answer = workspace.check();
    answer.assert_code(1);
    assert!(!answer.findings("invalid-placeholder").is_empty());
    // Deep trees on all levels are deeper than any one file can be.
    let deep = "[".repeat(120) + "{$yaml: ./a.yaml}" + &"]".repeat(120);
    workspace.write("shop/a.yaml", deep);
    workspace.check().assert_code(1);
    for level in 0..8 {
        let next = level + 1;
        let text = format!("- $yaml: ./l{next}.yaml\n").repeat(50);
        workspace.write(format!("shop/l{level}.yaml"), text);
    }
    workspace
        .write("shop/l8.yaml", "x\n")
        .write(SHOP, component("shop", "  x: {$yaml: ./l0.yaml}\n"));
    workspace.check().assert_code(1);
}

#[test]
fn b19_placeholders_bring_in_a_bounded_amount() {
    let workspace = Workspace::new();
    let many = (0..5_000).fold(String::new(), |mut text, index| {
        writeln!(text, "    a{index}: {{$text: ./large.txt}}").unwrap();
        text
    });
    workspace
        .write("shop/large.txt", "x".repeat(4_000_000))
        .write(SHOP, component("shop", &format!("  annotations:\n{many}")));
    let answer = workspace.check();
    answer.assert_code(1);
    assert!(!answer.findings("invalid-placeholder").is_empty());
    // A definition is looked at and not kept, but looking costs time.
    let apis = (0..1_000).fold(String::new(), |mut text, index| {
        write!(
            text,
            "---\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {{name: a{index}}}\nspec:\n  type: openapi\n  lifecycle: x\n  owner: x\n  definition: {{$text: ./large.txt}}\n"
        )
        .unwrap();
        text
    });
    workspace.write(SHOP, apis);
    workspace.check().assert_code(0);
    // A text that aliases repeat is not repeated by a placeholder beside it.
    let long = "y".repeat(1 << 20);
    let aliases = "    - *l\n".repeat(50_000);
    workspace.write("shop/small.txt", "x").write(
        SHOP,
        component(
            "shop",
            &format!("  x: &l {long}\n  y: {{$text: ./small.txt}}\n  z:\n{aliases}"),
        ),
    );
    workspace.check().assert_code(1);
}

fn location(targets: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: all}}\nspec:\n{targets}"
    )
}

#[test]
fn b20_targets_that_lead_out_or_nowhere() {
    for (target, reason) in [
        ("../missing.yaml", "leads out of the repository"),
        (
            "../../outside/catalog-info.yaml",
            "leads out of the repository",
        ),
        ("..", ""),
        ("'x*'", "matches no file"),
        ("file:///etc/passwd", "is neither a path nor the URL"),
        ("./.git/config", "is not there"),
        (
            "https://mira:hunter2@example.com/a/b/blob/main/x.yaml",
            "not here",
        ),
        ("'https://github.com/a/b/blob/main/**'", "not here"),
    ] {
        let workspace = Workspace::new();
        workspace
            .write(SHOP, location(&format!("  target: {target}\n")))
            .repository("shop");
        let answer = workspace.check();
        let message = answer.assert_finding("location-target", SHOP, Some(5));
        assert!(message.contains(reason), "{message}");
        assert!(!answer.text().contains("hunter2"), "{message}");
        workspace.run(&["show", "all"]);
        workspace.run(&["show", "all", "--json"]);
    }
}

#[test]
fn b20_locations_that_lead_to_themselves() {
    let workspace = Workspace::new();
    workspace
        .write(
            SHOP,
            location("  targets: [./catalog-info.yaml, ./a.yaml]\n"),
        )
        .write(
            "shop/a.yaml",
            location("  target: ./catalog-info.yaml\n").replace("all", "a"),
        );
    let answer = workspace.check();
    assert_eq!(answer.findings("location-cycle").len(), 2);
    assert_eq!(
        workspace.entities(),
        ["location:default/a", "location:default/all"]
    );
}

#[test]
fn b20_many_targets_and_patterns_are_bounded() {
    let workspace = Workspace::new();
    for index in 0..300 {
        workspace.write(
            format!("shop/e{index}.yaml"),
            component(&format!("c{index}"), ""),
        );
    }
    let targets = "    - ./**\n".repeat(3_000);
    workspace
        .write(SHOP, location(&format!("  targets:\n{targets}")))
        .repository("shop");
    let answer = workspace.check();
    assert_eq!(answer.json()["summary"]["entities"], 301);
    // The Location's own file is among them.
    assert!(!answer.findings("location-cycle").is_empty());
    let patterns = (0..2_000).fold(String::new(), |mut text, index| {
        writeln!(text, "    - './**/{{a,b}}*{index}*/*'").unwrap();
        text
    });
    workspace
        .write(SHOP, location(&format!("  targets:\n{patterns}")))
        .commit("shop");
    let answer = workspace.check();
    assert_eq!(answer.findings("location-target").len(), 2_000);
}

#[test]
fn b20_a_long_chain_of_locations_ends() {
    let workspace = Workspace::new();
    for index in 0..1_200 {
        let target = format!("  target: ./l{}.yaml\n", index + 1);
        let name = format!("name: l{index}");
        let text = location(&target).replace("name: all", &name);
        workspace.write(format!("shop/l{index}.yaml"), text);
    }
    workspace.write(SHOP, location("  target: ./l0.yaml\n"));
    let answer = workspace.check();
    let message = answer.assert_finding("location-target", "shop/l999.yaml", Some(5));
    assert!(message.contains("too many Locations"), "{message}");
    answer.assert_code(3);
}

#[test]
fn b22_mistakes_of_a_configuration_have_places_and_hints() {
    let workspace = Workspace::new();
    workspace
        .component("shop", "shop")
        .write(
            "shop/devportal.yaml",
            "organisaton: x\ncollector: {command: touch PWNED}\nchecks:\n  missing-ownr: error\n  unknown-field: fatal\nkinds: {X: {schema: ../../outside/catalog-info.yaml}}\nbaseline: [\n",
        )
        .repository("shop");
    workspace.check().assert_code(1).assert_finding(
        "configuration",
        "shop/devportal.yaml",
        Some(7),
    );
    workspace.write(
        "shop/devportal.yaml",
        "organisaton: x\ncollector: {command: touch PWNED}\nchecks:\n  missing-ownr: error\n  unknown-field: fatal\n",
    );
    let answer = workspace.check();
    answer.assert_code(1);
    let found = answer.findings("configuration");
    let told: Vec<(u64, &str)> = found
        .iter()
        .map(|finding| {
            let help = finding["help"].as_str().unwrap_or_default();
            (finding["line"].as_u64().unwrap(), help)
        })
        .collect();
    assert_eq!(told.len(), 4, "{found:?}");
    assert_eq!(told[0], (1, "did you mean \"organisation\"?"));
    assert!(told[1].1.starts_with("allowed: "), "{told:?}");
    assert_eq!(told[2], (4, "did you mean \"missing-owner\"?"));
    assert_eq!(told[3].0, 5);
    assert_eq!(workspace.entities(), ["component:default/shop"]);
}

#[test]
fn b22_a_repository_cannot_speak_for_the_others_or_lead_out() {
    let workspace = Workspace::new();
    fs::write(workspace.outside().join("schema.json"), SECRET).unwrap();
    workspace
        .component("shop", "shop")
        .component("catalog", "catalog")
        .write("catalog/devportal.yaml", "organisation: acme\n")
        .write(
            "shop/devportal.yaml",
            "kinds: {X: {schema: ../../outside/schema.json}}\nforges: {evil.example: github}\nrepositories: [../../outside]\ndescriptors: ['../../outside/*', '/**/outside/*']\nbackstage: {alpha: true}\n",
        )
        .repository("catalog")
        .repository("shop");
    let answer = workspace.check();
    answer.assert_code(1);
    assert!(answer.findings("configuration").len() >= 3);
    let all = ["component:default/catalog", "component:default/shop"];
    assert_eq!(workspace.entities(), all);
    // The same of the catalog repository: what it names must still be its own.
    workspace
        .write(
            "catalog/devportal.yaml",
            "organisation: acme\nkinds: {X: {schema: ../../outside/schema.json}, Y: {schema: link.json}}\n",
        )
        .link("../../outside/schema.json", "catalog/link.json");
    let answer = workspace.check();
    let schemas = answer.findings("configuration");
    let schemas = schemas
        .iter()
        .filter(|it| it["message"].as_str().unwrap().contains("cannot be used"));
    assert_eq!(schemas.count(), 2, "{}", answer.text());
}

#[test]
fn b22_a_hostile_configuration_is_bounded() {
    let workspace = Workspace::new();
    workspace.component("shop", "shop");
    let long = "x".repeat(1 << 20);
    for text in [
        "a: &a [x, x]\n".to_owned() + &"b: *a\n".repeat(100_000),
        "[".repeat(100_000),
        format!("{long}: {long}\n"),
        format!(
            "descriptors: [{}]\n",
            "'**/*{a,b}{c,d}{e,f}*', ".repeat(500)
        ),
        format!("descriptors: ['{}']\n", "{a,".repeat(2_000)),
        format!("repositories: [{}]\n", "'**/*{a,b}{c,d}*', ".repeat(300)),
        format!("repositories: ['{}']\n", "*/".repeat(5_000)),
        "repositories: [missing, 'missing/*', '[', shop/catalog-info.yaml]\n".to_owned(),
    ] {
        workspace.write("devportal.yaml", text);
        workspace.run(&["config", "show", "--origin"]);
        workspace.check();
    }
}

#[test]
fn b23_a_hostile_schema_is_refused_or_harmless() {
    let workspace = Workspace::new();
    let name = "a".repeat(60);
    let text = component(&name, &format!("  title: {}!\n", "a".repeat(5_000)));
    workspace
        .write(SHOP, text.replace("kind: Component", "kind: X"))
        .write(
            "shop/devportal.yaml",
            "organisation: acme\nkinds: {X: {schema: s.json}}\n",
        );
    let laughs = (0..28).fold(String::new(), |mut text, level| {
        let next = level + 1;
        let one = format!("{{\"$ref\": \"#/definitions/d{next}\"}}");
        write!(text, "\"d{level}\": {{\"allOf\": [{one}, {one}]}}, ").unwrap();
        text
    });
    let property = |schema: &str| {
        format!("{{\"properties\": {{\"metadata\": {{\"properties\": {{\"title\": {schema}}}}}}}}}")
    };
    for schema in [
        property("{\"pattern\": \"^(a+)+$\"}"),
        property("{\"pattern\": \"a{1000}{1000}{1000}\"}"),
        property("{\"pattern\": \"(?=a)b\\\\1\"}"),
        property("{\"pattern\": \"(((((\"}"),
        "{\"$ref\": \"#\"}".to_owned(),
        "{\"$ref\": \"http://169.254.169.254/\"}".to_owned(),
        "{\"$ref\": \"file:///etc/passwd\"}".to_owned(),
        "{\"allOf\": [{\"$ref\": \"#/definitions/a\"}], \"definitions\": {\"a\": {\"$ref\": \"#\"}}}".to_owned(),
        format!("{{\"allOf\": [{{\"$ref\": \"#/definitions/d0\"}}], \"definitions\": {{{laughs}\"d28\": {{}}}}}}"),
        "[".repeat(100_000),
        "{\"not\": ".repeat(100) + "{}" + &"}".repeat(100),
        "true".to_owned(),
        "[]".to_owned(),
        String::new(),
    ] {
        workspace.write("shop/s.json", &schema);
        let answer = workspace.check();
        assert!(answer.code != Some(2), "{schema}: {}", answer.stderr);
        let found = workspace.entities();
        assert_eq!(found, [format!("x:default/{name}")]);
    }
}
