//! What can go wrong, in words that say what to mend.

use chrono::NaiveDate;

use domain::{
    desk::BadDesk,
    employee::{BadName, BadNumber},
    id::{ImportId, PurgeId},
    passphrase::BadPassphrase,
    template::BadTemplate,
    tenant::ChannelName,
};
use line::{InvalidMessage, NoClient, SendError};
use store::{StoreError, entity::disclosure::Broken};

use crate::{channel::BadChannel, contract::Month, qr::TooLong, tenant::BadTenant};

/// Why an act was refused, or failed. No message holds personal data of employees.
#[derive(Debug, thiserror::Error)]
pub enum OpsError {
    /// Neither an id nor a name of a tenant.
    #[error("there is no tenant {0:?}: `ops tenant list` shows all of them")]
    NoTenant(String),
    /// More than one company has that name.
    #[error("{count} tenants are named {name:?}: name one by its id (`ops tenant list` shows the ids)")]
    TenantNotUnique {
        /// The name.
        name: String,
        /// How many have it.
        count: usize,
    },
    /// What a tenant is made of is not valid.
    #[error(transparent)]
    Tenant(#[from] BadTenant),
    /// Another operator changed or removed it at the same time.
    #[error("the tenant was changed or removed in the meantime: look at it and try again")]
    TenantGone,
    /// The parameters hold no such channel.
    #[error("there is no LINE channel {0}: make it with `ops channel set {0}`")]
    NoChannel(ChannelName),
    /// What a channel is made of is not valid.
    #[error(transparent)]
    Channel(#[from] BadChannel),
    /// The notice period of row D6.
    #[error(
        "a contract that is ended now ends with {earliest} at the earliest, not with {asked}; --agreed where both sides agreed otherwise"
    )]
    EndTooSoon {
        /// What was asked for.
        asked: Month,
        /// What is possible today.
        earliest: Month,
    },
    /// A contract has at least its first month.
    #[error("the contract starts on {starts}: it cannot end with {asked}")]
    EndBeforeStart {
        /// What was asked for.
        asked: Month,
        /// First day of service.
        starts: NaiveDate,
    },
    /// The roster's numbers were padded to another width.
    #[error("the roster holds {rows} numbers that were read with the present number width: it cannot change any more")]
    NumberWidthInUse {
        /// How many.
        rows: usize,
    },
    /// Not a passphrase.
    #[error(transparent)]
    Passphrase(#[from] BadPassphrase),
    /// Not an employee number.
    #[error(transparent)]
    Number(#[from] BadNumber),
    /// Not a name.
    #[error(transparent)]
    Name(#[from] BadName),
    /// Somebody else has the number.
    #[error("the number belongs to another name that still has access: enter that person's leave date first")]
    NumberHeld,
    /// No such delivery waits for a confirmation.
    #[error("no delivery {0} waits for a confirmation: `ops roster deliveries` shows how they stand")]
    NotWaiting(ImportId),
    /// The roster has no such number.
    #[error("the number is not on this roster")]
    NotOnRoster,
    /// No leave date of the number waits for a confirmation.
    #[error("no leave date of this number waits for a confirmation: `ops roster unconfirmed` shows those that do")]
    NothingToConfirm,
    /// No run of the purge has this id.
    #[error("there is no run {0} of the purge: `ops purge list` shows all of them")]
    NoPurge(PurgeId),
    /// No contact of the tenant has this id.
    #[error("the tenant has no contact {0}: `ops contact list` shows the ids")]
    NoContact(String),
    /// Mails are not kept from the address.
    #[error("the address is not marked: `ops contact list` shows a tenant's contacts with the marks on their addresses")]
    NotMarked,
    /// No nurse has this id.
    #[error("there is no nurse {0}: `ops nurse list` shows the ids")]
    NoNurse(String),
    /// A nurse without a licence could not answer anybody.
    #[error("a nurse holds at least one licence")]
    NoLicence,
    /// What a desk is made of is not valid.
    #[error(transparent)]
    Desk(#[from] BadDesk),
    /// No desk of that name, or for that topic.
    #[error("there is no desk {0}: `ops desk list` and `ops tenant desk list` show them")]
    NoDesk(String),
    /// What a template is made of is not valid.
    #[error(transparent)]
    Template(#[from] BadTemplate),
    /// No shared template has this id.
    #[error("there is no shared template {0}: `ops template list` shows the ids")]
    NoTemplate(String),
    /// Entries of a ledger are not those that were written.
    #[error(transparent)]
    Ledger(#[from] Broken),
    /// The word would be in no message.
    #[error("{0:?} has no letter or digit: it would never be found")]
    NeverFound(String),
    /// Nothing failed at that key.
    #[error("no failed delivery has the key {0}: `ops outbox failed` shows the keys")]
    NotFailed(String),
    /// The link is too long for a QR code.
    #[error(transparent)]
    Qr(#[from] TooLong),
    /// The machine gives no random bytes.
    #[error("the system has no random bytes to give")]
    NoRandomness,
    /// LINE refused a call, or did not answer.
    #[error("channel {channel}: {error}")]
    Line {
        /// The channel that was spoken for.
        channel: ChannelName,
        /// What LINE said.
        error: SendError,
    },
    /// LINE's address.
    #[error(transparent)]
    LineAddress(#[from] NoClient),
    /// A rich menu is drawn as LINE does not take it.
    #[error("a rich menu is drawn as LINE does not take it: {0}")]
    Menu(#[from] InvalidMessage),
    /// The tables or a parameter that is read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The parameters' names.
    #[error("GetParametersByPath failed")]
    ListParameters(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A parameter that is written.
    #[error("PutParameter failed")]
    PutParameter(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl OpsError {
    /// Whether it is the installation's failure, and not something that the operator has to say otherwise.
    pub fn is_ours(&self) -> bool {
        match self {
            Self::NoRandomness
            | Self::ListParameters(_)
            | Self::PutParameter(_)
            | Self::Passphrase(BadPassphrase::Hashing)
            | Self::Ledger(_)
            | Self::Menu(_) => true,
            Self::Store(error) => !matches!(error, StoreError::NotSetUp { .. }),
            Self::Line { error, .. } => !matches!(error, SendError::Unauthorized { .. }),
            Self::NoTenant(_)
            | Self::TenantNotUnique { .. }
            | Self::Tenant(_)
            | Self::TenantGone
            | Self::NoChannel(_)
            | Self::Channel(_)
            | Self::LineAddress(_)
            | Self::EndTooSoon { .. }
            | Self::EndBeforeStart { .. }
            | Self::NumberWidthInUse { .. }
            | Self::Passphrase(_)
            | Self::Number(_)
            | Self::Name(_)
            | Self::NumberHeld
            | Self::NotWaiting(_)
            | Self::NotOnRoster
            | Self::NothingToConfirm
            | Self::NoPurge(_)
            | Self::NoContact(_)
            | Self::NotMarked
            | Self::NoNurse(_)
            | Self::NoLicence
            | Self::Desk(_)
            | Self::NoDesk(_)
            | Self::Template(_)
            | Self::NoTemplate(_)
            | Self::NeverFound(_)
            | Self::NotFailed(_)
            | Self::Qr(_) => false,
        }
    }
}
