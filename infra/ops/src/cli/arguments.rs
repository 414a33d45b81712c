//! Everything that can be said on the command line.

use std::{collections::BTreeSet, path::PathBuf};

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};

use domain::{
    calendar::{BusinessHours, YearlyClosure},
    documents::WebLink,
    id::{ImportId, PurgeId},
    personal::{MailAddress, PersonName},
    tenant::ChannelName,
    text::Language,
};
use ops::{contract::Month, settings};

use super::{
    audit::Audit,
    connection::Connection,
    desk::{Desk, TenantDesk},
    ledger::Ledger,
    template::Template,
    value::{self, ConfirmsName, LicenceName, Listed, PlanName, Width, listed},
};

/// The operator's command: client companies, LINE channels and menus, nurses, settings, rosters, failed deliveries.
#[derive(Debug, Parser)]
#[command(
    name = "ops",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    after_help = "\
A tenant is named by its id or, where only one has it, by its name. Secrets are asked for, or read from standard input.

A new installation:
  ops init
  ops channel set main --channel-id 2000000001 --basic-id @123abcde
  ops menu apply
  ops settings set --duty duty@example.jp
  ops tenant add --name 株式会社さくら製作所 --channel main --starts 2026-12-01 --number-width 6
  ops roster deliver 株式会社さくら製作所 roster.csv --full
  ops tenant code 株式会社さくら製作所 --png poster.png

With the local system (cargo local): ops --local tenant list"
)]
pub struct Arguments {
    #[command(flatten)]
    pub connection: Connection,
    /// Answer in JSON, for programs
    #[arg(long, global = true, help_heading = "Options")]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// What it is about.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the installation's secret and the default settings, where they are missing
    Init,
    /// LINE channels: what LINE's console shows of a Messaging API channel
    #[command(subcommand)]
    Channel(Channel),
    /// Client companies (契約企業): contract, passphrase, registration code
    #[command(subcommand)]
    Tenant(Tenant),
    /// A tenant's contacts (担当者), who get reports and reminders
    #[command(subcommand)]
    Contact(Contact),
    /// Nurses (産業看護職)
    #[command(subcommand)]
    Nurse(Nurse),
    /// When nurses answer, and who is on duty
    #[command(subcommand)]
    Settings(Settings),
    /// Words that point to danger: a message with one gets helplines at once
    #[command(subcommand)]
    Words(Words),
    /// A tenant's roster, and the files that HR delivers
    #[command(subcommand)]
    Roster(Roster),
    /// The rich menus at the bottom of the chat: one for members, one for everybody else
    #[command(subcommand)]
    Menu(Menu),
    /// Messages and mails that could not be delivered
    #[command(subcommand)]
    Outbox(Outbox),
    /// Runs of the purge, and their certificates of erasure
    #[command(subcommand)]
    Purge(Purge),
    /// Public desks that nurses refer members to, and how a contact reaches the nurses
    #[command(subcommand)]
    Desk(Desk),
    /// A tenant's figures by month, as its contacts see them
    #[command(after_help = "Example:\n  ops kpi さくら")]
    Kpi {
        /// The tenant's id or name
        tenant: String,
    },
    /// What was disclosed to a tenant's contacts, without its texts
    #[command(subcommand)]
    Ledger(Ledger),
    /// What the staff read, wrote and were refused on a day
    Audit(Audit),
    /// Reply templates that all nurses share
    #[command(subcommand)]
    Template(Template),
}

#[derive(Debug, Subcommand)]
pub enum Purge {
    /// List the runs, the latest first
    List,
    /// Show a run's certificate in full
    #[command(after_help = "Example:\n  ops purge certificate 01J…")]
    Certificate {
        /// As `ops purge list` shows it
        run: PurgeId,
    },
}

#[derive(Debug, Subcommand)]
pub enum Channel {
    /// Make or replace a channel; its secret is asked for, or read from standard input
    #[command(after_help = "Example:\n  ops channel set main --channel-id 2000000001 --basic-id @123abcde < secret.txt")]
    Set {
        /// Its name in the webhook's path, /line/<NAME>/webhook
        name: ChannelName,
        /// Channel id, under Basic settings in LINE's console
        #[arg(long, value_name = "NUMBER")]
        channel_id: String,
        /// Basic id, under Messaging API in LINE's console
        #[arg(long, value_name = "@ID")]
        basic_id: String,
    },
    /// Show a channel, without its secret
    Show {
        /// Its name
        name: ChannelName,
    },
}

