//! Patterns of paths in the inputs of steps, read as globby 11 and fast-glob 3 read them.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::StepError;

/// The longest pattern: a path is not much longer.
const LONGEST_PATTERN: usize = 4096;
/// The most patterns of one list.
pub(super) const MOST_PATTERNS: usize = 1000;

/// A list of patterns such as `copyWithoutTemplating`, in which `!` takes away.
#[derive(Debug)]
pub struct PathPatterns {
    patterns: Vec<(Sign, PathPattern)>,
}

/// What a pattern of a list does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Adds,
    TakesAway,
}

/// One pattern.
#[derive(Debug)]
pub(super) struct PathPattern {
    /// As it was written, without what means nothing: `./`, `//`, `/` at the end.
    plain: String,
    /// Whether it ends with `/`, so that it can only be a folder.
    is_folder: bool,
    wildcards: GlobSet,
    /// The names of it that begin with a dot, each by itself.
    hidden_names: GlobSet,
}

impl PathPatterns {
    /// Reads a list.
    ///
    /// # Errors
    /// When a pattern cannot be read.
    pub fn new(patterns: &[String]) -> Result<Self, StepError> {
        if patterns.len() > MOST_PATTERNS {
            return Err(StepError::new(format!(
                "there are more than {MOST_PATTERNS} patterns"
            )));
        }
        let patterns = patterns.iter().map(|pattern| {
            Ok(match pattern.strip_prefix('!') {
                Some(pattern) => (Sign::TakesAway, PathPattern::new(pattern)?),
                None => (Sign::Adds, PathPattern::new(pattern)?),
            })
        });
        Ok(Self {
            patterns: patterns.collect::<Result<_, StepError>>()?,
        })
    }

    /// Whether a file is meant: its path is relative, with `/`.
    ///
    /// A pattern with `!` takes away from those before it only, as in globby.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let mut is_meant = false;
        for (sign, pattern) in &self.patterns {
            match sign {
                Sign::Adds => is_meant = is_meant || pattern.matches(path),
                Sign::TakesAway => is_meant = is_meant && !pattern.covers(path),
            }
        }
        is_meant
    }
}

impl PathPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn new(pattern: &str) -> Result<Self, StepError> {
        let refuse = |reason: String| {
            StepError::new(format!("pattern \"{pattern}\" cannot be read: {reason}"))
        };
        if pattern.len() > LONGEST_PATTERN {
            return Err(StepError::new(format!(
                "a pattern has more than {LONGEST_PATTERN} bytes"
            )));
        }
        let plain = plain(pattern);
        let hidden = plain.split('/').filter(|name| name.starts_with('.'));
        Ok(Self {
            is_folder: pattern.ends_with('/'),
            wildcards: compile(readings(pattern, &plain)).map_err(refuse)?,
            hidden_names: compile(hidden.map(str::to_owned)).map_err(refuse)?,
            plain,
        })
    }

    /// Whether a file is meant: by the pattern, or because its folder is named without wildcards.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.matches_file(path) || self.is_folder_of(path)
    }

    /// Whether a file is meant itself.
    pub(super) fn matches_file(&self, path: &str) -> bool {
        !self.is_folder && (self.plain == path || self.wildcards.is_match(path))
    }

    /// Whether each name that begins with a dot is meant by a name of the pattern that does, too:
    /// a wildcard alone does not mean hidden files.
    pub(super) fn names_hidden_parts(&self, path: &str) -> bool {
        let mut hidden = path.split('/').filter(|name| name.starts_with('.'));
        hidden.all(|name| self.hidden_names.is_match(name))
    }

    /// Whether the path is the folder's, when the pattern is taken as it is written.
    fn is_folder_of(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.plain.as_str());
        !self.plain.is_empty() && below.is_some_and(|below| below.starts_with('/'))
    }

    /// Whether a pattern with `!` takes a file away: what it matches, and what is in a folder that
    /// it matches by a name without wildcards.
    fn covers(&self, path: &str) -> bool {
        let name = self.plain.rsplit('/').next().unwrap_or_default();
        let names_folders = !name.contains(['*', '?', '[', '(']);
        let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        self.matches_file(path) || names_folders && folders.any(|folder| self.matches_file(folder))
    }
}

