//! `.mailmap`: what people are really called (gitmailmap(5)).
//!
//! ```text
//! Proper Name <commit@example.com>
//! <proper@example.com> <commit@example.com>
//! Proper Name <proper@example.com> <commit@example.com>
//! Proper Name <proper@example.com> Commit Name <commit@example.com>
//! ```
//!
//! Names and addresses are compared without regard to case. A line with the name of a commit is
//! before one without; of two lines about the same, the later one holds, as in Git.

use std::collections::HashMap;

use crate::repo::CommitAuthor;

/// What people are really called.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mailmap {
    /// By the address of a commit, and the name where a line has one; both in lower case.
    entries: HashMap<(String, Option<String>), Proper>,
}

/// What a line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Proper {
    name: Option<String>,
    address: Option<String>,
}

impl Mailmap {
    /// Reads a file. Lines that are none are passed over, as Git does.
    pub(super) fn parse(text: &str) -> Self {
        let mut entries: HashMap<(String, Option<String>), Proper> = HashMap::new();
        for line in text.lines() {
            let Some(((commit_name, commit_address), proper)) = parse_line(line) else {
                continue;
            };
            let key = (commit_address.to_lowercase(), commit_name);
            // A line about an address keeps what an earlier one says and it does not.
            let known = entries.entry(key).or_default();
            known.name = proper.name.or(known.name.take());
            known.address = proper.address.or(known.address.take());
        }
        Self { entries }
    }

    /// An author, as the file has it.
    pub(super) fn proper(&self, author: &CommitAuthor) -> CommitAuthor {
        let address = author.address.to_lowercase();
        let name = author.name.to_lowercase();
        let with_name = self.entries.get(&(address.clone(), Some(name)));
        let Some(proper) = with_name.or_else(|| self.entries.get(&(address, None))) else {
            return author.clone();
        };
        let or = |proper: &Option<String>, own: &String| proper.as_ref().unwrap_or(own).clone();
        CommitAuthor {
            name: or(&proper.name, &author.name),
            address: or(&proper.address, &author.address),
        }
    }
}

/// The name and the address of commits that a line is about, and what it says of them.
fn parse_line(line: &str) -> Option<((Option<String>, String), Proper)> {
    if line.trim_start().starts_with('#') {
        return None;
    }
    let (first_name, first_address, rest) = name_and_address(line)?;
    let Some((commit_name, commit_address, _)) = name_and_address(rest) else {
        let proper = Proper {
            name: Some(first_name?),
            address: None,
        };
        return Some(((None, first_address), proper));
    };
    let proper = Proper {
        name: first_name,
        address: Some(first_address),
    };
    let commit_name = commit_name.map(|name| name.to_lowercase());
    Some(((commit_name, commit_address), proper))
}

/// The text before `<`, what stands between `<` and `>`, and the rest.
fn name_and_address(text: &str) -> Option<(Option<String>, String, &str)> {
    let (name, rest) = text.split_once('<')?;
    let (address, rest) = rest.split_once('>')?;
    let name = Some(name.trim()).filter(|name| !name.is_empty());
    Some((name.map(str::to_owned), address.trim().to_owned(), rest))
}

#[cfg(test)]
mod tests {
    use super::Mailmap;
    use crate::repo::CommitAuthor;

    const TEXT: &str = "\
# comment
Jane Doe         <jane@desktop.(none)>
 <joe@example.com> <JOE@laptop.(none)>
Mira Sand <mira@example.com> <mira@old.example.com>
Ada Byron <ada@example.com> ada <shared@example.com>
Bo Lind <bo@example.com> bo <shared@example.com> # the second of the two
no line
Nobody
<alone@example.com>
";

    fn proper(name: &str, address: &str) -> (String, String) {
        let author = CommitAuthor {
            name: name.to_owned(),
            address: address.to_owned(),
        };
        let proper = Mailmap::parse(TEXT).proper(&author);
        (proper.name, proper.address)
    }

    fn pair(name: &str, address: &str) -> (String, String) {
        (name.to_owned(), address.to_owned())
    }

    #[test]
    fn all_forms_of_lines_hold() {
        assert_eq!(
            proper("jane", "jane@desktop.(none)"),
            pair("Jane Doe", "jane@desktop.(none)")
        );
        assert_eq!(
            proper("Joe", "joe@laptop.(none)"),
            pair("Joe", "joe@example.com")
        );
        assert_eq!(
            proper("ms", "Mira@Old.example.com"),
            pair("Mira Sand", "mira@example.com")
        );
        assert_eq!(
            proper("Ada", "shared@example.com"),
            pair("Ada Byron", "ada@example.com")
        );
        assert_eq!(
            proper("bo", "shared@example.com"),
            pair("Bo Lind", "bo@example.com")
        );
    }

    #[test]
    fn who_is_not_in_it_stays() {
        for (name, address) in [("eve", "shared@example.com"), ("x", "alone@example.com")] {
            assert_eq!(proper(name, address), pair(name, address));
        }
    }
}
