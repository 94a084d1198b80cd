//! The user's own configuration file, and what only it may say.

use crate::sandbox::Sandbox;

#[test]
fn config_show_has_the_file_of_the_user() {
    let sandbox = Sandbox::new();
    let folder = sandbox
        .root()
        .parent()
        .unwrap()
        .join("home/.config/devportal");
    std::fs::create_dir_all(&folder).unwrap();
    let text = "trust: [github.com/acme/templates]\nforges:\n  gitlab.intern:\n    token-command: [pass, show, gitlab]\n";
    std::fs::write(folder.join("config.yaml"), text).unwrap();
    let run = sandbox.devportal("", &["config", "show", "--json"]);
    let settings = run.json()["settings"].as_array().unwrap().clone();
    let keys: Vec<&str> = settings
        .iter()
        .map(|it| it["key"].as_str().unwrap())
        .collect();
    let expected = ["[user] trust", "[user] forges.gitlab.intern.token-command"];
    assert_eq!(keys, expected, "{run:?}");
    assert_eq!(settings[1]["value"], "pass show gitlab");
    let origin = settings[1]["origin"].as_str().unwrap();
    assert!(origin.ends_with("devportal/config.yaml:4"), "{origin}");
}
