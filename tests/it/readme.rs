//! The documents tell the truth: README's transcripts are run, its tables are compared with what
//! the program writes, and the links of the documents lead somewhere.
//!
//! `SNAPSHOTS=overwrite cargo test readme` writes what the program prints into README.md.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use devportal::check::all_codes;
use devportal::config::Settings;
use devportal::model::SourceFile;
use serde_json::Value;
use snapbox::data::DataFormat;
use tempfile::TempDir;

/// What begins a block of commands and their output.
const TRANSCRIPT: &str = "```console";

/// The documents whose links are looked at.
const DOCUMENTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).expect(name)
}

/// Where transcripts are run: a folder to begin with, and the sample organisation in another.
struct Stage {
    empty: TempDir,
    sample: TempDir,
}

impl Stage {
    fn new() -> Self {
        let stage = Self {
            empty: TempDir::new().expect("a folder"),
            sample: TempDir::new().expect("a folder"),
        };
        stage.run("demo", stage.sample.path());
        stage
    }

    /// A block that begins with `devportal demo` begins in an empty folder, every other in the
    /// sample organisation.
    fn folder_of(&self, block: &[&str]) -> PathBuf {
        if block.first() == Some(&"$ devportal demo") {
            self.empty.path().to_path_buf()
        } else {
            self.sample.path().join("larkspur")
        }
    }

    /// What the program prints, in the order in which it does, and how it ends.
    fn run(&self, arguments: &str, folder: &Path) -> String {
        let (mut reader, writer) = std::io::pipe().expect("a pipe");
        let mut command = Command::new(env!("CARGO_BIN_EXE_devportal"));
        command
            .args(crate::cases::words(arguments))
            .current_dir(folder)
            .env_clear()
            .envs([("COLUMNS", "100"), ("NO_COLOR", "1"), ("TERM", "dumb")])
            .envs([
                ("GIT_CONFIG_GLOBAL", "/dev/null"),
                ("GIT_CONFIG_NOSYSTEM", "1"),
            ])
            .env("HOME", self.empty.path())
            .stdout(writer.try_clone().expect("a pipe"))
            .stderr(writer);
        let mut child = command.spawn().expect("the program");
        // The command holds the ends of the pipe that are written to.
        drop(command);
        let mut output = String::new();
        reader.read_to_string(&mut output).expect("UTF-8");
        match child.wait().expect("an end").code() {
            Some(0) => output,
            code => format!("{output}[exit {}]\n", code.unwrap_or(-1)),
        }
    }

    /// What a block should be.
    fn play(&self, block: &[&str]) -> String {
        let mut folder = self.folder_of(block);
        let mut played = String::new();
        for command in block.iter().filter_map(|line| line.strip_prefix("$ ")) {
            played.extend(["$ ", command, "\n"]);
            match command.split_once(' ') {
                Some(("cd", to)) => folder.push(to),
                Some(("devportal", arguments)) => played += &self.run(arguments, &folder),
                _ => panic!("not a command of a transcript: {command}"),
            }
        }
        played
    }
}

/// The lines of each transcript of a document.
fn transcripts(text: &str) -> Vec<Vec<&str>> {
    let mut lines = text.lines();
    let mut blocks = Vec::new();
    while lines.any(|line| line == TRANSCRIPT) {
        blocks.push(lines.by_ref().take_while(|line| *line != "```").collect());
    }
    blocks
}

#[test]
fn transcripts_are_what_the_program_prints() {
    let text = document("README.md");
    let stage = Stage::new();
    let mut played = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        played.extend([line, "\n"]);
        if line == TRANSCRIPT {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            played.extend([&stage.play(&block), "```\n"]);
        }
    }
    let expected = snapbox::Data::read_from(&root().join("README.md"), Some(DataFormat::Text));
    // README has backslashes that are none of a path.
    snapbox::Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .normalize_paths(false)
        .eq(played, expected);
}

#[test]
fn every_command_has_a_transcript() {
    let stage = Stage::new();
    let help = stage.run("--help", stage.empty.path());
    let listed = help.lines().take_while(|line| *line != "Options:");
    let commands: BTreeSet<&str> = listed
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .collect();
    let text = document("README.md");
    let shown: BTreeSet<&str> = transcripts(&text)
        .into_iter()
        .flatten()
        .filter_map(|line| line.strip_prefix("$ devportal ")?.split(' ').next())
        .collect();
    assert!(commands.len() > 1, "{help}");
    assert_eq!(commands, shown);
}

#[test]
fn the_configuration_is_one() {
    let text = document("README.md");
    let (_, rest) = text
        .split_once("```yaml\n# devportal.yaml\n")
        .expect("an example");
    let (example, _) = rest.split_once("```").expect("an end");
    let file = SourceFile::new("acme".into(), "", b"devportal.yaml");
    let codes: Vec<&str> = all_codes().iter().map(|code| code.name).collect();
    let (settings, problems) = Settings::parse(example, &file.into(), &codes);
    assert!(problems.is_empty(), "{problems:?}");
    assert!(settings.baseline.is_some() && settings.as_of.is_some());
}

