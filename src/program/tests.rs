//! Programs that misbehave.

use std::time::{Duration, Instant};

use super::{ProgramResult, ProgramRun};

fn shell(script: &str, time: Duration) -> (ProgramResult, Duration) {
    let started = Instant::now();
    let run = ProgramRun {
        program: "/bin/sh".into(),
        arguments: vec!["-c".to_owned(), script.to_owned()],
        folder: "/".into(),
        environment: Some(vec![("PATH".into(), "/usr/bin:/bin".into())]),
        input: b"given".to_vec(),
        most_output: 1000,
        time: Some(time),
    };
    (run.run().expect("a run"), started.elapsed())
}

const LONG: Duration = Duration::from_mins(1);

#[test]
fn f06_input_output_and_environment_are_what_was_given() {
    let (result, _) = shell("cat; env; echo no >&2; exit 3", LONG);
    let output = String::from_utf8(result.stdout).expect("text");
    assert!(output.starts_with("given"), "{output}");
    assert!(
        !output.contains("HOME") && !output.contains("CARGO"),
        "{output}"
    );
    assert_eq!(result.stderr, b"no\n");
    assert_eq!(result.status.and_then(|status| status.code()), Some(3));
}

#[test]
fn f06_what_takes_too_long_ends_with_its_children() {
    let (result, took) = shell("sleep 50 & echo $!; sleep 50", Duration::from_millis(300));
    assert!(result.status.is_none());
    assert!(took < Duration::from_secs(10), "{took:?}");
    let child = String::from_utf8(result.stdout).expect("text");
    // Gone, or a zombie that nobody asked about yet. A signal takes a moment to arrive.
    let is_ended = || {
        let state = std::fs::read_to_string(format!("/proc/{}/stat", child.trim()));
        state.map_or(true, |state| state.contains(") Z "))
    };
    let begin = std::time::Instant::now();
    while !is_ended() && begin.elapsed() < Duration::from_secs(10) {
        std::thread::yield_now();
    }
    assert!(is_ended(), "{child} is still there");
}

#[test]
fn f06_a_child_that_keeps_the_output_is_not_waited_for() {
    let (result, took) = shell("echo done; sleep 50 &", LONG);
    assert_eq!(result.stdout, b"done\n");
    assert!(result.status.is_some_and(|status| status.success()));
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn f06_endless_output_is_cut_and_the_program_can_end() {
    let (result, _) = shell("head -c 5000000 /dev/zero", LONG);
    assert_eq!((result.stdout.len(), result.is_cut), (1000, true));
    assert!(result.status.is_some_and(|status| status.success()));
    let (result, took) = shell("cat /dev/zero", Duration::from_millis(300));
    assert!(result.status.is_none() && result.is_cut);
    assert!(took < Duration::from_secs(10), "{took:?}");
}
