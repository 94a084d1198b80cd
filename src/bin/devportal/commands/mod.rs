//! The commands, one file each: an `Args` struct and a `run` function.

mod api;
mod badge;
mod cache;
mod campaign;
pub(crate) mod check;
mod completions;
mod config;
mod demo;
mod docs;
mod explain;
mod export;
pub(crate) mod facts;
mod find;
mod graph;
mod help;
mod impact;
mod man;
mod new;
mod owner;
mod report;
mod schema;
mod score;
mod show;
mod template;
mod tree;

use anyhow::Result;
use clap::Subcommand;

use crate::Outcome;
use crate::session::Session;

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find entities by words, and by what they are, whose, where and related to what
    Find(find::Args),
    /// Show everything that is known about an entity
    Show(show::Args),
    /// Say who owns files, folders and entities, by the catalog and by CODEOWNERS
    Owner(owner::Args),
    /// Show domains, systems and their parts as a tree, or everything grouped by a field
    Tree(tree::Args),
    /// Show what is connected with what, as a tree, a drawing or data; and ask the graph
    Graph(graph::Args),
    /// Show everything that feels a change, by owner, and whom to tell
    Impact(impact::Args),
    /// Read the documentation of an entity, or search in all of it
    Docs(docs::Args),
    /// List what an API can do, who provides it and who consumes it
    Api(api::Args),
    /// Make a new repository from a golden path
    New(new::Args),
    /// Work with golden paths: list, show, render; bring what they made up to date
    Template(template::Args),
    /// Check what the repositories declare
    Check(check::Args),
    /// Say how mature entities are, by scorecards, and what to do next
    Score(score::Args),
    /// Write a page about the whole organisation, for those who lead it
    Report(report::Args),
    /// Write a badge for a README: the level of an entity in a scorecard, or its owner
    Badge(badge::Args),
    /// Say how far campaigns are: what is done, what is left, whose it is, and what to do
    Campaign(campaign::Args),
    /// Work with facts: what is known of entities, what it means, and the ledger that keeps it
    Facts(facts::Args),
    /// Write all entities, relations or documents for machines
    Export(export::Args),
    /// Show the configuration that holds
    Config(config::Args),
    /// Show what is kept between runs, and remove it
    Cache(cache::Args),
    /// Print the JSON Schema of descriptors, for editors
    Schema(schema::Args),
    /// Explain a code that "check" reports
    Explain(explain::Args),
    /// Write a sample organisation as real Git repositories
    Demo(demo::Args),
    /// Print what makes a shell complete commands, options and names
    Completions(completions::Args),
    /// Print manual pages, or write them into a folder
    Man(man::Args),
    /// Explain a command, or the language of queries
    Help(help::Args),
}

pub(crate) fn run(command: Command, session: &mut Session) -> Result<Outcome> {
    match command {
        Command::Find(args) => find::run(&args, session),
        Command::Show(args) => show::run(&args, session),
        Command::Owner(args) => owner::run(&args, session),
        Command::Tree(args) => tree::run(&args, session),
        Command::Graph(args) => graph::run(&args, session),
        Command::Impact(args) => impact::run(&args, session),
        Command::Docs(args) => docs::run(&args, session),
        Command::Api(args) => api::run(&args, session),
        Command::Template(args) => template::run(&args, session),
        Command::Check(args) => check::run(&args, session),
        Command::Score(args) => score::run(&args, session),
        Command::Report(args) => report::run(&args, session),
        Command::Badge(args) => badge::run(&args, session),
        Command::Campaign(args) => campaign::run(&args, session),
        Command::Facts(args) => facts::run(&args, session),
        Command::Export(args) => export::run(&args, session),
        Command::Config(args) => config::run(&args, session),
        Command::Cache(args) => cache::run(&args, session),
        Command::Schema(args) => schema::run(&args, session),
        Command::Explain(args) => explain::run(&args, session),
        Command::Demo(args) => demo::run(&args, session),
        Command::Completions(args) => completions::run(&args, session),
        Command::Man(args) => man::run(&args, session),
        Command::New(args) => new::run(&args, session),
        Command::Help(args) => help::run(&args, session),
    }
}
