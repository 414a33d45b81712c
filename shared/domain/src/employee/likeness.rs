//! Could a chat text be a person's name?

use unicode_normalization::UnicodeNormalization;

use super::{is_invisible, is_variation_selector};

/// Whether a text could be a person's name, so that an answer to 「お名前を教えてください」 is told from a health question.
///
/// When in doubt it says no: a name that is not seen can be asked for again, a question taken for a name annoys a person who
/// needs help. It wants one line of 2 to 20 letters (kanji, kana, Latin, Hangul and so on, with `・ - ' .` between them) in at
/// most four words, and says no to endings of Japanese sentences, particles after kanji, words and kanji of illness, and
/// the commonest words of a chat. Latin letters must be at least two capitalised words, because one word may be any word.
///
/// It cannot know: 「メタボ」 and 「花粉」 pass, 「佐藤はる」 might as well be a verb. So a yes makes a candidate only, which the roster or the
/// person confirms, and either way the text is also kept as part of the consultation (row A3).
pub fn looks_like_name(text: &str) -> bool {
    let text: String = text.nfkc().filter(|c| !is_invisible(*c) && !is_variation_selector(*c)).collect();
    let text = text.trim();
    if text.chars().any(|c| c != ' ' && !is_name_letter(c) && !is_joint(c)) {
        return false;
    }
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let letters = text.chars().filter(|c| is_name_letter(*c)).count();
    (2..=20).contains(&letters)
        && words.len() <= 4
        && words.iter().all(|word| word.starts_with(|c| is_name_letter(c) && c != 'ー'))
        && is_capitalised(&words)
        && !is_chat_word(text)
        && !text.chars().any(|c| ILLNESS.contains(c))
        && !words.iter().any(|word| has_particle(word))
        && !words.last().is_some_and(|word| ends_like_a_sentence(word))
}

/// Letters of any script, with the marks that belong to them; `々` and `ー` count among them.
fn is_name_letter(c: char) -> bool {
    c.is_alphabetic()
}

/// What may stand between the parts of a name.
const fn is_joint(c: char) -> bool {
    matches!(c, '・' | '-' | '‐' | '\'' | '’' | '.')
}

/// Names in Latin letters are at least two words, of which the first and the last begin with a capital (`Ludwig van Beethoven`).
fn is_capitalised(words: &[&str]) -> bool {
    let latin = |word: &&&str| word.starts_with(|c: char| c.is_alphabetic() && (c.is_lowercase() || c.is_uppercase()));
    if !words.iter().any(|word| latin(&word)) {
        return true;
    }
    let capital = |word: Option<&&str>| word.is_some_and(|word| !latin(&word) || word.starts_with(char::is_uppercase));
    words.len() >= 2 && capital(words.first()) && capital(words.last())
}

/// Kanji that speak of illness or distress and that hardly any Japanese name uses. Those of known surnames are left out:
/// 腰 (腰塚), 苦 (苦米地), 辛 (辛島), 肝 (肝付), 頭 (鬼頭), 熱 (熱田), 薬 (薬師寺), 毒 (毒島).
const ILLNESS: &str = "痛症病診療癌疲咳痰嘔吐腫痒痺痢疹膚患剤眠悩鬱怖悸眩喘妊娠尿便血圧膝胃腸肺腎脳喉鼻歯腹寝死殺欲";

/// Words that no name holds.
const CHAT_PARTS: &str = "\
    相談 質問 健康 面談 予約 検査 看護 産業医 仕事 会社 職場 上司 残業 休職 復職 転職 人間 育児 介護 離婚 借金 孤独 至急 \
    障害 体調 不調 不良 不安 不足 不順 大丈夫 無理 怪我 風邪 骨折 捻挫 打撲 火傷 発熱 高熱 微熱 陽性 接種 運動 食事 更年期 \
    ぎっくり アレルギー ストレス メンタル ハラスメント パワハラ セクハラ カスハラ インフル コロナ ワクチン";

