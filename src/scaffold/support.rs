//! How much of a template runs here.

use super::Manifest;
use super::actions::{Needs, action};

/// What becomes of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepSupport {
    /// It runs.
    Runs,
    /// It does what it can do here; the rest needs `--push`.
    NeedsPush,
    /// It starts a program, which needs `--trust`.
    NeedsTrust,
    /// Nobody here knows its action: the template is refused, or the step left out.
    Unsupported,
}

/// How much of a template runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateSupport {
    /// Every step.
    Whole,
    /// Every step, some of them as programs.
    WithPrograms,
    /// Not every step.
    InPart,
}

impl StepSupport {
    /// What becomes of a step with that action; `has_program` says whether the user's
    /// configuration has a program for it.
    #[must_use]
    pub fn of(name: &str, has_program: bool) -> Self {
        if has_program {
            return Self::NeedsTrust;
        }
        match action(name).map(|action| action.needs) {
            Some(Needs::Nothing) => Self::Runs,
            Some(Needs::Push) => Self::NeedsPush,
            Some(Needs::Trust) => Self::NeedsTrust,
            None => Self::Unsupported,
        }
    }

    /// The word for it in data.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::NeedsPush => "needs-push",
            Self::NeedsTrust => "needs-trust",
            Self::Unsupported => "unsupported",
        }
    }
}

impl TemplateSupport {
    /// How much of a template runs; `has_program` says of an action whether the user's
    /// configuration has a program for it.
    pub fn of(manifest: &Manifest, has_program: &dyn Fn(&str) -> bool) -> Self {
        let steps = manifest.steps.iter();
        let steps = steps.map(|step| StepSupport::of(&step.action, has_program(&step.action)));
        let mut whole = Self::Whole;
        for step in steps {
            match step {
                StepSupport::Unsupported => return Self::InPart,
                StepSupport::NeedsTrust => whole = Self::WithPrograms,
                StepSupport::Runs | StepSupport::NeedsPush => {}
            }
        }
        whole
    }

    /// The word for it in data.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::WithPrograms => "with-programs",
            Self::InPart => "in-part",
        }
    }
}
