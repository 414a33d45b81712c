//! The menus as they are drawn: who sees which, what its areas do, and its picture (`infra/ops/menu/draw` makes the pictures).

use domain::text::{Choice, Language};
use line::{Action, Area, Bounds, InvalidMessage, RichMenu, Size};
use ring::digest;
use serde::Serialize;

/// Begins the names of our menus: whatever else an account has is not ours to delete.
pub(super) const OURS: &str = "hokenshitsu/";

/// What people touch to unfold the menu.
const CHAT_BAR_TEXT: &str = "メニュー";

/// The size of the pictures.
const SIZE: Size = Size { width: 2500, height: 843 };

/// How much of the hash stands in a menu's name, in bytes: enough to tell drawings apart, short enough to read aloud.
const HASH_BYTES: usize = 6;

/// Who sees a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Members, each of whom is linked to it.
    Registered,
    /// Everybody else: it is the account's default menu.
    Unregistered,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 2] = [Self::Registered, Self::Unregistered];

    /// Its word in names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Unregistered => "unregistered",
        }
    }

    /// Whether a menu of this name is one of this state, however it was drawn.
    pub fn names(self, name: &str) -> bool {
        name.strip_prefix(OURS).and_then(|rest| rest.strip_prefix(self.as_str())).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The areas from left to right: where each begins, and what it says and does.
    fn areas(self) -> &'static [(u32, Choice)] {
        match self {
            Self::Registered => &[(0, Choice::HowToAsk), (833, Choice::ChangeNumber), (1667, Choice::Leave)],
            Self::Unregistered => &[(0, Choice::HowToRegister)],
        }
    }

    fn png(self) -> &'static [u8] {
        match self {
            Self::Registered => include_bytes!("../../menu/registered.png"),
            Self::Unregistered => include_bytes!("../../menu/unregistered.png"),
        }
    }
}

/// A menu and its picture. Its name is `hokenshitsu/{state}/{hash}`, so that another definition or picture is another menu:
/// LINE changes neither of a menu that is made.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// What is made.
    pub menu: RichMenu,
    /// What it looks like.
    pub png: &'static [u8],
}

impl Drawn {
    /// The menu of a state.
    pub fn of(state: State) -> Result<Self, InvalidMessage> {
        let unnamed = menu(state, format!("{OURS}{}", state.as_str()))?;
        let name = format!("{}/{}", unnamed.name(), hash(&unnamed, state.png()));
        Ok(Self { menu: menu(state, name)?, png: state.png() })
    }
}

fn menu(state: State, name: String) -> Result<RichMenu, InvalidMessage> {
    let areas = state.areas();
    let ends = areas.iter().skip(1).map(|(x, _)| *x).chain([SIZE.width]);
    let areas = areas.iter().zip(ends).map(|(&(x, choice), end)| {
        let label = Language::Ja.label(choice);
        let action = Action::postback(label, choice.data(), Some(label.to_owned()));
        Area::new(Bounds { x, y: 0, width: end.saturating_sub(x), height: SIZE.height }, action)
    });
    let menu = RichMenu::new(name, CHAT_BAR_TEXT, SIZE, areas.collect::<Result<_, _>>()?)?;
    Ok(match state {
        // Folded, so that the field to write in is what members find.
        State::Registered => menu,
        State::Unregistered => menu.unfolded(),
    })
}

/// The first hexadecimal digits of SHA-256 over definition and picture.
fn hash(menu: &RichMenu, png: &[u8]) -> String {
    use std::fmt::Write;
    let mut hash = digest::Context::new(&digest::SHA256);
    // A menu is texts and numbers: writing it into memory does not fail.
    hash.update(&serde_json::to_vec(menu).unwrap_or_default());
    hash.update(png);
    hash.finish().as_ref().iter().take(HASH_BYTES).fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn html(state: State) -> &'static str {
        match state {
            State::Registered => include_str!("../../menu/registered.html"),
            State::Unregistered => include_str!("../../menu/unregistered.html"),
        }
    }

    #[test]
    fn every_area_is_where_it_is_drawn_and_says_what_it_does() {
        for state in State::ALL {
            let Drawn { menu, .. } = Drawn::of(state).unwrap();
            let drawn: Vec<&str> = html(state).split("<section ").skip(1).collect();
            assert_eq!(drawn.len(), menu.areas().len());
            for (area, drawn) in menu.areas().iter().zip(drawn) {
                let Action::Postback { label, data, display_text } = area.action() else { panic!("a postback") };
                let Bounds { x, y, width, height } = area.bounds();
                let place = format!(r#"id="{}" style="left: {x}px; top: {y}px; width: {width}px; height: {height}px""#, data.expose());
                assert!(drawn.starts_with(&place) && drawn.contains(&format!("{label}</p>")), "{place} {label}\n{drawn}");
                assert_eq!(display_text.as_ref().unwrap().expose(), label);
            }
        }
    }

    #[test]
    fn the_areas_fill_the_picture_without_a_gap() {
        for state in State::ALL {
            let mut x = 0;
            for area in Drawn::of(state).unwrap().menu.areas() {
                assert_eq!(area.bounds().x, x);
                x += area.bounds().width;
            }
            assert_eq!(x, SIZE.width, "{state:?}");
        }
    }

    #[test]
    fn the_pictures_are_what_line_takes() {
        for state in State::ALL {
            let Drawn { menu, png } = Drawn::of(state).unwrap();
            let picture = image::load_from_memory_with_format(png, image::ImageFormat::Png).unwrap();
            assert_eq!((picture.width(), picture.height()), (menu.size().width, menu.size().height), "{state:?}");
            assert!(png.len() < 300_000, "{state:?}: {} bytes", png.len());
        }
    }

    #[test]
    fn a_name_says_whose_it_is_and_changes_with_definition_and_picture() {
        let menus = State::ALL.map(|state| Drawn::of(state).unwrap().menu);
        for (state, menu) in State::ALL.iter().zip(&menus) {
            let hash = menu.name().strip_prefix(&format!("hokenshitsu/{}/", state.as_str())).unwrap();
            assert!(hash.len() == 12 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
        }
        let [registered, unregistered] = &menus;
        let hashes = [hash(registered, b"a"), hash(registered, b"b"), hash(unregistered, b"a")];
        assert_eq!(std::collections::BTreeSet::from(hashes).len(), 3);
    }
}
