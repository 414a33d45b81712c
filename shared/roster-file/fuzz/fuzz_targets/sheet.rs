#![no_main]

use std::io::{Cursor, Write};

use domain::roster_file::Kind;
use roster_file::{Options, Reader};
use zip::{ZipWriter, write::SimpleFileOptions};

const ROOT: &str = r#"<R><Relationship Id="a" Type="/officeDocument" Target="xl/workbook.xml"/></R>"#;
const WORKBOOK: &str = r#"<workbook><sheets><sheet id="a"/></sheets></workbook>"#;
const RELATIONSHIPS: &str = r#"<R><Relationship Id="a" Type="/worksheet" Target="sheet.xml"/>
<Relationship Id="b" Type="/sharedStrings" Target="strings.xml"/><Relationship Id="c" Type="/styles" Target="styles.xml"/></R>"#;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut own = bytes.split(|byte| *byte == 0xFF);
    let mut book = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in [
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONSHIPS.as_bytes()),
        ("xl/sheet.xml", own.next().unwrap_or_default()),
        ("xl/strings.xml", own.next().unwrap_or_default()),
        ("xl/styles.xml", own.next().unwrap_or_default()),
    ] {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        book.start_file(name, stored).unwrap();
        book.write_all(part).unwrap();
    }
    let mut found = 0;
    let mut reader = Reader::new(Options { kind: Kind::Full, width: None });
    reader.push(book.finish().unwrap().get_ref(), &mut |_| found += 1);
    reader.finish(&mut |_| found += 1);
    assert!(found > 0, "a file that says nothing is told");
});
