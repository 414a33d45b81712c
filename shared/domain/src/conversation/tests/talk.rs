//! One LINE user, the companies and their rosters, and a clock.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use ulid::Ulid;

use crate::{
    calendar::{BusinessCalendar, BusinessHours, Closures, Holidays},
    conversation::{Act, Attachment, Consult, Content, Decision, Effect, Fresh, Situation, Sticker, decide, look_ups},
    danger::DangerWords,
    documents::Documents,
    employee,
    id::{ConsultationId, DocumentId, EmploymentId, KeyGeneration, MemberId, TenantId},
    interview::allowance::Allowance,
    line_user::{LineUser, Member},
    passphrase::PassphraseHash,
    personal::{EmployeeNumber, MessageText},
    roster::{Employment, Leave, RosterRow},
    tenant::{Contract, Plan, Tenant},
    text::{Choice, Language, Text},
    time,
};

use super::laws::Laws;

/// A company without a passphrase, whose numbers have five digits.
pub const MIDORI: TenantId = TenantId::new(Ulid(1));
pub const MIDORI_CODE: &str = "登録コード ABCD2345";
/// A company with a passphrase, which speaks English.
pub const AOBA: TenantId = TenantId::new(Ulid(2));
pub const AOBA_CODE: &str = "登録コード EFGH6789";
pub const AOBA_PASSPHRASE: &str = "けんこう2026";

/// 山田 太郎 of MIDORI.
pub const YAMADA: &str = "00123";
/// 佐藤 花子 of MIDORI, who leaves on 15 December 2026.
pub const SATO: &str = "00200";
/// 鈴木 一郎 of MIDORI, who left on 15 October 2026.
pub const SUZUKI: &str = "00300";
/// On no roster.
pub const NOBODY: &str = "99999";
/// John Smith of AOBA.
pub const SMITH: &str = "A-77";

/// A Tuesday in business time.
pub const TUESDAY: &str = "2026-11-24 10:00:00";

/// An instant by the Japanese clock.
pub fn at(jst: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(jst, "%Y-%m-%d %H:%M:%S").unwrap();
    time::jst_instant(local.date(), local.time())
}

/// A hash with the weakest parameters, so that thousands of tries take no time.
fn quick_hash(phrase: &str) -> PassphraseHash {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::SaltString};
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    let salt = SaltString::encode_b64(b"sixteen bytes ok").unwrap();
    weak.hash_password(phrase.as_bytes(), &salt).unwrap().to_string().try_into().unwrap()
}

fn tenant(id: TenantId, name: &str, code: &str) -> Tenant {
    Tenant {
        id,
        name: name.to_owned(),
        code: code.parse().unwrap(),
        channel: "main".parse().unwrap(),
        language: Language::Ja,
        number_width: None,
        passphrase: None,
        contract: Contract { starts: "2026-10-01".parse().unwrap(), last_day: None, plans: [Plan::EmployeeSupport].into() },
        desks: [].into(),
        in_charge: None,
        allowance: Allowance::default(),
    }
}

pub struct Talk {
    pub user: LineUser,
    pub tenants: BTreeMap<TenantId, Tenant>,
    pub roster: BTreeMap<(TenantId, EmployeeNumber), RosterRow>,
    pub now: DateTime<Utc>,
    /// Whether somebody is on duty.
    pub duty: bool,
    /// What the last act led to.
    pub last: Decision,
    /// Everything that was kept.
    pub consults: Vec<Consult>,
    laws: Laws,
    ids: u128,
}

impl Talk {
    /// A stranger at this time of the Japanese clock.
    pub fn at(jst: &str) -> Self {
        let midori = Tenant { number_width: Some(5.try_into().unwrap()), ..tenant(MIDORI, "みどり商事", "ABCD2345") };
        let passphrase = Some(quick_hash(AOBA_PASSPHRASE));
        let aoba = Tenant { passphrase, language: Language::En, ..tenant(AOBA, "Aoba Works", "EFGH6789") };
        let mut talk = Self {
            user: LineUser::default(),
            tenants: [(MIDORI, midori), (AOBA, aoba)].into(),
            roster: BTreeMap::new(),
            now: at(jst),
            duty: true,
            last: Decision { user: LineUser::default(), say: Vec::new(), language: Language::Ja, effects: Vec::new() },
            consults: Vec::new(),
            laws: Laws::default(),
            ids: 1000,
        };
        talk.employs(MIDORI, YAMADA, "山田 太郎", None);
        talk.employs(MIDORI, SATO, "佐藤 花子", Some("2026-12-15"));
        talk.employs(MIDORI, SUZUKI, "鈴木 一郎", Some("2026-10-15"));
        talk.employs(AOBA, SMITH, "John Smith", None);
        talk
    }

