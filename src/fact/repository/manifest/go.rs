//! `go.mod`, whose versions are exact (<https://go.dev/ref/mod#go-mod-file>).

use std::collections::HashMap;

use super::version::version;
use super::{Broken, Dependency, Ecosystem, Manifest, Reading};

pub(super) static ECOSYSTEM: Ecosystem = Ecosystem {
    name: "go",
    rank: 1,
    is_manifest: |_, name| name == "go.mod",
    read,
};

/// What is required indirectly is not declared by anybody, and left out.
fn read(reading: &Reading<'_, '_>) -> Result<Manifest, Broken> {
    let mut manifest = Manifest::of("go");
    let mut replaced: HashMap<String, (String, Option<String>)> = HashMap::new();
    let mut block = String::new();
    let mut has_module = false;
    for (line, number) in reading.text.lines().zip(1..) {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let mut words: Vec<&str> = code.split_whitespace().collect();
        if words == [")"] {
            block.clear();
            continue;
        }
        if let [directive, "("] = words.as_slice() {
            (*directive).clone_into(&mut block);
            continue;
        }
        let directive = if block.is_empty() {
            if words.is_empty() {
                continue;
            }
            words.remove(0)
        } else {
            &block
        };
        let bare = |word: &str| word.trim_matches('"').to_owned();
        match (directive, words.as_slice()) {
            ("module", [_]) => has_module = true,
            ("require", [module, required]) if comment.trim() != "indirect" => {
                let dependency = Dependency::new(bare(module), version(required), number);
                manifest.dependencies.push(dependency);
            }
            ("replace", [old, rest @ ..]) => {
                let arrow = rest.iter().position(|word| *word == "=>");
                let new = arrow.and_then(|at| rest.get(at + 1..)).unwrap_or_default();
                if let [new, versions @ ..] = new {
                    let version = versions.first().and_then(|text| version(text));
                    replaced.insert(bare(old), (bare(new), version));
                }
            }
            _ => {}
        }
    }
    if !has_module {
        return Err(Broken::new("it has no \"module\""));
    }
    for dependency in &mut manifest.dependencies {
        if let Some((new, version)) = replaced.get(&dependency.name) {
            // A folder instead of a module is code of the repository, without a version.
            if !new.starts_with(['.', '/']) {
                dependency.name.clone_from(new);
            }
            dependency.version.clone_from(version);
        }
    }
    Ok(manifest)
}
