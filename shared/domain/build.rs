//! Turns the catalogues in `messages/` into tables that need no reading when a function starts: parsing them was half of all
//! instructions from the start of a process to its first answer. A file that does not parse fails the build.

use std::{collections::BTreeMap, error::Error, fmt::Write, fs, path::Path};

const LANGUAGES: [&str; 2] = ["ja", "en"];

#[allow(clippy::print_stdout, reason = "cargo is spoken to like this")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut code = String::new();
    for language in LANGUAGES {
        let file = format!("messages/{language}.toml");
        println!("cargo::rerun-if-changed={file}");
        let texts: BTreeMap<String, String> = toml::from_str(&fs::read_to_string(&file)?).map_err(|error| format!("{file}: {error}"))?;
        writeln!(code, "static {}: Catalogue = Catalogue(&[", language.to_uppercase())?;
        for (key, text) in texts {
            writeln!(code, "    ({key:?}, {:?}),", text.trim_end())?;
        }
        writeln!(code, "]);")?;
    }
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo names no folder")?;
    Ok(fs::write(Path::new(&folder).join("catalogue.rs"), code)?)
}
