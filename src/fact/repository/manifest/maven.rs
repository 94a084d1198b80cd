//! `pom.xml`. What a bill of materials elsewhere, or a parent in another repository, says about
//! versions is not in sight, so those versions are unknown.

use super::pom::{Coordinates, Inheritance, Pom};
use super::version::lowest;
use super::{Broken, Dependency, Ecosystem, Manifest, Reading};

pub(super) static ECOSYSTEM: Ecosystem = Ecosystem {
    name: "maven",
    rank: 2,
    is_manifest: |_, name| name == "pom.xml",
    read,
};

fn read(reading: &Reading<'_, '_>) -> Result<Manifest, Broken> {
    let poms = Inheritance::of(reading, Pom::parse(reading.text)?);
    let mut manifest = Manifest::of(language(reading));
    let Some(pom) = poms.0.first() else {
        return Ok(manifest);
    };
    let of_parent = || {
        pom.parent
            .as_ref()
            .and_then(|parent| parent.version.clone())
    };
    let version = pom.version.clone().or_else(of_parent);
    manifest.version = version
        .and_then(|version| poms.resolve(&version))
        .and_then(|version| lowest(&version));
    let parent_line = pom.parent.as_ref().map(|parent| parent.line);
    manifest.version_line = pom.version_line.or(parent_line);
    if !reading.wants_dependencies {
        return Ok(manifest);
    }
    // A parent elsewhere is used like a dependency, and is what most versions come from.
    let parent = pom.parent.iter().filter(|_| !poms.has_parent());
    let declared = parent.chain(&pom.dependencies);
    manifest.dependencies = declared.filter_map(|it| dependency(it, &poms)).collect();
    Ok(manifest)
}

fn dependency(declared: &Coordinates, poms: &Inheritance) -> Option<Dependency> {
    let group = poms.resolve(&declared.group)?;
    let artifact = poms.resolve(&declared.artifact)?;
    let version = declared
        .version
        .clone()
        .or_else(|| poms.managed(&group, &artifact))
        .and_then(|version| poms.resolve(&version))
        .and_then(|version| lowest(&version));
    Some(Dependency::of_java(
        &group,
        &artifact,
        version,
        declared.line,
    ))
}

/// What the sources beside a pom are written in.
fn language(reading: &Reading<'_, '_>) -> &'static str {
    let folder = super::join(reading.folder(), "src/main/");
    let files = reading.home.code.snapshot.files();
    let has = |language: &str| {
        let start = format!("{folder}{language}/");
        let at = files.partition_point(|file| *file.path < *start.as_bytes());
        let next = files.get(at);
        next.is_some_and(|file| file.path.starts_with(start.as_bytes()))
    };
    match () {
        () if has("java") => "java",
        () if has("kotlin") => "kotlin",
        () if has("scala") => "scala",
        () if has("groovy") => "groovy",
        () => "java",
    }
}
