//! A form as it was sent.

use std::collections::BTreeMap;

use lambda_http::Request;

use domain::{
    id::NurseId,
    interview::{request, slot::Slot},
    time,
};

/// The fields of a form. A field that comes twice counts as it came last.
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// The fields in the body of `request`.
    pub fn of(request: &Request) -> Self {
        let body: &[u8] = request.body();
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// Of a form that was not sent yet.
    pub const fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The booking form.
    pub fn booking(&self) -> request::Form<'_> {
        let get = |name| self.get(name).unwrap_or_default();
        request::Form {
            number: get("number"),
            name: get("name"),
            method: get("method"),
            phone: get("phone"),
            purpose: get("purpose"),
            mail: get("mail"),
            wishes: get("wishes"),
        }
    }
}

/// A slot in forms and addresses: its start, and whose it is.
pub fn slot_code(slot: Slot) -> String {
    format!("{}~{}", time::stamp(slot.start()), slot.nurse())
}

/// The slot with this code.
pub fn slot(code: &str) -> Option<Slot> {
    let (start, nurse) = code.split_once('~')?;
    Slot::new(nurse.parse::<NurseId>().ok()?, time::parse_stamp(start).ok()?).ok()
}
