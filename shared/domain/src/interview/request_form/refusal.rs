//! Why a change of a request form is not taken.

use crate::phrase::Phrase;

use super::{LARGEST_FILE, LONGEST_REASON, MOST_FILES};

/// Why a change is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// Reason and wishes are too long.
    #[error("reason and wishes have at most {LONGEST_REASON} characters")]
    LongReason,
    /// There is nothing in the file.
    #[error("the file is empty")]
    Empty,
    /// The file is too large.
    #[error("the file has more than {LARGEST_FILE} bytes")]
    TooLarge,
    /// The file is of no kind that is kept.
    #[error("the file is none of PDF, JPEG, PNG and HEIC")]
    OtherType,
    /// There is no place left.
    #[error("there are {MOST_FILES} files")]
    TooMany,
    /// The interview is over.
    #[error("the interview is over")]
    IsOver,
}

impl NotTaken {
    /// What the contact is told.
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::LongReason => Phrase::InterviewRequestLongWishes,
            Self::Empty => Phrase::InterviewFormEmptyFile,
            Self::TooLarge => Phrase::InterviewFormLargeFile,
            Self::OtherType => Phrase::InterviewFormOtherFile,
            Self::TooMany => Phrase::InterviewFormManyFiles,
            Self::IsOver => Phrase::InterviewFormIsOver,
        }
    }
}
