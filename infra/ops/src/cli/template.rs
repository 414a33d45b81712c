//! `ops template`: the reply templates that all nurses share.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use domain::{template::WrittenTemplate, topic::Topic};
use ops::{Ops, OpsError};
use store::entity::template::ReplyTemplate;

use super::{act::Answer, error::CliError, report::Report};

#[derive(Debug, Subcommand)]
pub enum Template {
    /// List the shared templates
    List,
    /// Add a shared template; its text is read from a file
    #[command(after_help = "Example:\n  ops template add thanks.txt --title 受付のお礼 --topic body")]
    Add {
        /// The file with the text
        file: PathBuf,
        /// What nurses choose by
        #[arg(long)]
        title: String,
        /// The topic that it is for; without it, for all
        #[arg(long)]
        topic: Option<Topic>,
    },
    /// Remove a shared template
    Remove {
        /// As `ops template list` shows it
        id: String,
    },
}

/// Carries out `command`.
pub async fn act(ops: &Ops, command: Template) -> Answer {
    match command {
        Template::List => Ok(list(&ops.templates().await?)),
        Template::Add { file, title, topic } => {
            let text = std::fs::read_to_string(&file).map_err(|error| CliError::File { path: file, error })?;
            let template = WrittenTemplate { title, text, topic }.try_into().map_err(OpsError::Template)?;
            Ok(list(&[ops.add_template(template).await?]))
        }
        Template::Remove { id } => {
            ops.remove_template(&id).await?;
            Ok(Report::said("The template is removed.", json!({ "removed": id })))
        }
    }
}

fn list(templates: &[ReplyTemplate]) -> Report {
    let row = |each: &ReplyTemplate| {
        let topic = each.template.topic().map_or("-", Topic::code);
        vec![each.id.clone(), topic.to_owned(), each.template.title().to_owned()]
    };
    Report::table(&["ID", "TOPIC", "TITLE"], templates.iter().map(row).collect(), "There are no shared templates.", json!(templates))
}
