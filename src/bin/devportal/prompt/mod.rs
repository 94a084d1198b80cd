//! Asks the questions of a template on a terminal.
//!
//! It reads standard input and draws on standard error, so that standard output stays the answer.

mod choice;
mod list;
mod repository;
mod text;

use std::collections::HashSet;
use std::fmt;
use std::io::{IsTerminal, Write, stderr};

use anyhow::{Result, anyhow};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use devportal::output::safe;
use devportal::scaffold::answers::{
    self, AnswerProblem, Answered, EntityFilter, Given, Question, QuestionKind,
};
use devportal::scaffold::{Manifest, Page};
use inquire::ui::RenderConfig;
use inquire::{Confirm, InquireError};
use serde_json::{Map, Value};

use crate::environment::ColorChoice;
use crate::hang_up::HangUpWatch;
use crate::session::Session;

/// The references of the entities that a picker offers.
pub(crate) type Candidates<'a> = &'a dyn Fn(&EntityFilter) -> Vec<String>;

/// The user pressed Ctrl-C.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// Whether there is a terminal to ask on.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && stderr().is_terminal()
}

/// Answers a template's parameters: with what was given, and by asking for the rest where there
/// is a terminal. With `--defaults`, what has a default is not asked.
///
/// # Errors
/// All that is missing or wrong; [`Interrupted`] when the user breaks off.
pub(crate) fn ask(
    session: &Session,
    manifest: &Manifest,
    given: &Given,
    candidates: Candidates<'_>,
) -> Result<Answered> {
    if !can_ask() {
        return answers::answer(manifest, given).map_err(|it| unanswered(&it));
    }
    let mut values = answers::start(manifest, given).map_err(|it| unanswered(&it))?;
    let asking = Asking::begin(session, candidates);
    asking.all(manifest, given.use_defaults, &mut values)?;
    drop(asking);
    answers::finish(manifest, values).map_err(|it| unanswered(&it))
}

/// Asks a question of yes or no.
///
/// # Errors
/// [`Interrupted`] when the user breaks off.
pub(crate) fn confirm(session: &Session, question: &str, default: bool) -> Result<bool> {
    let asking = Asking::begin(session, &|_| Vec::new());
    let question = safe(question);
    let answer = Confirm::new(&question)
        .with_default(default)
        .with_render_config(asking.look)
        .prompt();
    answer.map_err(ended)
}

/// What is said when parameters are not answered.
fn unanswered(problems: &[AnswerProblem]) -> anyhow::Error {
    let mut text = "the answers do not fit the template".to_owned();
    for problem in problems {
        text.extend(["\n  ", &problem.message]);
        if let Some(help) = &problem.help {
            text.extend([" (", help, ")"]);
        }
    }
    text.push_str(
        "\n  help: answer with --set NAME=VALUE, --answers FILE or --defaults; \"devportal template show\" lists the questions",
    );
    anyhow!(text)
}

/// A round of questions, with the terminal looked after.
struct Asking<'a> {
    look: RenderConfig<'static>,
    candidates: Candidates<'a>,
    watch: Option<HangUpWatch>,
}

impl<'a> Asking<'a> {
    fn begin(session: &Session, candidates: Candidates<'a>) -> Self {
        let look = match session.globals().color {
            ColorChoice::Never => RenderConfig::empty(),
            _ => RenderConfig::default(),
        };
        Self {
            look,
            candidates,
            // Every prompt switches it on.
            watch: Some(HangUpWatch::begin(|| {
                execute!(stderr(), EnableBracketedPaste)
            })),
        }
    }

