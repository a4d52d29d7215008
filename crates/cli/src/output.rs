//! Standard output and the end of the program: errors have a name, and a reader that went away is none.

use std::io::{self, StdoutLock, Write};
use std::process::ExitCode;

use crate::visible::visible;

/// What a shell sees of a program that a closed pipe ended: 128 + SIGPIPE.
const BROKEN_PIPE: u8 = 141;

/// Standard output. `print!` would panic where it can't be written.
pub(crate) fn out() -> Out {
    Out(io::stdout().lock())
}

/// Standard output, named in its errors.
pub(crate) struct Out(StdoutLock<'static>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(named)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(named)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn named(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("standard output can't be written: {error}"))
}

/// A line on standard error. If that can't be written, there is nobody to tell.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{}", visible(text));
}

/// Ends the program: what is still in the buffer belongs to its result.
pub(crate) fn end(result: anyhow::Result<()>) -> ExitCode {
    match result.and_then(|()| Ok(out().flush()?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if nobody_reads(&error) => ExitCode::from(BROKEN_PIPE),
        Err(error) => {
            tell(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn nobody_reads(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(broken))
}

/// Ends the program that was called wrongly, or asked for help.
pub(crate) fn usage(message: &clap::Error) -> ExitCode {
    if message.use_stderr() {
        tell(message.render().to_string().trim_end());
        return ExitCode::from(message.exit_code() as u8);
    }
    end(message.print().map_err(|error| named(error).into()))
}
