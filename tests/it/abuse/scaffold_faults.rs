//! Ends in the middle, and disks that refuse: what was asked for is there whole, or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use super::golden_path::{GoldenPath, names};

/// The calls by which a golden path is written, by it and by Git's library.
const CALLS: [&str; 22] = [
    "chmod",
    "close",
    "fchmod",
    "flock",
    "fstat",
    "fsync",
    "ftruncate",
    "getdents64",
    "link",
    "lstat",
    "mkdir",
    "mkdirat",
    "newfstatat",
    "openat",
    "openat2",
    "rename",
    "renameat",
    "renameat2",
    "statx",
    "symlinkat",
    "unlink",
    "write",
];
/// What happens at one of them.
const FAULTS: [&str; 6] = [
    "error=ENOSPC",
    "signal=SIGKILL",
    "error=EIO",
    "signal=SIGINT",
    "error=EDQUOT",
    "error=EROFS",
];
/// So many places of a call are tried.
const PLACES: usize = 12;

fn template() -> GoldenPath {
    let template = GoldenPath::new();
    template
        .file("README.md", "# ${{ values.name }}\n")
        .file(".gitignore", "target/\n")
        .file("src/main.rs", "fn main() {}\n".repeat(1000))
        .file("src/deep/er/x", "x")
        .link("README.md", "link");
    let folder = template.workspace.path("template/skeleton/empty");
    fs::create_dir(folder).unwrap();
    template
}

/// Something that starts the program, with its environment.
fn around(template: &GoldenPath, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(template.workspace.root())
        .env_clear()
        .stdin(Stdio::null());
    for (name, value) in template.command(&[]).get_envs() {
        command.envs(value.map(|value| (name, value)));
    }
    command.env("SOURCE_DATE_EPOCH", "1700000000");
    command
}

const NEW: [&str; 5] = [
    env!("CARGO_BIN_EXE_devportal"),
    "new",
    "./template",
    "made",
    "--defaults",
];

/// Whether a program can be run under another's eyes here.
///
/// # Panics
/// On CI, when it cannot.
#[expect(clippy::print_stderr, reason = "a test that did not run should say so")]
pub(super) fn has_strace() -> bool {
    let probe = Command::new("strace").args(["-f", "-qq", "true"]).output();
    let works = probe.is_ok_and(|output| output.status.success());
    if !works {
        assert!(std::env::var_os("CI").is_none(), "strace does not work");
        eprintln!("strace does not work here: faults in the middle were not tried");
    }
    works
}

/// What a run makes that nothing disturbs.
struct Whole {
    files: BTreeMap<String, String>,
    commit: String,
    /// Of each call, which ones come after the first thing is made.
    calls: BTreeMap<&'static str, std::ops::Range<usize>>,
}

impl Whole {
    fn of(template: &GoldenPath) -> Self {
        let calls = format!("trace={}", CALLS.map(|call| format!("?{call}")).join(","));
        let options = ["-f", "-qq", "-o", "trace", "-e", &calls];
        let run = around(template, "strace", &[&options[..], &NEW].concat()).output();
        let run = run.unwrap();
        assert!(run.status.success(), "{run:?}");
        let trace = fs::read(template.workspace.path("trace")).unwrap();
        let trace = String::from_utf8_lossy(&trace).into_owned();
        fs::remove_file(template.workspace.path("trace")).unwrap();
        let whole = Self {
            files: template.files_made(),
            commit: commit_of(template),
            calls: calls_of(&trace),
        };
        fs::remove_dir_all(template.made("")).unwrap();
        whole
    }
}

/// The calls of the thread that writes, as far as they come after its first folder.
fn calls_of(trace: &str) -> BTreeMap<&'static str, std::ops::Range<usize>> {
    let first = trace
        .lines()
        .find(|line| line.contains("mkdir") && line.contains(".devportal-tmp-"));
    let writer = first.unwrap().split(' ').next().unwrap();
    let mut has_begun = false;
    let mut calls: BTreeMap<&'static str, std::ops::Range<usize>> = BTreeMap::new();
    for line in trace
        .lines()
        .filter(|line| line.split(' ').next() == Some(writer))
    {
        has_begun |= line.contains(".devportal-tmp-");
        let call = line[writer.len()..].trim_start().split('(').next().unwrap();
        let Some(call) = CALLS.iter().find(|known| **known == call) else {
            continue;
        };
        let counted = calls.entry(call).or_insert(1..1);
        counted.end += 1;
        if !has_begun {
            counted.start += 1;
        }
    }
    calls
}