    /// A member of MIDORI who gave this number on that Tuesday and has not written yet.
    pub fn of_member(number: &str) -> Self {
        let mut talk = Self::at(TUESDAY);
        talk.says(MIDORI_CODE).says(number).touches(Choice::Consent);
        talk
    }

    /// A member whose consultation is open, and whose name has been asked for.
    pub fn of_asking_member(number: &str) -> Self {
        let mut talk = Self::of_member(number);
        talk.says("夜よく眠れません").hears("consultation-explained consultation-received name-ask");
        talk
    }

    pub fn says(&mut self, text: &str) -> &mut Self {
        self.does(&Act::Text(MessageText::new(text)))
    }

    pub fn touches(&mut self, choice: Choice) -> &mut Self {
        self.does(&Act::Choice(choice))
    }

    pub fn follows(&mut self) -> &mut Self {
        self.does(&Act::Follow)
    }

    pub fn blocks(&mut self) -> &mut Self {
        self.does(&Act::Unfollow)
    }

    pub fn sends_a_sticker(&mut self) -> &mut Self {
        self.does(&Act::Sent(Attachment::Sticker(Sticker { package: None, sticker: None, text: None })))
    }

    pub fn sends_a_picture(&mut self) -> &mut Self {
        self.does(&Act::Sent(Attachment::Picture))
    }

    /// Gathers only what [`look_ups`] names, decides, and carries the decision out.
    pub fn does(&mut self, act: &Act) -> &mut Self {
        let own = [self.user.member.as_ref().map(|member| member.tenant), self.user.dialogue.as_ref().map(|dialogue| dialogue.tenant)];
        let known = |id: TenantId| self.tenants.get(&id).map(|tenant| (id, tenant.clone()));
        let mut tenants: BTreeMap<TenantId, Tenant> = own.into_iter().flatten().filter_map(known).collect();
        let needed = look_ups(&self.user, &tenants, act);
        let code = needed.code.and_then(|code| self.tenants.values().find(|tenant| tenant.code == code)).map(|tenant| tenant.id);
        tenants.extend(code.and_then(known));
        let row = |key| self.roster.get(&key).map(|row| (key, row.clone()));
        let rows = needed.numbers.into_iter().filter_map(row).collect();
        let calendar = BusinessCalendar { holidays: Holidays::shipped(), hours: BusinessHours::default(), closures: Closures::default() };
        let documents = Documents::default();
        let situation = Situation {
            user: self.user.clone(),
            tenants: &tenants,
            code,
            rows: &rows,
            now: self.now,
            at: self.now,
            calendar: &calendar,
            documents: &documents,
            danger: DangerWords::default_list(),
            duty: self.duty,
            fresh: self.fresh(),
        };
        let decision = decide(situation, act);
        self.laws.hold(&self.user, &self.tenants, &self.roster, self.now, act, &decision);
        self.user = decision.user.clone();
        let kept = |effect: &Effect| if let Effect::Consult(consult) = effect { Some(consult.clone()) } else { None };
        self.consults.extend(decision.effects.iter().filter_map(kept));
        self.last = decision;
        self
    }

    fn fresh(&mut self) -> Fresh {
        self.ids += 1;
        let ulid = Ulid(self.ids);
        Fresh {
            member: MemberId::new(ulid),
            key: KeyGeneration::new(ulid),
            consultation: ConsultationId::new(ulid),
            document: DocumentId::new(ulid),
        }
    }

    /// The bubbles of the last answer, by their keys in the catalogue.
    #[track_caller]
    pub fn hears(&mut self, keys: &str) -> &mut Self {
        let heard: Vec<&str> = self.last.say.iter().map(|say| say.text.key()).collect();
        assert_eq!(heard, keys.split_whitespace().collect::<Vec<_>>());
        self
    }

