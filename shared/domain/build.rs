//! Turns the catalogues in `messages/` into tables that need no reading when a function starts: parsing them was half of all
//! instructions from the start of a process to its first answer. The lists in `data/` become JSON, so that no function carries a
//! parser of TOML. A file that does not parse fails the build.

use std::{collections::BTreeMap, error::Error, fmt::Write, fs, path::Path};

const LANGUAGES: [&str; 2] = ["ja", "en"];
/// Files, and the tables of which each is a list.
const LISTS: [(&str, &str); 2] = [("public-desks", "desk"), ("reply-templates", "template")];

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
    let folder = Path::new(&folder);
    fs::write(folder.join("catalogue.rs"), code)?;
    for (name, table) in LISTS {
        let file = format!("data/{name}.toml");
        println!("cargo::rerun-if-changed={file}");
        let list: BTreeMap<String, serde_json::Value> =
            toml::from_str(&fs::read_to_string(&file)?).map_err(|error| format!("{file}: {error}"))?;
        let list = list.get(table).ok_or_else(|| format!("{file} has no [[{table}]]"))?;
        fs::write(folder.join(format!("{name}.json")), list.to_string())?;
    }
    Ok(())
}
