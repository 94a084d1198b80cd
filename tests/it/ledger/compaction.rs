//! Making old files smaller.

use std::fmt::Write as _;

use devportal::fact::ledger::{CompactRequest, compact};

use super::{Ledger, Recording, files};

fn ledger(folder: &tempfile::TempDir) -> Ledger {
    Ledger::at(folder.path().to_owned(), &[("api", "")])
}

fn compact_before(ledger: &Ledger, day: &str) -> devportal::fact::ledger::Compacted {
    let location = ledger.location();
    let request = CompactRequest {
        location: &location,
        before: day.parse().unwrap(),
        is_dry_run: false,
    };
    compact(&request).unwrap()
}

#[test]
fn the_last_value_of_a_day_stays_with_the_last_run() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let mut last = None;
    for (hour, value) in [(10, 1), (11, 2), (12, 2), (13, 3)] {
        let at = format!("2026-01-05T{hour}:00:00Z");
        let run = Recording::at(&at).value("api", "vulnerability.high", value);
        last = Some(ledger.record(&run));
    }
    ledger.record(&Recording::at("2026-04-05T10:00:00Z").value("api", "vulnerability.high", 3));
    let done = compact_before(&ledger, "2026-04-01");
    assert_eq!((done.files, done.written, done.lines), (1, 1, 5));
    assert_eq!(
        ledger.lines(&last.unwrap()),
        [
            r#"{"entity":"component:default/api","fact":"vulnerability.high","value":3,"at":"2026-01-05T13:00:00Z"}"#,
            r#"{"run":{"at":"2026-01-05T13:00:00Z","complete":true,"until":"2026-01-12T13:00:00Z","values":1}}"#,
        ]
    );
    let done = compact_before(&ledger, "2026-04-01");
    assert_eq!((done.files, done.written), (1, 0));
}

#[test]
fn what_cannot_be_read_stays() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let mut text = b"\xff\xfe\nnot json\n\n".to_vec();
    for value in 1..5 {
        let mut line = String::new();
        writeln!(line, "{{\"entity\":\"component:default/api\",\"fact\":\"vulnerability.high\",\"value\":{value},\"at\":\"2026-01-05T0{value}:00:00Z\"}}").unwrap();
        text.extend_from_slice(line.as_bytes());
    }
    text.extend_from_slice(b"{\"entity\":\"tor");
    ledger.put("snyk/2026-01/05-x.jsonl", text);
    compact_before(&ledger, "2026-04-01");
    let (_, content) = &files(&folder.path().join("facts/snyk"))[0];
    let expected = "not json\n{\"entity\":\"component:default/api\",\"fact\":\"vulnerability.high\",\"value\":4,\"at\":\"2026-01-05T04:00:00Z\"}\n{\"entity\":\"tor";
    assert_eq!(&content[..3], b"\xff\xfe\n");
    assert_eq!(String::from_utf8_lossy(&content[3..]), expected);
}

#[test]
fn writers_and_one_who_makes_files_smaller_do_not_lose_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    std::thread::scope(|scope| {
        for writer in ["one", "two", "three"] {
            let ledger = &ledger;
            scope.spawn(move || {
                for number in 0..20 {
                    let at = format!("2026-01-05T10:00:{number:02}Z");
                    let run = Recording::at(&at).by(writer);
                    ledger.record(&run.value("api", "vulnerability.high", number));
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..20 {
                compact_before(&ledger, "2026-04-01");
            }
        });
    });
    compact_before(&ledger, "2026-04-01");
    let (facts, problems) = ledger.read("2026-01-06T00:00:00Z");
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(facts[0].value, serde_json::json!(19));
    let files = files(&folder.path().join("facts/snyk"));
    assert_eq!(files.len(), 3);
    for (path, content) in files {
        let text = String::from_utf8(content).unwrap();
        assert!(
            text.contains("\"at\":\"2026-01-05T10:00:19Z\",\"complete\""),
            "{}: {text}",
            path.display()
        );
    }
}