    /// Asks what is open, one after the other: each answer may bring along more.
    fn all(
        &self,
        manifest: &Manifest,
        use_defaults: bool,
        values: &mut Map<String, Value>,
    ) -> Result<()> {
        let mut passed = HashSet::new();
        let mut page = None;
        loop {
            let open = answers::questions(manifest, values).into_iter();
            let mut open = open.filter(|question| {
                let has_answer = use_defaults && question.default.is_some();
                !has_answer && !passed.contains(&question.name)
            });
            let Some(question) = open.next() else {
                return Ok(());
            };
            if page != Some(question.page) {
                page = Some(question.page);
                if let Some(page) = manifest.pages.get(question.page) {
                    heading(page, manifest.pages.len() > 1);
                }
            }
            let question = without_wrong_default(question);
            match self.one(&question, values)? {
                Some(value) => question.answer(values, value),
                None => {
                    passed.insert(question.name);
                }
            }
        }
    }

    /// Asks one question; nothing where it is passed over.
    fn one(&self, question: &Question, values: &Map<String, Value>) -> Result<Option<Value>> {
        match &question.kind {
            QuestionKind::Text { secret: true, .. } => self.secret(question),
            QuestionKind::Text {
                multiline: true, ..
            } => self.lines(question),
            QuestionKind::Boolean => self.boolean(question).map(Some),
            QuestionKind::Choice { options, several } => {
                if *several {
                    self.several(question, options).map(Some)
                } else {
                    self.choice(question, options)
                }
            }
            QuestionKind::List { item } => self.list(question, item),
            QuestionKind::Entity {
                filter,
                allows_arbitrary,
            } => self.entity(question, filter, *allows_arbitrary),
            QuestionKind::RepositoryUrl(rule) => self.repository(question, rule, values),
            QuestionKind::Text { .. } | QuestionKind::Number { .. } | QuestionKind::Json => {
                self.text(question, &[])
            }
        }
    }

    fn boolean(&self, question: &Question) -> Result<Value> {
        let (message, help) = (message(question), help(question, ""));
        let mut prompt = Confirm::new(&message).with_render_config(self.look);
        let default = question.default.as_ref().and_then(Value::as_bool);
        // A form shows an empty box.
        let default = default.or((!question.is_required).then_some(false));
        if let Some(default) = default {
            prompt = prompt.with_default(default);
        }
        if let Some(help) = &help {
            prompt = prompt.with_help_message(help);
        }
        prompt.prompt().map(Value::Bool).map_err(ended)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        drop(self.watch.take());
        let _ = execute!(stderr(), DisableBracketedPaste);
    }
}

/// A default that its own schema refuses is not offered.
fn without_wrong_default(mut question: Question) -> Question {
    let default = question.default.take();
    question.default = default.filter(|default| question.check(default).is_ok());
    question
}

/// The title of a page, where there are several or it says something.
fn heading(page: &Page, is_one_of_several: bool) {
    let title = page.title.as_deref().filter(|_| is_one_of_several);
    let lines = title.into_iter().chain(page.description.as_deref());
    let mut text = String::new();
    for line in lines {
        text.extend(["\n", &one_line(line)]);
    }
    if !text.is_empty() {
        // Without it, the questions still say what they ask.
        let _ = writeln!(stderr(), "{text}");
    }
}

/// What a question is called.
fn message(question: &Question) -> String {
    let title = question.title.as_deref().filter(|it| !it.trim().is_empty());
    one_line(title.unwrap_or(&question.name))
}

/// What stands below a question: what it says about itself, and how to answer.
fn help(question: &Question, how: &str) -> Option<String> {
    const LONGEST: usize = 300;
    let parts = [
        question.description.as_deref(),
        question.help.as_deref(),
        question.placeholder.as_deref(),
        Some(how),
    ];
    let parts = parts.into_iter().flatten().map(one_line);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let text: String = parts.join("; ").chars().take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

/// Text of a template, in one line that can do nothing to the terminal.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    safe(&words.join(" ")).into_owned()
}

/// Why a prompt ended without an answer.
fn ended(error: InquireError) -> anyhow::Error {
    match error {
        InquireError::OperationInterrupted => anyhow!(Interrupted),
        InquireError::OperationCanceled => anyhow!("the questions were left without an answer"),
        error => anyhow!(error).context("cannot ask on the terminal"),
    }
}
