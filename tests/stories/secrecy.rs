//! What a member types is found in no log and in no file of the table.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use stories::House;

/// Everything that was logged in this process.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn body_name_number_and_line_id_are_found_neither_in_the_log_nor_in_the_files() {
    let logged = Logged::default();
    let writer = logged.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter("error,line_webhook=trace,outbox=trace,store=trace,line=trace,domain=trace,runtime=trace")
        .with_writer(move || writer.clone());
    // Only this test of the process starts a log.
    subscriber.try_init().unwrap();

    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.registers(&company, "777123").await;
    house.fault("line", "500", 2).await;
    person.says("健康診断で脂質異常と言われました").await;
    person.says("架空林 太郎左衛門").await;
    person.touches("name-yes").await;
    person.says("死にたいと思うことがあります").await;
    house.wait_for_mails(1).await;
    house.advance("PT2M").await;

    let secrets = ["脂質異常", "架空林", "太郎左衛門", "777123", "死にたいと", person.id.as_str()];
    let log = logged.0.lock().unwrap().clone();
    assert!(holds(&log, "an event was handled"), "nothing was logged");
    for secret in secrets {
        assert!(!holds(&log, secret), "{secret} stands in the log");
        for (name, content) in house.files() {
            assert!(!holds(&content, secret), "{secret} stands in {name}");
        }
    }
}
