//! Descriptors that want to be more than a few kilobytes of text.

use std::fmt::Write as _;

use super::workspace::{Answer, Workspace, component};

/// Checks a workspace of a good component beside a repository with one descriptor of that text.
/// The good one is found whatever the other is.
fn check(text: impl AsRef<[u8]>) -> Answer {
    let workspace = Workspace::new();
    workspace
        .component("good", "good")
        .write("shop/catalog-info.yaml", text);
    let answer = workspace.check();
    let entities = answer.json()["summary"]["entities"].as_u64();
    assert!(entities >= Some(1), "{}", answer.text());
    answer
}

/// Asserts the only finding of a code and its line, and gives its message.
fn assert_refused(text: impl AsRef<[u8]>, code: &str, line: u64) -> String {
    let answer = check(text);
    answer
        .assert_code(1)
        .assert_finding(code, "shop/catalog-info.yaml", Some(line))
}

/// A component with further lines of its `spec`.
fn with_spec(lines: &str) -> String {
    format!("{}{lines}", component("shop", ""))
}

#[test]
fn b01_a_billion_laughs_end_at_the_alias_that_is_too_many() {
    let mut text = with_spec("  a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "  a{level}: &a{level} [{aliases}]").unwrap();
    }
    let message = assert_refused(text, "yaml-limit", 14);
    assert!(message.contains("250000"), "{message}");
}

#[test]
fn b02_aliases_cost_what_they_stand_for() {
    let items = ["x"; 1000].join(", ");
    let many = format!(
        "  list: &l [{items}]\n  all:\n{}",
        "    - *l\n".repeat(10_000)
    );
    assert_refused(with_spec(&many), "yaml-limit", 259);
    // One long text and many aliases of it are few nodes and many bytes.
    let text = "x".repeat(1 << 20);
    for value in [&text, &format!("{{k: {text}}}")] {
        for field in ["dependsOn", "other"] {
            let many = format!(
                "  long: &l {value}\n  {field}:\n{}",
                "    - *l\n".repeat(50_000)
            );
            let answer = check(with_spec(&many));
            answer.assert_code(1);
            assert_eq!(answer.findings("yaml-limit").len(), 1);
        }
    }
    let labels: String = (0..50_000).fold(String::new(), |mut text, i| {
        writeln!(text, "    l{i}: *l").unwrap();
        text
    });
    let long = format!("  description: &l {text}\n  labels:\n{labels}");
    check(component("shop", &long)).assert_code(1);
}

#[test]
fn b03_an_alias_inside_of_what_it_repeats() {
    assert_refused(with_spec("  a: &a {b: *a}\n"), "yaml-syntax", 9);
    assert_refused(with_spec("  a: &a\n    - b\n    - *a\n"), "yaml-syntax", 11);
}

#[test]
fn b04_deep_nesting_is_refused() {
    let block: String = (0..2_000).map(|level| " ".repeat(level) + "a:\n").collect();
    for text in [
        "[".repeat(200_000),
        "{a: ".repeat(40_000),
        "- ".repeat(100_000),
        "? ".repeat(20_000),
        "[{".repeat(50_000),
        "&a ".repeat(50_000),
        "!x ".repeat(50_000),
        block,
    ] {
        let answer = check(&text);
        answer.assert_code(1);
        let limits = answer.findings("yaml-limit").len();
        let errors = limits + answer.findings("yaml-syntax").len();
        assert!(errors >= 1, "{}", answer.text());
    }
}

#[test]
fn b05_a_file_over_the_limit_is_not_read() {
    let text = format!("{}# {}\n", component("shop", ""), "x".repeat(4 << 20));
    let answer = check(&text);
    answer.assert_code(1);
    let message = answer.assert_finding("file-too-large", "shop/catalog-info.yaml", None);
    assert!(message.contains("4 MiB"), "{message}");
    assert_eq!(answer.json()["complete"], false);
}

