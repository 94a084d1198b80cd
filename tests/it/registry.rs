//! Lists and folders say the same: what exists is what is listed, explained and in the schema.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use devportal::check::{CHECKS, all_codes};
use devportal::diagnostic::register;
use devportal::model::KINDS;
use devportal::output::GRAPH_FORMATS;
use devportal::report::REPORTS;
use devportal::scaffold::actions::ACTIONS;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the program prints.
fn devportal(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_devportal"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "devportal {arguments:?} fails");
    String::from_utf8(output.stdout).unwrap()
}

/// The names of the Rust files of a folder whose text fits.
fn files(folder: &str, fits: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let files = fs::read_dir(root().join(folder)).unwrap();
    let paths = files
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths
        .filter(|path| fits(&fs::read_to_string(path).unwrap()))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn schema() -> Value {
    let text = fs::read_to_string(root().join("catalog.schema.json")).unwrap();
    serde_json::from_str(&text).expect("catalog.schema.json is JSON")
}

#[test]
fn every_check_is_a_file_and_every_file_a_check() {
    let files = files("src/check", |text| text.contains("static CHECK: Check"));
    let names = CHECKS.iter().map(|check| check.code.name.replace('-', "_"));
    assert_eq!(
        names.collect::<BTreeSet<_>>(),
        files,
        "a check is a file of src/check, named after its code, and a line of CHECKS"
    );
}

#[test]
fn every_report_is_a_file_and_every_file_a_report() {
    let files = files("src/report", |text| text.contains("const REPORT: Report"));
    let names = REPORTS.iter().map(|report| report.name.to_owned());
    assert_eq!(
        names.collect::<BTreeSet<_>>(),
        files,
        "a report is a file of src/report and a line of REPORTS"
    );
}

#[test]
fn every_action_is_a_file_and_every_file_an_action() {
    let files = files("src/scaffold/actions", |text| {
        text.contains("static ACTION: Action")
    });
    // The names of Roadie's actions say twice where they are from.
    let names = ACTIONS.iter().map(|action| {
        let name = action.name.replace("roadiehq:utils:", "roadiehq:");
        snake_case(&name)
    });
    assert_eq!(
        names.collect::<BTreeSet<_>>(),
        files,
        "an action is a file of src/scaffold/actions, named after it, and a line of ACTIONS"
    );
    assert!(ACTIONS.is_sorted_by_key(|action| action.name));
}

#[test]
fn every_connector_is_a_file_and_every_file_a_connector() {
    let declares = |text: &str| text.contains("CONNECTOR: Connector");
    // Those with much to ask are folders.
    let folder = root().join("src/fact/collect");
    let folders = fs::read_dir(folder).unwrap().filter_map(|entry| {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path().join("mod.rs")).ok()?;
        declares(&text).then(|| entry.file_name().into_string().unwrap())
    });
    let mut found: BTreeSet<String> = files("src/fact/collect", declares);
    found.extend(folders);
    let connectors = devportal::fact::collect::CONNECTORS.iter();
    let names: BTreeSet<String> = connectors.map(|it| snake_case(it.name)).collect();
    assert_eq!(found, names);
}

/// A name of an action as that of a file: `publish:bitbucketCloud` is `publish_bitbucket_cloud`.
fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        match c {
            ':' | '-' => text.push('_'),
            c if c.is_ascii_uppercase() => text.extend(['_', c.to_ascii_lowercase()]),
            c => text.push(c),
        }
    }
    text
}

#[test]
fn every_action_is_in_readme() {
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    for action in ACTIONS {
        let short = action.name.rsplit(':').next().unwrap();
        let is_named =
            page.contains(&format!("`{}`", action.name)) || page.contains(&format!("`…:{short}`"));
        assert!(is_named, "README.md does not name \"{}\"", action.name);
    }
}

#[test]
fn every_format_of_graphs_is_a_file_and_every_file_a_format() {
    let mut files = files("src/output/graph", |_| true);
    files.remove("mod");
    let names = GRAPH_FORMATS.iter().map(|format| format.name.to_owned());
    assert_eq!(names.collect::<BTreeSet<_>>(), files);
}

#[test]
fn every_language_of_definitions_is_listed_by_the_name_of_its_file() {
    for format in devportal::api_definition::FORMATS {
        let (file, folder) = (
            format!("{}.rs", format.name),
            format!("{}/mod.rs", format.name),
        );
        let all = root().join("src/api_definition");
        assert!(
            all.join(file).is_file() || all.join(folder).is_file(),
            "{}",
            format.name
        );
    }
}

#[test]
fn every_command_is_a_file_and_every_file_a_command() {
    let help = devportal(&["--help"]);
    let lines = help
        .lines()
        .take_while(|line| *line != "Options:" && *line != "Global options:");
    let commands: BTreeSet<String> = lines
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .map(|command| command.replace('-', "_"))
        .collect();
    let mut files = files("src/bin/devportal/commands", |_| true);
    files.remove("mod");
    assert_eq!(
        commands, files,
        "a command is a file of commands/ and a variant of Command"
    );
}

