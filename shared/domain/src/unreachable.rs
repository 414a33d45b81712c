//! Addresses that mails do not reach, or whose owners do not want them, and what the operator is told of one (row D3).

use serde::{Deserialize, Serialize};

use crate::{
    mail::Mail,
    personal::{MailAddress, PersonName},
    text::{Language, Text},
};

/// Why an address is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// A mail came back for good: a transient failure marks nobody.
    Bounced,
    /// The recipient, or their mail service, reported a mail as unwanted.
    Complained,
}

impl Why {
    /// As logs and the operator's tables write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }

    const fn text(self) -> Text {
        match self {
            Self::Bounced => Text::UnreachableBounced,
            Self::Complained => Text::UnreachableComplained,
        }
    }
}

/// Whose address it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A tenant's contact.
    Contact {
        /// The company's name.
        tenant: String,
        /// The contact.
        name: PersonName,
        /// The contact's id, which the operator's commands name.
        id: String,
        /// Whether mails reach another contact of the company.
        has_next: bool,
    },
    /// A nurse.
    Nurse {
        /// The nurse.
        name: PersonName,
        /// The nurse's id.
        id: String,
    },
    /// The operator's own: who is told of such things as this, or is on duty.
    Operator,
}

impl Holder {
    fn text(&self) -> Text {
        match self.clone() {
            Self::Contact { tenant, name, id, has_next: true } => Text::UnreachableContact { tenant, name, id },
            Self::Contact { tenant, name, id, has_next: false } => Text::UnreachableLastContact { tenant, name, id },
            Self::Nurse { name, id } => Text::UnreachableNurse { name, id },
            Self::Operator => Text::UnreachableOperator,
        }
    }
}

/// What an operator is told of an address and who has it; nobody may have it any more. Staff read Japanese.
pub fn mail(to: MailAddress, why: Why, holders: &[Holder]) -> Mail {
    let say = |text: &Text| Language::Ja.say(text);
    let mut whose: Vec<String> = holders.iter().map(|holder| say(&holder.text())).collect();
    if whose.is_empty() {
        whose.push(say(&Text::UnreachableNobody));
    }
    let body = Text::OperatorUnreachableBody { why: say(&why.text()), whose: whose.join("\n\n") };
    Mail::new(to, say(&Text::OperatorUnreachableSubject), say(&body))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use crate::employee;

    fn told(why: Why, holders: &[Holder]) -> String {
        mail(MailAddress::parse("ops@example.jp").unwrap(), why, holders).text
    }

    fn contact(has_next: bool) -> Holder {
        let name = employee::parse_name("森 由美子").unwrap();
        Holder::Contact { tenant: "みどり商事".to_owned(), name, id: "01KAS2WJ0000000000000000AA".to_owned(), has_next }
    }

    #[test]
    fn the_operator_reads_whose_address_it_is_what_happened_and_what_to_do() {
        let text = told(Why::Bounced, &[contact(true)]);
        let set = "ops contact set TENANT 01KAS2WJ0000000000000000AA --mail";
        for part in ["届かずに戻りました", "みどり商事", "森 由美子 様", "ほかの担当者", set, "ops contact unmark"]
        {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(told(Why::Complained, &[contact(true)]).contains("迷惑メール"));
    }

    #[test]
    fn who_is_the_last_of_a_company_is_urgent() {
        assert!(told(Why::Bounced, &[contact(false)]).contains("ほかにいません"));
    }

    #[test]
    fn an_address_can_have_several_holders_or_none() {
        let nurse = Holder::Nurse { name: employee::parse_name("佐藤 恵").unwrap(), id: "N1".to_owned() };
        let text = told(Why::Bounced, &[contact(false), nurse, Holder::Operator]);
        assert!(["森 由美子", "佐藤 恵", "ops settings show"].iter().all(|part| text.contains(part)), "{text}");
        assert!(told(Why::Bounced, &[]).contains("登録している担当者はいません"));
    }
}
