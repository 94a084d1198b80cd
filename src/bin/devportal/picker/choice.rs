//! What was typed, what fits it, and what of that is selected.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// A choice among items.
pub(super) struct Choice<'items> {
    items: &'items [String],
    typed: String,
    /// The numbers of the items that fit, the best first.
    fitting: Vec<usize>,
    /// Which of those is selected.
    at: usize,
    matcher: Matcher,
}

impl<'items> Choice<'items> {
    pub(super) fn new(items: &'items [String]) -> Self {
        Self {
            items,
            typed: String::new(),
            fitting: (0..items.len()).collect(),
            at: 0,
            matcher: Matcher::new(Config::DEFAULT),
        }
    }

    pub(super) fn typed(&self) -> &str {
        &self.typed
    }

    /// How many items there are.
    pub(super) fn total(&self) -> usize {
        self.items.len()
    }

    /// How many items fit.
    pub(super) fn count(&self) -> usize {
        self.fitting.len()
    }

    /// The number of the selected item.
    pub(super) fn selected(&self) -> Option<usize> {
        self.fitting.get(self.at).copied()
    }

    /// The texts of as many items that fit as there is room for, around the selected one, which
    /// is marked.
    pub(super) fn visible(&self, rows: usize) -> impl Iterator<Item = (bool, &'items str)> {
        let first = self.at.saturating_sub(rows.saturating_sub(1));
        let (items, at) = (self.items, self.at);
        let numbers = self.fitting.iter().enumerate().skip(first).take(rows);
        let numbers: Vec<(bool, usize)> =
            numbers.map(|(row, number)| (row == at, *number)).collect();
        numbers
            .into_iter()
            .filter_map(move |(selected, number)| Some((selected, items.get(number)?.as_str())))
    }

    pub(super) fn move_by(&mut self, rows: isize) {
        let last = self.fitting.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(rows).min(last);
    }

    pub(super) fn write(&mut self, c: char) {
        self.typed.push(c);
        self.narrow();
    }

    pub(super) fn erase(&mut self) {
        self.typed.pop();
        self.narrow();
    }

    pub(super) fn clear(&mut self) {
        self.typed.clear();
        self.narrow();
    }

    fn narrow(&mut self) {
        self.at = 0;
        if self.typed.trim().is_empty() {
            self.fitting = (0..self.items.len()).collect();
            return;
        }
        let pattern = Pattern::parse(&self.typed, CaseMatching::Smart, Normalization::Smart);
        let mut buffer = Vec::new();
        let mut scored: Vec<(std::cmp::Reverse<u32>, usize)> = Vec::new();
        for (number, item) in self.items.iter().enumerate() {
            let text = Utf32Str::new(item, &mut buffer);
            if let Some(score) = pattern.score(text, &mut self.matcher) {
                scored.push((std::cmp::Reverse(score), number));
            }
        }
        scored.sort_unstable();
        self.fitting = scored.into_iter().map(|(_, number)| number).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::Choice;

    #[test]
    fn typing_narrows_and_erasing_widens() {
        let items = ["component:payments", "api:payments", "group:web"].map(str::to_owned);
        let mut choice = Choice::new(&items);
        "pay".chars().for_each(|c| choice.write(c));
        assert_eq!(choice.count(), 2);
        choice.move_by(5);
        assert!(choice.selected().is_some_and(|number| number < 2));
        "zz".chars().for_each(|c| choice.write(c));
        assert_eq!((choice.count(), choice.selected()), (0, None));
        choice.clear();
        assert_eq!((choice.count(), choice.selected()), (3, Some(0)));
    }

    #[test]
    fn the_selected_one_is_always_visible() {
        let items: Vec<String> = (0..100).map(|number| format!("item {number}")).collect();
        let mut choice = Choice::new(&items);
        choice.move_by(isize::MAX);
        let visible: Vec<(bool, &str)> = choice.visible(10).collect();
        assert_eq!(visible.len(), 10);
        assert_eq!(visible.last(), Some(&(true, "item 99")));
    }
}
