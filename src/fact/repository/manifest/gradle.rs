//! `build.gradle` and `build.gradle.kts`, read as text: they are programs, and nothing is run.
//!
//! What is understood: coordinates in quotes (`implementation("group:artifact:1.0")`), maps of
//! them, names of the version catalog (`libs.junit`), plug-ins, and versions in variables of the
//! file or of `gradle.properties`. What a program computes is unknown.

use std::collections::HashMap;

use super::gradle_catalog::VersionCatalog;
use super::locked::Locked;
use super::version::{lowest, version};
use super::{Broken, Dependency, Ecosystem, Manifest, Reading};

pub(super) static ECOSYSTEM: Ecosystem = Ecosystem {
    name: "gradle",
    rank: 3,
    is_manifest: |_, name| matches!(name, "build.gradle" | "build.gradle.kts"),
    read,
};

/// The longest line that is looked at.
const LONGEST_LINE: usize = 2_000;

#[expect(clippy::unnecessary_wraps, reason = "others can be broken")]
fn read(reading: &Reading<'_, '_>) -> Result<Manifest, Broken> {
    let code = without_comments(reading.text);
    let mut manifest = Manifest::of(language(&code));
    let variables = Variables::of(reading, &code);
    if let Some((value, line)) = own_version(&code) {
        manifest.version = variables.resolve(value).and_then(|value| lowest(&value));
        manifest.version_line = Some(line);
    } else if let Some(value) = variables.0.get("version") {
        manifest.version = lowest(value);
    }
    if !reading.wants_dependencies {
        return Ok(manifest);
    }
    let catalog = VersionCatalog::of(reading);
    for (line, number) in code.lines().zip(1..) {
        if line.len() > LONGEST_LINE {
            continue;
        }
        manifest
            .dependencies
            .extend(plugin(line, &variables, number));
        if !is_declaration(line) {
            continue;
        }
        for text in quoted(line) {
            manifest
                .dependencies
                .extend(coordinates(text, &variables, number));
        }
        manifest
            .dependencies
            .extend(mapped(line, &variables, number));
        let Some(catalog) = &catalog else { continue };
        for name in catalog_names(line) {
            for mut dependency in catalog.get(&name) {
                dependency.line = Some(number);
                manifest.dependencies.push(dependency);
            }
        }
    }
    if let Some(locked) = reading.locked(&["gradle.lockfile"], Locked::of_gradle) {
        for dependency in &mut manifest.dependencies {
            let name = dependency.full_name.as_deref();
            if let Some(version) = name.and_then(|name| locked.exact(name)) {
                dependency.version = Some(version);
            }
        }
    }
    Ok(manifest)
}

/// The text with comments blanked, so that lines stay where they are.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut quote: Option<char> = None;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(_), '\\') => {
                code.push(c);
                code.extend(characters.next());
                continue;
            }
            (Some(open), _) if c == open || c == '\n' => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '/') if characters.peek() == Some(&'/') => {
                while characters.next_if(|c| *c != '\n').is_some() {}
                continue;
            }
            (None, '/') if characters.peek() == Some(&'*') => {
                characters.next();
                let mut before = ' ';
                for c in characters.by_ref() {
                    if c == '\n' {
                        code.push(c);
                    }
                    if before == '*' && c == '/' {
                        break;
                    }
                    before = c;
                }
                continue;
            }
            _ => {}
        }
        code.push(c);
    }
    code
}

fn language(code: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
    if has(&[
        "kotlin(\"",
        "org.jetbrains.kotlin",
        "libs.plugins.kotlin",
        "kotlin-android",
    ]) {
        "kotlin"
    } else if has(&["id 'scala'", "id(\"scala\")", "apply plugin: 'scala'"]) {
        "scala"
    } else if has(&["id 'groovy'", "id(\"groovy\")", "apply plugin: 'groovy'"]) {
        "groovy"
    } else {
        "java"
    }
}

/// Words that stand in front of coordinates without declaring a dependency.
const NO_DECLARATIONS: [&str; 9] = [
    "exclude",
    "description",
    "group",
    "url",
    "image",
    "println",
    "def",
    "val",
    "task",
];

/// Whether a line declares dependencies: it begins with a word and its arguments, as in
/// `implementation "…"`, `api(libs.x)`, `classpath '…'`, or names a plug-in of the catalog.
fn is_declaration(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("dependencies").map_or(line, |rest| {
        rest.trim_start().trim_start_matches('{').trim_start()
    });
    let end = line.find(|c: char| !c.is_alphanumeric() && c != '_');
    let (word, rest) = line.split_at(end.unwrap_or(0));
    let rest = rest.trim_start();
    let is_call = rest.starts_with(['(', '"', '\'']) || rest.starts_with("group:");
    let is_call = is_call || rest.starts_with("libs.") || rest.starts_with("platform");
    let is_quoted = line.starts_with('"') && line.contains("\"(");
    (is_call && !word.is_empty() && !NO_DECLARATIONS.contains(&word)) || is_quoted
}

/// The texts in quotes of a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let open = rest.find(['"', '\''])?;
        let quote = rest[open..].chars().next()?;
        let after = &rest[open + 1..];
        let end = after.find(quote)?;
        rest = &after[end + 1..];
        Some(&after[..end])
    })
}

