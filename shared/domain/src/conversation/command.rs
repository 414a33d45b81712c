//! Chat texts that a member means as an instruction. Only the exact words count: everything else is a consultation.

use unicode_normalization::UnicodeNormalization;

/// An instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// 退会.
    Leave,
    /// Change the employee number.
    ChangeNumber,
    /// Correct the name.
    ChangeName,
    /// Break off what was begun.
    Cancel,
}

impl Command {
    /// The command that `text` is, in either language.
    pub fn parse(text: &str) -> Option<Self> {
        let folded: String = text.nfkc().collect::<String>().trim().to_lowercase();
        match folded.as_str() {
            "退会" | "leave" => Some(Self::Leave),
            "社員番号変更" | "社員番号を直す" | "change number" => Some(Self::ChangeNumber),
            "氏名変更" | "お名前を直す" | "change name" => Some(Self::ChangeName),
            "やめる" | "キャンセル" | "cancel" => Some(Self::Cancel),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_words_are_commands() {
        for (text, command) in [
            ("退会", Some(Command::Leave)),
            (" Leave ", Some(Command::Leave)),
            ("社員番号変更", Some(Command::ChangeNumber)),
            ("ｷｬﾝｾﾙ", Some(Command::Cancel)),
            ("退会したい", None),
            ("会社を退会する方法", None),
            ("", None),
        ] {
            assert_eq!(Command::parse(text), command, "{text}");
        }
    }
}
