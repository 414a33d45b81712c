//! A tenant's passphrase (合言葉): kept as a hash only, and the lock-out of those who guess (row A2).

use std::fmt;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{PasswordHash, SaltString},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::time;

/// Memory in KiB. With [`PASSES`] and [`LANES`] the argon2id parameters that OWASP's Password Storage Cheat Sheet gives as the
/// minimum (19 MiB, 2, 1); they fit the smallest function.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Degree of parallelism.
const LANES: u32 = 1;

/// The shortest passphrase, in characters after normalisation.
pub const MIN_LENGTH: usize = 4;
/// The longest passphrase, in characters after normalisation.
pub const MAX_LENGTH: usize = 64;

/// An argon2id hash in the PHC string format, with its salt and parameters. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PassphraseHash(String);

/// Why a text cannot become a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPassphrase {
    /// Fewer than [`MIN_LENGTH`] characters.
    #[error("a passphrase has at least {MIN_LENGTH} characters")]
    TooShort,
    /// More than [`MAX_LENGTH`] characters.
    #[error("a passphrase has at most {MAX_LENGTH} characters")]
    TooLong,
    /// The hash could not be made; there was not enough memory.
    #[error("the passphrase could not be hashed")]
    Hashing,
}

/// What is stored is no argon2id hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an argon2id hash in the PHC string format")]
pub struct BadHash;

impl PassphraseHash {
    /// Hashes a new passphrase. The caller draws the salt at random, a fresh one for every passphrase.
    pub fn of(phrase: &str, salt: &[u8; 16]) -> Result<Self, BadPassphrase> {
        let phrase = normalised(phrase);
        match phrase.chars().count() {
            ..MIN_LENGTH => return Err(BadPassphrase::TooShort),
            MIN_LENGTH..=MAX_LENGTH => {}
            _ => return Err(BadPassphrase::TooLong),
        }
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| BadPassphrase::Hashing)?;
        let salt = SaltString::encode_b64(salt).map_err(|_| BadPassphrase::Hashing)?;
        let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(phrase.as_bytes(), &salt);
        Ok(Self(hash.map_err(|_| BadPassphrase::Hashing)?.to_string()))
    }

    /// Whether an attempt is the passphrase; upper and lower case differ. Takes tens of milliseconds, except for attempts
    /// of a length that no passphrase has.
    pub fn matches(&self, attempt: &str) -> bool {
        let attempt = normalised(attempt);
        // Verifying takes the parameters from the hash, so passphrases outlive a change of the constants.
        (MIN_LENGTH..=MAX_LENGTH).contains(&attempt.chars().count())
            && PasswordHash::new(&self.0).is_ok_and(|hash| Argon2::default().verify_password(attempt.as_bytes(), &hash).is_ok())
    }
}

/// Full and half width are the same, and blanks around do not count: a phone's keyboard decides about both.
fn normalised(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_owned()
}

impl fmt::Debug for PassphraseHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹redacted›")
    }
}

impl TryFrom<String> for PassphraseHash {
    type Error = BadHash;

    fn try_from(stored: String) -> Result<Self, BadHash> {
        let complete = |hash: PasswordHash<'_>| hash.algorithm == Algorithm::Argon2id.ident() && hash.salt.is_some() && hash.hash.is_some();
        if PasswordHash::new(&stored).is_ok_and(complete) { Ok(Self(stored)) } else { Err(BadHash) }
    }
}

impl From<PassphraseHash> for String {
    fn from(hash: PassphraseHash) -> Self {
        hash.0
    }
}

/// So many wrong tries lock a LINE user out.
pub const MAX_WRONG: u8 = 5;
/// For so long; and wrong tries are forgotten when none has followed for as long.
pub const LOCKED_FOR: TimeDelta = TimeDelta::minutes(15);

/// The wrong tries of one LINE user, who has none by default. A right passphrase does not forget them: it may be that of
/// another tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lockout {
    wrong: u8,
    /// When they are forgotten.
    #[serde(with = "time::stamped_option", default)]
    until: Option<DateTime<Utc>>,
}

/// Whether a LINE user may try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockState {
    /// An attempt may be judged.
    Open,
    /// No attempt is judged before that instant, not even a right one.
    LockedUntil(DateTime<Utc>),
}

impl Lockout {
    /// Whether an attempt at `now` may be judged.
    pub fn state(self, now: DateTime<Utc>) -> LockState {
        match self.until {
            Some(until) if now < until && self.wrong >= MAX_WRONG => LockState::LockedUntil(until),
            Some(_) | None => LockState::Open,
        }
    }

    /// After a wrong attempt at `now`. While locked nothing changes, so that going on to try does not prolong the lock.
    #[must_use]
    pub fn after_wrong(self, now: DateTime<Utc>) -> Self {
        if matches!(self.state(now), LockState::LockedUntil(_)) {
            return self;
        }
        let until = now.checked_add_signed(LOCKED_FOR).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Self { wrong: self.remembered(now).saturating_add(1), until: Some(until) }
    }

    /// Wrong tries that are left before the lock.
    pub fn tries_left(self, now: DateTime<Utc>) -> u8 {
        MAX_WRONG.saturating_sub(self.remembered(now))
    }

