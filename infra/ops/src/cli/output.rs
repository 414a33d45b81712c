//! Writing answers and errors. A reader that goes away (`ops tenant list | head`) is no error.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{
    error::CliError,
    report::{Report, Words},
};

/// Writes an answer to standard output.
pub fn show(report: &Report, as_json: bool) {
    let text = if as_json { format!("{:#}\n", report.json) } else { words(&report.words) };
    let _ = io::stdout().write_all(text.as_bytes());
}

/// Writes what is to be mended to standard error.
pub fn tell(error: &CliError) {
    let _ = writeln!(io::stderr(), "ops: {}", error.message());
}

fn words(words: &Words) -> String {
    match words {
        Words::Sentence(sentence) => format!("{sentence}\n"),
        Words::Fields(fields) => columns(&fields.iter().map(|(label, value)| vec![*label, value]).collect::<Vec<_>>()),
        Words::Table { rows, none, .. } if rows.is_empty() => format!("{none}\n"),
        Words::Table { headers, rows, .. } => {
            let body = rows.iter().map(|row| row.iter().map(String::as_str).collect());
            columns(&std::iter::once(headers.to_vec()).chain(body).collect::<Vec<_>>())
        }
    }
}

/// Two spaces between columns; full-width characters take two places.
fn columns(rows: &[Vec<&str>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_also_under_full_width_characters() {
        let table = Words::Table {
            headers: &["NAME", "CODE"],
            rows: vec![vec!["ひかり商事".to_owned(), "ABCD2345".to_owned()], vec!["Acme".to_owned(), String::new()]],
            none: "none",
        };
        assert_eq!(words(&table), "NAME        CODE\nひかり商事  ABCD2345\nAcme\n");
    }

    #[test]
    fn an_empty_list_says_so() {
        let table = Words::Table { headers: &["NAME"], rows: Vec::new(), none: "There are no nurses." };
        assert_eq!(words(&table), "There are no nurses.\n");
    }
}
