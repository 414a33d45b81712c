//! Why an act on an interview changes nothing.

use crate::{calendar::BeyondHolidays, phrase::Phrase};

/// Why an act changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The ten minutes are over.
    #[error("the hold is over")]
    HoldOver,
    /// The slot has begun.
    #[error("the slot has begun")]
    SlotBegun,
    /// An approval could not come in time any more.
    #[error("the interview is extra, and too soon for an approval")]
    TooSoonForApproval,
    /// It belongs to another company.
    #[error("the interview belongs to another tenant")]
    OtherTenant,
    /// It would become another employee's.
    #[error("the interview is of another employee")]
    OtherEmployee,
    /// It can be cancelled, but not moved any more.
    #[error("the deadline for moving is over")]
    TooLate,
    /// The interview has begun: a nurse records how it went.
    #[error("the interview has begun")]
    HasBegun,
    /// The interview has not begun.
    #[error("the interview has not begun")]
    NotBegun,
    /// The approval did not come in time.
    #[error("the approval did not come in time")]
    HasLapsed,
    /// The approval can still come.
    #[error("the approval can still come")]
    NotLapsed,
    /// The nurse is not in charge of the company.
    #[error("the nurse is not in charge of the tenant")]
    NotInCharge,
    /// The nurse neither holds it nor is in charge of the company.
    #[error("the interview is another nurse's")]
    NotYours,
    /// It awaits no approval.
    #[error("the interview awaits no approval")]
    AwaitsNothing,
    /// It is not confirmed.
    #[error("the interview is not confirmed")]
    NotConfirmed,
    /// It is over.
    #[error("the interview is over")]
    IsOver,
    /// How it went is not recorded.
    #[error("how the interview went is not recorded")]
    NotRecorded,
    /// It was recorded too long ago.
    #[error("the record is too old to be corrected")]
    TooLateToCorrect,
    /// That is what is recorded.
    #[error("the record says so already")]
    RecordedSo,
    /// The deadline is not known.
    #[error(transparent)]
    Beyond(#[from] BeyondHolidays),
}

impl Refusal {
    /// What whoever tried it is told.
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::HoldOver => Phrase::InterviewRefuseHoldOver,
            Self::SlotBegun => Phrase::InterviewRefuseSlotBegun,
            Self::TooSoonForApproval => Phrase::InterviewRefuseTooSoon,
            Self::OtherTenant => Phrase::InterviewAdmitOtherTenant,
            Self::OtherEmployee => Phrase::InterviewRefuseOtherEmployee,
            Self::TooLate => Phrase::InterviewRefuseTooLate,
            Self::HasBegun => Phrase::InterviewRefuseHasBegun,
            Self::NotBegun => Phrase::InterviewRefuseNotBegun,
            Self::HasLapsed => Phrase::InterviewRefuseHasLapsed,
            Self::NotLapsed => Phrase::InterviewRefuseNotLapsed,
            Self::NotInCharge => Phrase::InterviewRefuseNotInCharge,
            Self::NotYours => Phrase::InterviewRefuseNotYours,
            Self::AwaitsNothing => Phrase::InterviewRefuseAwaitsNothing,
            Self::NotConfirmed => Phrase::InterviewRefuseNotConfirmed,
            Self::IsOver => Phrase::InterviewRefuseIsOver,
            Self::NotRecorded => Phrase::InterviewRefuseNotRecorded,
            Self::TooLateToCorrect => Phrase::InterviewRefuseTooLateToCorrect,
            Self::RecordedSo => Phrase::InterviewRefuseRecordedSo,
            Self::Beyond(_) => Phrase::InterviewRefuseBeyond,
        }
    }
}
