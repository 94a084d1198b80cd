//! Manifests that tell a language, and whose dependencies are not read.

use super::{Broken, Ecosystem, Manifest, Reading};

pub(super) static ECOSYSTEM: Ecosystem = Ecosystem {
    name: "other",
    rank: 6,
    is_manifest: |_, name| language(name).is_some(),
    read,
};

#[expect(clippy::unnecessary_wraps, reason = "others can be broken")]
fn read(reading: &Reading<'_, '_>) -> Result<Manifest, Broken> {
    let name = reading.path.rsplit('/').next().unwrap_or(reading.path);
    Ok(Manifest {
        language: language(name),
        ..Manifest::default()
    })
}

fn language(name: &str) -> Option<&'static str> {
    let language = match name {
        "composer.json" => "php",
        "Gemfile" => "ruby",
        "mix.exs" => "elixir",
        "rebar.config" => "erlang",
        "Package.swift" => "swift",
        "pubspec.yaml" => "dart",
        "build.sbt" => "scala",
        "stack.yaml" => "haskell",
        "project.clj" | "deps.edn" => "clojure",
        "dune-project" => "ocaml",
        "build.zig" => "zig",
        "Project.toml" => "julia",
        "DESCRIPTION" => "r",
        "CMakeLists.txt" => "c++",
        _ => match name.rsplit_once('.')?.1 {
            "csproj" => "c#",
            "fsproj" => "f#",
            "vbproj" => "visual-basic",
            "gemspec" => "ruby",
            "cabal" => "haskell",
            _ => return None,
        },
    };
    Some(language)
}
