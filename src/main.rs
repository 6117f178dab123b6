//! The command `lint`.

use std::process::ExitCode;

fn main() -> ExitCode {
    santun::cli::main(std::env::args_os())
}