    /// The one bubble with this text.
    #[track_caller]
    pub fn hears_text(&mut self, text: &Text) -> &mut Self {
        assert!(self.last.say.iter().any(|say| say.text == *text), "{text:?} is not in {:?}", self.last.say);
        self
    }

    /// The choices under the last bubble.
    #[track_caller]
    pub fn may_touch(&mut self, choices: &[Choice]) -> &mut Self {
        assert_eq!(self.last.say.last().map(|say| say.choices.as_slice()), Some(choices));
        self
    }

    /// What the last act changed beside the user's own item.
    #[track_caller]
    pub fn changes(&mut self, names: &str) -> &mut Self {
        let name = |effect: &Effect| match effect {
            Effect::MakeKey { .. } => "make-key",
            Effect::DestroyKey { .. } => "destroy-key",
            Effect::Register { .. } => "register",
            Effect::MoveClaim { .. } => "move-claim",
            Effect::Erase { .. } => "erase",
            Effect::Consult(_) => "consult",
            Effect::AlertDuty { .. } => "alert-duty",
            Effect::ShowMenu(_) => "show-menu",
            Effect::AlarmCalendar => "alarm-calendar",
        };
        assert_eq!(self.last.effects.iter().map(name).collect::<Vec<_>>(), names.split_whitespace().collect::<Vec<_>>());
        self
    }

    pub fn passes(&mut self, time: TimeDelta) -> &mut Self {
        self.now += time;
        self
    }

    pub fn is_at(&mut self, jst: &str) -> &mut Self {
        self.now = at(jst);
        self
    }

    /// A nurse closes the consultation.
    pub fn is_answered_for_good(&mut self) -> &mut Self {
        if let Some(member) = &mut self.user.member {
            member.intake.open = None;
        }
        self
    }

    /// The roster reports an employment, after those that it has of the number.
    pub fn employs(&mut self, tenant: TenantId, number: &str, name: &str, leaves: Option<&str>) -> &mut Self {
        self.ids += 1;
        let id = EmploymentId::new(Ulid(self.ids));
        let leave = leaves.map(|date| Leave::reported(date.parse().unwrap(), DateTime::UNIX_EPOCH));
        let employment = Employment { id, name: employee::parse_name(name).unwrap(), joined: None, leave, kept_on_at: None };
        let number = self.number(tenant, number);
        let row = self.roster.entry((tenant, number.clone())).or_insert_with(|| RosterRow { number, employments: Vec::new() });
        row.employments.push(employment);
        self
    }

    /// The roster reports that all who hold the number leave.
    pub fn ends_employment(&mut self, tenant: TenantId, number: &str, leaves: &str) -> &mut Self {
        let key = (tenant, self.number(tenant, number));
        for employment in self.roster.get_mut(&key).into_iter().flat_map(|row| &mut row.employments) {
            employment.leave = Some(Leave::reported(leaves.parse().unwrap(), DateTime::UNIX_EPOCH));
        }
        self
    }

    /// The purge took the roster's row.
    pub fn forgets_row(&mut self, tenant: TenantId, number: &str) -> &mut Self {
        let key = (tenant, self.number(tenant, number));
        self.roster.remove(&key);
        self
    }

    pub fn tenant(&mut self, id: TenantId) -> &mut Tenant {
        self.tenants.get_mut(&id).unwrap()
    }

    pub fn member(&self) -> &Member {
        self.user.member.as_ref().unwrap()
    }

    pub fn number(&self, tenant: TenantId, number: &str) -> EmployeeNumber {
        employee::parse_number(number, self.tenants[&tenant].number_width).unwrap()
    }

    /// All words that were kept, in order.
    pub fn kept(&self) -> Vec<&str> {
        let words = |consult| if let &Consult { content: Content::Text(ref text), .. } = consult { Some(text.expose()) } else { None };
        self.consults.iter().filter_map(words).collect()
    }

    /// The keys that exist, as the effects left them: the dialogue's and the member's.
    pub fn keys(&self) -> usize {
        self.laws.keys()
    }
}