#[test]
fn b06_many_keys_documents_and_long_texts_are_linear() {
    let keys = |template: &str, count: usize| -> String {
        (0..count).fold(String::new(), |mut text, i| {
            writeln!(text, "{}", template.replace('#', &i.to_string())).unwrap();
            text
        })
    };
    let long = "x".repeat(4_000_000);
    for text in [
        component("shop", &format!("  description: {long}\n")),
        component(
            "shop",
            &format!("  title: |\n{}", "    x\n".repeat(600_000)),
        ),
        component("shop", &format!("  {long}: 1\n")),
        component(&long, ""),
        component("shop", &keys("  k#: 1", 2_000)),
        component(
            "shop",
            &format!("  annotations:\n{}", keys("    k#: 1", 10_000)),
        ),
        component(
            "shop",
            &format!("  labels:\n{}", keys("    -k#: x", 15_000)),
        ),
        component("shop", &format!("  tags:\n{}", keys("    - '#!'", 2_000))),
        component(
            "shop",
            &format!("  links:\n{}", keys("    - url: x#", 2_000)),
        ),
        with_spec(&format!(
            "  dependsOn:\n{}",
            keys("    - component:c#", 2_000)
        )),
        with_spec(&format!("  dependsOn:\n{}", keys("    - ':#'", 2_000))),
        keys("k#: 1", 5_000),
        keys("---\nkind: A\nmetadata: {name: n#}", 5_000),
        "---\n".repeat(1_000_000),
        "--- x\n".repeat(600_000),
        format!("a: {}", "x ".repeat(2_000_000)),
        "[]\n".repeat(1_000_000),
        "\n".repeat(4_000_000),
        "#\n".repeat(2_000_000),
        "%YAML 1.1\n".repeat(400_000),
        "\u{1b}".repeat(4_000_000),
        "é".repeat(2_000_000),
        "\t".repeat(4_000_000),
        "a: b # devportal: ignore x\n".repeat(5_000),
    ] {
        check(&text);
    }
}

#[test]
fn b06_what_is_suppressed_is_looked_up_quickly() {
    let fields = (0..15_000).fold(String::new(), |mut text, i| {
        writeln!(text, "  k{i}: 1 # devportal: ignore unknown-field").unwrap();
        text
    });
    let answer = check(component("shop", &fields));
    assert_eq!(answer.findings("unknown-field").len(), 0);
}

#[test]
fn b06_a_long_key_above_many_values_is_not_copied_to_each() {
    let key = "x".repeat(1 << 20);
    for part in ["[1, 2]", "{{a: 1}: 2}", "1"] {
        let items = format!("{part}, ").repeat(10_000);
        check(with_spec(&format!("  {key}: [{items}]\n")));
        check(component(
            "shop",
            &format!("  annotations: {{? {key} : [{items}]}}\n"),
        ));
    }
}

#[test]
fn b07_a_key_that_is_there_twice() {
    let text = component("shop", "  title: a\n  title: b\n");
    let message = assert_refused(text, "yaml-duplicate-key", 6);
    assert!(message.contains("\"title\""), "{message}");
    // A descriptor in JSON is no exception, nor is what it brings in as YAML. JSON itself takes the
    // last of the two, and so does Backstage's `$json`.
    let json = "{\n\"apiVersion\": \"backstage.io/v1alpha1\", \"kind\": \"Component\",\n\"kind\": \"API\"}";
    assert_refused(json, "yaml-duplicate-key", 3);
    let workspace = Workspace::new();
    workspace
        .write(
            "shop/catalog-info.yaml",
            with_spec("  x: {$yaml: ./x.json}\n"),
        )
        .write("shop/x.json", "{\"a\": 1,\n\"a\": 2}");
    let answer = workspace.check();
    let message = answer.assert_finding("invalid-placeholder", "shop/catalog-info.yaml", Some(9));
    assert!(message.contains("twice"), "{message}");
    let as_json = with_spec("  x: {$json: ./x.json}\n");
    workspace.write("shop/catalog-info.yaml", as_json);
    workspace.check().assert_code(0);
}

