//! What a command answers: a sentence, fields or a table for people, and always JSON for programs.

use serde_json::Value;

/// An answer.
#[derive(Debug)]
pub struct Report {
    /// For people.
    pub words: Words,
    /// For programs.
    pub json: Value,
}

/// An answer for people.
#[derive(Debug)]
pub enum Words {
    /// What was done.
    Sentence(String),
    /// One thing: labels with values.
    Fields(Vec<(&'static str, String)>),
    /// Many things.
    Table {
        /// Above the columns.
        headers: &'static [&'static str],
        /// One row a thing.
        rows: Vec<Vec<String>>,
        /// What is said where there are none.
        none: &'static str,
    },
}

impl Report {
    /// Tells what was done.
    pub fn said(sentence: impl Into<String>, json: Value) -> Self {
        Self { words: Words::Sentence(sentence.into()), json }
    }

    /// Shows one thing.
    pub fn fields(fields: Vec<(&'static str, String)>, json: Value) -> Self {
        Self { words: Words::Fields(fields), json }
    }

    /// Lists things.
    pub fn table(headers: &'static [&'static str], rows: Vec<Vec<String>>, none: &'static str, json: Value) -> Self {
        Self { words: Words::Table { headers, rows, none }, json }
    }
}
