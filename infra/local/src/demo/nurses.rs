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

/// Says how contacts reach the nurses.
pub(super) async fn open_desk(ops: &Ops) -> Result<(), DemoError> {
    if ops.settings().await?.own_desk.is_none() {
        let written =
            WrittenDesk { name: "ONLINE健康推進室".to_owned(), phone: Some("03-0000-9876".parse()?), ..WrittenDesk::default() };
        ops.set_own_desk(written.try_into().map_err(OpsError::Desk)?).await?;
    }
    Ok(())
}
