//! Rich menus: a picture at the bottom of the chat whose areas are buttons. LINE shows a person the one that is linked to
//! them, and else the account's default one.
//!
//! Source: LINE's reference, "Rich menu object", "Bounds object" and "Upload rich menu image".

use serde::{Deserialize, Serialize};

use crate::{
    limit::{InvalidMessage, Limit},
    quick_reply::Action,
    word::{BadId, words},
};

words! {
    /// Names a rich menu that LINE has taken.
    #[derive(Serialize, Deserialize)]
    #[serde(try_from = "String", into = "String")]
    RichMenuId,
}

impl TryFrom<String> for RichMenuId {
    type Error = BadId;

    fn try_from(text: String) -> Result<Self, BadId> {
        Self::parse(&text)
    }
}

impl From<RichMenuId> for String {
    fn from(RichMenuId(id): RichMenuId) -> Self {
        id
    }
}

/// A rich menu that LINE accepts, to be made; its picture is a call of its own. Serialises to LINE's rich menu object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RichMenu {
    size: Size,
    selected: bool,
    name: String,
    chat_bar_text: String,
    areas: Vec<Area>,
}

/// How large the picture is, in its own pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// A part of the picture that does something when it is touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Area {
    bounds: Bounds,
    action: Action,
}

/// Where an area lies, in pixels of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// From the picture's left edge.
    pub x: u32,
    /// From its upper edge.
    pub y: u32,
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

impl RichMenu {
    /// A menu that stays folded until it is touched. Its `name` is for us: people never see it; `chat_bar_text` is what they
    /// touch to unfold it.
    pub fn new(name: impl Into<String>, chat_bar_text: impl Into<String>, size: Size, areas: Vec<Area>) -> Result<Self, InvalidMessage> {
        let menu = Self { size, selected: false, name: name.into(), chat_bar_text: chat_bar_text.into(), areas };
        Limit::MenuName.check_text(&menu.name)?;
        Limit::ChatBarText.check_text(&menu.chat_bar_text)?;
        Limit::Areas.check(menu.areas.len())?;
        size.check()?;
        if menu.areas.iter().all(|area| area.bounds.lie_in(size)) { Ok(menu) } else { Err(InvalidMessage::AreaOutside) }
    }

    /// The same menu, unfolded whenever the chat is opened.
    #[must_use]
    pub fn unfolded(self) -> Self {
        Self { selected: true, ..self }
    }

    /// The name by which we know it again.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The size that its picture must have.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The areas in the order in which a screen reader names them.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }
}

impl Size {
    fn check(self) -> Result<(), InvalidMessage> {
        let pixels = |length| usize::try_from(length).unwrap_or(usize::MAX);
        Limit::MenuWidth.check(pixels(self.width))?;
        Limit::MenuHeight.check(pixels(self.height))?;
        // Width by height is at least 1.45, in whole numbers.
        if u64::from(self.width) * 100 >= u64::from(self.height) * 145 { Ok(()) } else { Err(InvalidMessage::MenuTooTall) }
    }
}

impl Area {
    /// Checks the action against LINE's limits; whether the bounds lie in the menu, the menu checks.
    pub fn new(bounds: Bounds, action: Action) -> Result<Self, InvalidMessage> {
        action.check()?;
        Ok(Self { bounds, action })
    }

    /// Where it lies.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// What it does.
    pub fn action(&self) -> &Action {
        &self.action
    }
}

impl Bounds {
    fn lie_in(self, size: Size) -> bool {
        let fits = |from: u32, length: u32, all: u32| length > 0 && from.checked_add(length).is_some_and(|end| end <= all);
        fits(self.x, self.width, size.width) && fits(self.y, self.height, size.height)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use serde_json::json;

    use super::*;

    const SIZE: Size = Size { width: 2500, height: 843 };
    const ALL: Bounds = Bounds { x: 0, y: 0, width: 2500, height: 843 };

    fn area(bounds: Bounds) -> Area {
        Area::new(bounds, Action::postback("登録", "register", Some("登録のしかた".into()))).unwrap()
    }

    fn menu(name: &str, bar: &str, size: Size, areas: Vec<Area>) -> Result<RichMenu, InvalidMessage> {
        RichMenu::new(name, bar, size, areas)
    }

    #[test]
    fn a_menu_is_written_as_line_wants_it() {
        let menu = menu("house/1", "メニュー", SIZE, vec![area(ALL)]).unwrap();
        let action = json!({"type": "postback", "label": "登録", "data": "register", "displayText": "登録のしかた"});
        let expected = |selected: bool| {
            json!({
                "size": {"width": 2500, "height": 843}, "selected": selected, "name": "house/1", "chatBarText": "メニュー",
                "areas": [{"bounds": {"x": 0, "y": 0, "width": 2500, "height": 843}, "action": action}],
            })
        };
        assert_eq!(serde_json::to_value(&menu).unwrap(), expected(false));
        assert_eq!(serde_json::to_value(menu.unfolded()).unwrap(), expected(true));
    }

    #[test]
    fn each_limit_is_named() {
        let of = |width, height| menu("m", "b", Size { width, height }, vec![area(Bounds { x: 0, y: 0, width: 1, height: 1 })]);
        for (menu, limit, found) in [
            (menu("", "b", SIZE, vec![area(ALL)]), Limit::MenuName, 0),
            (menu(&"m".repeat(301), "b", SIZE, vec![area(ALL)]), Limit::MenuName, 301),
            (menu("m", "", SIZE, vec![area(ALL)]), Limit::ChatBarText, 0),
            (menu("m", &"あ".repeat(15), SIZE, vec![area(ALL)]), Limit::ChatBarText, 15),
            (menu("m", "b", SIZE, vec![]), Limit::Areas, 0),
            (menu("m", "b", SIZE, vec![area(ALL); 21]), Limit::Areas, 21),
            (of(799, 300), Limit::MenuWidth, 799),
            (of(2501, 843), Limit::MenuWidth, 2501),
            (of(2500, 249), Limit::MenuHeight, 249),
            (of(2500, 1725), Limit::MenuHeight, 1725),
        ] {
            assert_eq!(menu, Err(InvalidMessage::Limit { limit, found }));
        }
        assert_eq!(of(800, 552), Err(InvalidMessage::MenuTooTall));
        assert!(of(800, 551).is_ok() && of(2500, 1724).is_ok() && of(800, 250).is_ok());
        let label = Area::new(ALL, Action::postback("あ".repeat(21), "d", None));
        assert_eq!(label, Err(InvalidMessage::Limit { limit: Limit::Label, found: 21 }));
    }

    #[test]
    fn no_area_reaches_out_of_the_picture() {
        for outside in [
            Bounds { x: 1, ..ALL },
            Bounds { y: 1, ..ALL },
            Bounds { width: 0, ..ALL },
            Bounds { height: 0, ..ALL },
            Bounds { x: u32::MAX, ..ALL },
        ] {
            assert_eq!(menu("m", "b", SIZE, vec![area(ALL), area(outside)]), Err(InvalidMessage::AreaOutside), "{outside:?}");
        }
    }

    #[test]
    fn an_id_is_stored_as_line_writes_it_and_checked_when_it_is_read() {
        let id = RichMenuId::parse("richmenu-88c05ef6").unwrap();
        assert_eq!(serde_json::to_value(&id).unwrap(), json!("richmenu-88c05ef6"));
        assert_eq!(serde_json::from_value::<RichMenuId>(json!("richmenu-88c05ef6")).unwrap(), id);
        assert!(serde_json::from_value::<RichMenuId>(json!("../x")).is_err());
    }
}
