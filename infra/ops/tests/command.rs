//! The command itself, as an operator or a script runs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod house;

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use domain::{personal::MailAddress, unreachable::Why};
use house::House;
use serde_json::Value;
use store::entity::{audit::Outcome, marked_address::Mark};

const HIKARI: &str = "ひかり商事株式会社";

/// Runs `ops --local=…` with nothing of this process's own configuration, `input` being its standard input.
fn ops(house: &House, arguments: &[&str], input: &str) -> Output {
    let mut command = command();
    command.arg(format!("--local={}", house.directory.path().display())).args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that asks for nothing may be gone before it is answered.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ops"));
    command.env_clear();
    command
}

fn out(output: &Output) -> &str {
    assert!(output.status.success(), "{}", err(output));
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_read_tables_and_programs_read_json() {
    let house = House::open().await;
    house.tell_where();
    let table = ops(&house, &["tenant", "list"], "");
    assert!(out(&table).starts_with("ID ") && out(&table).contains(HIKARI), "{}", out(&table));
    let json: Value = serde_json::from_slice(&ops(&house, &["tenant", "list", "--json"], "").stdout).unwrap();
    assert_eq!(json[1]["name"], HIKARI);
    assert_eq!(json[1]["passphrase"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_come_from_standard_input_and_never_go_out() {
    let house = House::open().await;
    house.tell_where();
    let set = ["channel", "set", "second", "--channel-id", "2000000002", "--basic-id", "@second"];
    let made = ops(&house, &set, "0123456789abcdef0123456789abcdef\n");
    let shown = ops(&house, &["channel", "show", "second", "--json"], "");
    for output in [&made, &shown] {
        assert!(out(output).contains("@second") && !out(output).contains("0123456789abcdef"), "{}", out(output));
    }
    let empty = ops(&house, &set, "");
    assert_eq!(empty.status.code(), Some(2));

    out(&ops(&house, &["tenant", "passphrase", HIKARI], "さくらんぼ\n"));
    let hash = house.ops.tenant(HIKARI).await.unwrap().passphrase.unwrap();
    assert!(hash.matches("さくらんぼ"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_mended_is_told_in_one_line_with_exit_code_2() {
    let house = House::open().await;
    house.tell_where();
    house.system.clock.set("2026-12-01T00:00:00+09:00".parse().unwrap());
    for (arguments, told) in [
        (&["tenant", "end", HIKARI, "--month", "2027-01"][..], "2027-02 at the earliest"),
        (&["tenant", "show", "なし"][..], "`ops tenant list`"),
        (&["tenant", "add", "--name", "Acme", "--channel", "none", "--starts", "2027-01-01"][..], "`ops channel set none`"),
        (&["roster", "deliver", HIKARI, "/nowhere.csv"][..], "/nowhere.csv"),
    ] {
        let refused = ops(&house, arguments, "");
        assert_eq!((refused.status.code(), err(&refused).lines().count()), (Some(2), 1), "{}", err(&refused));
        assert!(err(&refused).contains(told), "{}", err(&refused));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_drawn_for_print() {
    let house = House::open().await;
    house.tell_where();
    let [svg, png] = ["code.svg", "code.png"].map(|name| house.directory.path().join(name));
    let answer = ops(&house, &["tenant", "code", HIKARI, "--svg", svg.to_str().unwrap(), "--png", png.to_str().unwrap()], "");
    assert!(out(&answer).contains("https://line.me/R/oaMessage/%40hoken-demo/?"));
    assert!(std::fs::read_to_string(svg).unwrap().contains("<svg"));
    assert!(std::fs::read(png).unwrap().starts_with(b"\x89PNG"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_row_is_shown_when_it_is_asked_for() {
    let house = House::open().await;
    house.tell_where();
    out(&ops(&house, &["roster", "add", HIKARI, "--number", "h-300", "--name", "三浦 大輔", "--leaves", "2027-03-31"], ""));
    let shown = ops(&house, &["roster", "show", HIKARI, "--number", "Ｈ－３００"], "");
    assert!(out(&shown).contains("三浦 大輔") && out(&shown).contains("2027-03-31"), "{}", out(&shown));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_of_a_day_is_shown_in_full_or_what_was_refused_of_it() {
    let house = House::open().await;
    house.tell_where();
    for (at, act, outcome) in [("09:00:00", "Thread", Outcome::Done), ("09:00:01", "Document", Outcome::Forbidden)] {
        house.store.audit(&house::audit_line(&format!("2026-11-25T{at}+09:00"), act, outcome)).await.unwrap();
    }
    let day = ops(&house, &["audit", "2026-11-25"], "");
    let [header, first, second] = out(&day).lines().collect::<Vec<_>>()[..] else { panic!("{}", out(&day)) };
    assert!(header.starts_with("AT ") && first.starts_with("09:00:00  nurse-1 ") && first.ends_with(" done"), "{}", out(&day));
    assert!(second.contains(" Document ") && second.ends_with(" forbidden"), "{}", out(&day));
    let refused = ops(&house, &["audit", "2026-11-25", "--refused", "--json"], "");
    let refused: Value = serde_json::from_str(out(&refused)).unwrap();
    assert_eq!((refused.as_array().unwrap().len(), &refused[0]["act"]), (1, &"Document".into()));
    assert_eq!(out(&ops(&house, &["audit"], "")), "Nothing was done on that day.\n");
    assert_eq!(out(&ops(&house, &["audit", "--refused"], "")), "Nothing was refused on that day.\n");
    assert_eq!(ops(&house, &["audit", "yesterday"], "").status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn menus_are_applied_to_all_channels_and_shown() {
    let house = House::open().await;
    house.tell_where();
    let applied = ops(&house, &["menu", "apply"], "");
    assert!(out(&applied).starts_with("demo: the members' menu (registered) "), "{}", out(&applied));
    let again = ops(&house, &["menu", "apply", "--channel", "demo"], "");
    assert!(out(&again).contains("nothing was to be done"), "{}", out(&again));
    let shown: Value = serde_json::from_slice(&ops(&house, &["menu", "show", "--json"], "").stdout).unwrap();
    assert_eq!(shown.as_array().unwrap().len(), 2);
    for (menu, state) in shown.as_array().unwrap().iter().zip(["registered", "unregistered"]) {
        assert_eq!((&menu["state"], &menu["picture"], &menu["used"]), (&state.into(), &true.into(), &true.into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_that_is_gone_ends_with_1_and_one_that_is_not_said_with_2() {
    let house = House::open().await;
    house.tell_where();
    let House { system, directory, .. } = house;
    system.stop().await;
    let gone = command().arg(format!("--local={}", directory.path().display())).args(["nurse", "list"]).output().unwrap();
    assert_eq!((gone.status.code(), err(&gone).lines().count()), (Some(1), 1), "{}", err(&gone));
    let nowhere = command().args(["nurse", "list"]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(err(&nowhere).contains("HOKEN_TABLE") && err(&nowhere).contains("HOKEN_PARAMETERS"), "{}", err(&nowhere));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_listed_with_the_mark_on_its_address_which_can_be_replaced_or_unmarked() {
    let house = House::open().await;
    house.tell_where();
    let contacts = |house: &House| -> Value { serde_json::from_str(out(&ops(house, &["contact", "list", HIKARI, "--json"], ""))).unwrap() };
    let before = contacts(&house);
    let (id, address) = (before[0]["id"].as_str().unwrap(), before[0]["mail"].as_str().unwrap());
    assert_eq!(before[0]["mark"], Value::Null);
    let environment = &house.system.environment;
    let parameters = store::Parameters::new(runtime::Aws::new(&environment.aws).ssm(), &environment.parameters);
    let mut transaction = house.store.transaction();
    let mark = Mark { why: Why::Bounced, since: "2026-11-24T10:00:00+09:00".parse().unwrap() };
    let (marked, installation) = (MailAddress::parse(address).unwrap(), parameters.installation().await.unwrap());
    mark.put(&mut transaction, &marked, &installation).unwrap();
    transaction.commit().await.unwrap().unwrap();

    assert!(out(&ops(&house, &["contact", "list", HIKARI], "")).contains("bounced, 2026-11-24 10:00"));
    assert_eq!(contacts(&house)[0]["mark"]["why"], "bounced");
    assert_eq!(ops(&house, &["contact", "set", HIKARI, id], "").status.code(), Some(2), "nothing to change");
    let changed = ops(&house, &["contact", "set", HIKARI, id, "--mail", "another@example.jp"], "");
    assert!(out(&changed).contains("another@example.jp") && !out(&changed).contains("bounced"), "{}", out(&changed));
    out(&ops(&house, &["contact", "set", HIKARI, id, "--mail", address], ""));
    assert_eq!(contacts(&house)[0]["mark"]["why"], "bounced", "it is the address that is marked");
    out(&ops(&house, &["contact", "unmark", &address.to_uppercase()], ""));
    assert_eq!(contacts(&house), before);
    assert!(err(&ops(&house, &["contact", "unmark", address], "")).contains("is not marked"));
}
