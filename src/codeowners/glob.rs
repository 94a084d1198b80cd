//! Paths with wildcards: those of `.gitignore`, and those of Ruby's `File.fnmatch`.
//!
//! They are compared as they are written. A regular expression for each would take seconds and
//! gigabytes where a hostile file has 100,000 of them, and most are never asked for.

use std::str::Chars;

/// A path with wildcards, and what of a folder that it names is meant.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    /// Names and `**`, separated by `/`; `**` never stands last.
    text: Box<str>,
    /// Whether it means what it names.
    itself: bool,
    /// Whether it means all that lies below.
    below: bool,
    /// Whether `[a-z]` is one character of a range.
    has_ranges: bool,
}

/// What every path has that a glob matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key<'glob> {
    /// This name comes first.
    First(&'glob str),
    /// This name is one of its names.
    Name(&'glob str),
    /// One of its names ends in a `.` and this.
    Extension(&'glob str),
    /// Nothing in particular.
    None,
}

impl Glob {
    /// A pattern of `.gitignore`, whose folders mean all that is in them; `None` when it matches
    /// nothing.
    pub(super) fn of_gitignore(text: &str) -> Option<Self> {
        let folder_only = text.ends_with('/');
        let trimmed = text.trim_end_matches('/');
        let anchored = trimmed.contains('/');
        let core = collapse_stars(trimmed.trim_start_matches('/'));
        if core.is_empty() {
            return None;
        }
        let core = if anchored || core == "**" {
            core
        } else {
            format!("**/{core}")
        };
        let (core, itself) = match core.strip_suffix("/**") {
            Some(folder) => (folder.to_owned(), false),
            None if core == "**" => ("**/*".to_owned(), !folder_only),
            None => (core, !folder_only),
        };
        // `docs/*` owns the files of the folder, not those below its folders; every other
        // pattern that names a folder owns all that is in it.
        let below = !core.ends_with("/*") || core == "**/*" && anchored;
        (below || itself).then(|| Self {
            text: core.into(),
            itself,
            below,
            has_ranges: false,
        })
    }

    /// A pattern of `File.fnmatch` with `FNM_PATHNAME` and `FNM_DOTMATCH`, as GitLab prepares it:
    /// what does not begin with `/` may lie anywhere, and only what ends with `/` means a folder.
    pub(super) fn of_fnmatch(text: &str) -> Self {
        let path = match text.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None => format!("**/{text}"),
        };
        let path = if text.ends_with('/') {
            format!("{path}**/*")
        } else {
            path
        };
        let path = collapse_stars(&path);
        // Without a `/` behind it, `**` is `*`.
        let path = match path.strip_suffix("**") {
            Some(folder) => format!("{folder}*"),
            None => path,
        };
        Self {
            text: path.into(),
            itself: true,
            below: false,
            has_ranges: true,
        }
    }

    /// Whether it matches a path relative to the repository.
    pub(super) fn matches(&self, path: &str) -> bool {
        let is_any_folder = |name: &&str| *name == "**";
        let fits = |wanted: &str, name: &str| self.name_fits(wanted, name);
        match compare(
            self.text.split('/'),
            path.split('/'),
            is_any_folder,
            fits,
            self.below,
        ) {
            Some(Fit::Whole) => self.itself,
            Some(Fit::Start) => true,
            None => false,
        }
    }

    /// What every path has that it matches.
    pub(super) fn key(&self) -> Key<'_> {
        let is_literal = |name: &&str| !name.contains(['*', '?', '\\', '[']);
        let mut names = self.text.split('/');
        if let Some(first) = names.clone().next().filter(is_literal) {
            return Key::First(first);
        }
        if let Some(name) = names.clone().find(is_literal) {
            return Key::Name(name);
        }
        let extension = names.find_map(|name| name.strip_prefix("*."));
        match extension.filter(|it| is_literal(it) && !it.contains('.')) {
            Some(extension) => Key::Extension(extension),
            None => Key::None,
        }
    }

    fn name_fits(&self, wanted: &str, name: &str) -> bool {
        let tokens = Tokens {
            rest: wanted.chars(),
            has_ranges: self.has_ranges,
        };
        let is_wildcard = |token: &Token<'_>| *token == Token::Any;
        wanted == "*" || compare(tokens, name.chars(), is_wildcard, Token::is_fit, false).is_some()
    }
}

/// How a sequence fits a pattern.
enum Fit {
    /// All of it.
    Whole,
    /// Its start; more follows.
    Start,
}