    fn remembered(self, now: DateTime<Utc>) -> u8 {
        if self.until.is_some_and(|until| now < until) { self.wrong } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    const SALT: [u8; 16] = *b"sixteen bytes ok";

    fn at(time: &str) -> DateTime<Utc> {
        format!("2026-11-24T{time}Z").parse().unwrap()
    }

    #[test]
    fn a_passphrase_matches_in_any_width_and_with_blanks_around() {
        let hash = PassphraseHash::of(" けんこう ２０２６ ", &SALT).unwrap();
        for (attempt, right) in
            [("けんこう 2026", true), ("けんこう\u{3000}２０２６\n", true), ("けんこう2026", false), ("ケンコウ 2026", false), ("", false)]
        {
            assert_eq!(hash.matches(attempt), right, "{attempt}");
        }
        assert!(!hash.matches(&"あ".repeat(5000)));
    }

    #[test]
    fn case_matters_and_the_salt_changes_the_hash() {
        let hash = PassphraseHash::of("Sakura", &SALT).unwrap();
        assert!(!hash.matches("sakura"));
        assert_ne!(hash, PassphraseHash::of("Sakura", &[7; 16]).unwrap());
    }

    #[test]
    fn the_hash_names_the_recommended_parameters_and_survives_the_table() {
        let hash = PassphraseHash::of("sakura", &SALT).unwrap();
        let stored = serde_json::to_string(&hash).unwrap();
        assert!(stored.starts_with(r#""$argon2id$v=19$m=19456,t=2,p=1$"#), "{stored}");
        assert_eq!(serde_json::from_str::<PassphraseHash>(&stored).unwrap(), hash);
        assert_eq!(format!("{hash:?}"), "‹redacted›");
        for other in ["", "sakura", "$argon2id$v=19$m=19456,t=2,p=1", "$argon2i$v=19$m=16,t=2,p=1$c2l4dGVlbiBieXRlcw$c2l4dGVlbiBieXRlcw"] {
            assert_eq!(PassphraseHash::try_from(other.to_owned()), Err(BadHash), "{other}");
        }
    }

    #[test]
    fn a_passphrase_has_four_to_sixty_four_characters() {
        for (phrase, why) in [
            ("", BadPassphrase::TooShort),
            ("  あいう  ", BadPassphrase::TooShort),
            ("abc", BadPassphrase::TooShort),
            ("あ".repeat(65).as_str(), BadPassphrase::TooLong),
        ] {
            assert_eq!(PassphraseHash::of(phrase, &SALT), Err(why), "{phrase}");
        }
        assert!(PassphraseHash::of("さくらの", &SALT).is_ok());
        assert!(PassphraseHash::of(&"あ".repeat(64), &SALT).is_ok());
    }

    fn after_five_wrong() -> Lockout {
        (0..5).fold(Lockout::default(), |lockout, second| lockout.after_wrong(at(&format!("10:00:0{second}"))))
    }

    #[test]
    fn the_fifth_wrong_try_locks_for_fifteen_minutes() {
        let four = (0..4).fold(Lockout::default(), |lockout, _| lockout.after_wrong(at("10:00:00")));
        assert_eq!(four.state(at("10:00:00")), LockState::Open);

        let five = after_five_wrong();
        assert_eq!(five.state(at("10:00:04")), LockState::LockedUntil(at("10:15:04")));
        assert_eq!(five.state(at("10:15:03.999")), LockState::LockedUntil(at("10:15:04")));
        assert_eq!(five.state(at("10:15:04")), LockState::Open);
    }

    #[test]
    fn a_lock_is_not_prolonged_and_after_it_there_are_five_tries_again() {
        let locked = after_five_wrong();
        assert_eq!(locked.after_wrong(at("10:10:00")), locked);

        let again = (0..4).fold(locked, |lockout, _| lockout.after_wrong(at("10:15:04")));
        assert_eq!(again.state(at("10:15:04")), LockState::Open);
        assert_eq!(again.after_wrong(at("10:20:00")).state(at("10:20:00")), LockState::LockedUntil(at("10:35:00")));
    }

    #[test]
    fn wrong_tries_are_forgotten_fifteen_minutes_after_the_last() {
        let four = (0..4).fold(Lockout::default(), |lockout, _| lockout.after_wrong(at("10:00:00")));
        assert_eq!(four.tries_left(at("10:14:59")), 1);
        assert_eq!(four.tries_left(at("10:15:00")), MAX_WRONG);
        assert_eq!(four.after_wrong(at("10:15:00")).tries_left(at("10:15:00")), 4);
        assert_eq!(four.after_wrong(at("10:14:59")).state(at("10:14:59")), LockState::LockedUntil(at("10:29:59")));
    }

    #[test]
    fn a_lock_is_stored_with_a_sortable_instant() {
        let json = r#"{"wrong":5,"until":"2026-11-24T10:15:04.000Z"}"#;
        assert_eq!(serde_json::to_string(&after_five_wrong()).unwrap(), json);
        assert_eq!(serde_json::from_str::<Lockout>(json).unwrap(), after_five_wrong());
        assert_eq!(serde_json::from_str::<Lockout>(r#"{"wrong":0}"#).unwrap(), Lockout::default());
    }
}