#[derive(Debug, Subcommand)]
pub enum Tenant {
    /// Make a tenant with an id and a registration code
    #[command(after_help = "\
Example:
  ops tenant add --name 株式会社さくら製作所 --channel main --starts 2026-12-01 --plans employee-support,interview-support --number-width 6")]
    Add(NewTenant),
    /// List all tenants
    List,
    /// Show a tenant
    Show {
        /// Id or name
        tenant: String,
    },
    /// Change what is given; the rest stays
    #[command(after_help = "Example:\n  ops tenant set 株式会社さくら製作所 --plans employee-support,interview-support")]
    Set {
        /// Id or name
        tenant: String,
        #[command(flatten)]
        change: TenantChange,
    },
    /// End the contract with a month; the request is due by the last day of the second month before
    #[command(after_help = "Example, up to 30 November 2026:\n  ops tenant end ひかり商事株式会社 --month 2027-01")]
    End(TenantEnd),
    /// Set the passphrase (合言葉), or remove it; registered members are left alone
    #[command(after_help = "Example:\n  ops tenant passphrase ひかり商事株式会社 < passphrase.txt")]
    Passphrase {
        /// Id or name
        tenant: String,
        /// Registration asks for no passphrase any more
        #[arg(long)]
        remove: bool,
    },
    /// The tenant's own desks, by what they are for
    #[command(subcommand)]
    Desk(TenantDesk),
    /// Put a nurse in charge, who approves interviews beyond the allowance
    InCharge {
        /// Id or name
        tenant: String,
        /// The nurse's id
        nurse: String,
    },
    /// Show the registration code and its link, and draw the QR code
    #[command(after_help = "Example:\n  ops tenant code ひかり商事株式会社 --svg code.svg --png code.png")]
    Code {
        /// Id or name
        tenant: String,
        /// Draw a new code; the former one ends at once, and with it every poster
        #[arg(long)]
        renew: bool,
        /// Write the QR code as SVG
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
        /// Write the QR code as PNG
        #[arg(long, value_name = "FILE")]
        png: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub struct NewTenant {
    /// The company's name as members read it
    #[arg(long)]
    pub name: String,
    /// The LINE channel that its members use
    #[arg(long, value_name = "NAME")]
    pub channel: ChannelName,
    /// First day of service
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub starts: NaiveDate,
    /// What was bought
    #[arg(long, value_delimiter = ',', default_value = "employee-support")]
    pub plans: Vec<PlanName>,
    /// Pad numbers of digits only with zeros to this width; none leaves them as they are
    #[arg(long, value_name = "DIGITS", value_parser = value::width, default_value = "none")]
    pub number_width: Width,
    /// The language of the bot: ja or en
    #[arg(long, default_value = "ja")]
    pub language: Language,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct TenantChange {
    /// The company's name as members read it
    #[arg(long)]
    pub name: Option<String>,
    /// The LINE channel that its members use
    #[arg(long, value_name = "NAME")]
    pub channel: Option<ChannelName>,
    /// First day of service
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub starts: Option<NaiveDate>,
    /// What was bought; replaces what was
    #[arg(long, value_delimiter = ',')]
    pub plans: Option<Vec<PlanName>>,
    /// Pad numbers of digits only with zeros to this width, or none; not once there is a roster
    #[arg(long, value_name = "DIGITS", value_parser = value::width)]
    pub number_width: Option<Width>,
    /// The language of the bot: ja or en
    #[arg(long)]
    pub language: Option<Language>,
}

#[derive(Debug, Args)]
pub struct TenantEnd {
    /// Id or name
    pub tenant: String,
    /// The last month of service
    #[arg(long, value_name = "YYYY-MM", value_parser = value::month, required_unless_present = "withdraw")]
    pub month: Option<Month>,
    /// Both sides agreed to an earlier month
    #[arg(long)]
    pub agreed: bool,
    /// Take a requested end back
    #[arg(long, conflicts_with_all = ["month", "agreed"])]
    pub withdraw: bool,
}

#[derive(Debug, Subcommand)]
pub enum Contact {
    /// Add a contact
    #[command(after_help = "Example:\n  ops contact add ひかり商事株式会社 --name '森 由美子' --mail mori@example.jp")]
    Add {
        /// The tenant's id or name
        tenant: String,
        /// The name in the salutation
        #[arg(long, value_parser = value::name)]
        name: PersonName,
        /// Where mails go
        #[arg(long, value_name = "ADDRESS", value_parser = value::mail)]
        mail: MailAddress,
    },
    /// List a tenant's contacts, with the marks on addresses that mails do not reach
    List {
        /// The tenant's id or name
        tenant: String,
    },
    /// Change a contact's name or address
    #[command(after_help = "Example:\n  ops contact set ひかり商事株式会社 01JDFZ6B0000000000000000AA --mail mori@example.jp")]
    Set {
        /// The tenant's id or name
        tenant: String,
        /// The contact's id
        id: String,
        /// The name in the salutation
        #[arg(long, value_parser = value::name, required_unless_present = "mail")]
        name: Option<PersonName>,
        /// Where mails go
        #[arg(long, value_name = "ADDRESS", value_parser = value::mail)]
        mail: Option<MailAddress>,
    },
    /// Take the mark back from an address that takes mails again, whoever has it
    #[command(after_help = "\
Example:
  ops contact unmark mori@example.jp

SES may keep the address on a list of its own, which also has to go:
  aws sesv2 delete-suppressed-destination --email-address mori@example.jp")]
    Unmark {
        /// The address
        #[arg(value_parser = value::mail)]
        address: MailAddress,
    },
    /// Remove a contact
    Remove {
        /// The tenant's id or name
        tenant: String,
        /// The contact's id
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Nurse {
    /// Add a nurse
    #[command(after_help = "\
Example:
  ops nurse add --name '佐藤 恵' --mail sato@example.jp --licences nurse,public-health-nurse")]
    Add {
        /// The name
        #[arg(long, value_parser = value::name)]
        name: PersonName,
        /// Where alerts and hand-overs go
        #[arg(long, value_name = "ADDRESS", value_parser = value::mail)]
        mail: MailAddress,
        /// At least one
        #[arg(long, required = true, value_delimiter = ',')]
        licences: Vec<LicenceName>,
    },
    /// List all nurses
    List,
    /// Remove a nurse
    Remove {
        /// The nurse's id
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Settings {
    /// Show the settings
    Show,
    /// Change what is given; the rest stays. Lists are replaced, and emptied by none
    #[command(after_help = "\
Examples:
  ops settings set --hours 9:00-17:30 --duty duty@example.jp
  ops settings set --terms https://kenko.example.jp/terms --privacy https://kenko.example.jp/privacy
  ops settings set --closure 12-29..01-03 --closure 08-13..08-15 --closed-on 2027-05-06
  ops settings set --closed-on none")]
    Set(SettingsChange),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct SettingsChange {
    /// When nurses answer on business days, in JST
    #[arg(long, value_name = "H:MM-H:MM", value_parser = settings::parse_hours)]
    pub hours: Option<BusinessHours>,
    /// Who gets the alert about danger words, at any hour; may be given again
    #[arg(long, value_name = "ADDRESS", value_parser = listed(value::mail))]
    pub duty: Option<Vec<Listed<MailAddress>>>,
    /// Who of the operator is told of set-aside files, waiting imports and erasures; may be given again
    #[arg(long, value_name = "ADDRESS", value_parser = listed(value::mail))]
    pub operator: Option<Vec<Listed<MailAddress>>>,
    /// Erase members who block the account for so many days
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(8..))]
    pub blocked_days: Option<u16>,
    /// Erase members whose number no roster has had for so many days; they are told a week before
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(8..))]
    pub unmatched_days: Option<u16>,
    /// Where the terms of use are published: people consent to them when they register
    #[arg(long, value_name = "URL")]
    pub terms: Option<WebLink>,
    /// Where the privacy notice is published
    #[arg(long, value_name = "URL")]
    pub privacy: Option<WebLink>,
    /// Where interviews by web take place; the interview's id is added
    #[arg(long, value_name = "URL")]
    pub meeting: Option<WebLink>,
    /// Closed every year from a day to a day; may be given again
    #[arg(long, value_name = "MM-DD..MM-DD", value_parser = listed(settings::parse_closure))]
    pub closure: Option<Vec<Listed<YearlyClosure>>>,
    /// Closed on one day; may be given again
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = listed(str::parse::<NaiveDate>))]
    pub closed_on: Option<Vec<Listed<NaiveDate>>>,
}

#[derive(Debug, Subcommand)]
pub enum Words {
    /// Show the list
    Show,
    /// Add words; widths, case and the two kana are the same, kanji and kana are not
    #[command(after_help = "Example:\n  ops words add つらすぎる 辛すぎる")]
    Add {
        /// The words
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Remove words, written as the list shows them
    Remove {
        /// The words
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Go back to the list that the system comes with
    Reset,
}

#[derive(Debug, Subcommand)]
pub enum Roster {
    /// Enter one person, or a new leave date
    #[command(after_help = "\
Examples:
  ops roster add ひかり商事株式会社 --number 204 --name '三浦 大輔'
  ops roster add ひかり商事株式会社 --number 204 --name '三浦 大輔' --leaves 2027-03-31")]
    Add {
        /// The tenant's id or name
        tenant: String,
        /// The employee number
        #[arg(long)]
        number: String,
        /// The name as HR writes it; the same name keeps its employment
        #[arg(long, value_parser = value::name)]
        name: PersonName,
        /// Last day of employment; without it the person stays
        #[arg(long, value_name = "YYYY-MM-DD")]
        leaves: Option<NaiveDate>,
    },
    /// Hand a file to the import, as if HR had delivered it; the contacts get the report by mail
    #[command(after_help = "\
CSV, TSV or .xlsx as docs/roster-files.md says. A monthly file says who joins and who leaves; a full one lists everybody.

Examples:
  ops roster deliver ひかり商事株式会社 2026-12.csv
  ops roster deliver ひかり商事株式会社 all.xlsx --full")]
    Deliver {
        /// The tenant's id or name
        tenant: String,
        /// The file
        file: PathBuf,
        /// It lists everybody
        #[arg(long)]
        full: bool,
    },
    /// Show what was delivered, and how the imports stand
    Deliveries {
        /// The tenant's id or name
        tenant: String,
    },
    /// Confirm a delivery that waits because many people leave; the contact and the operator both have to
    #[command(after_help = "\
Example:
  ops roster confirm ひかり商事株式会社 01JDFZ6B0000000000000000AA --by contact
  ops roster confirm ひかり商事株式会社 01JDFZ6B0000000000000000AA --by operator")]
    Confirm {
        /// The tenant's id or name
        tenant: String,
        /// The import, as `ops roster deliveries` shows it
        import: ImportId,
        /// Whose word it is
        #[arg(long)]
        by: ConfirmsName,
    },
    /// Refuse a delivery that waits: its file is deleted, and the contacts are told
    Refuse {
        /// The tenant's id or name
        tenant: String,
        /// The import, as `ops roster deliveries` shows it
        import: ImportId,
    },
    /// Show files that lie where none is taken, or belong to no tenant
    Aside,
    /// Show who has a number
    Show {
        /// The tenant's id or name
        tenant: String,
        /// The employee number
        #[arg(long)]
        number: String,
    },
    /// List leave dates that lie more than two months back: nobody is erased before one is confirmed
    Unconfirmed,
    /// Confirm such a date; the person is erased a day after it was reported
    #[command(after_help = "Example:\n  ops roster confirm-leave ひかり商事株式会社 --number 204")]
    ConfirmLeave {
        /// The tenant's id or name
        tenant: String,
        /// The employee number
        #[arg(long)]
        number: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Menu {
    /// Make the menus as they are drawn, where LINE does not have them, and delete older ones
    #[command(after_help = "\
Doing it again changes nothing. When the drawing has changed, members see the menu of everybody else until their next message.

Example:
  ops menu apply --channel main")]
    Apply {
        /// The channel; all of them where not given
        #[arg(long, value_name = "NAME")]
        channel: Option<ChannelName>,
    },
    /// Show what LINE has
    Show {
        /// The channel; all of them where not given
        #[arg(long, value_name = "NAME")]
        channel: Option<ChannelName>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Outbox {
    /// List what failed for good
    Failed,
    /// Send again, within minutes
    #[command(after_help = "Example:\n  ops outbox retry 'MEMBER#01J…/OUTBOX#67e5…'")]
    Retry {
        /// As `ops outbox failed` shows it
        key: String,
    },
}

impl From<TenantChange> for ops::tenant::TenantChange {
    fn from(change: TenantChange) -> Self {
        Self {
            name: change.name,
            channel: change.channel,
            language: change.language,
            number_width: change.number_width.map(|Width(width)| width),
            starts: change.starts,
            plans: change.plans.map(|plans| plans.into_iter().map(Into::into).collect()),
        }
    }
}

impl From<NewTenant> for ops::tenant::NewTenant {
    fn from(new: NewTenant) -> Self {
        let Width(number_width) = new.number_width;
        Self {
            name: new.name,
            channel: new.channel,
            language: new.language,
            number_width,
            starts: new.starts,
            plans: new.plans.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<SettingsChange> for settings::SettingsChange {
    fn from(change: SettingsChange) -> Self {
        Self {
            hours: change.hours,
            duty: value::list(change.duty),
            operators: value::list(change.operator),
            blocked_days: change.blocked_days,
            unmatched_days: change.unmatched_days,
            terms: change.terms,
            privacy: change.privacy,
            meeting: change.meeting,
            yearly: value::list(change.closure),
            days: value::list(change.closed_on).map(BTreeSet::from_iter),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn parse(line: &str) -> Result<Arguments, ErrorKind> {
        Arguments::try_parse_from(line.split_whitespace()).map_err(|error| error.kind())
    }

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_has_a_help_line() {
        fn walk(command: &clap::Command) {
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
            }
            for sub in command.get_subcommands() {
                assert!(sub.get_about().is_some(), "{}", sub.get_name());
                walk(sub);
            }
        }
        walk(&Arguments::command());
    }

    #[test]
    fn good_lines_are_understood() {
        for line in [
            "ops init --table t --key-table k --parameters /p",
            "ops --local tenant list",
            "ops tenant list --local=/data --json",
            "ops channel set main --channel-id 2000000001 --basic-id @123abcde",
            "ops tenant add --name さくら --channel main --starts 2026-12-01",
            "ops tenant add --name さくら --channel main --starts 2026-12-01 --plans employee-support,interview-support --number-width 6 --language en",
            "ops tenant set さくら --number-width none",
            "ops tenant end さくら --month 2027-01 --agreed",
            "ops tenant end さくら --withdraw",
            "ops nurse add --name 佐藤 --mail a@b.jp --licences nurse,public-health-nurse",
            "ops settings set --closure 12-29..01-03 --closure 08-14 --closed-on none",
            "ops words add つらい 辛い",
            "ops roster add さくら --number 204 --name 三浦 --leaves 2027-03-31",
            "ops menu apply",
            "ops menu show --channel main",
            "ops outbox retry MEMBER#1/OUTBOX#2",
            "ops settings set --blocked-days 365 --unmatched-days 30",
            "ops roster unconfirmed",
            "ops roster confirm-leave さくら --number 204",
            "ops purge list",
            "ops tenant desk set さくら harassment --name 相談室 --phone 03-1234-5678 --line 平日",
            "ops tenant desk remove さくら medical",
            "ops desk add --topics compliance,medical --name 窓口 --url https://desk.example.jp/",
            "ops desk own --name 推進室 --line 平日",
            "ops ledger verify さくら",
            "ops kpi さくら --json",
            "ops template add thanks.txt --title お礼 --topic mind",
            "ops purge certificate 01J0000000000000000000000A --json",
        ] {
            assert!(parse(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn bad_lines_are_refused_before_anything_is_called() {
        for (line, why) in [
            ("ops tenant set さくら", ErrorKind::MissingRequiredArgument),
            ("ops settings set", ErrorKind::MissingRequiredArgument),
            ("ops tenant end さくら", ErrorKind::MissingRequiredArgument),
            ("ops tenant end さくら --withdraw --month 2027-01", ErrorKind::ArgumentConflict),
            ("ops tenant end さくら --month 2027-13", ErrorKind::ValueValidation),
            ("ops tenant set さくら --number-width 21", ErrorKind::ValueValidation),
            ("ops settings set --hours 18:00-9:00", ErrorKind::ValueValidation),
            ("ops settings set --closure 02-30", ErrorKind::ValueValidation),
            ("ops settings set --unmatched-days 7", ErrorKind::ValueValidation),
            ("ops purge certificate x", ErrorKind::ValueValidation),
            ("ops tenant desk set さくら weather --name 相談室", ErrorKind::ValueValidation),
            ("ops desk add --name 窓口 --phone 119", ErrorKind::MissingRequiredArgument),
            ("ops desk own --name 窓口 --phone none", ErrorKind::ValueValidation),
            ("ops nurse add --name 佐藤 --mail a@b.jp --licences doctor", ErrorKind::InvalidValue),
            ("ops nurse add --name 佐藤 --mail nowhere --licences nurse", ErrorKind::ValueValidation),
            ("ops channel set Main --channel-id 1 --basic-id @a", ErrorKind::ValueValidation),
            ("ops channel set main --channel-id 1 --basic-id @a --secret s", ErrorKind::UnknownArgument),
        ] {
            assert_eq!(parse(line).map(|_| ()), Err(why), "{line}");
        }
    }

    #[test]
    fn none_empties_a_list_and_leaves_the_others() {
        let Command::Settings(Settings::Set(change)) = parse("ops settings set --closed-on none --duty a@b.jp").unwrap().command else {
            panic!("another command");
        };
        let change = settings::SettingsChange::from(change);
        assert_eq!(change.days, Some(BTreeSet::new()));
        assert_eq!(change.duty.map(|duty| duty.len()), Some(1));
        assert_eq!((change.yearly, change.hours), (None, None));
    }
}
