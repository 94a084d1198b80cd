use super::{compare, read};
use crate::scaffold::{Entry, SourceEntry, TargetPath, WorkTree};

fn file(path: &str, text: &str) -> SourceEntry {
    SourceEntry {
        path: path.to_owned(),
        content: Entry::File {
            bytes: text.as_bytes().to_vec(),
            executable: false,
        },
    }
}

fn tree(files: &[(&str, &str)]) -> WorkTree {
    let mut tree = WorkTree::default();
    for (path, text) in files {
        let path = TargetPath::new(path).expect("a path");
        tree.put(path, file("", text).content).expect("room");
    }
    tree
}

#[test]
fn a_case_is_a_folder_with_answers_or_files() {
    let cases = read(vec![
        file("README.md", ""),
        file("other/src/main.rs", ""),
        file("b/case.yaml", "fails: no way\ncommand: [make, test]\n"),
        file("a/answers.yaml", "name: x\n"),
        file("a/expected/README.md", "x"),
        file("a/expected/.devportal/template.lock.yaml", "x"),
    ]);
    let names: Vec<&str> = cases.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    let [(_, Ok(a)), (_, Ok(b))] = cases.as_slice() else {
        panic!("{cases:?}");
    };
    assert_eq!(a.answers["name"], "x");
    assert_eq!(a.expected.as_ref().map(WorkTree::len), Some(1));
    assert_eq!(b.settings.fails.as_deref(), Some("no way"));
    assert_eq!(b.settings.command, ["make", "test"]);
    assert!(b.expected.is_none());
}

#[test]
fn what_is_wrong_with_a_case_is_told_at_its_line() {
    for (path, text, expected) in [
        ("a/answers.yaml", "a: [", "\"answers.yaml\" line"),
        ("a/case.yaml", "\nfail: x\n", "\"case.yaml\" line 2:1"),
        ("a/expected/nul", "", "device"),
    ] {
        let cases = read(vec![file(path, text)]);
        let error = cases[0].1.as_ref().expect_err(path);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn files_that_differ_are_told_with_their_lines() {
    let expected = tree(&[("a", "one\ntwo\n"), ("gone", "x\n"), ("same", "")]);
    let made = tree(&[("a", "one\n2\n"), ("new", "y\n"), ("same", "")]);
    let differences = compare(&expected, &made).expect("small files");
    let told: Vec<(&str, &str)> = differences
        .iter()
        .map(|it| (it.path.as_str(), it.change))
        .collect();
    assert_eq!(
        told,
        [("a", "changed"), ("gone", "missing"), ("new", "unexpected")]
    );
    assert!(
        differences[0].patch.contains("-two\n+2\n"),
        "{}",
        differences[0].patch
    );
    assert_eq!(compare(&made, &made).expect("small files"), []);
}
