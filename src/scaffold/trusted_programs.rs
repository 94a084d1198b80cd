//! Running the programs of a template that the user trusts.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::apply::{Destination, Staged};
use super::{
    Entry, Invocation, MOST_BYTES, MOST_FILES, ProgramEnd, Programs, StepError, TargetPath,
    WorkTree,
};
use crate::program::ProgramRun;
use crate::repo::{self, FolderLimits};

/// The most bytes of a program's output that are read.
const MOST_OUTPUT: usize = 4 << 20;
/// The lines of a failed program that are told.
const TOLD_LINES: usize = 20;

/// Runs programs in a folder of their own, which holds the files so far.
#[derive(Clone, Debug)]
pub struct TrustedPrograms {
    /// `PATH`: only its absolute folders count, so that no file of a template is taken for a
    /// program of the machine.
    pub search_path: OsString,
    /// Where the folder is made, and removed after.
    pub folder: PathBuf,
}

impl Programs for TrustedPrograms {
    fn run(&self, invocation: &Invocation, tree: &mut WorkTree) -> Result<ProgramEnd, StepError> {
        let shown = invocation.shown();
        self.run_in_folder(invocation, tree).map_err(|error| {
            let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
            StepError::new(format!("\"{shown}\" fails: {}", causes.join(": ")))
        })
    }
}

impl TrustedPrograms {
    fn run_in_folder(&self, invocation: &Invocation, tree: &mut WorkTree) -> Result<ProgramEnd> {
        let destination = Destination::open(&self.folder.join("run"), true)?;
        let staged = Staged::write(destination, tree)?;
        let root = staged.path();
        let folder = match &invocation.folder {
            Some(folder) => root.join(folder.as_str()),
            None => root.clone(),
        };
        let stdout = self.run_program(invocation, &folder)?;
        *tree = read_back(&root)?;
        Ok(ProgramEnd::Ran { stdout })
    }

    fn run_program(&self, invocation: &Invocation, folder: &Path) -> Result<String> {
        let name = &invocation.program;
        let program = if name.contains('/') {
            folder.join(name)
        } else {
            repo::find_program(&self.search_path, name)
                .with_context(|| format!("there is no program \"{name}\""))?
        };
        let run = ProgramRun {
            program,
            arguments: invocation.arguments.clone(),
            folder: folder.to_owned(),
            environment: None,
            input: invocation
                .input
                .as_ref()
                .map_or_else(Vec::new, |input| input.to_string().into_bytes()),
            most_output: MOST_OUTPUT,
            // Somebody who waits at a terminal can end it.
            time: None,
        };
        let result = run.run()?;
        let status = result.status.context("its end is not known")?;
        if status.success() {
            return Ok(String::from_utf8_lossy(&result.stdout).into_owned());
        }
        let stderr = String::from_utf8_lossy(&result.stderr);
        let lines: Vec<&str> = stderr.lines().collect();
        let told = lines[lines.len().saturating_sub(TOLD_LINES)..].join("\n");
        bail!("it ends with {status}\n{told}");
    }
}

/// The files after a program ran, without those that `.gitignore` names: what it built stays
/// behind.
fn read_back(root: &Path) -> Result<WorkTree> {
    let limits = FolderLimits {
        most_files: MOST_FILES,
        most_bytes: MOST_BYTES,
    };
    let mut tree = WorkTree::default();
    for file in repo::read_unignored(root, &limits)? {
        let path = TargetPath::new(&file.path)?;
        if let Entry::Link { target } = &file.content {
            super::link::refuse_outside(&path, target)?;
        }
        tree.put(path, file.content)?;
    }
    Ok(tree)
}
