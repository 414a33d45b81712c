//! Carries a command out and says how it ended.

use std::path::Path;

use serde_json::json;

use domain::{employee, roster_file::Kind};
use ops::{Ops, OpsError, qr, roster::Entry};

use super::{
    arguments::{Channel, Command, Contact, Nurse, Outbox, Purge, Roster, Settings, Tenant, TenantEnd, Words},
    audit, desk,
    error::CliError,
    kpi, ledger, menu,
    report::Report,
    secret, template, view,
};

/// How a command ended.
pub type Answer = Result<Report, CliError>;

/// Carries out `command`.
pub async fn act(ops: &Ops, command: Command) -> Answer {
    match command {
        Command::Init => init(ops).await,
        Command::Channel(command) => channel(ops, command).await,
        Command::Tenant(command) => tenant(ops, command).await,
        Command::Contact(command) => contact(ops, command).await,
        Command::Nurse(command) => nurse(ops, command).await,
        Command::Settings(command) => settings(ops, command).await,
        Command::Words(command) => words(ops, command).await,
        Command::Roster(command) => roster(ops, command).await,
        Command::Menu(command) => menu::act(ops, command).await,
        Command::Outbox(command) => outbox(ops, command).await,
        Command::Purge(command) => purge(ops, command).await,
        Command::Desk(command) => desk::act(ops, command).await,
        Command::Audit(command) => audit::act(ops, command).await,
        Command::Kpi { tenant } => kpi::show(ops, ops.tenant(&tenant).await?.id).await,
        Command::Ledger(command) => ledger::act(ops, command).await,
        Command::Template(command) => template::act(ops, command).await,
    }
}

async fn init(ops: &Ops) -> Answer {
    let made = ops.init().await?;
    let state = |new: bool| if new { "made" } else { "was there" };
    Ok(Report::fields(vec![("secret", state(made.secret).to_owned()), ("settings", state(made.settings).to_owned())], json!(made)))
}

async fn channel(ops: &Ops, command: Channel) -> Answer {
    match command {
        Channel::Set { name, channel_id, basic_id } => {
            let channel_secret = secret::read("channel secret")?.trim().to_owned();
            let channel = store::parameters::Channel { channel_id, channel_secret, basic_id, registered_menu: None };
            ops.set_channel(&name, &channel).await?;
            Ok(view::channel(&name, &channel))
        }
        Channel::Show { name } => Ok(view::channel(&name, &ops.channel(&name).await?)),
    }
}

async fn tenant(ops: &Ops, command: Tenant) -> Answer {
    let tenant = match command {
        Tenant::Desk(command) => return desk::act_for_tenant(ops, command).await,
        Tenant::List => return Ok(view::tenants(&ops.tenants().await?)),
        Tenant::Code { tenant, renew, svg, png } => return code(ops, &tenant, renew, svg.as_deref(), png.as_deref()).await,
        Tenant::Add(new) => ops.add_tenant(new.into()).await?,
        Tenant::InCharge { tenant, nurse } => ops.put_in_charge(&tenant, &nurse).await?,
        Tenant::Show { tenant } => ops.tenant(&tenant).await?,
        Tenant::Set { tenant, change } => ops.change_tenant(&tenant, change.into()).await?,
        Tenant::End(TenantEnd { tenant, month: Some(month), agreed, withdraw: _ }) => ops.end_tenant(&tenant, month, agreed).await?,
        Tenant::End(TenantEnd { tenant, month: None, .. }) => ops.continue_tenant(&tenant).await?,
        Tenant::Passphrase { tenant, remove: true } => ops.remove_passphrase(&tenant).await?,
        Tenant::Passphrase { tenant, remove: false } => {
            let id = ops.tenant(&tenant).await?.id.to_string();
            ops.set_passphrase(&id, &secret::read_new("passphrase")?).await?
        }
    };
    Ok(view::tenant(&tenant))
}

async fn code(ops: &Ops, which: &str, renew: bool, svg: Option<&Path>, png: Option<&Path>) -> Answer {
    let tenant = if renew { ops.renew_code(which).await? } else { ops.tenant(which).await? };
    let registration = ops.registration(&tenant).await?;
    if let Some(path) = svg {
        write(path, qr::svg(&registration.link).map_err(OpsError::from)?.as_bytes())?;
    }
    if let Some(path) = png {
        write(path, &qr::png(&registration.link).map_err(OpsError::from)?)?;
    }
    Ok(Report::fields(
        vec![
            ("tenant", tenant.name.clone()),
            ("code", registration.code.to_string()),
            ("chat text", registration.code.chat_text()),
            ("link", registration.link.clone()),
        ],
        json!({ "tenant": tenant.id, "code": registration.code, "chatText": registration.code.chat_text(), "link": registration.link }),
    ))
}

async fn contact(ops: &Ops, command: Contact) -> Answer {
    match command {
        Contact::Add { tenant, name, mail } => {
            let tenant = ops.tenant(&tenant).await?;
            contacts(ops, &[ops.add_contact(tenant.id, name, mail).await?]).await
        }
        Contact::List { tenant } => contacts(ops, &ops.contacts(ops.tenant(&tenant).await?.id).await?).await,
        Contact::Set { tenant, id, name, mail } => {
            let tenant = ops.tenant(&tenant).await?;
            contacts(ops, &[ops.change_contact(tenant.id, &id, name, mail).await?]).await
        }
        Contact::Unmark { address } => {
            ops.unmark(&address).await?;
            Ok(Report::said("Mails go to the address again.", json!({ "unmarked": address })))
        }
        Contact::Remove { tenant, id } => {
            ops.remove_contact(ops.tenant(&tenant).await?.id, &id).await?;
            Ok(Report::said("The contact is removed.", json!({ "removed": id })))
        }
    }
}

