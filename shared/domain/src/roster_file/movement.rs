//! The words of 区分.

use unicode_normalization::UnicodeNormalization;

/// What 区分 says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// 入社.
    Joins,
    /// 退職.
    Leaves,
    /// 退職取消.
    Stays,
}

impl Movement {
    /// Every movement.
    pub const ALL: [Self; 3] = [Self::Joins, Self::Leaves, Self::Stays];

    /// The words that mean it; the first is the one that we write. Compared after NFKC, without spaces and in lower case.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Joins => &[
                "入社",
                "入社者",
                "新入社",
                "新入社員",
                "入職",
                "採用",
                "新規採用",
                "中途採用",
                "新卒採用",
                "中途入社",
                "新卒入社",
                "再入社",
                "転入",
                "join",
                "joins",
                "joined",
                "joiner",
                "hire",
                "hired",
                "newhire",
            ],
            Self::Leaves => &[
                "退職",
                "退職者",
                "退社",
                "退社者",
                "離職",
                "定年退職",
                "転出",
                "leave",
                "leaves",
                "left",
                "leaver",
                "resigned",
                "retired",
            ],
            Self::Stays => &["退職取消", "退職取消し", "退職取り消し", "取消", "取消し", "取り消し", "cancel", "cancelled"],
        }
    }

    /// The word that we write ourselves.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Joins => "入社",
            Self::Leaves => "退職",
            Self::Stays => "退職取消",
        }
    }

    /// Reads the cell; `None` where the word is not known.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.trim();
        if let Some(movement) = Self::ALL.into_iter().find(|movement| movement.word() == plain) {
            return Some(movement);
        }
        let folded: String = text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        Self::ALL.into_iter().find(|movement| movement.words().contains(&folded.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_with_other_spaces_widths_and_cases() {
        for movement in Movement::ALL {
            assert_eq!(movement.words().first(), Some(&movement.word()));
            for word in movement.words() {
                let spaced: String = word.chars().flat_map(|c| [c, '\u{3000}']).collect();
                for text in [(*word).to_owned(), word.to_uppercase(), spaced] {
                    assert_eq!(Movement::parse(&text), Some(movement), "{text}");
                }
            }
        }
        assert_eq!(Movement::parse("Ｎｅｗ　Ｈｉｒｅ"), Some(Movement::Joins));
        for other in ["", "正社員", "休職", "異動", "入社退職", "退", "1"] {
            assert_eq!(Movement::parse(other), None, "{other}");
        }
    }
}
