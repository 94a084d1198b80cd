//! Who commits.

/// A name and an e-mail address, as commits have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
}

impl Identity {
    /// `user.name` and `user.email` of the user's own Git configuration, never of a repository;
    /// `None` when either is missing.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        Self::of_user_with(None, None)
    }

    /// Like [`of_user`](Self::of_user), where what is given (by the environment) goes first.
    #[must_use]
    pub fn of_user_with(name: Option<String>, email: Option<String>) -> Option<Self> {
        let config = git2::Config::open_default().ok();
        let configured = |key: &str| config.as_ref()?.get_string(key).ok();
        let name = name.or_else(|| configured("user.name"));
        let email = email.or_else(|| configured("user.email"));
        let (name, email) = (name?.trim().to_owned(), email?.trim().to_owned());
        (!name.is_empty() && !email.is_empty()).then_some(Self { name, email })
    }
}
