//! The people who can sign in: the nurses and contacts whom the installation knows when they are asked for, and an operator.

use ops::{Ops, OpsError};
use runtime::{Clock, Environment};
use serde::Serialize;
use web::{Person, Role};

use domain::employee;
use store::entity::{contact::Contact, nurse::Nurse};

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

/// The people of an installation.
#[derive(Clone)]
pub struct People {
    environment: Environment,
    clock: Clock,
}

impl People {
    /// Those of the installation that `environment` names.
    pub fn new(environment: &Environment, clock: Clock) -> Self {
        Self { environment: environment.clone(), clock }
    }

    /// All of them. Each is called by the first part of their mail address, or by the whole where somebody before them is called so.
    pub async fn all(&self) -> Result<Vec<DemoPerson>, OpsError> {
        let ops = Ops::of(&self.environment, self.clock.clone());
        let mut people: Vec<_> = ops.nurses().await?.iter().map(nurse).collect();
        for tenant in ops.tenants().await? {
            for person in ops.contacts(tenant.id).await? {
                let mut contact = contact(&person, &tenant.id.to_string());
                if people.iter().any(|other| other.id == contact.id) {
                    contact.id = format!("contact-{}", person.mail.expose());
                }
                people.push(contact);
            }
        }
        let operator = DemoPerson {
            id: "operator-demo".to_owned(),
            name: OPERATOR.to_owned(),
            roles: vec![Role::Operator],
            staff: None,
            tenant: None,
        };
        people.push(operator);
        Ok(people)
    }
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
