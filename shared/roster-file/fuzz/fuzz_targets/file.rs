#![no_main]

use domain::roster_file::Kind;
use roster_file::{Options, Reader, Row};

fn read(bytes: &[u8], piece: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut reader = Reader::new(Options { kind: Kind::Monthly, width: None });
    bytes.chunks(piece).for_each(|piece| reader.push(piece, &mut |row| rows.push(row)));
    reader.finish(&mut |row| rows.push(row));
    rows
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let piece = 1 + bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>() % 97;
    assert_eq!(read(bytes, piece), read(bytes, usize::MAX));
});