fn commit_of(template: &GoldenPath) -> String {
    let git = |arguments: &[&str]| {
        let output = around(template, "git", arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert_eq!(git(&["-C", "made", "status", "--porcelain"]), "");
    git(&["-C", "made", "rev-parse", "HEAD"])
}

/// Up to so many numbers of a range, both ends among them.
fn sample(range: &std::ops::Range<usize>) -> Vec<usize> {
    let last = range.len().saturating_sub(1);
    let mut places: Vec<usize> = (0..PLACES)
        .map(|place| range.start + place * last / (PLACES - 1))
        .filter(|place| range.contains(place))
        .collect();
    places.dedup();
    places
}

#[test]
fn d20_an_end_or_a_fault_at_any_call_leaves_all_or_nothing() {
    if !has_strace() {
        return;
    }
    let template = template();
    let whole = Whole::of(&template);
    let before = names(&template.workspace.root());
    let mut disturbed = 0;
    let mut number = 0;
    for (call, range) in &whole.calls {
        for place in sample(range) {
            let fault = FAULTS[number % FAULTS.len()];
            number += 1;
            let trace = format!("trace={call}");
            let inject = format!("inject={call}:{fault}:when={place}");
            let options = [
                "-f",
                "-qq",
                "--seccomp-bpf",
                "-o",
                "/dev/null",
                "-e",
                &trace,
                "-e",
                &inject,
            ];
            let run = around(&template, "strace", &[&options[..], &NEW].concat()).output();
            let run = run.unwrap();
            let stderr = String::from_utf8_lossy(&run.stderr);
            let about = format!("{inject}: {:?} {stderr}", run.status);
            // The library below looks whether /proc is what it seems, and panics where it is not.
            let doubts_proc = stderr.contains("rustix-linux-procfs");
            assert!(doubts_proc || !stderr.contains("panicked"), "{about}");
            let is_made = template.made("").symlink_metadata().is_ok();
            if is_made {
                assert_eq!(template.files_made(), whole.files, "{about}");
                assert_eq!(commit_of(&template), whole.commit, "{about}");
                fs::remove_dir_all(template.made("")).unwrap();
            } else {
                let code = run.status.code();
                let has_ended = code == Some(2) || run.status.signal().is_some();
                assert!(has_ended || doubts_proc && code == Some(101), "{about}");
                disturbed += 1;
            }
            let left_over = template.left_over();
            let mut there = names(&template.workspace.root());
            there.retain(|name| !left_over.contains(name));
            assert_eq!(there, before, "{about}");
            if !left_over.is_empty() {
                let next = around(&template, NEW[0], &NEW[1..]).output().unwrap();
                assert!(next.status.success(), "{about}: {next:?}");
                assert_eq!(template.left_over(), Vec::<String>::new(), "{about}");
                assert_eq!(template.files_made(), whole.files, "{about}");
                fs::remove_dir_all(template.made("")).unwrap();
            }
        }
    }
    assert!(
        disturbed * 4 > number,
        "{disturbed} of {number} ends were noticed"
    );
}

#[test]
fn d20_a_full_disk_leaves_nothing() {
    let template = template();
    template.file("large", vec![b'x'; 200 << 10]);
    fs::create_dir(template.workspace.path("small")).unwrap();
    for size in ["8k", "64k", "196k", "208k", "240k", "280k", "320k"] {
        for inodes in [3, 8, 20, 1000] {
            let script = format!(
                "mount -t tmpfs -o size={size},nr_inodes={inodes} none small || exit 77; \
                 cp -r template small/; mkdir -p made; \"$0\" new ./template small/made --defaults \
                 > /dev/null 2> error; code=$?; cat error; ls -A small; exit $code"
            );
            let mut command = Command::new("unshare");
            let program = template.workspace.command::<&str>(&[]);
            command
                .args(["-m", "sh", "-c", &script, env!("CARGO_BIN_EXE_devportal")])
                .current_dir(template.workspace.root())
                .env_clear();
            for (name, value) in program.get_envs() {
                command.envs(value.map(|value| (name, value)));
            }
            let Ok(output) = command.output() else { return };
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            match output.status.code() {
                Some(0) => assert!(text.contains("made"), "{text}"),
                Some(2) => {
                    assert!(text.contains("No space left"), "{text}");
                    let left = text
                        .lines()
                        .filter(|line| *line == "made" || line.starts_with(".devportal"));
                    assert_eq!(left.count(), 0, "{size} {inodes}: {text}");
                }
                Some(77 | 1) => return,
                other => panic!("{other:?}: {text}"),
            }
        }
    }
}
