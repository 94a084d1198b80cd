//! Destinations where something is already, that cannot be written, or that change meanwhile.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::golden_path::{GoldenPath, files, link, names};
use super::workspace::{Answer, is_root};

fn template() -> GoldenPath {
    let template = GoldenPath::new();
    template.file("README.md", "new").file("a/b", "new");
    template
}

/// Makes the repository somewhere else.
fn make_at(template: &GoldenPath, destination: &str, arguments: &[&str]) -> Answer {
    let new = ["new", "./template", destination, "--defaults"];
    template.workspace.run(&[&new, arguments].concat())
}

fn everything(template: &GoldenPath) -> BTreeMap<String, String> {
    files(template.workspace.root().parent().unwrap())
}

#[test]
fn d06_what_is_there_stays() {
    let template = template();
    template
        .workspace
        .write("full/README.md", "old")
        .write("file", "old")
        .link(template.workspace.outside(), "link")
        .link("missing", "dangling")
        .link("full", "inside")
        .pipe("pipe");
    let before = everything(&template);
    for (destination, message) in [
        ("full", "is there already"),
        ("full/", "is there already"),
        ("./full/../full", "is there already"),
        ("file", "is there already"),
        ("pipe", "is there already"),
        ("link", "is a link"),
        ("link/", "link"),
        ("dangling", "is a link"),
        ("inside", "is a link"),
        (".", "is there already"),
        ("..", "no folder that can be made"),
        ("../workspace", "is there already"),
        ("file/below", "file"),
        ("dangling/below", "dangling"),
        ("/", "no folder that can be made"),
        ("/proc", "is there already"),
        ("/proc/devportal", "/proc"),
        ("/dev/null", "is there already"),
        ("", "destination"),
    ] {
        let answer = make_at(&template, destination, &[]);
        answer.assert_code(2);
        let told = &answer.stderr;
        assert!(destination.is_empty() || told.contains(message), "{told}");
        assert_eq!(everything(&template), before, "{destination:?}");
    }
    // A link is not moved aside either: it may be what somebody relies on.
    for destination in ["link", "dangling", "inside"] {
        let answer = make_at(&template, destination, &["--force"]);
        answer.assert_refused("is a link");
        assert_eq!(everything(&template), before, "{destination:?}");
    }
}

#[test]
fn d06_force_moves_what_is_there_aside_and_says_where() {
    let template = template();
    template
        .workspace
        .write("made/README.md", "old")
        .write("made.old-1/other", "older")
        .write("file", "old");
    let answer = template.make(&["--force"]);
    answer.assert_code(0);
    assert!(answer.text().contains("made.old-2"), "{}", answer.text());
    assert_eq!(template.text("README.md"), "new");
    assert_eq!(template.text("../made.old-2/README.md"), "old");
    assert_eq!(template.text("../made.old-1/other"), "older");
    let answer = make_at(&template, "file", &["--force", "--format", "json"]);
    answer.assert_code(0);
    let aside = answer.json()["made"][0]["movedAside"].clone();
    let aside = aside.as_str().unwrap();
    assert_eq!(fs::read_to_string(aside).unwrap(), "old");
    assert_eq!(template.left_over(), Vec::<String>::new());
}

#[test]
fn d06_a_folder_with_nothing_in_it_is_filled() {
    let template = template();
    fs::create_dir(template.made("")).unwrap();
    template.make(&[]).assert_code(0);
    assert_eq!(template.text("README.md"), "new");
    // Not the one that somebody stands in, who would be nowhere.
    fs::create_dir(template.workspace.path("here")).unwrap();
    let new = ["new", "../template", ".", "--defaults"];
    let mut command = template.workspace.command(&new);
    command.current_dir(template.workspace.path("here"));
    let answer = template.workspace.finish(&mut command);
    answer.assert_refused("is the current folder");
    assert_eq!(
        names(&template.workspace.path("here")),
        Vec::<String>::new()
    );
}

#[test]
fn d06_a_plan_says_what_is_there() {
    let template = template();
    template.workspace.write("made/README.md", "old");
    let before = everything(&template);
    let answer = template.make(&["--dry-run"]);
    assert_eq!(everything(&template), before);
    assert!(
        answer.text().contains("is there already") || answer.stderr.contains("is there already"),
        "{}{}",
        answer.text(),
        answer.stderr
    );
}

