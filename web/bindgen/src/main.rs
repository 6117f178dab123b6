//! `santun-web-bindgen LIBRARY FOLDER`: puts a library for browsers, and the JavaScript that calls it, into a folder.

use std::env::args_os;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let mut paths = args_os().skip(1);
    let (Some(library), Some(folder)) = (paths.next(), paths.next()) else {
        eprintln!("santun-web-bindgen LIBRARY FOLDER");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    let named = bindgen.input_path(library).out_name("santun").typescript(true).remove_producers_section(true);
    match named.web(true).and_then(|for_web| for_web.generate(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
