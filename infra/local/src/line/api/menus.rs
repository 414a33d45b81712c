//! Rich menus. <https://developers.line.biz/en/reference/messaging-api/#rich-menu>

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use super::{
    super::{
        StandIn, State as LineState, ids,
        media::Format,
        refusal::Refusal,
        rules,
        world::{Entry, Menu, MenuEntry},
    },
    Body, Caller, media_type, read_json,
};

/// Menus of an account.
const MENUS: usize = 1000;
/// Bytes of an image.
const IMAGE_BYTES: usize = 1024 * 1024;

impl LineState {
    /// The channel's menu with this id, or 404.
    fn menu(&self, channel: &str, id: &str) -> Result<&Menu, Refusal> {
        self.journal.world().menus().get(id).filter(|menu| menu.channel == channel).ok_or_else(Refusal::not_found)
    }

    /// As [`Self::menu`]; 400 where it has no image, without which nobody can be shown it.
    fn showable(&self, channel: &str, id: &str) -> Result<(), Refusal> {
        if self.menu(channel, id)?.pictured { Ok(()) } else { Err(Refusal::new(StatusCode::BAD_REQUEST, "The rich menu has no image yet")) }
    }

    /// 400 where there is no such person.
    fn person(&self, user: &str) -> Result<(), Refusal> {
        let known = self.journal.world().user(user).map(|_| ());
        known.ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "The user ID is invalid"))
    }

    fn change(&mut self, entry: MenuEntry) -> Result<(), Refusal> {
        self.journal.keep(Entry::Menu(entry)).map_err(|_| Refusal::internal())
    }
}

type Done = Result<Json<Value>, Refusal>;

/// What LINE answers where there is nothing to say.
fn nothing((): ()) -> Json<Value> {
    Json(json!({}))
}

/// A menu as LINE shows it: its definition with its id.
fn shown(menu: &Menu) -> Value {
    let mut shown = menu.definition.clone();
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("richMenuId".to_owned(), json!(menu.id));
    }
    shown
}

fn named(menu: Option<&Menu>) -> Done {
    menu.map(|menu| Json(json!({"richMenuId": menu.id}))).ok_or_else(Refusal::not_found)
}

/// Makes a menu, which nobody sees before it has its image.
pub async fn create(State(line): State<StandIn>, Caller(channel): Caller, headers: HeaderMap, body: Body) -> Done {
    let menu = read_json(&headers, body)?;
    let problems = rules::check_menu(&menu);
    if !problems.is_empty() {
        return Err(Refusal::invalid(&problems));
    }
    let mut state = line.lock();
    if state.journal.world().menus().of(&channel).count() >= MENUS {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "The account has as many rich menus as it may have"));
    }
    let id = ids::menu();
    state.change(MenuEntry::Made { channel, id: id.clone(), menu })?;
    Ok(Json(json!({"richMenuId": id})))
}

/// The account's menus.
pub async fn list(State(line): State<StandIn>, Caller(channel): Caller) -> Json<Value> {
    let state = line.lock();
    let menus: Vec<Value> = state.journal.world().menus().of(&channel).map(shown).collect();
    Json(json!({"richmenus": menus}))
}

/// One menu.
pub async fn one(State(line): State<StandIn>, Caller(channel): Caller, Path(id): Path<String>) -> Done {
    line.lock().menu(&channel, &id).map(|menu| Json(shown(menu)))
}

/// Deletes a menu; who saw it sees the default one, or none.
pub async fn remove(State(line): State<StandIn>, Caller(channel): Caller, Path(id): Path<String>) -> Done {
    let mut state = line.lock();
    state.menu(&channel, &id)?;
    state.change(MenuEntry::Deleted { id: id.clone() })?;
    state.pictures.remove(&id).map_err(|_| Refusal::internal()).map(nothing)
}

/// Gives a menu its image, once, in the size that the menu has.
pub async fn put_image(
    State(line): State<StandIn>,
    Caller(channel): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Done {
    let bad = |message| Refusal::new(StatusCode::BAD_REQUEST, message);
    let bytes = body.ok().filter(|bytes| bytes.len() <= IMAGE_BYTES);
    let bytes = bytes.ok_or_else(|| Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The image is larger than 1 MB"))?;
    let said = [Format::Png, Format::Jpeg].into_iter().find(|format| media_type(&headers).eq_ignore_ascii_case(format.content_type()));
    let said = said.ok_or_else(|| Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The content type must be image/png or image/jpeg"))?;
    let mut state = line.lock();
    let menu = state.menu(&channel, &id)?;
    if menu.pictured {
        return Err(bad("An image has already been uploaded to the rich menu"));
    }
    let pixels = Format::of(&bytes).filter(|format| *format == said).and_then(|format| format.pixels(&bytes));
    let (width, height) = pixels.ok_or_else(|| bad("The image is not of the type that it is said to be"))?;
    if menu.definition.get("size") != Some(&json!({"width": width, "height": height})) {
        return Err(bad("The image has another size than the rich menu"));
    }
    state.pictures.write(&id, &bytes).map_err(|_| Refusal::internal())?;
    state.change(MenuEntry::Pictured { id }).map(nothing)
}

/// A menu's image; 404 where it has none.
pub async fn image(State(line): State<StandIn>, Caller(channel): Caller, Path(id): Path<String>) -> Result<Response, Refusal> {
    line.lock().menu(&channel, &id)?;
    picture(&line, &id).await.ok_or_else(Refusal::not_found)
}

/// The image of the menu with this id, whoever asks.
pub async fn picture(line: &StandIn, id: &str) -> Option<Response> {
    let file = {
        let state = line.lock();
        let menu = state.journal.world().menus().get(id).filter(|menu| menu.pictured)?;
        state.pictures.path(&menu.id)
    };
    let bytes = tokio::fs::read(file).await.ok()?;
    let kind = Format::of(&bytes)?.content_type();
    Some(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

/// Shows a menu to everybody who has none of their own.
pub async fn set_default(State(line): State<StandIn>, Caller(channel): Caller, Path(id): Path<String>) -> Done {
    let mut state = line.lock();
    state.showable(&channel, &id)?;
    state.change(MenuEntry::Default { channel, id: Some(id) }).map(nothing)
}

/// The menu that everybody sees.
pub async fn default(State(line): State<StandIn>, Caller(channel): Caller) -> Done {
    named(line.lock().journal.world().menus().default_of(&channel))
}

/// Shows nothing by default any more.
pub async fn cancel_default(State(line): State<StandIn>, Caller(channel): Caller) -> Done {
    line.lock().change(MenuEntry::Default { channel, id: None }).map(nothing)
}

/// Shows a menu to one person.
pub async fn link(State(line): State<StandIn>, Caller(channel): Caller, Path((user, id)): Path<(String, String)>) -> Done {
    let mut state = line.lock();
    state.showable(&channel, &id)?;
    state.person(&user)?;
    state.change(MenuEntry::Linked { channel, user, id: Some(id) }).map(nothing)
}

/// Shows the default menu to this person again.
pub async fn unlink(State(line): State<StandIn>, Caller(channel): Caller, Path(user): Path<String>) -> Done {
    let mut state = line.lock();
    state.person(&user)?;
    state.change(MenuEntry::Linked { channel, user, id: None }).map(nothing)
}

/// The menu that this person was linked to.
pub async fn of_user(State(line): State<StandIn>, Caller(channel): Caller, Path(user): Path<String>) -> Done {
    let state = line.lock();
    state.person(&user)?;
    named(state.journal.world().menus().linked_to(&channel, &user))
}
