//! Actions on a tree: what is there before, the input, what is there after.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{ACTIONS, action};
use crate::model::EntityRef;
use crate::scaffold::{
    Call, Entities, Entry, NoPrograms, Outputs, SourceEntry, Sources, StepError, StepLog,
    TargetPath, WorkTree, World,
};

/// What `url` can name in these tests: a folder `skeleton`, and folders with a bad link each.
struct TestSources;

impl Sources for TestSources {
    fn folder(&self, url: &str) -> Result<Vec<SourceEntry>, StepError> {
        let link = |path: &str, target: &str| {
            entry(
                path,
                Entry::Link {
                    target: target.to_owned(),
                },
            )
        };
        match url {
            "./skeleton" => Ok(vec![
                entry("README.md", file(b"# x\n")),
                entry(
                    "bin/run",
                    Entry::File {
                        bytes: vec![0, 255],
                        executable: true,
                    },
                ),
                entry("empty", Entry::EmptyFolder),
                link("link", "bin/run"),
            ]),
            "./bad-link" => Ok(vec![entry("a", file(b"a")), link("b/c", "../../d")]),
            "./absolute-link" => Ok(vec![entry("a", file(b"a")), link("b", "/etc/passwd")]),
            "./chain" => Ok(vec![link("a", "."), link("b", "a/../../d")]),
            "./bad-path" => Ok(vec![
                entry("a", file(b"a")),
                entry(".git/hooks/x", file(b"b")),
            ]),
            _ => Err(StepError::new(format!("there is no folder \"{url}\""))),
        }
    }

    fn file(&self, url: &str) -> Result<SourceEntry, StepError> {
        match url {
            "./run" => Ok(entry(
                "run",
                Entry::File {
                    bytes: b"#!".to_vec(),
                    executable: true,
                },
            )),
            "./link" => Ok(entry(
                "link",
                Entry::Link {
                    target: "/etc/passwd".to_owned(),
                },
            )),
            _ => Err(StepError::new(format!("there is no file \"{url}\""))),
        }
    }
}

fn entry(path: &str, content: Entry) -> SourceEntry {
    SourceEntry {
        path: path.to_owned(),
        content,
    }
}

fn file(bytes: &[u8]) -> Entry {
    Entry::File {
        bytes: bytes.to_vec(),
        executable: false,
    }
}

/// A catalog of one entity.
struct TestEntities;

impl Entities for TestEntities {
    fn entity(&self, reference: &EntityRef) -> Result<Option<Value>, StepError> {
        let known = reference.as_str() == "component:default/orders";
        Ok(known.then(|| json!({"kind": "Component", "metadata": {"name": "orders"}})))
    }
}

/// How a step ended.
pub(super) struct Ended {
    pub(super) result: Result<Outputs, StepError>,
    /// Path → text; `-> target` for links, `*` before the text of what may be executed, `/` for
    /// empty folders.
    pub(super) after: BTreeMap<String, String>,
    pub(super) log: Vec<String>,
}

fn tree_of(files: &[(&str, &str)]) -> WorkTree {
    let mut tree = WorkTree::default();
    for (path, text) in files {
        let executable = text.starts_with('*');
        let entry = match text.strip_prefix("-> ") {
            Some(target) => Entry::Link {
                target: target.to_owned(),
            },
            None if *text == "/" => Entry::EmptyFolder,
            None => Entry::File {
                bytes: text.trim_start_matches('*').as_bytes().to_vec(),
                executable,
            },
        };
        tree.put(TargetPath::new(path).expect("a path"), entry)
            .expect("room");
    }
    tree
}

fn told(entry: &Entry) -> String {
    match entry {
        Entry::File { bytes, executable } => {
            let text = String::from_utf8_lossy(bytes);
            format!("{}{text}", if *executable { "*" } else { "" })
        }
        Entry::Link { target } => format!("-> {target}"),
        Entry::EmptyFolder => "/".to_owned(),
    }
}

pub(super) fn run(name: &str, input: &Value, before: &[(&str, &str)]) -> Ended {
    let template = EntityRef::new("template", "default", "service");
    let world = World {
        programs: &NoPrograms,
        sources: &TestSources,
        entities: &TestEntities,
        template: (name == "catalog:write").then_some(&template),
        refuses_unknown_names: true,
    };
    let mut tree = tree_of(before);
    let (mut effects, mut log) = (Vec::new(), StepLog::default());
    let mut call = Call {
        input: input.as_object().expect("inputs are mappings"),
        tree: &mut tree,
        world: &world,
        effects: &mut effects,
        log: &mut log,
    };
    let run = action(name).expect("an action").run;
    let result = run(&mut call);
    let after = tree
        .below(None)
        .map(|(path, entry)| (path.to_string(), told(entry)));
    Ended {
        result,
        after: after.collect(),
        log: log.all().cloned().collect(),
    }
}