#[test]
fn b08_a_broken_document_hides_no_other() {
    let workspace = Workspace::new();
    let (first, third) = (component("first", ""), component("third", ""));
    workspace.write(
        "shop/catalog-info.yaml",
        format!("{first}---\nkind: [\nmetadata: x\n---\n{third}"),
    );
    let answer = workspace.check();
    answer.assert_code(1);
    answer.assert_finding("yaml-syntax", "shop/catalog-info.yaml", Some(10));
    let expected = ["component:default/first", "component:default/third"];
    assert_eq!(workspace.entities(), expected);
}

#[test]
fn b09_encodings_and_control_characters() {
    let text = component("shop", "  title: x\n");
    assert_refused(text.replace("  title", "\ttitle"), "yaml-syntax", 5);
    check(text.replace('\n', "\r\n")).assert_code(0);
    check(format!("\u{feff}{text}")).assert_code(0);
    let one_line = assert_refused(text.replace('\n', "\r"), "yaml-syntax", 1);
    assert!(!one_line.contains('\r'), "{one_line}");
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let answer = check(utf16);
    let message = answer.assert_finding("invalid-utf8", "shop/catalog-info.yaml", Some(1));
    assert!(message.contains("UTF-16"), "{message}");
    let latin = [b"# caf\xe9\n", text.as_bytes()].concat();
    let answer = check(latin);
    answer.assert_code(0);
    let message = answer.assert_finding("invalid-utf8", "shop/catalog-info.yaml", Some(1));
    assert!(message.contains("offset 5"), "{message}");
    for hidden in [
        "\0",
        "\u{1b}",
        "\"\\e[2J\"",
        "\u{202e}",
        "\u{200b}",
        "\u{9b}",
    ] {
        let answer = check(text.replace("title: x", &format!("title: {hidden}")));
        answer.assert_finding("control-character", "shop/catalog-info.yaml", Some(5));
        let answer = check(text.replace("name: shop", &format!("name: {hidden}")));
        answer.assert_code(1);
        answer.assert_finding("invalid-name", "shop/catalog-info.yaml", Some(4));
    }
}

#[test]
fn b10_values_that_are_no_texts() {
    for (value, is_text) in [
        ("2001", false),
        ("NO", true),
        ("012", false),
        ("0o17", false),
        ("1_000", true),
        ("1e3", false),
        ("true", false),
        ("2024-01-01", true),
        ("~", false),
        (".inf", false),
        (".NaN", false),
        ("100000000000000000000000000000000000000000000", false),
    ] {
        let answer = check(component(value, ""));
        if is_text {
            answer.assert_code(0);
            continue;
        }
        let codes = ["invalid-name", "missing-field", "invalid-field"];
        let found = codes.iter().flat_map(|code| answer.findings(code));
        let found: Vec<_> = found.collect();
        assert_eq!(found.len(), 1, "{value}: {}", answer.text());
        assert_eq!(found[0]["line"], 4, "{value}");
    }
}

#[test]
fn b11_unknown_tags_execute_nothing() {
    for tag in [
        "!!python/object/apply:os.system [touch PWNED]",
        "!include /etc/passwd",
        "!Ref x",
        "!<tag:yaml.org,2002:js/function> x",
    ] {
        let answer = check(with_spec(&format!("  x: {tag}\n")));
        answer
            .assert_code(0)
            .assert_finding("yaml-tag", "shop/catalog-info.yaml", Some(9));
    }
    check(with_spec("  x: !!binary aGVsbG8=\n")).assert_code(0);
}

