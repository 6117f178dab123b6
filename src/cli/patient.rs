//! Sources that may keep one waiting, such as pipes and standard input: a thread of its own waits for them, since a read
//! that is under way cannot be called off and Ctrl-C must be heard meanwhile.

use std::io::{self, Cursor, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::interrupt::Interrupt;

/// How many bytes are handed over at a time.
const CHUNK: usize = 64 << 10;
/// How many chunks wait to be taken.
const AHEAD: usize = 2;
/// How long Ctrl-C may go unheard.
const PATIENCE: Duration = Duration::from_millis(50);

/// What another thread reads.
pub(super) struct Patient {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: Cursor<Vec<u8>>,
    interrupt: Interrupt,
}

impl Patient {
    /// Reads what `open` opens, which may keep one waiting, too.
    pub(super) fn new<R: Read>(
        open: impl FnOnce() -> io::Result<R> + Send + 'static,
        interrupt: Interrupt,
    ) -> io::Result<Self> {
        let (sender, chunks) = sync_channel(AHEAD);
        thread::Builder::new().name("reader".to_owned()).spawn(move || hand_over(open, &sender))?;
        Ok(Self { chunks, chunk: Cursor::default(), interrupt })
    }
}

/// Sends chunks until the source ends, fails, or nobody takes them any more.
fn hand_over<R: Read>(open: impl FnOnce() -> io::Result<R>, sender: &SyncSender<io::Result<Vec<u8>>>) {
    let mut reader = match open() {
        Ok(reader) => reader,
        Err(error) => {
            let _ = sender.send(Err(error));
            return;
        }
    };
    loop {
        // One read and no more, so that what is typed or trickles in is not held back.
        let mut chunk = vec![0; CHUNK];
        let piece = match reader.read(&mut chunk) {
            Ok(0) => return,
            Ok(size) => {
                chunk.truncate(size);
                Ok(chunk)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let failed = piece.is_err();
        if sender.send(piece).is_err() || failed {
            return;
        }
    }
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.chunk.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.chunks.recv_timeout(PATIENCE) {
                Ok(chunk) => self.chunk = Cursor::new(chunk?),
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
                // Of this kind since readers try again after `ErrorKind::Interrupted`.
                Err(RecvTimeoutError::Timeout) if self.interrupt.is_pressed() => {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_over_everything() {
        let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        let source = bytes.clone();
        let mut patient = Patient::new(move || Ok(Cursor::new(source)), Interrupt::default()).unwrap();
        let mut read = Vec::new();
        patient.read_to_end(&mut read).unwrap();
        assert!(read == bytes);
    }

    #[test]
    fn tells_why_nothing_can_be_read() {
        let open = || Err::<io::Empty, _>(io::ErrorKind::NotFound.into());
        let mut patient = Patient::new(open, Interrupt::default()).unwrap();
        assert_eq!(patient.read(&mut [0]).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
