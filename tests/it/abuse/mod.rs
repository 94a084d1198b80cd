//! What hostile repositories, descriptors and command lines must not achieve. Each test has the
//! number of a row of the list of abuses: a, walking and Git; b, parsing; c, entities and the
//! graph; d, golden paths; e, output; g, the cache; h, the command line.
//! graph; d, golden paths; e, output; f, what APIs and collectors answer; h, the command line.

#![expect(clippy::unwrap_used, reason = "a test that fails shall fail there")]

mod cache;
mod command_line;
mod damage;
mod documentation;
mod entities;
mod facts_answers;
mod facts_program;
mod facts_tokens;
mod files;
mod git;
mod golden_path;
mod history;
mod ledger_faults;
mod links;
mod network;
mod output;
mod parsing;
mod references;
mod scaffold_destination;
mod scaffold_faults;
mod scaffold_git;
mod scaffold_paths;
mod scaffold_programs;
mod scaffold_rendering;
mod scaffold_update;
mod workspace;
mod writing;
