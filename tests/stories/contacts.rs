//! Rows D1 and D4: what a company's contact reads about a delivered roster, by the link in the mail.

use domain::id::{ImportId, TenantId};
use serde_json::{Value, json};
use store::{Parameters, roster_files::RosterFiles};
use stories::House;

const IMPORT: &str = "01KAS2WJ0000000000000MPRT1";

/// A report in the bucket.
pub struct Delivered<'a> {
    house: &'a House,
    files: RosterFiles,
    tenant: TenantId,
    import: ImportId,
    /// Path of its page.
    pub path: String,
}

impl<'a> Delivered<'a> {
    /// A report on a roster of the first company, received at 10:00 on 25 November 2026.
    pub async fn new(house: &'a House, import: &str, change: Value) -> Self {
        let environment = &house.system.environment;
        let aws = runtime::Aws::new(&environment.aws);
        let tenant: TenantId = house.sakura().await.id.parse().unwrap();
        let import: ImportId = import.parse().unwrap();
        let installation = Parameters::new(aws.ssm(), &environment.parameters).installation().await.unwrap();
        let path = format!("contacts/{}", installation.report_path(tenant, import));
        let delivered = Self { house, files: RosterFiles::new(aws.s3(), &environment.bucket), tenant, import, path };
        let mut report = json!({
            "import": import.to_string(), "kind": "monthly", "receivedAt": "2026-11-25T01:00:00.000Z", "outcome": "refused", "rows": 12,
            "joined": 3, "changed": 1, "left": 2, "unchanged": 6, "missing": 0, "blocking": 1, "warnings": 1, "more": 0,
            "findings": [
                { "line": 4, "column": "number", "position": 2, "code": "number-bad" },
                { "line": 9, "column": null, "position": null, "code": "row-twice" },
            ],
        });
        report.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        delivered.put("report.json", &report.to_string()).await;
        delivered
    }

    /// Puts a file beside the report.
    pub async fn put(&self, file: &str, content: &str) {
        self.files.put_report(self.tenant, self.import, file, content.as_bytes().to_vec()).await.unwrap();
    }

    async fn status(&self, path: &str) -> u16 {
        self.house.open_page(path).await.status.as_u16()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_opens_the_link_and_reads_what_is_to_be_mended() {
    let house = House::open_at("2026-11-25T10:05:00+09:00").await;
    let delivered = Delivered::new(&house, IMPORT, json!({})).await;
    delivered.put("report.csv", "\u{feff}行,列\r\n4,社員番号\r\n").await;
    let page = house.open_page(&delivered.path).await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    let text = page.text();
    for part in ["取り込みを行っていません", "（2列目）", "もう一度お送りください", "11月25日(水) 10:00", "12月25日(金) 10:00"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff")] {
        assert_eq!(page.header(name), value);
    }
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'sha256-"));
    let csv = house.open_page(&format!("{}/report.csv", delivered.path)).await;
    assert_eq!((csv.status.as_u16(), csv.text().as_str()), (200, "\u{feff}行,列\r\n4,社員番号\r\n"));
    assert!(csv.header("content-disposition").starts_with("attachment; filename=\"report.csv\"; filename*=UTF-8''%E5%90%8D"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_who_is_missing_holds_personal_data_and_is_not_opened_by_the_link() {
    let house = House::open_at("2026-11-25T10:05:00+09:00").await;
    let change = json!({ "kind": "full", "outcome": "applied", "missing": 2, "blocking": 0, "warnings": 0, "findings": [] });
    let delivered = Delivered::new(&house, IMPORT, change).await;
    delivered.put("leavers.csv", "社員番号\r\n1\r\n").await;
    let text = house.open_page(&delivered.path).await.text();
    assert!(text.contains("取り込みが完了しました") && text.contains("個人情報が含まれる"));
    assert_eq!(delivered.status(&format!("{}/leavers.csv", delivered.path)).await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guess_a_report_that_never_was_and_one_that_is_too_old_look_the_same() {
    let house = House::open_at("2026-12-25T09:59:59+09:00").await;
    let delivered = Delivered::new(&house, IMPORT, json!({})).await;
    let path = delivered.path.clone();
    assert_eq!(delivered.status(&path).await, 200);
    let token = path.rsplit('/').next().unwrap().to_owned();
    let other = "01KAS2WJ0000000000000MPRT2";
    let never = Delivered::new(&house, other, json!({})).await.path.replace(other, "01KAS2WJ0000000000000MPRT3");
    house.clock("2026-12-25T10:00:00+09:00").await;
    let mut seen = Vec::new();
    for path in [
        path.clone(),
        format!("{path}/report.csv"),
        path.replace(&token, &"0".repeat(32)),
        format!("{path}/report.json"),
        never,
        "contacts/rosters/anything".to_owned(),
    ] {
        let page = house.open_page(&path).await;
        assert_eq!((page.status.as_u16(), page.header("cache-control")), (404, "no-store"), "{path}");
        seen.push(page.text());
    }
    assert!(seen[0].contains("ページが見つかりません") && seen.iter().all(|page| *page == seen[0]));
    let posted = house.post(&path, json!({})).await;
    assert_eq!((posted.status.as_u16(), posted.header("allow")), (405, "GET, HEAD"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_told_when_the_page_cannot_be_shown() {
    let house = House::open_at("2026-11-25T10:05:00+09:00").await;
    let delivered = Delivered::new(&house, IMPORT, json!({ "outcome": "eaten" })).await;
    let page = house.open_page(&delivered.path).await;
    assert_eq!(page.status.as_u16(), 500);
    assert!(page.text().contains("しばらくしてから") && page.header("content-security-policy").contains("default-src 'none'"));
}