#[test]
fn d06_folders_that_cannot_be_written_are_named() {
    let template = template();
    let closed = template.workspace.path("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    let mut command =
        template
            .workspace
            .command(&["new", "./template", "closed/made", "--defaults"]);
    if is_root() {
        // Permissions mean nothing to root, so the program runs as somebody else.
        command.uid(12345).gid(12345);
    }
    let answer = template.workspace.finish(&mut command);
    if is_root() && answer.code != Some(2) {
        // The program itself lies where others may not read.
        return;
    }
    answer.assert_refused("closed");
    assert_eq!(names(&closed), Vec::<String>::new());
}

/// Runs the program where `mount` made something of a folder, in a name space of its own.
fn with_mount(template: &GoldenPath, mount: &str, arguments: &[&str]) -> Option<Answer> {
    let probe = Command::new("unshare").args(["-m", "true"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let script = format!("{mount} || exit 77; \"$@\"; code=$?; ls -A made; exit $code");
    let program = template.command(arguments);
    let mut command = Command::new("unshare");
    command
        .args(["-m", "sh", "-c", &script, "sh"])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(template.workspace.root())
        .env_clear();
    for (name, value) in program.get_envs() {
        command.envs(value.map(|value| (name, value)));
    }
    let output = command.output().unwrap();
    (output.status.code() != Some(77)).then(|| Answer {
        code: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

#[test]
fn d06_a_mount_point_is_no_folder_to_replace() {
    let template = template();
    fs::create_dir(template.made("")).unwrap();
    for arguments in [&[][..], &["--force"]] {
        let mount = "mount -t tmpfs none made";
        let Some(answer) = with_mount(&template, mount, arguments) else {
            return;
        };
        answer.assert_refused("made");
        assert_eq!(answer.text(), "");
        let mount = "mount -t tmpfs none made && touch made/old";
        let answer = with_mount(&template, mount, arguments).unwrap();
        answer.assert_refused("made");
        assert_eq!(answer.text(), "old\n");
        assert_eq!(template.left_over(), Vec::<String>::new());
    }
}

/// Does something again and again while the program runs, as often as it takes.
fn while_changing(change: impl Fn() + Sync, run: impl Fn(usize)) {
    const RUNS: usize = 12;
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                change();
            }
        });
        for number in 0..RUNS {
            run(number);
        }
        is_over.store(true, Ordering::Relaxed);
    });
}

fn assert_nothing_outside(template: &GoldenPath, victim: &Path) {
    assert_eq!(names(victim), Vec::<String>::new());
    let outside = names(&template.workspace.outside());
    assert_eq!(outside, ["catalog-info.yaml", "victim"]);
}

fn victim(template: &GoldenPath) -> std::path::PathBuf {
    let victim = template.workspace.outside().join("victim");
    fs::create_dir(&victim).unwrap();
    victim
}

#[test]
fn d07_a_destination_that_becomes_a_link_leads_nowhere() {
    let template = template();
    let victim = victim(&template);
    let made = template.made("");
    let made = Path::new(made.to_str().unwrap().trim_end_matches('/'));
    while_changing(
        || {
            if fs::remove_file(made).is_err() {
                let _ = std::os::unix::fs::symlink(&victim, made);
            }
        },
        |number| {
            let arguments = if number % 2 == 0 {
                &["--force"][..]
            } else {
                &[]
            };
            let answer = template.workspace.finish(&mut template.command(arguments));
            assert!(matches!(answer.code, Some(0 | 2)), "{}", answer.stderr);
            let _ = fs::remove_dir_all(made);
        },
    );
    assert_nothing_outside(&template, &victim);
}

#[test]
fn d07_a_parent_that_becomes_a_link_leads_nowhere() {
    let template = template();
    let victim = victim(&template);
    let (parent, real) = (
        template.workspace.path("parent"),
        template.workspace.path("real"),
    );
    fs::create_dir(&parent).unwrap();
    while_changing(
        || {
            if fs::rename(&parent, &real).is_ok() {
                // The program may have made the folder again meanwhile.
                let _ = std::os::unix::fs::symlink(&victim, &parent);
                let _ = fs::remove_file(&parent);
                let _ = fs::rename(&real, &parent);
            }
        },
        |number| {
            let destination = format!("parent/made-{number}");
            let answer = make_at(&template, &destination, &[]);
            assert!(matches!(answer.code, Some(0 | 2)), "{}", answer.stderr);
        },
    );
    // The link may have been there when the program looked for the folder: then it is the folder
    // that was asked for. Nothing is written to it by halves.
    for name in names(&victim) {
        let made = victim.join(&name);
        if name.starts_with(".devportal-tmp-made-") {
            // It was there when Git's library began the repository, as below.
            let mut there = names(&made);
            there.retain(|name| name != ".git" && !name.starts_with("_git2_"));
            assert_eq!(there, Vec::<String>::new());
            fs::remove_dir_all(made).unwrap();
            continue;
        }
        assert!(name.starts_with("made-"), "{name}");
        assert_eq!(fs::read_to_string(made.join("README.md")).unwrap(), "new");
        fs::remove_dir_all(made).unwrap();
    }
    assert_nothing_outside(&template, &victim);
}

#[test]
fn d07_an_unfinished_folder_that_becomes_a_link_gives_nothing_away() {
    let template = template();
    let victim = victim(&template);
    let root = template.workspace.root();
    while_changing(
        || {
            for name in template.left_over() {
                let (unfinished, aside) = (root.join(&name), root.join("aside"));
                if fs::rename(&unfinished, &aside).is_ok() {
                    link(&victim, &unfinished);
                    thread::yield_now();
                    let _ = fs::remove_file(&unfinished);
                    let _ = fs::rename(&aside, &unfinished);
                }
            }
        },
        |_| {
            let answer = template
                .workspace
                .finish(&mut template.command(&["--force"]));
            assert!(matches!(answer.code, Some(0 | 2)), "{}", answer.stderr);
        },
    );
    // Git's library knows folders by their names alone, so it may begin a repository there, which
    // the program refuses then. No file of the template gets there.
    let mut there = names(&victim);
    there.retain(|name| name != ".git" && !name.starts_with("_git2_"));
    assert_eq!(there, Vec::<String>::new());
}

#[test]
fn d24_modes_follow_the_umask() {
    for (umask, file, program, folder) in [
        ("000", 0o666, 0o777, 0o777),
        ("022", 0o644, 0o755, 0o755),
        ("077", 0o600, 0o700, 0o700),
        ("027", 0o640, 0o750, 0o750),
    ] {
        let template = template();
        template.file("run.sh", "#!/bin/sh\n");
        let path = template.workspace.path("template/skeleton/run.sh");
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
        let program_run = template.command(&[]);
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("umask {umask}; exec \"$@\""), "sh"])
            .arg(program_run.get_program())
            .args(program_run.get_args())
            .current_dir(template.workspace.root())
            .env_clear();
        for (name, value) in program_run.get_envs() {
            command.envs(value.map(|value| (name, value)));
        }
        template.workspace.finish(&mut command).assert_code(0);
        let mode = |path: &str| fs::metadata(template.made(path)).unwrap().mode() & 0o7777;
        assert_eq!(mode("README.md"), file, "{umask}");
        assert_eq!(mode(".devportal/template.lock.yaml"), file, "{umask}");
        assert_eq!(mode("run.sh"), program, "{umask}");
        for path in ["", "a", ".git", ".git/refs/heads"] {
            assert_eq!(mode(path), folder, "{umask} {path:?}");
        }
        for path in [
            ".git/HEAD",
            ".git/config",
            ".git/index",
            ".git/refs/heads/main",
        ] {
            assert_eq!(mode(path) & !file, 0, "{umask} {path:?}");
        }
    }
}