/// Words that people send to the bot instead of a name, as the whole text.
const CHAT_WORDS: &str = "\
    はい いいえ いや うん なし なに むり どうも 了解 了承 同意 退会 登録 変更 解約 開始 終了 匿名 秘密 不明 名前 氏名 本人 \
    テスト メニュー ヘルプ スタート キャンセル おはよう こんにちは こんばんは うつ めまい はきけ ねつ だるさ むくみ しびれ \
    いびき つわり くすり いじめ イライラ アトピー ダイエット";

fn is_chat_word(text: &str) -> bool {
    CHAT_WORDS.split(' ').any(|word| word == text) || CHAT_PARTS.split(' ').any(|part| text.contains(part))
}

/// が or を right after a kanji (頭が, 腰を), or another particle between two kanji (夫の事, 薬は何). Surnames such as 一ノ瀬 write their の in
/// katakana or not at all.
fn has_particle(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    letters.windows(2).any(|two| matches!(two, [before, 'が' | 'を'] if is_kanji(*before)))
        || letters.windows(3).any(
            |three| matches!(three, [before, 'の' | 'は' | 'に' | 'で' | 'と' | 'も' | 'へ', after] if is_kanji(*before) && is_kanji(*after)),
        )
}

/// Endings that finish a sentence or a clause. Given names share the shorter ones (はるか, けんた, みのる, あおい, まこと), so those stand
/// here in longer forms.
const ENDINGS: &str = "\
    です ます ません ですか ますか せんか したか しょう しょうか ですね ますね ですよ ますよ ですが ますが \
    ください ねがい がとう \
    たい ない たいか ないか たいな ないな たいよ ないよ ないね たいの ないの しい つらい だるい わるい んどい ひどい きつい \
    ねむい こわい かゆい そうだ っぽい \
    いる ある する れる になる くなる ってる してる れてる んでる すぎる すぎた した った れた んだ てきた ていた がでた て \
    ちゃう れば たら ばいい \
    なのか いいか べきか いかも るかも けど ので のに から まで など のこと ること たこと だよ だね だな";

/// Two kana that end a verb or an adjective when a kanji stands before them: 食べた, 助ける, 小さい. Given names of two kana (はる, ゆい,
/// りか) are not among them.
const ENDINGS_AFTER_KANJI: &str = "\
    いた えた きた けた べた めた じた ねた せた べる ける きる える じる せる める ねる りる きい さい こり";

fn ends_like_a_sentence(word: &str) -> bool {
    let after_kanji = |stem: &str| stem.ends_with(is_kanji);
    let mut letters = word.chars().rev();
    // One kana after a kanji is an inflection: 痛い, 走る, 吐く, 休み, 無理か.
    let inflected = letters.next().is_some_and(is_hiragana) && letters.next().is_some_and(is_kanji);
    inflected
        || ENDINGS.split(' ').any(|ending| word.ends_with(ending))
        || ENDINGS_AFTER_KANJI.split(' ').any(|ending| word.strip_suffix(ending).is_some_and(after_kanji))
}

const fn is_hiragana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ')
}

