//! The page on which a demo person is chosen.

use axum::response::{Html, IntoResponse, Response};
use web::Role;

use super::DemoPerson;
use crate::pages;

/// The people as links, each of which goes on with the same request.
pub fn choice(people: &[DemoPerson], query: &str) -> Response {
    let items: String = people.iter().map(|person| item(person, query)).collect();
    let main = format!(
        "<main id=\"main\" class=\"page\">\n  <h1>だれとしてサインインしますか</h1>\n  \
         <p class=\"quiet\">ローカル環境のデモ用です。パスワードはありません。</p>\n  <ul class=\"cards\">\n{items}  </ul>\n</main>\n\
         <script type=\"module\" src=\"/static/local.js\"></script>"
    );
    (pages::headers(), Html(pages::framed_as("サインイン", &main))).into_response()
}

fn item(person: &DemoPerson, query: &str) -> String {
    let roles: Vec<_> = person.roles.iter().map(|role| words(*role)).collect();
    let (id, name, query) = (escaped(&person.id), escaped(&person.name), escaped(query));
    format!(
        "    <li class=\"card\"><a href=\"/provider/authorize/{id}?{query}\">{name}</a><p class=\"quiet\">{}</p></li>\n",
        roles.join("・")
    )
}

const fn words(role: Role) -> &'static str {
    match role {
        Role::Nurse => "看護師",
        Role::PublicHealthNurse => "保健師",
        Role::Psychologist => "公認心理師",
        Role::Contact => "契約企業の担当者",
        Role::Operator => "運営者",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