#[test]
fn b12_merge_keys_are_bounded() {
    let mut text = with_spec("  a0: &a0 {k: v}\n");
    for level in 1..1000 {
        writeln!(text, "  a{level}: &a{level} {{<<: *a{}}}", level - 1).unwrap();
    }
    check(text).assert_code(1);
    assert_refused(with_spec("  a: &a {<<: *a}\n"), "yaml-syntax", 9);
}

#[test]
fn b13_documents_are_not_split_inside_of_texts() {
    let workspace = Workspace::new();
    workspace.write(
        "shop/catalog-info.yaml",
        component(
            "shop",
            "  title: a\n    --- b\n    --- c\n  description: |\n    # no comment\n    ---\n    kind: API\n",
        ),
    );
    workspace.check().assert_code(0);
    let answer = workspace.run(&["show", "shop", "--json"]);
    let entity = &answer.json()["entity"];
    assert_eq!(entity["title"], "a --- b --- c");
    assert_eq!(entity["description"], "# no comment\n---\nkind: API\n");
}

#[test]
fn b14_documents_that_are_no_entities_get_messages_of_their_own() {
    let path = "shop/catalog-info.yaml";
    assert_refused("- a\n- b\n", "root-not-a-mapping", 1);
    assert_refused("just text\n", "root-not-a-mapping", 1);
    for empty in ["", "# only a comment\n", "---\n", "---\n---\n...\n"] {
        let answer = check(empty);
        answer.assert_code(0);
        assert_eq!(answer.json()["summary"]["documents"], 1, "{empty:?}");
    }
    let answer = check("on: push\njobs: {}\n");
    answer
        .assert_code(0)
        .assert_finding("not-a-descriptor", path, Some(1));
    let answer = check("apiVersion: backstage.io/v1alpha1\nkind: Component\nspec: {}\n");
    answer.assert_code(1);
    assert!(!answer.findings("missing-field").is_empty());
    let custom = component("shop", "").replace("kind: Component", "kind: Spaceship");
    assert_refused(custom, "unknown-kind", 2);
    let version = component("shop", "").replace("backstage.io/v1alpha1", "example.com/v9");
    assert_refused(version, "invalid-field", 1);
}

#[test]
fn b15_annotations_that_are_a_list() {
    let text = component("shop", "  annotations:\n    - a: b\n");
    let message = assert_refused(text, "invalid-field", 5);
    assert!(
        message.contains("must be a mapping, but is a list"),
        "{message}"
    );
}

#[test]
fn b16_five_thousand_entities_in_one_file() {
    let text = (0..5_000).fold(String::new(), |mut text, index| {
        text.push_str("---\n");
        text.push_str(&component(&format!("c{index}"), ""));
        text
    });
    let answer = check(text);
    answer.assert_code(0);
    assert_eq!(answer.json()["summary"]["entities"], 5_001);
}

#[test]
fn b17_deep_json_is_refused() {
    let workspace = Workspace::new();
    workspace
        .write(
            "shop/catalog-info.yaml",
            with_spec("  x: {$json: x.json}\n"),
        )
        .write("shop/x.json", "[".repeat(100_000));
    let answer = workspace.check();
    answer.assert_finding("invalid-placeholder", "shop/catalog-info.yaml", Some(9));
}

#[test]
fn b21_no_definition_of_an_api_takes_the_stack_or_the_day() {
    for spec_type in ["openapi", "asyncapi", "graphql", "grpc"] {
        for text in [
            "{".repeat(100_000),
            "openapi: ".repeat(20_000),
            format!("type Query {}", "{ a: ".repeat(100_000)),
            format!("service A {}", "{ rpc A (".repeat(100_000)),
            format!("type Query {{ a: {} }}", "[".repeat(100_000)),
            format!(
                "openapi: 3.0.0\npaths:\n  /a: {{$ref: '#/paths/~1a'}}\n  /b: {{$ref: '#/paths/~1b'}}\nx: {}",
                "[".repeat(100_000)
            ),
        ] {
            let _ = devportal::api_definition::parse(&text, spec_type);
        }
    }
}
