//! Files of the corpus with a few things done to them: whatever comes out, it is read without panic, and what is found does not
//! depend on how it arrives. `PROPTEST_CASES=100000` makes it a fuzzer that needs no nightly compiler (see `fuzz/`).
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{fs, path::Path, sync::LazyLock};

use domain::roster_file::Kind;
use proptest::{prelude::*, sample::Index};
use roster_file::{Options, Reader, Row};

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rosters");
    let expected = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = expected.filter_map(|name| name.strip_suffix(".expected.json").map(str::to_owned)).collect();
    names.retain(|name| !name.starts_with("bomb"));
    names.sort();
    names.iter().map(|name| fs::read(folder.join(name)).unwrap()).collect()
});

#[derive(Debug, Clone)]
enum Edit {
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
    CutOff(Index),
    Splice(Index, Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let words =
        ["\"", "\r", "\n", ",", "\t", "\0", "'", "=", "\u{FEFF}", "\u{FFFD}", "\u{2028}", "令和", "1E+5", "<c>", "<v>", "&", "_x000D_"];
    let words = prop::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec());
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        (any::<Index>(), words).prop_map(|(at, word)| Edit::Insert(at, word)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Edit::Repeat(at, length)),
        any::<Index>().prop_map(Edit::CutOff),
        (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(at, file, from)| Edit::Splice(at, file, from)),
    ]
}

fn edited(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        let at = |at: &Index| at.index(bytes.len() + 1);
        match edit {
            Edit::Replace(place, byte) => {
                let at = at(place);
                bytes.splice(at..bytes.len().min(at + 1), [*byte]);
            }
            Edit::Insert(place, word) => {
                let at = at(place);
                bytes.splice(at..at, word.iter().copied());
            }
            Edit::Remove(place, length) => {
                let at = at(place);
                bytes.drain(at..bytes.len().min(at + length));
            }
            Edit::Repeat(place, length) => {
                let at = at(place);
                let end = bytes.len().min(at + length);
                bytes.extend_from_within(at..end);
            }
            Edit::CutOff(place) => bytes.truncate(at(place)),
            Edit::Splice(place, file, from) => {
                let other = file.get(&FILES);
                bytes.truncate(at(place));
                bytes.extend(other.iter().skip(from.index(other.len() + 1)));
            }
        }
    }
    bytes
}

fn read(kind: Kind, bytes: &[u8], piece: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut reader = Reader::new(Options { kind, width: None });
    bytes.chunks(piece).for_each(|piece| reader.push(piece, &mut |row| rows.push(row)));
    reader.finish(&mut |row| rows.push(row));
    rows
}

proptest! {
    #[test]
    fn a_damaged_file_is_read_without_panic_however_it_arrives(
        file in any::<Index>(),
        edits in prop::collection::vec(edit(), 1..6),
        monthly in any::<bool>(),
        piece in 1..2000_usize,
    ) {
        let kind = if monthly { Kind::Monthly } else { Kind::Full };
        let bytes = edited(file.get(&FILES).clone(), &edits);
        let whole = read(kind, &bytes, usize::MAX);
        prop_assert!(!whole.is_empty(), "a file that says nothing is told");
        prop_assert_eq!(read(kind, &bytes, piece), whole);
    }
}