#[test]
fn codes_are_unique_and_explained() {
    let codes = all_codes();
    let names: BTreeSet<&str> = codes.iter().map(|code| code.name).collect();
    assert_eq!(names.len(), codes.len(), "a code has one meaning");
    assert_eq!(codes.len(), register::CODES.len() + CHECKS.len());
    for code in codes {
        let name = code.name;
        let words = name.split('-');
        assert!(
            words.into_iter().all(|word| {
                !word.is_empty()
                    && word
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            }),
            "{name} is not in kebab-case"
        );
        let page = code.explanation();
        let sentence = page.summary.strip_suffix('.').unwrap_or_else(|| {
            panic!(
                "the first line of the page of {name} is no sentence: {}",
                page.summary
            )
        });
        assert!(
            !sentence.is_empty() && !sentence.contains(". "),
            "the first line of the page of {name} is one sentence"
        );
        assert!(
            page.body.len() > 40,
            "the page of {name} says neither why nor how to cure it"
        );
    }
}

#[test]
fn explain_lists_every_code_and_has_its_page() {
    let answer: Value = serde_json::from_str(&devportal(&["explain", "--json"])).unwrap();
    let listed = answer["codes"].as_array().unwrap();
    let listed: Vec<&str> = listed
        .iter()
        .map(|code| code["code"].as_str().unwrap())
        .collect();
    let codes: Vec<&str> = all_codes().iter().map(|code| code.name).collect();
    assert_eq!(listed, codes);
    let list = devportal(&["explain"]);
    for code in all_codes() {
        assert!(list.contains(code.name), "explain lists {}", code.name);
    }
}

#[test]
fn the_schema_of_the_repository_is_the_one_that_is_printed() {
    let printed = devportal(&["schema"]);
    let file = fs::read_to_string(root().join("catalog.schema.json")).unwrap();
    assert!(
        printed == file,
        "\"devportal schema\" prints catalog.schema.json"
    );
}

#[test]
fn every_property_of_the_schema_is_described() {
    const SCHEMAS: [&str; 5] = [
        "items",
        "then",
        "else",
        "additionalProperties",
        "propertyNames",
    ];
    let schema = schema();
    let mut undescribed = Vec::new();
    let mut open = vec![("#".to_owned(), &schema)];
    while let Some((path, part)) = open.pop() {
        for (name, property) in part["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}/properties/{name}");
            if !is_described(property, &schema) {
                undescribed.push(path.clone());
            }
            open.push((path, property));
        }
        for (name, definition) in part["definitions"].as_object().into_iter().flatten() {
            open.push((format!("{path}/definitions/{name}"), definition));
        }
        for (index, rule) in (0..).zip(part["allOf"].as_array().into_iter().flatten()) {
            open.push((format!("{path}/allOf/{index}"), rule));
        }
        let below = SCHEMAS
            .iter()
            .filter_map(|name| Some((name, part.get(name)?)));
        open.extend(below.map(|(name, below)| (format!("{path}/{name}"), below)));
    }
    assert!(
        undescribed.is_empty(),
        "editors show descriptions, and these have none: {undescribed:#?}"
    );
}

/// Whether a property, or the definition it refers to, has a description.
fn is_described(property: &Value, schema: &Value) -> bool {
    let own = property.get("description").is_some();
    let referred = property["$ref"].as_str().is_some_and(|reference| {
        let target = schema.pointer(reference.trim_start_matches('#'));
        target.is_some_and(|target| target.get("description").is_some())
    });
    own || referred
}

/// Kind → the definition of its `spec`.
fn spec_definitions(schema: &Value) -> BTreeMap<&str, &Value> {
    let rules = schema["allOf"].as_array().unwrap();
    rules
        .iter()
        .filter_map(|rule| {
            let kind = rule["if"]["properties"]["kind"]["const"].as_str()?;
            let reference = rule["then"]["properties"]["spec"]["$ref"].as_str()?;
            Some((kind, schema.pointer(reference.trim_start_matches('#'))?))
        })
        .collect()
}

/// The properties of a definition, with those that hold under a condition.
fn properties(definition: &Value) -> BTreeSet<&str> {
    let own = definition["properties"].as_object().into_iter().flatten();
    let rules = definition["allOf"].as_array().into_iter().flatten();
    let conditional = rules.filter_map(|rule| rule["then"]["properties"].as_object());
    own.chain(conditional.flatten())
        .map(|(name, _)| name.as_str())
        .collect()
}

#[test]
fn every_kind_and_every_field_of_a_relation_is_in_the_schema() {
    let schema = schema();
    let definitions = spec_definitions(&schema);
    for kind in KINDS {
        let definition = definitions
            .get(kind.name)
            .unwrap_or_else(|| panic!("catalog.schema.json has no if/then for {}", kind.name));
        let properties = properties(definition);
        for field in kind.relations {
            assert!(
                properties.contains(field.name),
                "spec of {} has no \"{}\" in catalog.schema.json",
                kind.name,
                field.name
            );
        }
    }
}
