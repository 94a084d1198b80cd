//! The house stands as `ARCHITECTURE.md` draws it. A test that fails says what to do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module of the library may use, in the order of `src/lib.rs`.
const MAY_USE: &[(&str, &str)] = &[
    ("model", ""),
    ("diagnostic", "model"),
    ("view", "model diagnostic"),
    ("yaml", "model diagnostic"),
    ("config", "model diagnostic yaml"),
    ("repo", "model diagnostic"),
    ("cache", ""),
    ("descriptor", "model diagnostic yaml"),
    ("codeowners", "model diagnostic"),
    ("catalog", "model diagnostic codeowners"),
    ("documentation", "model diagnostic yaml repo catalog"),
    ("api_definition", "model diagnostic yaml repo"),
    ("expression", "model diagnostic"),
    ("template", "model diagnostic"),
    ("program", ""),
    ("http", "model"),
    ("forge_api", "model http"),
    (
        "fact",
        "model diagnostic yaml config repo cache codeowners catalog documentation api_definition program http",
    ),
    ("query", "model diagnostic catalog expression fact"),
    ("check", "model diagnostic catalog query"),
    (
        "maturity",
        "model diagnostic yaml catalog expression query fact",
    ),
    (
        "report",
        "model view diagnostic catalog query fact documentation api_definition maturity",
    ),
    (
        "scaffold",
        "model diagnostic yaml repo catalog template program http forge_api",
    ),
    ("output", "model diagnostic view"),
    (
        "scan",
        "model diagnostic yaml config repo descriptor codeowners catalog",
    ),
];

/// Where each dependency is at home: modules of the library, `bin` for the program, or `*` for
/// what is at home everywhere.
const HOMES: &[(&str, &str)] = &[
    ("annotate-snippets", "output"),
    ("anstyle", "output"),
    ("anyhow", "*"),
    ("apollo-parser", "api_definition"),
    ("cap-std", "cache fact repo scaffold bin"),
    ("clap", "bin"),
    ("clap_complete", "bin"),
    ("clap_mangen", "bin"),
    ("comfy-table", "output"),
    ("crossterm", "bin"),
    ("csv", "fact"),
    ("cvss", "fact"),
    ("etcetera", "bin"),
    ("gethostname", "bin"),
    ("git2", "repo"),
    ("globset", "*"),
    ("granit-parser", "yaml"),
    ("ignore", "repo"),
    ("include_dir", "bin"),
    ("indicatif", "bin"),
    ("inquire", "bin"),
    ("jiff", "fact http maturity model query report bin"),
    ("jsonschema", "descriptor scaffold"),
    ("libz-sys", "repo"),
    ("minijinja", "expression template"),
    ("nucleo-matcher", "bin"),
    ("petgraph", "catalog"),
    ("pulldown-cmark", "documentation output"),
    ("quick-xml", "fact"),
    ("rayon", "documentation fact maturity repo scan"),
    ("regex", "codeowners fact scaffold template"),
    ("rust-sugiyama", "output"),
    ("rustix", "program"),
    ("serde", "*"),
    ("serde-saphyr", "output scaffold"),
    ("serde_json", "*"),
    ("serde_path_to_error", "scaffold"),
    ("sha2", "cache diagnostic fact output scaffold bin"),
    ("shell-words", "bin"),
    ("signal-hook", "bin"),
    ("stacker", "bin"),
    ("strsim", "diagnostic"),
    ("supports-hyperlinks", "bin"),
    ("terminal_size", "bin"),
    ("toml", "fact"),
    ("unicode-security", "check"),
    ("unicode-width", "output"),
    ("ureq", "http"),
    ("url", "*"),
    ("walkdir", "repo"),
];