async fn contacts(ops: &Ops, contacts: &[store::entity::contact::Contact]) -> Answer {
    Ok(view::contacts(contacts, &ops.marks(contacts).await?))
}

async fn nurse(ops: &Ops, command: Nurse) -> Answer {
    match command {
        Nurse::Add { name, mail, licences } => {
            let licences = licences.into_iter().map(Into::into).collect();
            Ok(view::nurses(&[ops.add_nurse(name, mail, licences).await?]))
        }
        Nurse::List => Ok(view::nurses(&ops.nurses().await?)),
        Nurse::Remove { id } => {
            ops.remove_nurse(&id).await?;
            Ok(Report::said("The nurse is removed.", json!({ "removed": id })))
        }
    }
}

async fn settings(ops: &Ops, command: Settings) -> Answer {
    match command {
        Settings::Show => Ok(view::settings(&ops.settings().await?)),
        Settings::Set(change) => Ok(view::settings(&ops.change_settings(change.into()).await?)),
    }
}

async fn words(ops: &Ops, command: Words) -> Answer {
    match command {
        Words::Show => {
            let list = ops.words().await?;
            Ok(Report::said(list.words().join("\n"), json!(list.words())))
        }
        Words::Add { words } => {
            let added = ops.add_words(&words).await?;
            Ok(Report::said(format!("{added} added, {} stood there before.", words.len() - added), json!({ "added": added })))
        }
        Words::Remove { words } => {
            let removed = ops.remove_words(&words).await?;
            Ok(Report::said(format!("{removed} removed, {} did not stand there.", words.len() - removed), json!({ "removed": removed })))
        }
        Words::Reset => {
            let words = ops.reset_words().await?;
            Ok(Report::said(format!("The list has the {words} words that the system comes with."), json!({ "words": words })))
        }
    }
}

async fn roster(ops: &Ops, command: Roster) -> Answer {
    match command {
        Roster::Add { tenant, number, name, leaves } => {
            let tenant = ops.tenant(&tenant).await?;
            let number = employee::parse_number(&number, tenant.number_width).map_err(OpsError::from)?;
            let changed = ops.add_to_roster(tenant.id, &Entry { number, name, leaves }).await?;
            let said = if changed { "The roster says so now." } else { "The roster said so already." };
            Ok(Report::said(said, json!({ "changed": changed })))
        }
        Roster::Deliver { tenant, file, full } => {
            let tenant = ops.tenant(&tenant).await?;
            let content = std::fs::read(&file).map_err(|error| CliError::File { path: file.clone(), error })?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            ops.deliver_roster(tenant.id, if full { Kind::Full } else { Kind::Monthly }, &name, content).await?;
            Ok(Report::said("It is delivered; the contacts get the report by mail.", json!({ "delivered": name })))
        }
        Roster::Show { tenant, number } => {
            let tenant = ops.tenant(&tenant).await?;
            let number = employee::parse_number(&number, tenant.number_width).map_err(OpsError::from)?;
            Ok(view::roster_row(&ops.roster_row(tenant.id, &number).await?, ops.now()))
        }
        Roster::Deliveries { tenant } => Ok(view::deliveries(&ops.deliveries(ops.tenant(&tenant).await?.id).await?)),
        Roster::Confirm { tenant, import, by } => {
            let delivery = ops.confirm_delivery(ops.tenant(&tenant).await?.id, import, by.into()).await?;
            Ok(view::deliveries(&[delivery]))
        }
        Roster::Refuse { tenant, import } => {
            let delivery = ops.refuse_delivery(ops.tenant(&tenant).await?.id, import).await?;
            Ok(view::deliveries(&[delivery]))
        }
        Roster::Aside => {
            let keys = ops.files_aside().await?;
            let said = if keys.is_empty() { "No file lies aside.".to_owned() } else { keys.join("\n") };
            Ok(Report::said(said, json!(keys)))
        }
        Roster::Unconfirmed => Ok(view::unconfirmed(&ops.unconfirmed_leaves().await?)),
        Roster::ConfirmLeave { tenant, number } => {
            let tenant = ops.tenant(&tenant).await?;
            let number = employee::parse_number(&number, tenant.number_width).map_err(OpsError::from)?;
            Ok(view::roster_row(&ops.confirm_leave(tenant.id, &number).await?, ops.now()))
        }
    }
}

async fn purge(ops: &Ops, command: Purge) -> Answer {
    match command {
        Purge::List => Ok(view::purges(&ops.purges().await?)),
        Purge::Certificate { run } => Ok(view::certificate(&ops.purge(run).await?)),
    }
}

async fn outbox(ops: &Ops, command: Outbox) -> Answer {
    match command {
        Outbox::Failed => Ok(view::failed(&ops.failed_deliveries().await?)),
        Outbox::Retry { key } => {
            ops.retry_delivery(&key).await?;
            Ok(Report::said("It is due now; the next sweep sends it.", json!({ "retried": key })))
        }
    }
}

fn write(path: &Path, content: &[u8]) -> Result<(), CliError> {
    std::fs::write(path, content).map_err(|error| CliError::File { path: path.to_owned(), error })
}
