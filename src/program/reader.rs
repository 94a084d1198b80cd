//! Reading what a program writes, on a thread that nobody has to wait for.

use std::io::Read;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::thread;

/// A thread that reads an output.
pub(super) struct Reader {
    taken: Arc<Mutex<Taken>>,
}

/// What was read so far.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) bytes: Vec<u8>,
    /// Whether there was more.
    pub(super) is_cut: bool,
}

impl Reader {
    /// Begins to read. What is over the limit is read and dropped, so that the program can end.
    pub(super) fn start(
        stream: Option<impl Read + Send + 'static>,
        most: usize,
        ended: Sender<()>,
    ) -> Self {
        let taken = Arc::new(Mutex::new(Taken::default()));
        let read = Arc::clone(&taken);
        thread::spawn(move || {
            if let Some(mut stream) = stream {
                let mut buffer = vec![0; 64 << 10];
                while let Ok(count @ 1..) = stream.read(&mut buffer) {
                    let Ok(mut taken) = read.lock() else {
                        break;
                    };
                    let room = most.saturating_sub(taken.bytes.len());
                    taken.bytes.extend_from_slice(&buffer[..count.min(room)]);
                    taken.is_cut |= count > room;
                }
            }
            // Nobody listens any more when it took too long.
            let _ = ended.send(());
        });
        Self { taken }
    }

    /// What was read.
    pub(super) fn taken(self) -> Taken {
        let taken = self.taken.lock();
        taken
            .map(|mut taken| std::mem::take(&mut *taken))
            .unwrap_or_default()
    }
}
