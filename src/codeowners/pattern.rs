//! Patterns of `CODEOWNERS`: those of `.gitignore`, without negation and character ranges.

use globset::{GlobBuilder, GlobMatcher};

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Vec<GlobMatcher>);

impl Pattern {
    /// Compiles a pattern; `None` for one that matches nothing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        const LONGEST: usize = 1024;
        if text.len() > LONGEST || text.starts_with('!') {
            return None;
        }
        let folder_only = text.ends_with('/');
        let text_trimmed = text.trim_end_matches('/');
        let anchored = text_trimmed.contains('/');
        let core = collapse_stars(text_trimmed.trim_start_matches('/'));
        if core.is_empty() {
            return (text == "/").then(|| Self(compile("**").into_iter().collect()));
        }
        let core = if anchored { core } else { format!("**/{core}") };
        let mut globs = Vec::new();
        if !folder_only {
            globs.extend(compile(&core));
        }
        // `docs/*` owns the files of the folder, not those below its folders; every other
        // pattern that names a folder owns all that is in it.
        if !core.ends_with("/*") {
            globs.extend(compile(&format!("{core}/**")));
        }
        (!globs.is_empty()).then_some(Self(globs))
    }

    /// Whether it matches a path relative to the repository.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.0.iter().any(|glob| glob.is_match(path))
    }
}

fn compile(glob: &str) -> Option<GlobMatcher> {
    let escaped: String = glob.chars().flat_map(escape).collect();
    GlobBuilder::new(&escaped)
        .literal_separator(true)
        .build()
        .ok()
        .map(|glob| glob.compile_matcher())
}

fn escape(c: char) -> impl Iterator<Item = char> {
    let special = matches!(c, '[' | ']' | '{' | '}' | '!');
    special.then_some('\\').into_iter().chain([c])
}

/// `****` is `**`, and `a**b` is `a*b`, as Git has it; it also keeps patterns small.
fn collapse_stars(pattern: &str) -> String {
    let parts = pattern.split('/').map(|part| {
        let stars = part.chars().all(|c| c == '*');
        match part.len() {
            2.. if stars => "**".to_owned(),
            _ => {
                let mut kept = String::new();
                for c in part.chars() {
                    if c != '*' || !kept.ends_with('*') {
                        kept.push(c);
                    }
                }
                kept
            }
        }
    });
    let mut folders: Vec<String> = parts.collect();
    folders.dedup_by(|a, b| a == "**" && b == "**");
    folders.join("/")
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_as_the_forges_document() {
        let cases = [
            ("*", "a/b.rs", true),
            ("*.js", "a/b/c.js", true),
            ("/build/logs/", "build/logs/x/y", true),
            ("/build/logs/", "a/build/logs/x", false),
            ("docs/*", "docs/start.md", true),
            ("docs/*", "docs/build/trouble.md", false),
            ("apps/", "x/apps/y/z", true),
            ("/apps/", "x/apps/y", false),
            ("**/logs", "build/logs/a", true),
            ("/services/pay", "services/pay/src/main.rs", true),
            ("****/****", "a/b/c", true),
            ("src/**/test.rs", "src/a/b/test.rs", true),
        ];
        for (pattern, path, expected) in cases {
            let matches = Pattern::parse(pattern).is_some_and(|compiled| compiled.matches(path));
            assert_eq!(matches, expected, "{pattern} on {path}");
        }
    }
}
