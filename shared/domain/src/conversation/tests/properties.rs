//! Whatever a user does and whatever happens around them, the laws of [`super::laws`] hold after every act.

use chrono::TimeDelta;
use proptest::prelude::*;

use crate::text::Choice;

use super::talk::{AOBA, AOBA_CODE, AOBA_PASSPHRASE, MIDORI, MIDORI_CODE, NOBODY, SATO, SMITH, SUZUKI, TUESDAY, Talk, YAMADA};

const TEXTS: [&str; 26] = [
    MIDORI_CODE,
    AOBA_CODE,
    "ABCD2345",
    "登録コード ZZZZ9999",
    YAMADA,
    SATO,
    SUZUKI,
    NOBODY,
    SMITH,
    AOBA_PASSPHRASE,
    "まちがい",
    "夜よく眠れません",
    "I have had 3 days of fever",
    "38.5",
    "help",
    "もう死にたいです",
    "山田 太郎",
    "佐藤花子",
    "高橋 健",
    "メタボ",
    "退会",
    "社員番号変更",
    "氏名変更",
    "やめる",
    "",
    "\n",
];

/// Small enough that sequences meet each other's consequences.
#[derive(Debug, Clone, Copy)]
enum Happening {
    Says(&'static str),
    Touches(Choice),
    Follows,
    Blocks,
    SendsASticker,
    SendsAPicture,
    Passes(TimeDelta),
    NurseCloses,
    RosterAdds(&'static str),
    RosterEnds(&'static str),
    RosterForgets(&'static str),
    PassphraseDropped,
    ContractEnds,
}

fn happening() -> impl Strategy<Value = Happening> {
    let minutes = [1, 15, 60, 12 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60, 40 * 24 * 60];
    let numbers = prop::sample::select(vec![YAMADA, SATO, SUZUKI, NOBODY]);
    prop_oneof![
        12 => prop::sample::select(TEXTS.to_vec()).prop_map(Happening::Says),
        6 => prop::sample::select(Choice::ALL.to_vec()).prop_map(Happening::Touches),
        1 => Just(Happening::Follows),
        1 => Just(Happening::Blocks),
        1 => Just(Happening::SendsASticker),
        1 => Just(Happening::SendsAPicture),
        2 => prop::sample::select(minutes.to_vec()).prop_map(|minutes| Happening::Passes(TimeDelta::minutes(minutes))),
        2 => Just(Happening::NurseCloses),
        1 => numbers.clone().prop_map(Happening::RosterAdds),
        1 => numbers.clone().prop_map(Happening::RosterEnds),
        1 => numbers.prop_map(Happening::RosterForgets),
        1 => Just(Happening::PassphraseDropped),
        1 => Just(Happening::ContractEnds),
    ]
}

fn happens(talk: &mut Talk, happening: Happening) -> &mut Talk {
    match happening {
        Happening::Says(text) => talk.says(text),
        Happening::Touches(choice) => talk.touches(choice),
        Happening::Follows => talk.follows(),
        Happening::Blocks => talk.blocks(),
        Happening::SendsASticker => talk.sends_a_sticker(),
        Happening::SendsAPicture => talk.sends_a_picture(),
        Happening::Passes(time) => talk.passes(time),
        Happening::NurseCloses => talk.is_answered_for_good(),
        Happening::RosterAdds(number) => talk.employs(MIDORI, number, "高橋 健", None),
        Happening::RosterEnds(number) => talk.ends_employment(MIDORI, number, "2026-11-10"),
        Happening::RosterForgets(number) => talk.forgets_row(MIDORI, number),
        Happening::PassphraseDropped => {
            talk.tenant(AOBA).passphrase = None;
            talk
        }
        Happening::ContractEnds => {
            talk.tenant(MIDORI).contract.last_day = Some("2026-12-31".parse().unwrap());
            talk
        }
    }
}

/// Somebody new, and members of every standing.
fn beginning() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![Just(None), prop::sample::select(vec![YAMADA, SATO, NOBODY]).prop_map(Some)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_laws_hold_whatever_happens(beginning in beginning(), story in prop::collection::vec(happening(), 1..60)) {
        let mut talk = beginning.map_or_else(|| Talk::at(TUESDAY), Talk::of_member);
        for next in story {
            happens(&mut talk, next);
        }
    }

    #[test]
    fn the_laws_hold_for_any_text_of_a_member(story in prop::collection::vec("\\PC{0,30}|[0-9A-Za-z ]{0,25}|[ぁ-ん]{1,8}|[一-龠]{2,5}", 1..8), asked_for_number in any::<bool>()) {
        let mut talk = Talk::of_asking_member(YAMADA);
        for text in story {
            if asked_for_number {
                talk.touches(Choice::ChangeNumber);
            }
            talk.says(&text);
        }
    }
}