/// What the tables of fields describe, and the commands that write it.
const CONTRACTS: [(&str, &str); 34] = [
    ("`entities`", "export entities"),
    ("`relations`", "export relations"),
    ("`documents`", "export documents"),
    ("`devportal.export/v1`", "export entities --json"),
    ("`devportal.find/v1`", "find payments --json"),
    ("`devportal.show/v1`", "show refunds --json"),
    ("`devportal.facts-list/v1`", "facts list --json"),
    ("`devportal.facts-show/v1`", "facts show refunds --json"),
    (
        "`devportal.facts-history/v1`",
        "facts show refunds --history --json",
    ),
    (
        "`devportal.facts-collect/v1`",
        "facts collect --dry-run --json",
    ),
    (
        "`devportal.facts-compact/v1`",
        "facts compact --dry-run --json",
    ),
    ("`devportal.score/v1`", "score --json"),
    ("`devportal.score-entity/v1`", "score refunds --json"),
    ("`devportal.campaign-list/v1`", "campaign list --json"),
    (
        "`devportal.campaign-show/v1`",
        "campaign show update-bots --json",
    ),
    ("`devportal.campaign-status/v1`", "campaign status --json"),
    ("`devportal.score-trend/v1`", "score trend --json"),
    ("`devportal.report-maturity/v1`", "report maturity --json"),
    ("`devportal.report-campaigns/v1`", "report campaigns --json"),
    ("`devportal.report-inventory/v1`", "report inventory --json"),
    (
        "`devportal.report-dependencies/v1`",
        "report dependencies --json",
    ),
    (
        "`devportal.report-entity/v1`",
        "report entity refunds --json",
    ),
    ("`devportal.report-ownership/v1`", "report ownership --json"),
    ("`devportal.report-health/v1`", "report health --json"),
    ("`devportal.report-support/v1`", "report support --json"),
    ("`devportal.docs/v1`", "docs order-service --json"),
    ("`devportal.docs-page/v1`", "docs order-service adr --json"),
    ("`devportal.docs-search/v1`", "docs search outbox --json"),
    (
        "`devportal.new/v1`",
        "new rust-service --dry-run --defaults --set name=parcels --set owner=payments --json",
    ),
    ("`devportal.template-list/v1`", "template list --json"),
    (
        "`devportal.template-show/v1`",
        "template show rust-service --json",
    ),
    ("`devportal.check/v1`", "check --json"),
    ("`devportal.explain/v1`", "explain --json"),
    ("`devportal.config/v1`", "config show --json"),
];

#[test]
fn tables_of_fields_are_complete() {
    let text = document("README.md");
    let stage = Stage::new();
    for (name, command) in CONTRACTS {
        let rows = text
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.strip_prefix(name));
        let cells = rows.filter_map(|row| row.split('|').nth(1));
        let documented: BTreeSet<String> = cells
            .flat_map(|cell| cell.split('`').skip(1).step_by(2))
            .map(str::to_owned)
            .collect();
        let output = stage.run(command, &stage.sample.path().join("larkspur"));
        let json = output.split("[exit").next().unwrap_or_default();
        let mut written = BTreeSet::new();
        for value in serde_json::Deserializer::from_str(json).into_iter::<Value>() {
            fields(&value.expect(command), "", &documented, &mut written);
        }
        assert_eq!(documented, written, "{command}");
    }
}

/// The fields of a value, down to those that are documented as a whole.
fn fields(value: &Value, path: &str, known: &BTreeSet<String>, found: &mut BTreeSet<String>) {
    if known.contains(path) {
        found.insert(path.to_owned());
        return;
    }
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let dot = if path.is_empty() { "" } else { "." };
                fields(value, &format!("{path}{dot}{key}"), known, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                fields(item, &format!("{path}[]"), known, found);
            }
        }
        _ => {
            found.insert(path.to_owned());
        }
    }
}

#[test]
fn links_lead_somewhere() {
    for name in DOCUMENTS {
        let text = document(name);
        let targets = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://")) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { name } else { file };
            assert!(root().join(file).exists(), "{name}: {target}");
            assert!(
                heading.is_empty() || headings(file).contains(heading),
                "{name}: {target}"
            );
        }
    }
}

/// The anchors of a document's headings, as forges make them.
fn headings(name: &str) -> BTreeSet<String> {
    let text = document(name);
    let titles = text
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|title| title.trim_start_matches('#').trim().to_lowercase());
    titles.map(|title| title.replace(' ', "-")).collect()
}