#[test]
fn d23_templates_that_make_too_much_leave_nothing() {
    let many = GoldenPath::new();
    let folder = many.workspace.path("template/skeleton");
    for number in 0..20_001 {
        fs::write(folder.join(number.to_string()), "").unwrap();
    }
    many.assert_refused(&many.make(&[]), &["20"]);
    // A few files of a template that become many.
    let each = GoldenPath::with_steps(
        "    - id: render
      action: fetch:template
      each: '${{ range(2100) }}'
      input: {url: ./skeleton, targetPath: '${{ each.key }}'}
",
    );
    for number in 0..10 {
        each.file(&number.to_string(), "x");
    }
    each.assert_refused(&each.make(&[]), &["20000"]);
    let large = GoldenPath::new();
    let sparse = fs::File::create(large.workspace.path("template/skeleton/large")).unwrap();
    sparse.set_len(300 << 20).unwrap();
    large.assert_refused(&large.make(&[]), &["256 MiB"]);
    let each = GoldenPath::with_steps(
        "    - id: render
      action: fetch:template
      each: '${{ range(150) }}'
      input: {url: ./skeleton, targetPath: '${{ each.key }}'}
",
    );
    each.file("large", vec![b'x'; 2 << 20]);
    each.assert_refused(&each.make(&[]), &["256 MiB"]);
}

#[test]
fn d23_a_path_that_is_too_deep_is_refused() {
    let template = GoldenPath::new();
    template.file("good", "x");
    let mut folder = cap_std::fs::Dir::open_ambient_dir(
        template.workspace.path("template/skeleton"),
        cap_std::ambient_authority(),
    )
    .unwrap();
    for _ in 0..10_000 {
        folder.create_dir("d").unwrap();
        folder = folder.open_dir("d").unwrap();
    }
    let answer = template.make(&[]);
    template.assert_refused(&answer, &["deep"]);
    let remove = Command::new("rm")
        .args(["-rf", "template"])
        .current_dir(template.workspace.root())
        .status();
    assert!(remove.unwrap().success());
}
