//! Rules by what every path has that they match, so that few are compared with each path.

use std::collections::HashMap;

use super::Rule;
use super::glob::Key;

/// Numbers of rules, each list in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    by_first: HashMap<Box<str>, Vec<usize>>,
    by_name: HashMap<Box<str>, Vec<usize>>,
    by_extension: HashMap<Box<str>, Vec<usize>>,
    others: Vec<usize>,
}

impl Index {
    /// Adds a rule; later ones have higher numbers.
    pub(super) fn add(&mut self, number: usize, rule: &Rule) {
        let list = match rule.pattern.key() {
            Key::First(name) => self.by_first.entry(name.into()).or_default(),
            Key::Name(name) => self.by_name.entry(name.into()).or_default(),
            Key::Extension(extension) => self.by_extension.entry(extension.into()).or_default(),
            Key::None => &mut self.others,
        };
        list.push(number);
    }

    /// The last of the rules that matches a path.
    pub(super) fn last_match(&self, path: &str, rules: &[Rule]) -> Option<usize> {
        let mut last: Option<usize> = None;
        for list in self.lists(path) {
            let later = list.iter().rev().take_while(|number| Some(**number) > last);
            let found = later
                .copied()
                .find(|number| rules[*number].pattern.matches(path));
            last = last.max(found);
        }
        last
    }

    /// The lists that may have a match.
    fn lists(&self, path: &str) -> impl Iterator<Item = &Vec<usize>> {
        let first = path.split('/').next().unwrap_or_default();
        let of_names = path.split('/').flat_map(|name| {
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            [self.by_name.get(name), self.by_extension.get(extension)]
        });
        [self.by_first.get(first), Some(&self.others)]
            .into_iter()
            .chain(of_names)
            .flatten()
    }
}
