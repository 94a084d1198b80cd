//! `devportal owner -`: the lists of paths that Git writes.

use std::io::Write;
use std::process::Stdio;

use crate::sandbox::Sandbox;

/// A repository with a component at its root and one in `services/pay`.
fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    let component = |name: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\n\
             spec: {{type: service, lifecycle: production, owner: {name}-team}}\n"
        )
    };
    sandbox.write("shop/catalog-info.yaml", &component("shop"));
    sandbox.write("shop/services/pay/catalog-info.yaml", &component("pay"));
    sandbox.write("shop/services/pay/caf\u{e9}.rs", "x");
    sandbox.write("shop/old.rs", "x");
    sandbox.write("shop/CODEOWNERS", "* @acme/shop-team\n");
    sandbox.repository("shop");
    sandbox
}

/// What `owner` with these arguments answers in a folder to a list, and its exit code.
fn owner_of(sandbox: &Sandbox, folder: &str, arguments: &[&str], list: &[u8]) -> (String, i32) {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), folder);
    command.args(["owner", "--format", "jsonl", "-"]);
    command.args(arguments).stdin(Stdio::piped());
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let list = list.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&list));
    let output = child.wait_with_output().unwrap();
    // A program that fails early does not read all.
    let _ = writer.join().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!stderr.contains("panicked"), "{stderr}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    (stdout, output.status.code().unwrap())
}

/// The path and the owner of each line.
fn owners(answer: &str) -> Vec<String> {
    let lines = answer.lines();
    let lines = lines.map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines
        .map(|line| {
            let owner = line["owner"].as_str().unwrap_or("nobody");
            let name = owner.rsplit('/').next().unwrap();
            format!("{} {name}", line["path"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn paths_of_git_diff_are_relative_to_the_root_of_the_repository() {
    let sandbox = shop();
    sandbox.write("shop/services/pay/caf\u{e9}.rs", "y");
    std::fs::remove_file(sandbox.root().join("shop/old.rs")).unwrap();
    for folder in ["shop", "shop/services/pay"] {
        let list = sandbox.git(folder, &["diff", "--name-only"]);
        let (answer, code) = owner_of(&sandbox, folder, &[], list.as_bytes());
        let expected = ["old.rs shop-team", "services/pay/caf\u{e9}.rs pay-team"];
        assert_eq!(owners(&answer), expected, "in {folder}");
        assert_eq!(code, 0);
        let list = sandbox.git(folder, &["diff", "--name-only", "-z"]);
        let (answer, _) = owner_of(&sandbox, folder, &["-z"], list.as_bytes());
        assert_eq!(owners(&answer), expected, "in {folder}");
    }
    let list = b"./catalog-info.yaml\n../../old.rs\n";
    let (answer, _) = owner_of(&sandbox, "shop/services/pay", &[], list);
    let expected = [
        "services/pay/catalog-info.yaml pay-team",
        "old.rs shop-team",
    ];
    assert_eq!(owners(&answer), expected);
}

#[test]
fn lists_may_be_empty_long_and_odd() {
    let sandbox = shop();
    assert_eq!(owner_of(&sandbox, "", &[], b""), (String::new(), 0));
    assert_eq!(owner_of(&sandbox, "", &[], b"\n\n\r\n"), (String::new(), 0));
    let odd = b"shop/x\xff\xfe.rs\nshop/\x1b[31m\n\"\\3\n../../etc/passwd\n/\n\0\n";
    let (answer, code) = owner_of(&sandbox, "", &[], odd);
    assert_eq!(owners(&answer).len(), 6);
    assert!(!answer.contains('\x1b'));
    assert_eq!(code, 1);
    let long = "shop/services/pay/main.rs\n".repeat(100_000);
    let (answer, code) = owner_of(&sandbox, "", &[], long.as_bytes());
    assert_eq!(answer.lines().count(), 100_000);
    assert_eq!(code, 0);
}
