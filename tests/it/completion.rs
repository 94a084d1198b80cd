//! What shells offer, asked as they ask.

use crate::sandbox::Sandbox;

/// The candidates for the last of these words.
fn candidates(sandbox: &Sandbox, words: &[&str]) -> Vec<String> {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "");
    command
        .env("COMPLETE", "bash")
        .env("_CLAP_IFS", "\n")
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .args(["--", "devportal"])
        .args(words);
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{words:?}");
    assert!(output.status.success(), "{words:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    // Options are offered beside names where nothing is written yet.
    let names = text.lines().filter(|line| !line.starts_with("--"));
    names.map(str::to_owned).collect()
}

fn component(name: &str, owner: &str, tag: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: \"{name}\"\n  tags: [\"{tag}\"]\n\
         spec: {{type: service, lifecycle: production, owner: \"{owner}\"}}\n"
    )
}

#[test]
fn names_qualifiers_and_values_come_from_the_catalog() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "pay/catalog-info.yaml",
        &component("payments", "team-a", "rust"),
    );
    let offered = |words: &[&str]| candidates(&sandbox, words);
    assert_eq!(offered(&["show", "pay"]), ["payments"]);
    assert_eq!(offered(&["show", "component:"]), ["component:payments"]);
    assert_eq!(offered(&["find", "life"]), ["lifecycle:"]);
    assert_eq!(offered(&["find", "lifecycle:"]), ["lifecycle:production"]);
    assert_eq!(offered(&["find", "tag:go,r"]), ["tag:go,rust"]);
    assert_eq!(offered(&["find", "is:unow"]), ["is:unowned"]);
    assert_eq!(
        offered(&["impact", "payments", "--relation", "dependsOn,consumesA"]),
        ["dependsOn,consumesApi"]
    );
    assert_eq!(
        offered(&["find", "--columns", "name,li"]),
        ["name,lifecycle"]
    );
    assert_eq!(offered(&["explain", "missing-o"]), ["missing-owner"]);
    assert_eq!(offered(&["find", "fa"]), ["fact."]);
    assert_eq!(
        offered(&["find", "fact.readme."]),
        ["fact.readme.lines:", "fact.readme.present:"]
    );
    assert_eq!(
        offered(&["find", "fact.readme.present:t"]),
        ["fact.readme.present:true"]
    );
    assert_eq!(
        offered(&["find", "--columns", "name,fact.bus"]),
        ["name,fact.bus-factor"]
    );
    sandbox.write(
        "far/away/catalog-info.yaml",
        &component("elsewhere", "b", "go"),
    );
    assert_eq!(offered(&["-C", "far", "show", "e"]), ["elsewhere"]);
}

#[test]
fn h04_a_broken_catalog_makes_no_noise_and_offers_nothing_hostile() {
    let sandbox = Sandbox::new();
    sandbox.write("a/catalog-info.yaml", "kind: [\n\t%%%");
    sandbox.write(
        "b/catalog-info.yaml",
        &component("x;rm -rf ~", "$(id)", "`id`"),
    );
    sandbox.write("c/catalog-info.yaml", &component("-rf", "o", "t"));
    sandbox.write("devportal.yaml", "nonsense: [}");
    sandbox.write("../home/.config/devportal/config.yaml", "workspace: {");
    assert_eq!(candidates(&sandbox, &["show", ""]), [""; 0]);
    assert_eq!(candidates(&sandbox, &["find", "tag:"]), ["tag:t"]);
    assert_eq!(
        candidates(&sandbox, &["-C", "not-there", "show", ""]),
        [""; 0]
    );
    for shell in ["", "x", "../bash", "bash\u{1b}[2J"] {
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "");
        let output = command
            .env("COMPLETE", shell)
            .args(["--", "devportal", "show", ""])
            .output()
            .unwrap();
        let shown = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !shown.contains("panicked") && !shown.contains('\u{1b}'),
            "{shell:?}: {shown}"
        );
    }
}

#[test]
fn bash_completes_a_value_after_a_colon() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "pay/catalog-info.yaml",
        &component("payments", "team-a", "rust"),
    );
    sandbox.write(
        "script",
        "source <(devportal completions bash)\n\
         [[ $COMP_WORDBREAKS != *:* ]] || echo 'a colon breaks words'\n\
         COMP_WORDS=(devportal find tag:r) COMP_CWORD=2 COMP_TYPE=9\n\
         _clap_complete_devportal devportal tag:r find\n\
         echo \"${COMPREPLY[@]}\"\n",
    );
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_devportal"));
    let mut command = sandbox.command("bash", "");
    let path = std::env::join_paths(
        std::iter::once(binary.parent().unwrap().to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let output = command
        .env("PATH", path.unwrap())
        .args(["script"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "tag:rust");
}

#[test]
fn every_shell_has_a_script_and_every_command_a_page() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = sandbox.devportal("", &["completions", shell]);
        assert!(run.code == 0 && run.stdout.contains("devportal"), "{shell}");
    }
    let page = sandbox.devportal("", &["man"]).stdout;
    assert!(page.contains(".TH") && page.contains("devportal"));
    assert_eq!(sandbox.devportal("", &["man", "man1"]).code, 0);
    for name in ["devportal.1", "devportal-find.1", "devportal-graph-path.1"] {
        assert!(sandbox.root().join("man1").join(name).is_file(), "{name}");
    }
}
