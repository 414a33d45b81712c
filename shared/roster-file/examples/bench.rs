//! Reads a monthly roster file with all checks and says what was in it; `tests/bench/roster.py` measures it beside others.
#![allow(clippy::print_stdout, reason = "what it found is its output")]

use std::{error::Error, fs::File, io::Read};

use domain::{
    employee::NumberWidth,
    roster_file::{Kind, Numbers},
};
use roster_file::{Options, Reader, Row};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    let mut file = File::open(path)?;
    let mut reader = Reader::new(Options { kind: Kind::Monthly, width: Some(NumberWidth::new(8)?) });
    let (mut entries, mut findings, mut numbers) = (0_u32, 0_u32, Numbers::default());
    let mut found = |row| match row {
        Row::Entry(entry) => {
            entries += 1;
            numbers.note(&entry.number);
        }
        Row::Finding(_) => findings += 1,
    };
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => reader.push(piece.get(..read).unwrap_or_default(), &mut found),
        }
    }
    reader.finish(&mut found);
    println!("{entries} {findings} {} {}", numbers.suspects().is_empty(), peak());
    Ok(())
}

/// The peak of resident memory in KB, as Linux counts it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.split_whitespace().next()).unwrap_or("0").to_owned()
}
