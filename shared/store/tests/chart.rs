//! `docs/table.md` and the code say the same.
#![allow(clippy::expect_used, reason = "a test stops at the first surprise")]

use std::{collections::BTreeSet, fs, path::Path};

use store::entity::{ENTITIES, Entity, Erasure};

fn row(entity: &Entity) -> String {
    let code = |text: &str| if text.is_empty() { " ".to_owned() } else { format!(" `{text}` ") };
    let erasure = match entity.erasure {
        Erasure::Member => "Member".to_owned(),
        Erasure::Employment => "Employment".to_owned(),
        Erasure::Anonymous => "Anonymous".to_owned(),
        Erasure::Kept(reason) => format!("Kept: {reason}"),
    };
    format!("| {} |{}|{}|{}| {erasure} |", entity.name, code(entity.pk), code(entity.sk), code(entity.index))
}

#[test]
fn the_chart_of_entities_is_the_code_s() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/table.md");
    let page = fs::read_to_string(page).expect("docs/table.md");
    let chart = page.split("## Entities").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a section of entities");
    let charted: BTreeSet<String> = chart.lines().filter(|line| line.starts_with("| ")).skip(2).map(str::to_owned).collect();
    assert_eq!(charted, ENTITIES.iter().map(row).collect());
}

#[test]
fn every_entity_file_is_in_the_list_and_so_declares_its_erasure() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/entity");
    for file in fs::read_dir(folder).expect("the entities") {
        let path = file.expect("an entity").path();
        let source = fs::read_to_string(&path).expect("its source");
        for line in source.lines().filter(|line| line.contains(": Entity =")) {
            let name = line.split_whitespace().nth(2).map(|name| name.trim_end_matches(':')).expect("a name");
            let module = path.file_stem().and_then(|stem| stem.to_str()).expect("a module");
            let listed = fs::read_to_string(path.with_file_name("mod.rs")).expect("the list");
            assert!(listed.contains(&format!("{module}::{name},")), "{module}::{name} is not in ENTITIES");
        }
    }
}

#[test]
fn no_two_entities_share_a_name_or_a_key() {
    let names: BTreeSet<_> = ENTITIES.iter().map(|entity| entity.name).collect();
    let keys: BTreeSet<_> = ENTITIES.iter().map(|entity| (entity.pk, entity.sk)).collect();
    assert_eq!((names.len(), keys.len()), (ENTITIES.len(), ENTITIES.len()));
}
