//! Whether there are tests, by the conventions of each language.

use super::{CodeHome, Look, RepositorySource, Seen};

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "test-suite",
    gives: &["tests.present"],
    look: Look::AtHome(look),
};

/// The most files that are read to see whether they have tests among their code.
const MOST_READ: usize = 50;

/// Folders in which code is tests.
const FOLDERS: [&str; 15] = [
    "test",
    "tests",
    "Test",
    "Tests",
    "__tests__",
    "spec",
    "specs",
    "e2e",
    "cypress",
    "androidTest",
    "integrationTest",
    "integration-tests",
    "integration_tests",
    "unittest",
    "t",
];

/// The endings of programs.
const CODE: [&str; 36] = [
    "bats", "c", "cc", "clj", "cpp", "cs", "cxx", "dart", "erl", "ex", "exs", "feature", "fs",
    "go", "groovy", "hs", "java", "jl", "js", "jsx", "kt", "kts", "lua", "mjs", "ml", "php", "pl",
    "py", "r", "rb", "rs", "scala", "sh", "swift", "ts", "tsx",
];

fn look(home: &CodeHome<'_>, seen: &mut Seen) {
    let names = home.names();
    let file = names.tests.iter().copied().find(|file| home.is_there(file));
    let has_tests = |text: &str| text.contains("#[cfg(test)]") || text.contains("#[test]");
    let file = file.or_else(|| {
        let mut code = names.code_with_tests.iter().copied().take(MOST_READ);
        code.find(|file| home.text(&file.path).is_ok_and(|text| has_tests(&text)))
    });
    home.say_presence(seen, "tests.present", file);
}

/// Whether a file is a test by its name and that of its folders.
pub(super) fn is_test(folder: &str, name: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return false;
    };
    if !CODE.contains(&ending) && !matches!(ending, "cts" | "mts" | "cjs" | "csproj" | "t" | "kt") {
        return false;
    }
    match ending {
        "bats" | "feature" | "t" => return true,
        _ if folder.split('/').any(|part| FOLDERS.contains(&part)) => return true,
        _ => {}
    }
    let ends = |words: &[&str]| {
        words
            .iter()
            .any(|word| stem.ends_with(word) && stem != *word)
    };
    match ending {
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" => {
            ends(&[".test", ".spec", ".e2e", ".cy"])
        }
        "py" => stem.starts_with("test_") || stem == "tests" || ends(&["_test", "_tests"]),
        "java" | "kt" | "groovy" | "scala" | "cs" | "csproj" | "php" | "swift" | "fs" => {
            ends(&["Test", "Tests", "Spec", "TestCase", "IT"])
        }
        "hs" => stem == "Spec" || ends(&["Spec"]),
        "rb" => ends(&["_spec", "_test"]),
        "erl" => ends(&["_SUITE", "_tests"]),
        "rs" => stem == "tests" || ends(&["_test", "_tests"]),
        _ => stem.starts_with("test_") || ends(&["_test", "_tests", "_unittest", "-test"]),
    }
}

#[cfg(test)]
mod tests {
    use super::is_test;

    #[test]
    fn each_language_names_its_tests() {
        for path in [
            "pkg/server_test.go",
            "src/App.test.tsx",
            "src/app.spec.ts",
            "__tests__/app.js",
            "tests/test_orders.py",
            "orders/test_orders.py",
            "orders/tests.py",
            "src/test/java/org/OrderTest.java",
            "src/OrderTests.cs",
            "spec/order_spec.rb",
            "tests/it/main.rs",
            "lib/order_test.dart",
            "test/order_test.exs",
            "a.bats",
        ] {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            assert!(is_test(folder, name), "{path}");
        }
        for path in [
            "src/main.go",
            "src/test.md",
            "docs/testing.md",
            "src/latest.ts",
            "src/contest.py",
            "src/Test.md",
            "tests/data.json",
            "src/IT.txt",
            "src/audit.rs",
        ] {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            assert!(!is_test(folder, name), "{path}");
        }
    }
}