pub(super) type Files<'a> = &'a [(&'a str, &'a str)];

/// Runs an action that succeeds, and looks at the tree and the outputs.
pub(super) fn succeeds(
    name: &str,
    input: &Value,
    before: Files<'_>,
    after: Files<'_>,
    outputs: &Value,
) {
    let ended = run(name, input, before);
    let result = ended
        .result
        .unwrap_or_else(|error| panic!("{name} {input}: {error}"));
    assert_eq!(&Value::Object(result), outputs, "{name} {input}");
    let after = after
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    assert_eq!(ended.after, after.collect(), "{name} {input}");
}

/// Runs an action that fails, leaves the tree as it was, and says `message`.
pub(super) fn fails(name: &str, input: &Value, before: Files<'_>, message: &str) {
    let ended = run(name, input, before);
    let error = ended.result.expect_err(&format!("{name} {input}"));
    assert_eq!(error.message, message, "{name} {input}");
    let before = tree_of(before);
    let before = before
        .below(None)
        .map(|(path, entry)| (path.to_string(), told(entry)));
    assert_eq!(
        ended.after,
        before.collect(),
        "{name} {input} changes nothing"
    );
}

#[test]
fn actions_take_no_unknown_input() {
    for action in ACTIONS {
        let ended = run(action.name, &json!({"no such thing": 1}), &[]);
        assert!(ended.result.is_err(), "{}", action.name);
    }
}

#[test]
fn fetch_plain_copies_bytes_modes_links_and_empty_folders() {
    let skeleton = json!({"url": "./skeleton", "targetPath": "./out/", "token": "x"});
    succeeds(
        "fetch:plain",
        &skeleton,
        &[("out/README.md", "old"), ("kept", "x")],
        &[
            ("kept", "x"),
            ("out/README.md", "# x\n"),
            ("out/bin/run", "*\0\u{fffd}"),
            ("out/empty", "/"),
            ("out/link", "-> bin/run"),
        ],
        &json!({}),
    );
    let at_root = run("fetch:plain", &json!({"url": "./skeleton"}), &[]);
    assert!(at_root.after.contains_key("README.md"));
    fails(
        "fetch:plain",
        &json!({"url": "./missing"}),
        &[],
        "there is no folder \"./missing\"",
    );
}

/// D01.
#[test]
fn links_that_lead_out_are_refused_before_anything_is_written() {
    for (url, message) in [
        (
            "./bad-link",
            "link \"b/c\" points to \"../../d\", which leads out of its folder",
        ),
        (
            "./absolute-link",
            "link \"b\" points to \"/etc/passwd\", which is absolute",
        ),
        (
            "./chain",
            "link \"b\" points to \"a/../../d\", which goes up after it went down",
        ),
        ("./bad-path", "path \".git/hooks/x\" is Git's own data"),
    ] {
        fails(
            "fetch:plain",
            &json!({ "url": url }),
            &[("a", "old")],
            message,
        );
    }
    fails(
        "fetch:plain",
        &json!({"url": "./bad-link", "targetPath": "deep/er"}),
        &[],
        "link \"b/c\" points to \"../../d\", which leads out of its folder",
    );
    fails(
        "fetch:plain:file",
        &json!({"url": "./link", "targetPath": "x"}),
        &[],
        "\"./link\" is a link to \"/etc/passwd\", and no file",
    );
}

/// D04.
#[test]
fn paths_that_lead_out_are_refused() {
    for path in ["../x", "a/../../x", "/etc/x", "..", ".git/config", "C:\\x"] {
        for (name, input) in [
            ("catalog:write", json!({"filePath": path, "entity": {}})),
            (
                "fetch:plain",
                json!({"url": "./skeleton", "targetPath": path}),
            ),
            (
                "fetch:plain:file",
                json!({"url": "./run", "targetPath": path}),
            ),
            ("fs:readdir", json!({"paths": [path]})),
            ("fs:rename", json!({"files": [{"from": "a", "to": path}]})),
            ("fs:rename", json!({"files": [{"from": path, "to": "b"}]})),
            (
                "roadiehq:utils:fs:append",
                json!({"path": path, "content": "x"}),
            ),
            ("roadiehq:utils:fs:parse", json!({"path": path})),
            (
                "roadiehq:utils:fs:write",
                json!({"path": path, "content": "x"}),
            ),
            (
                "roadiehq:utils:json:merge",
                json!({"path": path, "content": {}}),
            ),
            ("roadiehq:utils:merge", json!({"path": path, "content": {}})),
        ] {
            let ended = run(name, &input, &[("a", "x")]);
            let error = ended.result.expect_err(name);
            assert!(error.message.contains(path), "{name}: {error}");
            assert_eq!(ended.after.len(), 1, "{name} {path}");
        }
    }
}
