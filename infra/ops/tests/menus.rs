//! The rich menus, against the local system's LINE.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod house;

use domain::tenant::ChannelName;
use house::House;
use line::{ChannelCredentials, ChannelSecret, Client, RichMenu, RichMenuId};
use ops::{
    OpsError,
    menu::{
        How,
        drawn::{Drawn, State},
    },
};
use store::parameters::Channel;

/// The demo channel as LINE shows it, without any menu.
struct Account {
    name: ChannelName,
    client: Client,
    credentials: ChannelCredentials,
}

impl Account {
    async fn bare(house: &House) -> Self {
        let name: ChannelName = "demo".parse().unwrap();
        let channel = house.ops.channel(&name).await.unwrap();
        let credentials = ChannelCredentials { channel_id: channel.channel_id, secret: ChannelSecret::new(channel.channel_secret) };
        let environment = &house.system.environment;
        let account = Self { name, client: Client::new(&environment.line_api, &environment.line_data_api).unwrap(), credentials };
        for (id, _) in account.menus().await {
            account.client.delete_rich_menu(&account.credentials, &id).await.unwrap();
        }
        account
    }

    async fn menus(&self) -> Vec<(RichMenuId, String)> {
        self.client.rich_menus(&self.credentials).await.unwrap()
    }

    async fn make(&self, menu: &RichMenu) -> RichMenuId {
        self.client.create_rich_menu(&self.credentials, menu).await.unwrap()
    }

    async fn default(&self) -> Option<RichMenuId> {
        self.client.default_rich_menu(&self.credentials).await.unwrap()
    }

    async fn has_image(&self, menu: &RichMenuId) -> bool {
        self.client.has_rich_menu_image(&self.credentials, menu).await.unwrap()
    }
}

fn drawn(state: State) -> RichMenu {
    Drawn::of(state).unwrap().menu
}

