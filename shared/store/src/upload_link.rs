//! The link by which a member adds documents to one consultation (row B5): it names member, consultation and LINE user by the ids
//! that stand in keys, says until when it is good, and carries a keyed digest of all that, so that nobody makes or changes one.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ulid::Ulid;

use domain::id::{ConsultationId, MemberId};

use crate::{Installation, installation::Digest};

/// How long a link is good.
pub const LIFE: TimeDelta = TimeDelta::days(7);

/// What a genuine link says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadLink {
    /// Who adds documents.
    pub member: MemberId,
    /// To which consultation.
    pub consultation: ConsultationId,
    /// The LINE user who has to be that member still.
    pub user: Digest,
    /// From when on it is good no more.
    pub expires_at: DateTime<Utc>,
}

const WORD: usize = size_of::<u128>();
const EXPIRES: usize = 3 * WORD;
const PROOF: usize = EXPIRES + size_of::<i64>();
const LEN: usize = PROOF + WORD;

impl Installation {
    /// The path of the page below `HOKEN_UPLOADS` where the member, who is this LINE user, adds documents to the consultation
    /// for a week from `now` on: 96 characters.
    pub fn upload_path(&self, member: MemberId, consultation: ConsultationId, user: &Digest, now: DateTime<Utc>) -> String {
        let mut link = Vec::with_capacity(LEN);
        for id in [member.ulid().0, consultation.ulid().0, user.bits()] {
            link.extend(id.to_be_bytes());
        }
        link.extend((now + LIFE).timestamp().to_be_bytes());
        let proof = self.upload_proof(&link);
        link.extend(proof.to_be_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(link)
    }

    /// What the link at this path says, also where it is good no more; `None` where we did not make it.
    pub fn upload_link(&self, path: &str) -> Option<UploadLink> {
        let link: [u8; LEN] = BASE64_URL_SAFE_NO_PAD.decode(path).ok()?.try_into().ok()?;
        let (said, proof) = link.split_at_checked(PROOF)?;
        if !self.is_same(&self.upload_proof(said).to_be_bytes(), proof) {
            return None;
        }
        let word = |n: usize| Some(u128::from_be_bytes(said.get(n * WORD..(n + 1) * WORD)?.try_into().ok()?));
        let expires = i64::from_be_bytes(said.get(EXPIRES..)?.try_into().ok()?);
        Some(UploadLink {
            member: MemberId::new(Ulid(word(0)?)),
            consultation: ConsultationId::new(Ulid(word(1)?)),
            user: Digest::of_bits(word(2)?),
            expires_at: DateTime::from_timestamp(expires, 0)?,
        })
    }

    fn upload_proof(&self, said: &[u8]) -> u128 {
        self.bits(&["upload", &BASE64_URL_SAFE_NO_PAD.encode(said)])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use domain::personal::LineUserId;

    #[test]
    fn a_link_says_what_it_was_made_for_and_no_other_link_says_anything() {
        let installation = Installation::new(&[1; 32]).unwrap();
        let user = installation.line_user(&LineUserId::new("U4af4980629f2c5ad2a0f6f7d0e2c9d71"));
        let (member, consultation) = (MemberId::new(Ulid(7)), ConsultationId::new(Ulid(u128::MAX)));
        let now = "2026-11-24T10:00:00.750+09:00".parse::<DateTime<Utc>>().unwrap();
        let path = installation.upload_path(member, consultation, &user, now);
        assert_eq!(path.len(), 96);
        let expires_at = "2026-12-01T10:00:00+09:00".parse().unwrap();
        assert_eq!(installation.upload_link(&path), Some(UploadLink { member, consultation, user, expires_at }));
        assert_eq!(Installation::new(&[2; 32]).unwrap().upload_link(&path), None);
        for (at, character) in path.char_indices() {
            let other = if character == 'A' { "B" } else { "A" };
            let forged = format!("{}{other}{}", &path[..at], &path[at + 1..]);
            assert_eq!(installation.upload_link(&forged), None, "{forged}");
        }
        for other in ["", "A", &path[4..], &format!("{path}AAAA"), &format!("{path}=")] {
            assert_eq!(installation.upload_link(other), None, "{other}");
        }
    }
}
