//! Patterns of `CODEOWNERS`: those of `.gitignore`, without negation and character ranges.
//!
//! They are compared as they are written. A regular expression for each would take seconds and
//! gigabytes where a hostile file has 100,000 of them, and most are never asked for.

use std::str::Chars;

/// A pattern, and what of a folder that it names is meant.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// Names and `**`, separated by `/`.
    text: Box<str>,
    /// Whether it means what it names.
    itself: bool,
    /// Whether it means all that lies below.
    below: bool,
}

impl Pattern {
    /// Reads a pattern; `None` for one that matches nothing.
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
            return (text == "/").then(|| Self {
                text: "**".into(),
                itself: true,
                below: true,
            });
        }
        let core = if anchored { core } else { format!("**/{core}") };
        // `docs/*` owns the files of the folder, not those below its folders; every other
        // pattern that names a folder owns all that is in it.
        let below = !core.ends_with("/*");
        (below || !folder_only).then(|| Self {
            text: core.into(),
            itself: !folder_only,
            below,
        })
    }

    /// Whether it matches a path relative to the repository.
    pub(super) fn matches(&self, path: &str) -> bool {
        let (mut pattern, mut path) = (self.text.split('/'), path.split('/'));
        // Behind the last `**`: the pattern, and the path from where it is tried again.
        let mut retry = None;
        loop {
            let (mut rest, mut ahead) = (pattern.clone(), path.clone());
            match (rest.next(), ahead.next()) {
                (Some("**"), next) => {
                    if rest.clone().next().is_none() {
                        return next.is_some();
                    }
                    retry = Some((rest.clone(), path.clone()));
                    pattern = rest;
                    continue;
                }
                (None, None) => return self.itself,
                (None, Some(_)) if self.below => return true,
                (Some(name), Some(found)) if name_matches(name, found) => {
                    (pattern, path) = (rest, ahead);
                    continue;
                }
                _ => {}
            }
            let Some((after, from)) = &mut retry else {
                return false;
            };
            if from.next().is_none() {
                return false;
            }
            (pattern, path) = (after.clone(), from.clone());
        }
    }
}

/// Whether a name fits one with `*` for any characters, `?` for one and `\` before one that is
/// meant.
fn name_matches(pattern: &str, name: &str) -> bool {
    let (mut pattern, mut name) = (pattern.chars(), name.chars());
    let mut retry: Option<(Chars<'_>, Chars<'_>)> = None;
    loop {
        let (mut rest, mut ahead) = (pattern.clone(), name.clone());
        match (rest.next(), ahead.next()) {
            (Some('*'), _) => {
                retry = Some((rest.clone(), name.clone()));
                pattern = rest;
                continue;
            }
            (None, None) => return true,
            (Some(c), Some(found)) => {
                let wanted = if c == '\\' { rest.next() } else { Some(c) };
                if c == '?' || wanted == Some(found) {
                    (pattern, name) = (rest, ahead);
                    continue;
                }
            }
            _ => {}
        }
        let Some((after, from)) = &mut retry else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        (pattern, name) = (after.clone(), from.clone());
    }
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
            ("src/**/test.rs", "src/test.rs", true),
            ("src/**", "src", false),
            ("src/**", "src/a/b", true),
            ("apps/", "x/apps", false),
            ("apps/", "apps/x/apps", true),
            ("/a?c", "abc/d", true),
            ("/a?c", "a/c", false),
            ("*.j*.*s", "x/a.jx.jx.tes", true),
            ("/a\\*b", "a*b", true),
            ("/a\\*b", "axb", false),
            ("[a]{b}!", "[a]{b}!", true),
            ("**/a/**/b/*", "x/a/a/b/c/b/d", true),
            ("**/a/**/b/*", "x/a/b/c/d", false),
        ];
        for (pattern, path, expected) in cases {
            let matches = Pattern::parse(pattern).is_some_and(|compiled| compiled.matches(path));
            assert_eq!(matches, expected, "{pattern} on {path}");
        }
    }
}
