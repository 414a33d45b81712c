//! The nurses of the demo, and what stands on their desk.

use domain::{desk::WrittenDesk, employee, licence::Licence, personal::MailAddress, template::Template, tenant::Tenant, topic::Topic};
use ops::{Ops, OpsError};

use super::DemoError;

const NURSES: [(&str, &str, &[Licence]); 3] = [
    ("佐藤 恵", "sato@example.jp", &[Licence::Nurse]),
    ("山本 真理子", "yamamoto@example.jp", &[Licence::Nurse, Licence::PublicHealthNurse]),
    ("伊藤 聡", "ito@example.jp", &[Licence::Psychologist]),
];

/// Employs those who are missing.
pub(super) async fn employ(ops: &Ops) -> Result<(), DemoError> {
    let there = ops.nurses().await?;
    for (name, mail, licences) in NURSES {
        let mail = MailAddress::parse(mail)?;
        if there.iter().all(|nurse| nurse.mail != mail) {
            ops.add_nurse(employee::parse_name(name)?, mail, licences.iter().copied().collect()).await?;
        }
    }
    Ok(())
}

/// When the demo's nurses give interviews.
const HOURS: [(&str, &str); 2] = [
    (
        "sato@example.jp",
        r#"{"weekly":[{"weekday":"Mon","from":"09:00","to":"12:00"},{"weekday":"Wed","from":"09:00","to":"12:00"},{"weekday":"Thu","from":"09:00","to":"12:00"},{"weekday":"Fri","from":"13:00","to":"17:00"}]}"#,
    ),
    ("yamamoto@example.jp", r#"{"weekly":[{"weekday":"Tue","from":"10:10","to":"15:30"},{"weekday":"Thu","from":"13:00","to":"17:00"}]}"#),
];

/// Publishes the hours that are missing.
pub(super) async fn publish_hours(ops: &Ops) -> Result<(), DemoError> {
    let (there, nurses) = (ops.hours().await?, ops.nurses().await?);
    for (mail, hours) in HOURS {
        let nurse = nurses.iter().find(|nurse| nurse.mail.expose() == mail);
        let Some(nurse) = nurse.filter(|nurse| there.iter().all(|of| of.nurse.to_string() != nurse.id)) else { continue };
        ops.set_hours(nurse, serde_json::from_str(hours)?).await?;
    }
    Ok(())
}

/// Adds the shared templates that are missing.
pub(super) async fn write_templates(ops: &Ops) -> Result<(), DemoError> {
    let there = ops.templates().await?;
    for template in Template::default_list() {
        if there.iter().all(|stored| stored.template.title() != template.title()) {
            ops.add_template(template.clone()).await?;
        }
    }
    Ok(())
}

/// Names the tenant's own desk for harassment, where it has one; members of other tenants are referred to the public ones.
pub(super) async fn name_desk(ops: &Ops, tenant: &Tenant, desk: Option<(&str, &str, &str)>) -> Result<(), DemoError> {
    let Some((name, hours, phone)) = desk.filter(|_| tenant.desks.is_empty()) else { return Ok(()) };
    let written = WrittenDesk { name: name.to_owned(), lines: vec![hours.to_owned()], phone: Some(phone.parse()?), url: None };
    let desk = written.try_into().map_err(OpsError::Desk)?;
    ops.set_desk(&tenant.id.to_string(), Topic::Harassment, desk).await?;
    Ok(())
}

/// Puts the first nurse in charge of a tenant that has nobody.
pub(super) async fn put_in_charge(ops: &Ops, tenant: &Tenant) -> Result<(), DemoError> {
    let nurses = ops.nurses().await?;
    let Some(nurse) = nurses.first().filter(|_| tenant.in_charge.is_none()) else { return Ok(()) };
    ops.put_in_charge(&tenant.id.to_string(), &nurse.id).await?;
    Ok(())
}

/// Says how contacts reach the nurses.
pub(super) async fn open_desk(ops: &Ops) -> Result<(), DemoError> {
    if ops.settings().await?.own_desk.is_none() {
        let written =
            WrittenDesk { name: "ONLINE健康推進室".to_owned(), phone: Some("03-0000-9876".parse()?), ..WrittenDesk::default() };
        ops.set_own_desk(written.try_into().map_err(OpsError::Desk)?).await?;
    }
    Ok(())
}