/// A dependency as `group:artifact:version`, perhaps with a classifier or `@jar`.
fn coordinates(text: &str, variables: &Variables, line: u32) -> Option<Dependency> {
    let is_part = |part: &&str| {
        let sign = |c: char| c.is_ascii_alphanumeric() || "._-${}".contains(c);
        !part.is_empty() && part.chars().all(sign)
    };
    let mut parts = text.split(':');
    let group = parts.next().filter(is_part)?;
    let artifact = parts.next().filter(is_part)?;
    let version = parts
        .next()
        .map(|text| text.split('@').next().unwrap_or(text));
    let version = version.map(|text| text.trim_end_matches("!!"));
    let version = version.and_then(|text| variables.resolve(text));
    let group = variables.resolve(group)?;
    let artifact = variables.resolve(artifact)?;
    let version = version.and_then(|text| lowest(&text));
    Some(Dependency::of_java(&group, &artifact, version, line))
}

/// A dependency as `group: 'g', name: 'a', version: 'v'`.
fn mapped(line: &str, variables: &Variables, number: u32) -> Option<Dependency> {
    let value = |key: &str| {
        let rest = &line[line.find(key)? + key.len()..];
        let rest = rest
            .trim_start()
            .trim_start_matches([':', '='])
            .trim_start();
        let text = if let Some(text) = rest.strip_prefix(['"', '\'']) {
            text.split(['"', '\'']).next()?.to_owned()
        } else {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
            format!("${{{}}}", &rest[..end.unwrap_or(rest.len())])
        };
        variables.resolve(&text)
    };
    if !line.contains("group:") && !line.contains("group =") {
        return None;
    }
    let (group, artifact) = (value("group")?, value("name")?);
    let version = value("version").and_then(|text| lowest(&text));
    Some(Dependency::of_java(&group, &artifact, version, number))
}

/// A plug-in with a version: `id 'org.springframework.boot' version '3.1.0'`.
fn plugin(line: &str, variables: &Variables, number: u32) -> Option<Dependency> {
    let line = line.trim_start();
    let line = line.strip_prefix("plugins").map_or(line, |rest| {
        rest.trim_start().trim_start_matches('{').trim_start()
    });
    let is_kotlin = line.starts_with("kotlin(");
    if !is_kotlin && !line.starts_with("id ") && !line.starts_with("id(") {
        return None;
    }
    let (id, rest) = line.split_once("version")?;
    let id = quoted(id).next()?;
    let id = if is_kotlin {
        format!("org.jetbrains.kotlin.{id}")
    } else {
        id.to_owned()
    };
    let version = variables.resolve(quoted(rest).next()?)?;
    Some(Dependency::new(id, lowest(&version), number))
}

/// The names of the version catalog on a line, without `libs.`.
fn catalog_names(line: &str) -> Vec<String> {
    let starts = line.match_indices("libs.").filter(|(at, _)| {
        !line[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == '_')
    });
    let names = starts.map(|(at, word)| {
        let rest = &line[at + word.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_');
        let name = &rest[..end.unwrap_or(rest.len())];
        name.trim_end_matches(".get")
            .trim_matches('.')
            .replace('_', ".")
    });
    names.collect()
}

/// The version that the build gives to what it makes.
fn own_version(code: &str) -> Option<(&str, u32)> {
    code.lines().zip(1..).find_map(|(line, number)| {
        let rest = line.strip_prefix("version")?;
        let rest = rest.trim_start_matches([' ', '=']);
        let value = quoted(rest)
            .next()
            .filter(|_| rest.starts_with(['"', '\'']))?;
        Some((value, number))
    })
}

/// Variables with a text as their value.
struct Variables(HashMap<String, String>);

impl Variables {
    fn of(reading: &Reading<'_, '_>, code: &str) -> Self {
        let mut variables = HashMap::new();
        for line in code.lines().filter(|line| line.len() <= LONGEST_LINE) {
            let Some((left, right)) = line.split_once('=') else {
                continue;
            };
            let right = right.trim_start();
            let Some(value) = quoted(right)
                .next()
                .filter(|_| right.starts_with(['"', '\'']))
            else {
                continue;
            };
            let left = left.trim().trim_end_matches([']', ')']);
            let name = quoted(left)
                .next()
                .or_else(|| left.split([' ', '.']).next_back());
            if let Some(name) = name.map(|name| name.split(':').next().unwrap_or(name)) {
                let entry = variables.entry(name.trim().to_owned());
                entry.or_insert_with(|| value.to_owned());
            }
        }
        variables.remove("version");
        let folders = std::iter::once(reading.folder()).chain(reading.folders_above());
        for folder in folders {
            let path = super::join(folder, "gradle.properties");
            for line in reading.read(&path).unwrap_or_default().lines() {
                let pair = line.split_once('=').filter(|_| !line.starts_with('#'));
                if let Some((name, value)) = pair {
                    let entry = variables.entry(name.trim().to_owned());
                    entry.or_insert_with(|| value.trim().to_owned());
                }
            }
        }
        Self(variables)
    }

    /// A text with its variables replaced; nothing when one of them is not known.
    fn resolve(&self, text: &str) -> Option<String> {
        if !text.contains('$') {
            return Some(text.to_owned());
        }
        let mut resolved = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            resolved.push_str(before);
            let (name, after) = if let Some(inner) = after.strip_prefix('{') {
                inner.split_once('}')?
            } else {
                let end = after.find(|c: char| !c.is_alphanumeric() && c != '_');
                after.split_at(end.unwrap_or(after.len()))
            };
            let name = quoted(name).next().unwrap_or(name);
            let name = name.rsplit('.').next().unwrap_or(name);
            // What a variable holds is not looked through again.
            resolved.push_str(self.0.get(name)?);
            rest = after;
        }
        resolved.push_str(rest);
        version(&resolved).or(Some(resolved))
    }
}