/// Compares a sequence with a pattern, some of whose items stand for any number of others. It
/// goes back to the last of those only, so it takes no more steps than the product of the lengths.
fn compare<P, S>(
    mut pattern: P,
    mut sequence: S,
    is_wildcard: impl Fn(&P::Item) -> bool,
    fits: impl Fn(P::Item, S::Item) -> bool,
    may_go_on: bool,
) -> Option<Fit>
where
    P: Iterator<Item: Copy> + Clone,
    S: Iterator<Item: Copy> + Clone,
{
    // Behind the last wildcard: the pattern, and the sequence from where it is tried again.
    let mut retry: Option<(P, S)> = None;
    loop {
        let (mut rest, mut ahead) = (pattern.clone(), sequence.clone());
        match (rest.next(), ahead.next()) {
            (Some(item), _) if is_wildcard(&item) => {
                retry = Some((rest.clone(), sequence.clone()));
                pattern = rest;
                continue;
            }
            (None, None) => return Some(Fit::Whole),
            (None, Some(_)) if may_go_on => return Some(Fit::Start),
            (Some(item), Some(found)) if fits(item, found) => {
                (pattern, sequence) = (rest, ahead);
                continue;
            }
            _ => {}
        }
        let (after, from) = retry.as_mut()?;
        from.next()?;
        (pattern, sequence) = (after.clone(), from.clone());
    }
}

/// What stands in the pattern of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'text> {
    /// `*`
    Any,
    /// `?`
    One,
    /// A character, perhaps behind a backslash.
    Character(char),
    /// What stands between `[` and `]`.
    Range(&'text str),
    /// A range that does not end, which matches nothing.
    Broken,
}

impl Token<'_> {
    fn is_fit(self, character: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Character(wanted) => wanted == character,
            Self::Range(range) => is_in_range(range, character),
            Self::Broken => false,
        }
    }
}

/// `a-z`, `abc`, `!a-z`, `^a-z`
fn is_in_range(range: &str, character: char) -> bool {
    let negated = range.strip_prefix(['!', '^']);
    let mut rest = negated.unwrap_or(range).chars().peekable();
    let mut is_in = false;
    while let Some(first) = rest.next() {
        let mut ahead = rest.clone();
        let last = match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) => {
                rest = ahead;
                last
            }
            _ => first,
        };
        is_in |= (first..=last).contains(&character);
    }
    is_in != negated.is_some()
}

#[derive(Clone)]
struct Tokens<'text> {
    rest: Chars<'text>,
    has_ranges: bool,
}

impl<'text> Iterator for Tokens<'text> {
    type Item = Token<'text>;

    fn next(&mut self) -> Option<Token<'text>> {
        Some(match self.rest.next()? {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' => self.rest.next().map_or(Token::Broken, Token::Character),
            '[' if self.has_ranges => match self.rest.as_str().split_once(']') {
                Some((range, rest)) => {
                    self.rest = rest.chars();
                    Token::Range(range)
                }
                None => Token::Broken,
            },
            character => Token::Character(character),
        })
    }
}

/// `****` is `**`, and `a**b` is `a*b`, as Git and Ruby have it; it also keeps patterns small.
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
    use super::{Glob, Key};

    #[test]
    fn patterns_of_gitignore_match_as_github_documents() {
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
            ("/**", "a", true),
            ("**", "a/b", true),
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
            ("**/a/**/b/*", "x/a/a/b/c/b/d", true),
            ("**/a/**/b/*", "x/a/b/c/d", false),
            ("/", "a", false),
        ];
        for (pattern, path, expected) in cases {
            let matches = Glob::of_gitignore(pattern).is_some_and(|glob| glob.matches(path));
            assert_eq!(matches, expected, "{pattern} on {path}");
        }
    }

    #[test]
    fn patterns_of_fnmatch_match_as_gitlab_documents() {
        let cases = [
            ("*", "a/b.rs", true),
            ("*.rb", "a/.hidden.rb", true),
            ("README.md", "internal/README.md", true),
            ("internal/README.md", "docs/internal/README.md", true),
            ("/docs/", "docs/a/b.md", true),
            ("/docs/", "x/docs/a", false),
            ("docs/", "x/docs/a/b", true),
            ("/docs/*", "docs/a.md", true),
            ("/docs/*", "docs/a/b.md", false),
            ("/docs/**/*.md", "docs/a.md", true),
            ("/docs/**/*.md", "docs/x/y/a.md", true),
            ("/docs/**", "docs/x/y", false),
            ("/docs/**", "docs/x", true),
            ("/docs", "docs/a.md", false),
            ("/docs", "docs", true),
            ("/file[0-9].rb", "file7.rb", true),
            ("/file[!0-9].rb", "file7.rb", false),
            ("/file[^a-c].rb", "filex.rb", true),
            ("/file[.rb", "file[.rb", false),
            ("/a\\[b", "a[b", true),
            ("/a{b,c}", "ab", false),
            ("/", "a/b", true),
        ];
        for (pattern, path, expected) in cases {
            let matches = Glob::of_fnmatch(pattern).matches(path);
            assert_eq!(matches, expected, "{pattern} on {path}");
        }
    }

    #[test]
    fn keys_are_what_every_match_has() {
        let cases = [
            ("/services/*/src", Key::First("services")),
            ("node_modules/", Key::Name("node_modules")),
            ("/*/docs/", Key::Name("docs")),
            ("*.rs", Key::Extension("rs")),
            ("*.d.ts", Key::None),
            ("*", Key::None),
        ];
        for (pattern, expected) in cases {
            let glob = Glob::of_gitignore(pattern).unwrap();
            assert_eq!(glob.key(), expected, "{pattern}");
        }
    }
}
