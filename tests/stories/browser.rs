//! The chat page in a real browser, on a phone and on a desk. `tests/run` installs what it needs.

use std::path::Path;

use stories::House;
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_member_registers_sends_a_picture_and_withdraws_it_on_the_chat_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    assert!(folder.join("node_modules").exists(), "run tests/run: it installs the browser and what drives it");
    let house = House::open().await;
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    let story = Command::new("node")
        .arg("member.mjs")
        .arg(house.system.status.addresses.front.as_str())
        .arg(&shots)
        .current_dir(folder)
        .kill_on_drop(true)
        .output()
        .await
        .expect("node");
    let said = String::from_utf8_lossy(&story.stderr);
    assert!(story.status.success(), "{said}\nscreenshots: {}", shots.display());
}
