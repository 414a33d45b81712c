//! `ops menu`: carried out channel by channel, and said in words.

use serde_json::json;

use domain::tenant::ChannelName;
use line::RichMenuId;
use ops::{
    Ops,
    menu::{Applied, Ensured, How, Shown, drawn::State},
};

use super::{act::Answer, arguments::Menu, report::Report};

/// Carries out `command`.
pub async fn act(ops: &Ops, command: Menu) -> Answer {
    match command {
        Menu::Apply { channel } => {
            let mut applied = Vec::new();
            for channel in named_or_all(ops, channel).await? {
                applied.push(ops.apply_menus(&channel).await?);
            }
            let sentences = if applied.is_empty() { NO_CHANNELS.to_owned() } else { said_of_all(&applied) };
            Ok(Report::said(sentences, json!(applied)))
        }
        Menu::Show { channel } => {
            let mut shown = Vec::new();
            for channel in named_or_all(ops, channel).await? {
                shown.extend(ops.menus(&channel).await?);
            }
            Ok(table(&shown))
        }
    }
}

const NO_CHANNELS: &str = "There are no channels: make one with `ops channel set`.";

async fn named_or_all(ops: &Ops, channel: Option<ChannelName>) -> Result<Vec<ChannelName>, ops::OpsError> {
    match channel {
        Some(channel) => Ok(vec![channel]),
        None => ops.channels().await,
    }
}

fn said_of_all(applied: &[Applied]) -> String {
    applied.iter().map(said).collect::<Vec<_>>().join("\n")
}

/// What was done to one channel, each thing in a line of its own.
fn said(applied: &Applied) -> String {
    let Applied { channel, registered, unregistered, default_set, written, deleted } = applied;
    let mut lines = vec![
        format!("{channel}: the members' menu (registered) {}.", how(registered)),
        format!("{channel}: everybody else's menu (unregistered) {}.", how(unregistered)),
    ];
    if *default_set {
        lines.push(format!("{channel}: everybody else's menu is the account's default one now."));
    }
    if *written {
        lines.push(format!("{channel}: members are linked to their menu at their next message, from five minutes on."));
    }
    if !deleted.is_empty() {
        lines.push(format!(
            "{channel}: older menus are deleted: {}. Who was linked to one sees the default menu until then.",
            deleted.len()
        ));
    }
    if !default_set && !written && deleted.is_empty() && [registered, unregistered].iter().all(|menu| menu.how == How::WasThere) {
        lines.push(format!("{channel}: nothing was to be done."));
    }
    lines.join("\n")
}

fn how(Ensured { id, how }: &Ensured) -> String {
    match how {
        How::Made => format!("is new: {id}"),
        How::Finished => format!("has got the picture that it lacked: {id}"),
        How::WasThere => format!("was there: {id}"),
    }
}

fn table(shown: &[Shown]) -> Report {
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let row = |menu: &Shown| {
        vec![
            menu.channel.to_string(),
            menu.state.map_or("older", State::as_str).to_owned(),
            yes(menu.picture),
            yes(menu.used),
            menu.id.as_ref().map_or_else(|| "not made".to_owned(), RichMenuId::to_string),
            menu.name.clone(),
        ]
    };
    Report::table(&["CHANNEL", "MENU", "PICTURE", "IN USE", "ID", "NAME"], shown.iter().map(row).collect(), NO_CHANNELS, json!(shown))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn ensured(id: &str, how: How) -> Ensured {
        Ensured { id: RichMenuId::parse(id).unwrap(), how }
    }

    #[test]
    fn every_thing_that_was_done_is_said_and_nothing_else() {
        let first = Applied {
            channel: "demo".parse().unwrap(),
            registered: ensured("richmenu-1", How::Made),
            unregistered: ensured("richmenu-2", How::Finished),
            default_set: true,
            written: true,
            deleted: vec![RichMenuId::parse("richmenu-0").unwrap()],
        };
        let words = said(&first);
        assert_eq!(words.lines().count(), 5, "{words}");
        assert!(words.contains("is new: richmenu-1") && words.contains("lacked: richmenu-2"), "{words}");

        let again = Applied {
            registered: ensured("richmenu-1", How::WasThere),
            unregistered: ensured("richmenu-2", How::WasThere),
            default_set: false,
            written: false,
            deleted: Vec::new(),
            ..first
        };
        assert!(said(&again).ends_with("nothing was to be done."));
        assert_eq!(said(&again).lines().count(), 3);
    }
}
