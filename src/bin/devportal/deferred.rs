//! Options that are described to clap only when they are needed.

use std::cell::Cell;
use std::ops::Deref;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

thread_local! {
    /// Whether options wait until their command is the one that runs. What clap derives has no
    /// parameter for that.
    static WAIT: Cell<bool> = const { Cell::new(false) };
}

/// A command line that describes the options of a command only when it is the one that runs: to
/// describe all of them takes as long as everything else about reading a command line.
///
/// It is made to be read from, not to be shown: in help and in completions, the options that
/// every command takes would come before its own.
pub(crate) fn without_unused_options(command_line: fn() -> Command) -> Command {
    WAIT.set(true);
    let command = command_line();
    WAIT.set(false);
    command
}

/// The options of a command.
#[derive(Debug)]
pub(crate) struct Deferred<T>(T);

impl<T> Deref for Deferred<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for Deferred<T> {
    fn augment_args(command: Command) -> Command {
        if WAIT.get() {
            command.defer(T::augment_args)
        } else {
            T::augment_args(command)
        }
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
