//! The demo people who can sign in: the demo's nurses, its tenants' contacts, and an operator.

use ops::{Ops, OpsError};
use runtime::{Clock, Environment};
use serde::Serialize;
use web::{Person, Role};

use domain::employee;
use store::entity::{contact::Contact, nurse::Nurse};

use crate::demo::DemoTenant;

/// Somebody who can sign in, as `/local/status` shows it.
#[derive(Debug, Clone, Serialize)]
pub struct DemoPerson {
    /// What the provider calls them.
    pub id: String,
    /// The name.
    pub name: String,
    /// What they may be.
    pub roles: Vec<Role>,
    /// The id of the record on file: of the nurse, or of the contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
    /// The id of the tenant whose contact this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

const OPERATOR: &str = "運営 担当";

/// The people of the installation that `environment` names. Each is called by the first part of their mail address.
pub async fn people(environment: &Environment, clock: Clock, tenants: &[DemoTenant]) -> Result<Vec<DemoPerson>, OpsError> {
    let ops = Ops::of(environment, clock);
    let mut people: Vec<_> = ops.nurses().await?.iter().map(nurse).collect();
    for tenant in tenants {
        let contacts = match tenant.id.parse() {
            Ok(id) => ops.contacts(id).await?,
            Err(_) => Vec::new(),
        };
        people.extend(contacts.iter().map(|person| contact(person, &tenant.id)));
    }
    let operator =
        DemoPerson { id: "operator-demo".to_owned(), name: OPERATOR.to_owned(), roles: vec![Role::Operator], staff: None, tenant: None };
    people.push(operator);
    Ok(people)
}

fn nurse(nurse: &Nurse) -> DemoPerson {
    let roles: Vec<Role> = nurse.licences.iter().map(|licence| (*licence).into()).collect();
    let kind = if roles.contains(&Role::Psychologist) { "psychologist" } else { "nurse" };
    DemoPerson {
        id: called(kind, nurse.mail.expose()),
        name: nurse.name.expose().to_owned(),
        roles,
        staff: Some(nurse.id.clone()),
        tenant: None,
    }
}

fn contact(contact: &Contact, tenant: &str) -> DemoPerson {
    DemoPerson {
        id: called("contact", contact.mail.expose()),
        name: contact.name.expose().to_owned(),
        roles: vec![Role::Contact],
        staff: Some(contact.id.clone()),
        tenant: Some(tenant.to_owned()),
    }
}

fn called(kind: &str, mail: &str) -> String {
    format!("{kind}-{}", mail.split('@').next().unwrap_or_default())
}

impl DemoPerson {
    /// The person as a session holds them; `None` where the data was changed to what cannot be.
    pub fn person(&self) -> Option<Person> {
        Some(Person {
            subject: self.id.clone(),
            name: employee::parse_name(&self.name).ok()?,
            staff: self.staff.clone(),
            roles: self.roles.iter().copied().collect(),
            tenant: self.tenant.as_deref().map(str::parse).transpose().ok()?,
        })
    }
}
