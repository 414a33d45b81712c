//! The words of a certificate of erasure (row D2). Staff and contacts read Japanese.

use chrono::{DateTime, NaiveDate, Utc};

use domain::{
    mail::Mail,
    personal::MailAddress,
    text::{Language, Text},
    time,
};
use store::entity::{contact::Contact, erasure::Cause, purge::PurgeRun};

fn say(text: &Text) -> String {
    Language::Ja.say(text)
}

fn line(what: &Text, count: u64) -> String {
    say(&Text::ErasureCount { what: say(what), count: count.to_string() })
}

fn date(date: Option<NaiveDate>) -> String {
    date.map(|date| date.format("%Y年%-m月%-d日").to_string()).unwrap_or_default()
}

fn mail(to: MailAddress, subject: &Text, body: &Text) -> Mail {
    Mail::new(to, say(subject), say(body))
}

/// Everything, for the operator.
pub fn full(run: &PurgeRun, tenant: &str, to: MailAddress) -> Mail {
    let tenant = tenant.to_owned();
    let shown = |at: Option<DateTime<Utc>>| at.map(time::deadline_ja).unwrap_or_default();
    let body = Text::ErasureMailBody {
        tenant: tenant.clone(),
        run: run.id.to_string(),
        started: shown(Some(run.started_at)),
        completed: shown(run.completed_at),
        causes: causes(run).join("\n"),
        deleted: deleted(run).join("\n"),
        found: run.tally.found_afterwards.to_string(),
        keys_free: date(run.keys_backup_free_on()),
        tables_free: date(run.backup_free_on()),
    };
    mail(to, &Text::ErasureMailSubject { tenant }, &body)
}

/// Run, date and number of leavers: counts by kind would tell who consulted, and the other causes are nobody's business.
pub fn of_contact(run: &PurgeRun, tenant: &str, contact: &Contact) -> Mail {
    let body = Text::ErasureContactMailBody {
        tenant: tenant.to_owned(),
        name: contact.name.expose().to_owned(),
        run: run.id.to_string(),
        date: date(run.completed_at.map(time::jst_date)),
        leavers: run.tally.leavers.to_string(),
    };
    mail(contact.mail.clone(), &Text::ErasureContactMailSubject, &body)
}

fn causes(run: &PurgeRun) -> Vec<String> {
    let of = |cause| run.tally.members.get(&cause).copied().unwrap_or_default();
    let lines = [
        (Text::ErasureLeavers, run.tally.leavers),
        (Text::ErasureLeftMembers, of(Cause::Left)),
        (Text::ErasureOwnAct, of(Cause::MembersOwnAct)),
        (Text::ErasureBlocked, of(Cause::Blocked)),
        (Text::ErasureUnmatched, of(Cause::Unmatched)),
        (Text::ErasureContractEnd, of(Cause::ContractEnd)),
    ];
    lines.iter().map(|(what, count)| line(what, *count)).collect()
}

fn deleted(run: &PurgeRun) -> Vec<String> {
    run.tally.deleted.iter().map(|(kind, count)| line(&what(kind), *count)).collect()
}

fn what(kind: &str) -> Text {
    match kind {
        "DataKey" => Text::ErasedDataKey,
        "Claim" => Text::ErasedClaim,
        "LineUser" => Text::ErasedLineUser,
        "Inbox" => Text::ErasedInbox,
        "Sent" => Text::ErasedSent,
        "Consultation" => Text::ErasedConsultation,
        "Message" => Text::ErasedMessage,
        "Document" => Text::ErasedDocument,
        "DisclosedText" => Text::ErasedDisclosedText,
        "ObjectVersion" => Text::ErasedObjectVersion,
        "Outbox" => Text::ErasedOutbox,
        "Order" => Text::ErasedOrder,
        "Interview" => Text::ErasedInterview,
        "RequestForm" => Text::ErasedRequestForm,
        "RosterRow" => Text::ErasedRosterRow,
        "Contact" => Text::ErasedContact,
        other => Text::ErasedOther { kind: other.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use domain::{
        employee,
        id::{PurgeId, TenantId},
    };
    use store::entity::purge::{State, Tally};

    use super::*;

    fn run() -> PurgeRun {
        let at = "2026-12-01T03:00:00+09:00".parse().unwrap();
        let tally = Tally {
            leavers: 2,
            members: [(Cause::Left, 1), (Cause::MembersOwnAct, 3)].into(),
            deleted: [("Message".to_owned(), 12), ("Novelty".to_owned(), 1)].into(),
            found_afterwards: 0,
        };
        let ulid = ulid::Ulid(1);
        let mut run = PurgeRun::open(PurgeId::new(ulid), TenantId::new(ulid), at);
        (run.state, run.completed_at, run.tally) = (State::Complete, Some(at), tally);
        run
    }

    #[test]
    fn the_operator_reads_everything() {
        let mail = full(&run(), "ひかり商事 & Co.", MailAddress::parse("a@b.jp").unwrap());
        for part in [
            "退会・他社での登録：3",
            "健康相談のメッセージ：12",
            "その他（Novelty）：1",
            "残っていた件数：0",
            "2026年12月2日",
            "2027年1月5日",
        ] {
            assert!(mail.text.contains(part), "{part} is not in {}", mail.text);
        }
        assert!(mail.html.unwrap().contains("ひかり商事 &amp; Co."));
    }

    #[test]
    fn the_contact_reads_run_date_and_number_of_leavers_and_nothing_else() {
        let contact =
            Contact {
                id: "1".to_owned(), name: employee::parse_name("森 由美子").unwrap(), mail: MailAddress::parse("a@b.jp").unwrap()
            };
        let mail = of_contact(&run(), "ひかり商事", &contact);
        assert!(
            mail.text.contains("2026年12月1日") && mail.text.contains("：2名") && mail.text.contains(&run().id.to_string()),
            "{}",
            mail.text
        );
        for part in ["相談", "メッセージ", "退会", "12", "：3"] {
            let text = mail.text.replace("2026年12月1日", "");
            assert!(!text.contains(part), "{part} is in {text}");
        }
    }
}