fn compile(patterns: impl IntoIterator<Item = String>) -> Result<GlobSet, String> {
    let mut all = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(&translated(&pattern)?)
            .literal_separator(true)
            .backslash_escape(true)
            .empty_alternates(true)
            .build();
        all.add(glob.map_err(|error| error.kind().to_string())?);
    }
    all.build().map_err(|error| error.kind().to_string())
}

/// All that a pattern means to micromatch.
fn readings(pattern: &str, plain: &str) -> Vec<String> {
    let mut readings = vec![plain.to_owned()];
    // Where a pattern begins with it, `**` crosses folders even if an extension follows.
    if pattern.starts_with("**.") {
        readings.push(pattern.replacen("**", "**/*", 1));
    }
    readings
}

/// A pattern without `.` and empty names, which mean nothing.
fn plain(pattern: &str) -> String {
    let is_absolute = pattern.starts_with('/');
    let names = pattern
        .split('/')
        .filter(|name| !name.is_empty() && *name != ".");
    let plain = names.collect::<Vec<_>>().join("/");
    if is_absolute {
        // It stays what matches no relative path.
        format!("/{plain}")
    } else {
        plain
    }
}

/// A pattern in the language of globset, which has no `@(a|b)` and takes `{a}` for `a`.
fn translated(pattern: &str) -> Result<String, String> {
    let mut text = String::with_capacity(pattern.len() + 8);
    let mut closers = Vec::new();
    let mut characters = pattern.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let follows = &pattern[at + character.len_utf8()..];
        match character {
            '\\' => {
                text.push('\\');
                text.extend(characters.next().map(|(_, escaped)| escaped));
            }
            '[' => match class(follows) {
                Some(class) => {
                    text.push_str(&class_or_name(class));
                    while characters
                        .next_if(|(next, _)| *next <= at + class.len())
                        .is_some()
                    {}
                }
                None => text.push_str("\\["),
            },
            '{' if is_choice(follows)? => {
                closers.push('}');
                text.push('{');
            }
            '}' if closers.last() == Some(&'}') => {
                closers.pop();
                text.push('}');
            }
            '{' | '}' => {
                text.push('\\');
                text.push(character);
            }
            '@' | '?' | '+' | '*' | '!' if follows.starts_with('(') && follows.contains(')') => {
                match character {
                    '@' => text.push('{'),
                    '?' => text.push_str("{,"),
                    _ => {
                        return Err(format!(
                            "\"{character}(…)\" is not supported, \"@(a|b)\" is"
                        ));
                    }
                }
                characters.next();
                closers.push(')');
            }
            '|' if closers.last() == Some(&')') => text.push(','),
            ')' if closers.last() == Some(&')') => {
                closers.pop();
                text.push('}');
            }
            _ => text.push(character),
        }
    }
    Ok(text)
}

/// The rest of a class of characters that just began, with its `]`; `None` when it never ends.
fn class(follows: &str) -> Option<&str> {
    let negated = follows.len() - follows.trim_start_matches(['!', '^']).len();
    // A `]` that stands first is one of the characters.
    let first = negated + usize::from(follows[negated..].starts_with(']'));
    let end = follows[first..].find(']')?;
    Some(&follows[..=first + end])
}

/// A class of characters, which may also be a name in brackets where it says nothing special: with
/// micromatch, `[slug].ts` means the file of that name, too.
fn class_or_name(class: &str) -> String {
    let characters = class.trim_end_matches(']');
    if characters.contains(|c: char| "-*+?.^${}(|)[]!,\\".contains(c)) {
        format!("[{class}")
    } else {
        format!("{{[{class},\\[{characters}\\]}}")
    }
}

