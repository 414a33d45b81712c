//! Secrets come from a person at the terminal, without echo, or from standard input: never from the command line, where every
//! process of the machine could read them.

use std::io::{self, IsTerminal};

use super::error::CliError;

/// Reads a secret, once.
pub fn read(what: &'static str) -> Result<String, CliError> {
    let prompted = if io::stdin().is_terminal() { rpassword::prompt_password(format!("{what}: ")) } else { first_line(io::stdin().lock()) };
    prompted.map_err(|error| CliError::Secret { what, error })
}

/// Reads a secret that nobody can look up again: a person types it twice.
pub fn read_new(what: &'static str) -> Result<String, CliError> {
    let secret = read(what)?;
    if io::stdin().is_terminal() && secret != read("once more")? {
        return Err(CliError::SecretsDiffer);
    }
    Ok(secret)
}

fn first_line(mut input: impl io::BufRead) -> io::Result<String> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "standard input is empty"));
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn the_first_line_counts_without_its_end() {
        assert_eq!(first_line("けんこう 2026\r\nmore".as_bytes()).unwrap(), "けんこう 2026");
        assert!(first_line("".as_bytes()).is_err());
    }
}