/// A menu as another drawing would have made it.
fn named(name: &str) -> RichMenu {
    RichMenu::new(name, "メニュー", drawn(State::Registered).size(), drawn(State::Registered).areas().to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn menus_are_made_once_and_found_again() {
    let house = House::open().await;
    let account = Account::bare(&house).await;
    let first = house.ops.apply_menus(&account.name).await.unwrap();
    assert_eq!((first.registered.how, first.unregistered.how), (How::Made, How::Made));
    assert!(first.default_set && first.written && first.deleted.is_empty(), "{first:?}");

    let names = [State::Registered, State::Unregistered].map(|state| drawn(state).name().to_owned());
    let mut made = account.menus().await;
    made.sort_by(|a, b| a.1.cmp(&b.1));
    assert_eq!(made, [(first.registered.id.clone(), names[0].clone()), (first.unregistered.id.clone(), names[1].clone())]);
    assert!(account.has_image(&first.registered.id).await && account.has_image(&first.unregistered.id).await);
    assert_eq!(account.default().await, Some(first.unregistered.id.clone()));
    assert_eq!(house.ops.channel(&account.name).await.unwrap().registered_menu, Some(first.registered.id.to_string()));

    let again = house.ops.apply_menus(&account.name).await.unwrap();
    assert_eq!((again.registered.how, again.unregistered.how), (How::WasThere, How::WasThere));
    assert_eq!((&again.registered.id, &again.unregistered.id), (&first.registered.id, &first.unregistered.id));
    assert!(!again.default_set && !again.written && again.deleted.is_empty(), "{again:?}");
    assert_eq!(account.menus().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_died_is_finished_by_the_next_one() {
    let house = House::open().await;
    let account = Account::bare(&house).await;
    let left = account.make(&drawn(State::Registered)).await;
    let applied = house.ops.apply_menus(&account.name).await.unwrap();
    assert_eq!((applied.registered.how, &applied.registered.id), (How::Finished, &left));
    assert!(account.has_image(&left).await);

    let twin = account.make(&drawn(State::Registered)).await;
    let applied = house.ops.apply_menus(&account.name).await.unwrap();
    assert_eq!((applied.registered.how, &applied.registered.id), (How::WasThere, &left), "the one with a picture stays");
    assert_eq!(applied.deleted, [twin]);
}

#[tokio::test(flavor = "multi_thread")]
async fn older_menus_of_ours_go_and_those_of_others_and_of_members_stay() {
    let house = House::open().await;
    let account = Account::bare(&house).await;
    let older = account.make(&named("hokenshitsu/unregistered/000000000000")).await;
    let foreign = account.make(&named("campaign/summer")).await;
    let shown = house.ops.menus(&account.name).await.unwrap();
    assert_eq!(
        shown.iter().map(|menu| (menu.state, menu.id.clone())).collect::<Vec<_>>(),
        [(Some(State::Registered), None), (Some(State::Unregistered), None), (None, Some(older.clone())),]
    );

    let applied = house.ops.apply_menus(&account.name).await.unwrap();
    assert_eq!(applied.deleted, [older]);
    let left: Vec<_> = account.menus().await.into_iter().map(|(id, _)| id).collect();
    assert!(left.len() == 3 && left.contains(&foreign), "{left:?}");
    let shown = house.ops.menus(&account.name).await.unwrap();
    assert!(shown.len() == 2 && shown.iter().all(|menu| menu.picture && menu.used), "{shown:?}");

    let of_members = account.make(&named("hokenshitsu/registered/000000000000")).await;
    assert!(house.ops.apply_menus(&account.name).await.unwrap().deleted.is_empty());
    assert!(account.menus().await.iter().any(|(id, _)| *id == of_members), "members are linked to it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_changed_by_hand_is_set_right() {
    let house = House::open().await;
    let account = Account::bare(&house).await;
    let first = house.ops.apply_menus(&account.name).await.unwrap();
    account.client.set_default_rich_menu(&account.credentials, &first.registered.id).await.unwrap();
    account.client.delete_rich_menu(&account.credentials, &first.unregistered.id).await.unwrap();
    let again = house.ops.apply_menus(&account.name).await.unwrap();
    assert_eq!((again.registered.how, again.unregistered.how), (How::WasThere, How::Made));
    assert!(again.default_set && !again.written);
    assert_eq!(account.default().await, Some(again.unregistered.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_leaves_the_members_menu_and_another_channel_does_not_know_it() {
    let House { ops, system: _system, .. } = &House::open().await;
    let name: ChannelName = "second".parse().unwrap();
    let channel = |id: &str, secret: &str, menu: Option<&str>| Channel {
        channel_id: id.to_owned(),
        channel_secret: secret.repeat(32),
        basic_id: "@second".to_owned(),
        registered_menu: menu.map(str::to_owned),
    };
    ops.set_channel(&name, &channel("2000000002", "a", Some("richmenu-1"))).await.unwrap();
    for (id, secret, kept) in [("2000000002", "b", Some("richmenu-1")), ("2000000003", "b", None)] {
        ops.set_channel(&name, &channel(id, secret, None)).await.unwrap();
        assert_eq!(ops.channel(&name).await.unwrap().registered_menu.as_deref(), kept);
    }
    assert_eq!(ops.channels().await.unwrap(), ["demo".parse().unwrap(), name]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_line_refuses_is_named_and_nothing_is_made() {
    let house = House::open().await;
    let account = Account::bare(&house).await;
    let channel = house.ops.channel(&account.name).await.unwrap();
    house.ops.set_channel(&account.name, &Channel { channel_secret: "0".repeat(32), ..channel }).await.unwrap();
    let refused = house.ops.apply_menus(&account.name).await.unwrap_err();
    assert!(matches!(&refused, OpsError::Line { channel, .. } if *channel == account.name) && !refused.is_ours(), "{refused}");
    assert!(matches!(house.ops.apply_menus(&"none".parse().unwrap()).await, Err(OpsError::NoChannel(_))));
    assert!(account.menus().await.is_empty());
}
