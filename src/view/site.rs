//! What stands around a page that is one of many.

/// The pages that a page belongs to; a page that stands alone has none.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// What all the pages together are called.
    pub site: String,
    /// The path of the first page from this one; empty where the page stands alone.
    pub home: String,
    /// What the page stands below: names, and the paths of their pages from this one.
    pub way: Vec<(String, Option<String>)>,
    /// What the search looks at, where this page has it.
    pub index: Option<Vec<SearchEntry>>,
}

/// What the search knows of a page. Texts are raw, as everywhere in views.
#[derive(Clone, Debug, Default)]
pub struct SearchEntry {
    /// The path of the page, from the one with the search.
    pub target: String,
    /// What it is about: a component, a team.
    pub kind: String,
    /// What that is called.
    pub name: String,
    /// What it is called by people.
    pub title: String,
    /// What it is.
    pub description: String,
    /// Whose it is.
    pub owner: String,
    /// Words that it is marked with.
    pub tags: String,
}

impl Surroundings {
    /// Whether there are other pages.
    #[must_use]
    pub const fn is_part_of_site(&self) -> bool {
        !self.home.is_empty()
    }
}
