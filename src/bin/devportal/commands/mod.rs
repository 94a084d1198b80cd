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
use crate::deferred::Deferred;
use crate::session::Session;

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find entities by words, and by what they are, whose, where and related to what
    Find(Deferred<find::Args>),
    /// Show everything that is known about an entity
    Show(Deferred<show::Args>),
    /// Say who owns files, folders and entities, by the catalog and by CODEOWNERS
    Owner(Deferred<owner::Args>),
    /// Show domains, systems and their parts as a tree, or everything grouped by a field
    Tree(Deferred<tree::Args>),
    /// Show what is connected with what, as a tree, a drawing or data; and ask the graph
    Graph(Deferred<graph::Args>),
    /// Show everything that feels a change, by owner, and whom to tell
    Impact(Deferred<impact::Args>),
    /// Read the documentation of an entity, or search in all of it
    Docs(Deferred<docs::Args>),
    /// List what an API can do, who provides it and who consumes it
    Api(Deferred<api::Args>),
    /// Make a new repository from a golden path
    New(Deferred<new::Args>),
    /// Work with golden paths: list, show, render; bring what they made up to date
    Template(Deferred<template::Args>),
    /// Check what the repositories declare
    Check(Deferred<check::Args>),
    /// Say how mature entities are, by scorecards, and what to do next
    Score(Deferred<score::Args>),
    /// Write a page about the whole organisation, for those who lead it
    Report(Deferred<report::Args>),
    /// Write a badge for a README: the level of an entity in a scorecard, or its owner
    Badge(Deferred<badge::Args>),
    /// Say how far campaigns are: what is done, what is left, whose it is, and what to do
    Campaign(Deferred<campaign::Args>),
    /// Work with facts: what is known of entities, what it means, and the ledger that keeps it
    Facts(Deferred<facts::Args>),
    /// Write all entities, relations or documents for machines
    Export(Deferred<export::Args>),
    /// Show the configuration that holds
    Config(Deferred<config::Args>),
    /// Show what is kept between runs, and remove it
    Cache(Deferred<cache::Args>),
    /// Print the JSON Schema of descriptors, for editors
    Schema(Deferred<schema::Args>),
    /// Explain a code that "check" reports
    Explain(Deferred<explain::Args>),
    /// Write a sample organisation as real Git repositories
    Demo(Deferred<demo::Args>),
    /// Print what makes a shell complete commands, options and names
    Completions(Deferred<completions::Args>),
    /// Print manual pages, or write them into a folder
    Man(Deferred<man::Args>),
    /// Explain a command, or the language of queries
    Help(Deferred<help::Args>),
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
