//! Folders of templates, read from the disk and from commits.

use std::fs;

use devportal::repo::{
    FolderContent, FolderFile, FolderLimits, head_of, read_file_at, read_file_below, read_folder,
    read_folder_at,
};

use crate::sandbox::Sandbox;

const LIMITS: FolderLimits = FolderLimits {
    most_files: 100,
    most_bytes: 1000,
};

fn paths(files: &[FolderFile]) -> Vec<&str> {
    files.iter().map(|file| file.path.as_str()).collect()
}

fn file(bytes: &[u8]) -> FolderContent {
    FolderContent::File {
        bytes: bytes.to_vec(),
        executable: false,
    }
}

#[test]
fn everything_below_a_folder_in_byte_order_as_it_is() {
    let sandbox = Sandbox::new();
    for path in [
        "t/a/x",
        "t/a-b",
        "t/.dot",
        "t/.git/config",
        "t/a/b/.gitignore",
    ] {
        sandbox.write(path, path);
    }
    fs::write(sandbox.root().join("t/binary"), b"\xff\0\r\n").unwrap();
    fs::create_dir_all(sandbox.root().join("t/empty/inner")).unwrap();
    let files = read_folder(&sandbox.root(), "t", &LIMITS).unwrap();
    let expected = [
        ".dot",
        "a-b",
        "a/b/.gitignore",
        "a/x",
        "binary",
        "empty/inner",
    ];
    assert_eq!(paths(&files), expected);
    assert_eq!(files[4].content, file(b"\xff\0\r\n"));
    assert_eq!(files[5].content, FolderContent::EmptyFolder);
    assert_eq!(
        read_folder(&sandbox.root(), "./t/a/../", &LIMITS).unwrap(),
        files
    );
    let one = read_file_below(&sandbox.root(), "t/a/x").unwrap();
    assert_eq!((one.path.as_str(), one.content), ("x", file(b"t/a/x")));
}

#[test]
fn limits_name_the_first_file_too_many() {
    let sandbox = Sandbox::new();
    sandbox.write("t/a", "12345");
    sandbox.write("t/b", "12345");
    let read = |most_files, most_bytes| {
        let limits = FolderLimits {
            most_files,
            most_bytes,
        };
        read_folder(&sandbox.root(), "t", &limits).map(|files| files.len())
    };
    assert_eq!(read(2, 10).unwrap(), 2);
    let error = read(1, 10).unwrap_err().to_string();
    assert!(error.starts_with("there are more than 1 files"), "{error}");
    let error = read(2, 9).unwrap_err().to_string();
    assert!(
        error.starts_with("the files have more than 9 bytes"),
        "{error}"
    );
    assert!(read_folder(&sandbox.root(), "u", &LIMITS).is_err());
    assert!(read_folder(&sandbox.root(), "t/a", &LIMITS).is_err());
}

#[cfg(unix)]
mod links {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_are_named_and_never_followed() {
        let sandbox = Sandbox::new();
        sandbox.write("t/run", "x");
        let run = sandbox.root().join("t/run");
        fs::set_permissions(&run, fs::Permissions::from_mode(0o755)).unwrap();
        symlink("/etc/passwd", sandbox.root().join("t/link")).unwrap();
        symlink("../..", sandbox.root().join("t/up")).unwrap();
        let files = read_folder(&sandbox.root(), "t", &LIMITS).unwrap();
        let link = |target: &str| FolderContent::Link {
            target: target.to_owned(),
        };
        assert_eq!(paths(&files), ["link", "run", "up"]);
        assert_eq!(files[0].content, link("/etc/passwd"));
        assert_eq!(files[2].content, link("../.."));
        assert!(matches!(
            files[1].content,
            FolderContent::File {
                executable: true,
                ..
            }
        ));
        let one = read_file_below(&sandbox.root(), "t/link").unwrap();
        assert_eq!(one.content, link("/etc/passwd"));
    }

    #[test]
    fn nothing_outside_of_the_root_and_nothing_of_git_is_read() {
        let sandbox = Sandbox::new();
        sandbox.write("outside/secret", "x");
        sandbox.write("t/shared/x", "x");
        sandbox.write("t/.git/config", "token");
        let root = sandbox.root().join("t");
        symlink("../outside", root.join("out")).unwrap();
        symlink("shared", root.join("in")).unwrap();
        symlink(".git", root.join("git")).unwrap();
        let read = |folder: &str| read_folder(&root, folder, &LIMITS);
        for folder in [
            "../outside",
            "out",
            "/etc",
            "shared/../../outside",
            ".git",
            "git",
        ] {
            assert!(read(folder).is_err(), "{folder}");
        }
        let git = read("git").unwrap_err().to_string();
        assert_eq!(git, "\"git\" is part of Git's own data");
        assert_eq!(paths(&read("in").unwrap()), ["x"]);
        for path in [
            "out/secret",
            "../outside/secret",
            ".git/config",
            "git/config",
            ".git",
        ] {
            assert!(read_file_below(&root, path).is_err(), "{path}");
        }
    }