/// A source file, without its comments and its tests.
struct Source {
    /// Relative to the repository, with `/`.
    path: String,
    /// The module of the library it is in, or `bin`.
    module: String,
    /// How deep below the root of the crate its module is.
    depth: usize,
    code: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below a folder, relative to the repository.
fn files_below(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let path = path.strip_prefix(root()).unwrap();
                files.push(path.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}

/// The sources without `lib.rs` and the files that are only tests.
fn sources() -> Vec<Source> {
    let files = files_below("src").into_iter();
    files
        .filter(|path| {
            path.ends_with(".rs")
                && path != "src/lib.rs"
                && !path.ends_with("/tests.rs")
                && !path.contains("/tests/")
        })
        .map(|path| {
            let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
            let is_folder = parts.last() == Some(&"mod");
            Source {
                module: parts[1].to_owned(),
                depth: parts.len() - 1 - usize::from(is_folder),
                code: code(&read(&path)),
                path,
            }
        })
        .collect()
}

/// The text without comments and without what follows `#[cfg(test)]`, which stands last.
fn code(text: &str) -> String {
    let lines = text
        .lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"));
    let lines = lines.map(|line| line.split_once("// ").map_or(line, |(code, _)| code));
    lines
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What follows each occurrence of a path's first part.
fn after<'text>(code: &'text str, start: &'text str) -> impl Iterator<Item = &'text str> {
    code.match_indices(start).filter_map(move |(at, _)| {
        let continues = code[..at].ends_with(|c: char| is_word(c) || c == ':');
        (!continues).then(|| &code[at + start.len()..])
    })
}

/// The names that a path or a `{…}` group begins with.
fn first_names(path: &str) -> Vec<&str> {
    let word = |text: &'_ str| text.find(|c| !is_word(c)).unwrap_or(text.len());
    let Some(group) = path.strip_prefix('{') else {
        return vec![&path[..word(path)]];
    };
    let mut names = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let name = group[start..at].trim_start();
                names.push(&name[..word(name)]);
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

/// The modules of the library that a source uses.
fn uses(source: &Source) -> BTreeSet<&str> {
    let to_root = "super::".repeat(source.depth);
    let paths = after(&source.code, "crate::");
    let mut names: BTreeSet<&str> = paths.flat_map(first_names).collect();
    for (at, _) in source.code.match_indices(&to_root) {
        names.extend(first_names(&source.code[at + to_root.len()..]));
    }
    names.retain(|name| !name.is_empty() && *name != source.module && *name != "super");
    names
}

fn modules_of_library() -> Vec<String> {
    let text = read("src/lib.rs");
    let modules = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "));
    modules
        .map(|module| module.trim_end_matches(';').to_owned())
        .collect()
}

#[test]
fn modules_use_what_the_table_allows() {
    let table: BTreeMap<&str, &str> = MAY_USE.iter().copied().collect();
    for source in sources().iter().filter(|source| source.module != "bin") {
        let allowed = table.get(source.module.as_str()).unwrap_or_else(|| {
            panic!(
                "module \"{}\" has no row in MAY_USE: add one, here and in ARCHITECTURE.md",
                source.module
            )
        });
        for used in uses(source) {
            assert!(
                allowed.split(' ').any(|module| module == used),
                "{} uses \"{used}\", which \"{}\" may not: move the code to where it belongs, or \
                 change the table here and in ARCHITECTURE.md together, with a reason",
                source.path,
                source.module
            );
        }
    }
}

#[test]
fn the_library_reads_from_the_top() {
    let modules = modules_of_library();
    let rows: Vec<&str> = MAY_USE.iter().map(|(module, _)| *module).collect();
    assert_eq!(
        rows, modules,
        "MAY_USE has a row for each module of src/lib.rs, in its order"
    );
    for (index, (module, allowed)) in MAY_USE.iter().enumerate() {
        for used in allowed.split(' ').filter(|used| !used.is_empty()) {
            assert!(
                rows[..index].contains(&used),
                "\"{module}\" uses \"{used}\": move \"{module}\" below it in src/lib.rs"
            );
        }
    }
}

#[test]
fn architecture_md_has_the_same_table() {
    let Ok(page) = fs::read_to_string(root().join("ARCHITECTURE.md")) else {
        return;
    };
    let rows = page
        .lines()
        .skip_while(|line| *line != "| module | uses |")
        .skip(2)
        .take_while(|line| line.starts_with("| `"));
    let mut told = BTreeMap::new();
    for row in rows {
        let mut cells = row.split('|').skip(1).map(|cell| {
            let words = cell.split('`').skip(1).step_by(2);
            words.collect::<Vec<_>>()
        });
        let (modules, uses) = (cells.next().unwrap(), cells.next().unwrap());
        told.extend(
            modules
                .into_iter()
                .map(|module| (module, uses.clone().join(" "))),
        );
    }
    let holds: BTreeMap<&str, String> = MAY_USE
        .iter()
        .map(|(module, uses)| (*module, (*uses).to_owned()))
        .collect();
    assert_eq!(
        told, holds,
        "the table \"module, uses\" of ARCHITECTURE.md is MAY_USE"
    );
}

/// The names in a section of `Cargo.toml`.
fn dependencies(section: &str) -> Vec<String> {
    let text = read("Cargo.toml");
    let header = format!("[{section}]");
    let lines = text.lines().skip_while(|line| *line != header).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines
        .filter_map(|line| Some(line.split_once(" = ")?.0.to_owned()))
        .collect()
}

fn uses_crate(code: &str, dependency: &str) -> bool {
    let name = dependency.replace('-', "_");
    // A file with a module of that name means its module: src/output/mod.rs has "csv".
    let has_module = code.contains(&format!("mod {name};"));
    let is_linked = code.contains(&format!("use {name} as _;"));
    is_linked || !has_module && after(code, &format!("{name}::")).next().is_some()
}

#[test]
fn crates_stay_at_home() {
    let rows: Vec<&str> = HOMES.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        rows,
        dependencies("dependencies"),
        "HOMES has a row for each dependency of Cargo.toml, in its order"
    );
    let sources = sources();
    for (dependency, homes) in HOMES {
        let users: Vec<&Source> = sources
            .iter()
            .filter(|source| uses_crate(&source.code, dependency))
            .collect();
        assert!(
            !users.is_empty(),
            "nothing uses \"{dependency}\": take it out of Cargo.toml"
        );
        for user in users.iter().filter(|_| *homes != "*") {
            assert!(
                homes.split(' ').any(|home| home == user.module),
                "{} uses \"{dependency}\", which is at home in {homes}: ask that module for what \
                 you need",
                user.path
            );
        }
    }
}

#[test]
fn every_development_dependency_is_used() {
    let mut files = files_below("tests");
    files.extend(files_below("src"));
    let rust = files.iter().filter(|path| path.ends_with(".rs"));
    let text: String = rust.map(|path| read(path)).collect();
    // A test builds what the templates make, without a network: their crates must be at hand.
    let templates = files_below("templates").into_iter();
    let manifests: String = templates
        .filter(|path| path.contains("Cargo.toml"))
        .map(|path| read(&path))
        .collect();
    for dependency in dependencies("dev-dependencies") {
        let of_template = format!("{dependency} = ");
        assert!(
            uses_crate(&text, &dependency)
                || manifests.lines().any(|line| line.starts_with(&of_template)),
            "no test and no template uses \"{dependency}\": take it out of Cargo.toml"
        );
    }
}

#[test]
fn files_are_small_and_named_after_the_domain() {
    const MOST_LINES: usize = 500;
    const NO_NAMES: [&str; 5] = ["utils", "helpers", "common", "misc", "manager"];
    for path in files_below("src") {
        let lines = read(&path).lines().count();
        assert!(
            lines <= MOST_LINES,
            "{path} has {lines} lines: split it by subject; {MOST_LINES} is the most"
        );
        for name in path.trim_end_matches(".rs").split('/') {
            assert!(
                !NO_NAMES.contains(&name),
                "{path}: name \"{name}\" after what it is in the domain"
            );
        }
    }
}

#[test]
fn nothing_panics_on_purpose_and_only_the_program_prints() {
    const NEVER: &[(&str, &str)] = &[
        (".unwrap()", "handle the case, or return an error"),
        (".expect(\"", "handle the case, or return an error"),
        ("panic!", "return a diagnostic or an error"),
        (
            "unreachable!",
            "write the code so that no such case is left",
        ),
        ("unimplemented!", "write it"),
        ("todo!", "write it"),
        ("dbg!", "take it out"),
        ("println!", "write to the stream you are given"),
        ("print!(", "write to the stream you are given"),
    ];
    const NEVER_IN_LIBRARY: &[(&str, &str)] = &[
        ("std::env", "take the value as an argument"),
        ("env::var", "take the value as an argument"),
        ("process::exit", "return an error"),
        ("stdout()", "write to the stream you are given"),
        ("stderr()", "write to the stream you are given"),
    ];
    for source in sources() {
        let of_library = NEVER_IN_LIBRARY.iter().filter(|_| source.module != "bin");
        for (word, instead) in NEVER.iter().chain(of_library) {
            assert!(
                !source.code.contains(word),
                "{} has \"{word}\": {instead}",
                source.path
            );
        }
    }
}

/// The paths that a page names in code spans and links, as far as they can be told from other
/// words: those below a folder of the repository, and files of Rust, Markdown and TOML.
fn named_paths(page: &str) -> Vec<&str> {
    const FOLDERS: [&str; 7] = [
        "src/",
        "tests/",
        "templates/",
        "examples/",
        "benches/",
        "fuzz/",
        ".ci/",
    ];
    let spans = page.split('`').skip(1).step_by(2);
    let links = page.split("](").skip(1);
    let links = links.filter_map(|rest| rest.split([')', '#']).next());
    let words = spans.chain(links).filter(|word| {
        word.chars()
            .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
    });
    words
        .filter(|word| {
            let extension = Path::new(word).extension();
            FOLDERS.iter().any(|folder| word.starts_with(folder))
                || extension.is_some_and(|it| it == "rs" || it == "md" || it == "toml")
        })
        .collect()
}

/// A part such as `NAME` or `CODE.rs` stands for any name.
fn is_placeholder(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part);
    let is_upper = !stem.is_empty() && stem.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    is_upper && !part.ends_with(".md")
}

#[test]
fn paths_that_the_guides_name_exist() {
    for guide in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let Ok(page) = fs::read_to_string(root().join(guide)) else {
            continue;
        };
        for path in named_paths(&page) {
            let real: PathBuf = path
                .split('/')
                .take_while(|part| !is_placeholder(part))
                .collect();
            let homes = ["", "src", "src/bin/devportal", "tests/it"];
            assert!(
                homes
                    .iter()
                    .any(|home| root().join(home).join(&real).exists()),
                "{guide} names \"{path}\", which is not there: correct the guide"
            );
        }
    }
}
