//! Rows D3 and D7: a report as the mail that a contact gets and as the page that they open.

use serde_json::Value;
use stories::{Company, House};

use crate::kpi::BOTH;

/// Everybody of a company registers and asks something, a month before they are reported.
pub async fn used(house: &House) -> Company {
    let company = house.engages("みどり商事", "2026-12-01", BOTH).await;
    let mail = domain::personal::MailAddress::parse("hayashi@midori.example.jp").unwrap();
    house.ops().add_contact(company.id.parse().unwrap(), domain::employee::parse_name("林 さくら").unwrap(), mail).await.unwrap();
    for number in 100..114 {
        house.enter(&company, &number.to_string(), "山田 太郎").await;
    }
    for number in 100..112 {
        let person = house.person().await;
        person.registers(&company, &number.to_string()).await;
        if number > 100 {
            person.says("肩こりが続いています").await;
        }
    }
    company
}

async fn mail(house: &House, subject: &str) -> Value {
    house.wait_until_nothing_is_taken().await;
    let mails = house.mails().await;
    let found = |mail: &&Value| {
        mail["to"].to_string().contains("hayashi@midori.example.jp") && mail["subject"].as_str().is_some_and(|of| of.contains(subject))
    };
    mails.iter().find(found).cloned().unwrap_or_else(|| panic!("no mail with {subject}"))
}

/// What stands in the cells of its tables.
fn cells(html: &str) -> Vec<String> {
    let cells = html.split("<td").skip(1).filter_map(|rest| rest.split_once('>')?.1.split("</td>").next());
    let cells = cells.map(|cell| cell.replace("<strong>", "").replace("</strong>", ""));
    // One for Outlook goes around everything.
    cells.filter(|cell| !cell.contains('<')).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_one_mail_that_fetches_nothing_and_says_the_same_as_text_tables_and_page() {
    let house = House::open_at("2026-12-07T10:00:00+09:00").await;
    let _company = used(&house).await;
    house.clock("2027-01-01T00:15:00+09:00").await;
    let mail = mail(&house, "定例ミーティングのご報告資料（2026年12月）").await;
    let (text, html) = (mail["text"].as_str().unwrap(), mail["html"].as_str().unwrap());
    for line in
        ["・名簿の人数：14名", "・登録者数：12名", "・登録率：85.7%", "・利用者数：11名", "・健康相談：11件", "・産業看護職面談：0件"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    let shown = cells(html);
    assert_eq!(shown, ["14名", "12名", "85.7%", "11名", "91.7%", "11件", "0件"]);
    assert!(html.len() < 100_000, "{} bytes", html.len());
    for outside in ["src=\"http", "url(", "<link", "<script", "<style"] {
        assert!(!html.contains(outside), "{outside}");
    }
    let pictures = mail["attachments"].as_array().unwrap();
    assert_eq!(pictures.iter().map(|picture| picture["type"].as_str().unwrap()).collect::<Vec<_>>(), ["image/png"; 2]);
    for picture in pictures {
        assert!(html.contains(&format!("src=\"cid:{}\"", picture["contentId"].as_str().unwrap())), "{picture}");
    }
    assert!(html.contains("alt=\"グラフ「月別の登録者数と利用者数」 2026年12月：登録者数 12名 / 利用者数 11名\""), "{html}");

    // The link in it opens the page, where the contact is signed in.
    let link = text.lines().find(|line| line.contains("/contacts/reports/")).unwrap();
    let path = link.rsplit_once("/contacts/").unwrap().1;
    assert_eq!(path, "reports/meeting/2026-12");
    let hayashi = house.signs_in("contact-hayashi").await;
    let list = hayashi.opens("contacts/reports").await.text();
    for title in ["ご利用状況のご報告（2026年12月）", "定例ミーティングのご報告資料（2026年12月）"] {
        assert!(list.contains(title), "{title}: {list}");
    }
    let page = hayashi.opens(&format!("contacts/{path}")).await;
    assert_eq!(page.status, 200);
    let page = page.text();
    assert_eq!(cells(&page), shown);
    assert!(
        page.matches("<svg").count() == 2
            && page.contains("産業看護職面談のご利用（2026年12月）")
            && page.contains("面談のご予定（2027年1月）")
    );
    let service = hayashi.opens("contacts/reports/service/2026-12").await.text();
    assert!(cells(&service) == shown && !service.contains("面談のご予定"), "what is for the meeting is not in it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_there_when_its_mail_went_out_and_for_nobody_else() {
    let house = House::open_at("2026-12-07T10:00:00+09:00").await;
    let _company = used(&house).await;
    let hayashi = house.signs_in("contact-hayashi").await;
    assert!(hayashi.opens("contacts/reports").await.text().contains("まだございません"));
    assert_eq!(hayashi.opens("contacts/reports/service/2026-12").await.status, 404);
    house.clock("2027-01-01T00:15:00+09:00").await;
    assert_eq!(hayashi.opens("contacts/reports/service/2026-12").await.status, 200);
    for none in ["service/2027-01", "meeting/2026-11", "service/2026", "other/2026-12"] {
        assert_eq!(hayashi.opens(&format!("contacts/reports/{none}")).await.status, 404, "{none}");
    }
    // ひかり商事 has no interview support, and its contact sees what is theirs.
    let other = house.signs_in("contact-mori").await;
    let list = other.opens("contacts/reports").await.text();
    assert!(!list.contains("定例ミーティングのご報告資料") && !list.contains("みどり商事"), "{list}");
    assert_eq!(other.opens("contacts/reports/meeting/2026-12").await.status, 404);
}
