//! Picks one of many things on a terminal: what is typed narrows the list, and a preview shows
//! what is selected.
//!
//! It draws on standard error, so that standard output stays the answer.

mod choice;
mod frame;
mod screen;

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use crossterm::cursor::Hide;
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::execute;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use choice::Choice;
use screen::Screen;

use crate::hang_up::HangUpWatch;

/// How a choice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    /// The item of that number was taken.
    Item(usize),
    /// It was left without taking anything.
    Nothing,
    /// It was interrupted.
    Interrupted,
}

/// How often it looks whether a signal came.
const TICK: Duration = Duration::from_millis(100);

/// Lets people pick one of some items; `preview` gives the lines of one, for so many columns.
///
/// # Errors
/// When there is no terminal to ask on.
pub(crate) fn pick(
    items: &[String],
    preview: &dyn Fn(usize, usize) -> Vec<String>,
) -> Result<Picked> {
    if !std::io::stderr().is_terminal() || !std::io::stdin().is_terminal() {
        bail!("--interactive needs a terminal; leave it out to print what fits");
    }
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&ended)).context("cannot catch signals")?;
    }
    let mut screen = Screen::open()?;
    // The cursor is hidden already.
    let _watch = HangUpWatch::begin(|| execute!(std::io::stderr(), Hide));
    let mut choice = Choice::new(items);
    loop {
        let (columns, rows) = Screen::size();
        screen.show(&frame::draw(&mut choice, preview, columns, rows))?;
        let event = loop {
            if ended.load(Ordering::Relaxed) {
                return Ok(Picked::Interrupted);
            }
            if event::poll(TICK).context("cannot read the terminal")? {
                break event::read().context("cannot read the terminal")?;
            }
        };
        if let Event::Key(key) = event
            && key.kind != KeyEventKind::Release
            && let Some(picked) = press(&mut choice, key, rows)
        {
            return Ok(picked);
        }
    }
}

/// What a key does; the end of the choice, if it is one.
fn press(choice: &mut Choice<'_>, key: KeyEvent, rows: usize) -> Option<Picked> {
    let page = isize::try_from(rows.saturating_sub(2)).unwrap_or(1).max(1);
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match (key.code, control) {
        (KeyCode::Char('c'), true) => return Some(Picked::Interrupted),
        (KeyCode::Esc, _) | (KeyCode::Char('g'), true) => return Some(Picked::Nothing),
        (KeyCode::Enter, _) => {
            return Some(choice.selected().map_or(Picked::Nothing, Picked::Item));
        }
        (KeyCode::Down, _) | (KeyCode::Char('n' | 'j'), true) => choice.move_by(1),
        (KeyCode::Up, _) | (KeyCode::Char('p' | 'k'), true) => choice.move_by(-1),
        (KeyCode::PageDown, _) => choice.move_by(page),
        (KeyCode::PageUp, _) => choice.move_by(-page),
        (KeyCode::Home, _) => choice.move_by(isize::MIN),
        (KeyCode::End, _) => choice.move_by(isize::MAX),
        (KeyCode::Backspace, _) | (KeyCode::Char('h'), true) => choice.erase(),
        (KeyCode::Char('u'), true) => choice.clear(),
        (KeyCode::Char(c), false) => choice.write(c),
        _ => {}
    }
    None
}