const fn is_kanji(c: char) -> bool {
    matches!(c, '々' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts that are judged otherwise, all of them at once.
    fn missing(expected: bool, texts: &str) -> Vec<&str> {
        texts.split('|').filter(|text| looks_like_name(text) != expected).collect()
    }

    #[test]
    fn names_look_like_names() {
        let missed = missing(
            true,
            "\
             佐藤花子|佐藤 花子|佐藤　花子| 佐藤 花子\n|ｻﾄｳ ﾊﾅｺ|サトウ ハナコ|サトウハナコ|さとう はなこ|さとうはなこ|\
             鈴木一郎|髙橋 健|﨑田 実|𠮷野 家子|葛\u{E0100}城 ユキ|五十嵐 大|五十嵐 さくら|一ノ瀬 泉|佐々木 希|小鳥遊 翼|\
             勅使河原 三郎|林 修|王 明|李 小龍|長谷川 ゆい|佐藤ゆい|田中 はるか|田中はるか|渡辺 ゆたか|山本 けんた|伊藤 けいた|\
             中村 みのる|小林 さとる|加藤 あおい|吉田 まい|山田 まこと|山口 たけし|松本 あかね|井上 きよ|木村 かおる|清水 ひかる|\
             斎藤 みらい|かない はるか|ほんだ ともみ|きのした ひろし|どい るい|ながい さちこ|すがわら まさる|美空 ひばり|坂本 九|\
             大江 健三郎|毒島 力|苦米地 英人|腰塚 勇|熱田 薫|薬師寺 保|息吹 涼|不破 誠|マリア・サントス|ジョン スミス|アンナ|\
             김민수|김 민수|John O'Neil|John O’Neil|JOHN SMITH|Ｊｏｈｎ Ｓｍｉｔｈ|J. Smith|Mary-Jane Watson|Ludwig van Beethoven|\
             Nguyễn Văn An|José García|Иван Петров|スミス John",
        );
        assert!(missed.is_empty(), "{missed:?}");
    }

    #[test]
    fn health_questions_do_not_look_like_names() {
        let mistaken = missing(
            false,
            "\
             頭が痛い|頭 痛い|頭が 痛いです|眠れない|夜も眠れない|ねむれない|腰痛|腰が痛くて|腰を痛めた|血圧が高いです|血圧が高い|\
             高血圧|不眠症|頭痛|偏頭痛|肩こり|肩が凝る|ぎっくり腰|食欲不振|食欲がない|体調不良|体調が悪い|発熱|熱がある|熱がでた|\
             咳が止まらない|吐き気|吐いた|下痢|胃が重い|めまい|めまいがする|動悸|動悸がしてきた|花粉症|アレルギー|ストレス|\
             ストレスチェック|うつ|つらい|しんどい|だるい|気分がわるい|くるしい|さびしい|死にたい|しにたい|消えたい|もうだめです|\
             助けて|たすけて|助けてください|たすけてください|相談|相談したい|相談があります|健康相談|質問です|仕事を休みたい|\
             会社に行けない|上司が怖い|職場の人間関係|残業が多くて|夫の事|妻の病気|薬は何|薬を飲むべきか|薬を飲んだ|\
             病院に行くべきですか|受診したほうがいいか|ごはんが食べられない|食べすぎた|怪我をした|指を切った|足が痛む|足がつる|\
             目がかゆい|かゆい|子供が熱を出した|産業医と話したい|予約したい|面談希望|はい|いいえ|ありがとう|ありがとうございます|\
             おねがいします|お願い|よろしく お願いします|わかりました|こんにちは|了解|退会|メニュー|大丈夫|大丈夫か|元気ない|\
             やせたい|たばこをやめたい|お酒をやめられない|検査で引っかかった|健康診断の結果|妊娠しました|生理痛|息が苦しい|\
             胸が締め付けられる|headache|Headache|I feel sick|help|help me|back pain|I can't sleep|stomach ache since Monday|\
             寝不足|人間関係|コロナ陽性|パワハラかも|もう無理|どうすればいい",
        );
        assert!(mistaken.is_empty(), "{mistaken:?}");
    }

    #[test]
    fn what_holds_other_characters_or_is_too_short_or_long_is_no_name() {
        for text in [
            "",
            " ",
            "林",
            "・・",
            "ーー",
            "12345",
            "佐藤1",
            "佐藤花子、鈴木一郎",
            "佐藤花子。",
            "佐藤花子?",
            "佐藤花子!",
            "佐藤花子😀",
            "佐藤\n花子",
            "佐藤@花子",
            "https://example.jp",
            "(佐藤)",
            "・佐藤",
            "a b c d e f",
            "あ い う え お",
        ] {
            assert!(!looks_like_name(text), "{text}");
        }
        assert!(looks_like_name(&"ア".repeat(20)));
        assert!(!looks_like_name(&"ア".repeat(21)));
    }

    #[test]
    fn some_words_cannot_be_told_from_names() {
        for word in ["メタボ", "花粉", "禁煙", "Back Pain"] {
            assert!(looks_like_name(word), "{word}");
        }
    }
}
