//! Python: `pyproject.toml` (PEP 621, PEP 735, Poetry, PDM, uv), `Pipfile`, `setup.cfg`, and
//! requirements of pip. `setup.py` would have to be run, so it only tells the language.

use std::rc::Rc;

use super::super::file_names::ending;
use super::locked::Locked;
use super::python_requirement::{Requirement, normalized, of_file};
use super::toml_file::{Table, TomlFile, Value, at, str_at, table_at};
use super::version::lowest;
use super::{Broken, Dependency, Ecosystem, Manifest, Reading};

pub(super) static ECOSYSTEM: Ecosystem = Ecosystem {
    name: "python",
    rank: 5,
    is_manifest: |folder, name| {
        matches!(
            name,
            "pyproject.toml" | "Pipfile" | "setup.cfg" | "setup.py"
        ) || is_requirements(name.as_bytes())
            || (ending(name) == "txt" && folder.rsplit('/').next() == Some("requirements"))
    },
    read,
};

/// Lock files of Python in one format.
const LOCK_FILES: [&str; 3] = ["uv.lock", "poetry.lock", "pdm.lock"];

/// Whether that is the name of a file of requirements: `requirements-dev.txt`.
pub(super) fn is_requirements(name: &[u8]) -> bool {
    let stem = name.strip_suffix(b".txt");
    stem.is_some_and(|stem| stem.starts_with(b"requirements") || stem.ends_with(b"requirements"))
}

fn read(reading: &Reading<'_, '_>) -> Result<Manifest, Broken> {
    let name = reading.path.rsplit('/').next().unwrap_or(reading.path);
    let mut manifest = Manifest::of("python");
    match name {
        "pyproject.toml" => read_project(reading, &mut manifest)?,
        "Pipfile" => {
            let file = TomlFile::parse(reading.text)?;
            for name in ["packages", "dev-packages"] {
                add_table(&file, table_at(file.root(), &[name]), &mut manifest);
            }
        }
        "setup.cfg" => read_setup(reading.text, &mut manifest),
        "setup.py" => manifest.knows_dependencies = false,
        _ => {
            for (text, line) in of_file(reading.text) {
                let requirement = Requirement::parse(&text);
                let dependency = requirement.map(|it| it.dependency(line));
                manifest.dependencies.extend(dependency);
            }
        }
    }
    let locked: Option<Rc<Locked>> = if reading.wants_dependencies && name == "pyproject.toml" {
        reading.locked(&LOCK_FILES, Locked::of_packages)
    } else {
        None
    };
    for dependency in &mut manifest.dependencies {
        let requirement = dependency.version.as_deref();
        let pinned = locked.as_ref();
        let pinned = pinned.and_then(|locked| locked.version(&dependency.name, requirement));
        dependency.version = pinned.or_else(|| dependency.version.take());
    }
    Ok(manifest)
}

fn read_project(reading: &Reading<'_, '_>, manifest: &mut Manifest) -> Result<(), Broken> {
    let file = TomlFile::parse(reading.text)?;
    let root = file.root();
    for path in [&["project", "version"][..], &["tool", "poetry", "version"]] {
        if let Some(value) = at(root, path)
            && let Some(version) = value.get_ref().as_str().and_then(lowest)
        {
            manifest.version = Some(version);
            manifest.version_line = Some(file.line(&value.span()));
            break;
        }
    }
    if !reading.wants_dependencies {
        return Ok(());
    }
    add_list(&file, at(root, &["project", "dependencies"]), manifest);
    for path in [
        &["project", "optional-dependencies"][..],
        &["dependency-groups"],
        &["tool", "pdm", "dev-dependencies"],
    ] {
        for (_, list) in table_at(root, path).into_iter().flatten() {
            add_list(&file, Some(list), manifest);
        }
    }
    add_list(
        &file,
        at(root, &["tool", "uv", "dev-dependencies"]),
        manifest,
    );
    for path in [
        &["tool", "poetry", "dependencies"][..],
        &["tool", "poetry", "dev-dependencies"],
    ] {
        add_table(&file, table_at(root, path), manifest);
    }
    for (_, group) in table_at(root, &["tool", "poetry", "group"])
        .into_iter()
        .flatten()
    {
        let table = group.get_ref().as_table();
        let table = table.and_then(|table| table_at(table, &["dependencies"]));
        add_table(&file, table, manifest);
    }
    Ok(())
}

/// Adds a list of requirements.
fn add_list(file: &TomlFile<'_>, list: Option<&toml::Spanned<Value<'_>>>, manifest: &mut Manifest) {
    let list = list.and_then(|list| list.get_ref().as_array());
    for item in list.into_iter().flat_map(|list| list.iter()) {
        let requirement = item.get_ref().as_str().and_then(Requirement::parse);
        let line = file.line(&item.span());
        let dependency = requirement.map(|it| it.dependency(line));
        manifest.dependencies.extend(dependency);
    }
}

/// Adds a table of names with their versions, or with tables that have one.
fn add_table(file: &TomlFile<'_>, table: Option<&Table<'_>>, manifest: &mut Manifest) {
    for (name, value) in table.into_iter().flatten() {
        if name.get_ref() == "python" {
            continue;
        }
        let value = value.get_ref();
        let table = value.as_table();
        let versions = value.as_str().or_else(|| str_at(table?, &["version"]));
        manifest.dependencies.push(Dependency::new(
            normalized(name.get_ref()),
            versions.and_then(lowest),
            file.line(&name.span()),
        ));
    }
}

/// `setup.cfg` of setuptools: lists are lines that are indented.
fn read_setup(text: &str, manifest: &mut Manifest) {
    let (mut section, mut key) = ("", String::new());
    for (line, number) in text.lines().zip(1..) {
        if line.trim().is_empty() || line.trim_start().starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            section = name.split(']').next().unwrap_or_default();
            key.clear();
            continue;
        }
        let mut value = line.trim();
        if !line.starts_with([' ', '\t']) {
            let Some((name, rest)) = line.split_once('=') else {
                continue;
            };
            name.trim().clone_into(&mut key);
            value = rest.trim();
        }
        match (section, key.as_str()) {
            ("metadata", "version") => {
                manifest.version = lowest(value);
                manifest.version_line = Some(number);
            }
            ("options", "install_requires" | "tests_require") | ("options.extras_require", _) => {
                let requirement = Requirement::parse(value);
                let dependency = requirement.map(|it| it.dependency(number));
                manifest.dependencies.extend(dependency);
            }
            _ => {}
        }
    }
}
