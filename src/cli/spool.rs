//! What of a report waits until all is counted: the overview stands first, and is known last.
//!
//! It waits in a file without a name, so that memory stays bounded. The other ways were worse: to put the overview at the end and
//! move it up by style sheets gives who listens or prints another order than who looks.

use std::fs::File;
use std::io::{self, Write as _};

use crate::limits::REPORTED;
use crate::render::LeftOut;

/// What waits, within limits.
pub(super) struct Spool {
    file: File,
    /// How many messages with findings, and how many sources without, may still be written.
    room: (u64, u64),
    /// What stands before the messages of the open source, until one is written.
    opened: Option<String>,
    /// What there was no room for.
    pub(super) left_out: LeftOut,
}

impl Spool {
    /// An empty one; `shows` says whether messages are written at all.
    pub(super) fn new(shows: bool) -> io::Result<Self> {
        let room = if shows { REPORTED } else { (0, 0) };
        Ok(Self { file: tempfile::tempfile()?, room, opened: None, left_out: LeftOut::default() })
    }

    pub(super) fn open(&mut self, text: String) {
        self.opened = Some(text);
    }

    /// Messages of a window, which are shown all or none, so that what is shown does not depend on the threads: how many have
    /// findings, and how many of these are left out already.
    pub(super) fn messages(&mut self, rendered: &str, (found, left_out): (u64, u64)) -> io::Result<()> {
        if rendered.is_empty() {
            return Ok(());
        }
        if self.room.0 == 0 {
            self.left_out.messages += found;
            return Ok(());
        }
        self.left_out.messages += left_out;
        self.room.0 = self.room.0.saturating_sub(found);
        self.begin()?;
        self.file.write_all(rendered.as_bytes())
    }

    /// Ends a source; `matters` says whether something is to be said of it beside its messages.
    pub(super) fn close(&mut self, text: &str, matters: bool) -> io::Result<()> {
        if self.opened.is_some() && !matters {
            if self.room.1 == 0 {
                self.opened = None;
                self.left_out.sources += 1;
                return Ok(());
            }
            self.room.1 -= 1;
        }
        self.begin()?;
        self.file.write_all(text.as_bytes())
    }

    /// What has waited.
    pub(super) fn into_file(self) -> File {
        self.file
    }

    fn begin(&mut self) -> io::Result<()> {
        self.opened.take().map_or(Ok(()), |opened| self.file.write_all(opened.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Seek as _;

    use super::*;

    fn read(spool: Spool) -> String {
        let mut file = spool.into_file();
        file.rewind().unwrap();
        io::read_to_string(file).unwrap()
    }

    #[test]
    fn gives_back_what_it_was_given() {
        let mut spool = Spool::new(true).unwrap();
        let long = "é\u{1f600}x".repeat(40_000);
        spool.open("<".to_owned());
        spool.messages(&long, (1, 0)).unwrap();
        spool.close(">", false).unwrap();
        assert_eq!(read(spool), format!("<{long}>"));
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let mut spool = Spool::new(true).unwrap();
        for _ in 0..REPORTED.0 + 3 {
            spool.open(String::new());
            spool.messages("m", (1, 0)).unwrap();
            spool.close("", false).unwrap();
        }
        assert_eq!((spool.left_out.messages, spool.left_out.sources), (3, 0));
        for _ in 0..REPORTED.1 {
            spool.open("o".to_owned());
            spool.close("c", false).unwrap();
        }
        spool.open("o".to_owned());
        spool.close("c", true).unwrap();
        assert_eq!(spool.left_out.sources, 3);
        assert!(read(spool).ends_with("oc"));
    }
}