    #[test]
    fn pipes_and_names_that_are_no_text_are_refused_by_name() {
        let sandbox = Sandbox::new();
        sandbox.write("pipes/a", "x");
        let mut command = sandbox.command("mkfifo", "pipes");
        assert!(command.arg("pipe").status().unwrap().success());
        let error = read_folder(&sandbox.root(), "pipes", &LIMITS).unwrap_err();
        assert_eq!(error.to_string(), "\"pipe\" is not a regular file");
        assert!(read_file_below(&sandbox.root(), "pipes/pipe").is_err());
        sandbox.write("names/a", "x");
        let name = std::ffi::OsStr::from_bytes(b"\xffx");
        fs::write(sandbox.root().join("names").join(name), "x").unwrap();
        let error = read_folder(&sandbox.root(), "names", &LIMITS).unwrap_err();
        assert!(error.to_string().ends_with("is not UTF-8"), "{error}");
    }

    /// D23: a tree that Git itself would not write is refused, and so is one that is too deep.
    #[test]
    fn d23_trees_that_no_file_system_has_are_refused() {
        let sandbox = Sandbox::new();
        sandbox.write("file", "x");
        sandbox.repository("");
        let blob = sandbox.git("", &["rev-parse", "HEAD:file"]);
        let id: Vec<u8> = (0..20)
            .map(|at| u8::from_str_radix(&blob[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        for (name, files) in [
            ("..", None),
            ("a/b", None),
            ("../x", None),
            (".git", Some(0)),
            ("fine", Some(1)),
        ] {
            let mut tree = format!("100644 {name}\0").into_bytes();
            tree.extend(&id);
            fs::write(sandbox.root().join("tree"), tree).unwrap();
            let arguments = ["hash-object", "-w", "-t", "tree", "--literally", "tree"];
            let tree = sandbox.git("", &arguments);
            let commit = sandbox.git("", &["commit-tree", "-m", "evil", tree.trim()]);
            let read = read_folder_at(&sandbox.root(), commit.trim(), "", &LIMITS);
            assert_eq!(read.ok().map(|read| read.len()), files, "{name}");
        }
        sandbox.write(&format!("deep/{}x", "d/".repeat(300)), "x");
        let error = read_folder(&sandbox.root(), "deep", &LIMITS).unwrap_err();
        assert!(
            error.to_string().ends_with("more than 256 folders deep"),
            "{error}"
        );
    }

    #[test]
    fn a_commit_has_the_same_files_as_its_work_tree() {
        let sandbox = Sandbox::new();
        sandbox.write("t/a/run", "x");
        let run = sandbox.root().join("t/a/run");
        fs::set_permissions(&run, fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.write("t/a-b", "y");
        sandbox.write("other", "z");
        symlink("a/run", sandbox.root().join("t/link")).unwrap();
        sandbox.repository("");
        let root = sandbox.root();
        let state = head_of(&root, "t").unwrap();
        assert!(!state.is_modified);
        let present = read_folder(&root, "t", &LIMITS).unwrap();
        sandbox.write("t/a-b", "changed");
        assert_eq!(
            read_folder_at(&root, &state.commit, "./t", &LIMITS).unwrap(),
            present
        );
        let one = read_file_at(&root, &state.commit, "t/a-b").unwrap();
        assert_eq!((one.path.as_str(), one.content), ("a-b", file(b"y")));
        for folder in ["u", "other", "..", "t/link"] {
            assert!(read_folder_at(&root, &state.commit, folder, &LIMITS).is_err());
        }
        let absent = "0123456789012345678901234567890123456789";
        assert!(read_folder_at(&root, absent, "t", &LIMITS).is_err());
        assert!(read_folder_at(&root, "HEAD", "t", &LIMITS).is_err());
    }
}

#[test]
fn a_folder_is_modified_when_it_would_render_differently() {
    let sandbox = Sandbox::new();
    sandbox.write("t/a", "x");
    sandbox.write("u/a", "x");
    sandbox.repository("");
    let is_modified = |folder: &str| head_of(&sandbox.root(), folder).unwrap().is_modified;
    fs::create_dir(sandbox.root().join("t/empty")).unwrap();
    assert!(!is_modified("t"));
    sandbox.write("t/new", "x");
    assert!(is_modified("t"));
    assert!(is_modified(""));
    assert!(!is_modified("u"));
    fs::remove_file(sandbox.root().join("u/a")).unwrap();
    assert!(is_modified("u"));
    assert!(head_of(&sandbox.root().join("t"), "").is_none());
}