/// Whether a `{` that just began is a choice: without a comma it is only a brace.
fn is_choice(follows: &str) -> Result<bool, String> {
    let mut depth = 0_usize;
    let mut has_comma = false;
    for (at, character) in follows.char_indices() {
        match character {
            '{' => depth += 1,
            ',' if depth == 0 => has_comma = true,
            '}' if depth == 0 => {
                if !has_comma && follows[..at].contains("..") {
                    return Err("ranges such as \"{1..3}\" are not supported".to_owned());
                }
                return Ok(has_comma);
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::{PathPattern, PathPatterns};

    const FILES: [&str; 9] = [
        ".github/w.yml",
        "[s]/q",
        "b/c.png",
        "sub/vendor/z",
        "vendor/.hid",
        "vendor/a.png",
        "vendor/deep/x",
        "x.png",
        "{{cookiecutter.name}}/y",
    ];

    fn matched(patterns: &[&str]) -> String {
        let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.into()).collect();
        let patterns = PathPatterns::new(&patterns).expect("patterns");
        let matched = FILES.into_iter().filter(|path| patterns.matches(path));
        matched.collect::<Vec<_>>().join(" ")
    }

    /// The answers are those of globby 11 with `dot`, `onlyFiles: false` and no links followed.
    #[test]
    fn patterns_mean_what_they_mean_to_backstage() {
        let all = FILES.join(" ");
        let vendor = "vendor/.hid vendor/a.png vendor/deep/x";
        for (patterns, expected) in [
            (&["vendor"][..], vendor),
            (&["vendor/"], vendor),
            (&["./vendor"], vendor),
            (&["vendor/**"], vendor),
            (&["vendor/*"], "vendor/.hid vendor/a.png"),
            (&["vendor/**/"], ""),
            (&["vendor//a.png"], "vendor/a.png"),
            (&["**/vendor"], ""),
            (
                &["**/vendor/**"],
                "sub/vendor/z vendor/.hid vendor/a.png vendor/deep/x",
            ),
            (&["*"], "x.png"),
            (&["**"], &all),
            (&["**/*.png"], "b/c.png vendor/a.png x.png"),
            (&["**.png"], "b/c.png vendor/a.png x.png"),
            (&["*.{png,gif}"], "x.png"),
            (&["{x,b/c}.png"], "b/c.png x.png"),
            (&["@(x|y).png"], "x.png"),
            (&["?(x|y).png"], "x.png"),
            (&["[w-y].png"], "x.png"),
            (&["[!x].png"], ""),
            (&["[s]"], "[s]/q"),
            (&["\\[s]/q"], "[s]/q"),
            (&["[s]/*"], "[s]/q"),
            (&["./**.png"], "x.png"),
            (&["**g"], "x.png"),
            (&[".github"], ".github/w.yml"),
            (&["{{cookiecutter.name}}/*"], "{{cookiecutter.name}}/y"),
            (&["{{cookiecutter.name}}"], "{{cookiecutter.name}}/y"),
            (&["x.PNG"], ""),
            (&["/vendor"], ""),
            (&["../t/vendor"], ""),
            (&[""], ""),
            (&["!vendor", "vendor/*"], "vendor/.hid vendor/a.png"),
            (&["vendor", "!vendor/deep"], "vendor/.hid vendor/a.png"),
            (&["vendor", "!**/deep"], "vendor/.hid vendor/a.png"),
            (&["vendor", "!vendor/"], vendor),
            (&["vendor", "!vendor/d*"], vendor),
            (&["**/*.png", "!*.png"], "b/c.png vendor/a.png"),
            (&["vendor", "!vendor/**", "vendor/a.png"], "vendor/a.png"),
        ] {
            assert_eq!(matched(patterns), expected, "{patterns:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for pattern in ["+(a|b)", "x/!(y)", "{1..3}", "[z-a]", "a\\"] {
            let error = PathPatterns::new(&[pattern.to_owned()]);
            let error = error.expect_err(pattern);
            assert!(error.message.contains(pattern), "{error}");
        }
        let long = "{a,b}".repeat(2000);
        assert!(PathPatterns::new(&[long]).is_err());
        for odd in ["[", "a[", "{", "}", "{a", "@(", "a)", "|", "{{{{,}"] {
            PathPatterns::new(&[odd.to_owned()]).expect(odd);
        }
    }

    #[test]
    fn wildcards_do_not_name_hidden_files() {
        for (pattern, path, named) in [
            ("**/*", "a/b", true),
            ("**/*", ".a/b", false),
            (".a/*", ".a/b", true),
            (".?/*", ".a/b", true),
            (".a/*", ".a/.b", false),
            ("**/.env", ".env", true),
        ] {
            let read = PathPattern::new(pattern).expect("a pattern");
            assert_eq!(read.names_hidden_parts(path), named, "{pattern} {path}");
        }
    }
}
