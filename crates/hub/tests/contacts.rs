//! People: made by hand, edited, deleted and taken back, brought as cards and taken away as cards.

use crate::support;
use caliopen_hub::{Access, ContactError, ContactPatch, ContactView, ExportOf, SkipReason};
use caliopen_model::{CardField, ContactId, ContactState, FieldKind, FieldUse, Handle, Place};
use support::World;

const ALICE: &str = "alice@example.org";

fn handle(address: &str) -> Handle {
    Handle::parse(&format!("email:{address}")).unwrap()
}

fn named(name: &str, addresses: &[&str]) -> ContactPatch {
    ContactPatch {
        name: Some(Some(name.to_owned())),
        handles: Some(addresses.iter().map(|address| handle(address)).collect()),
        ..ContactPatch::default()
    }
}

async fn all(world: &World, alice: &Access) -> Vec<ContactView> {
    let ids = world.hub.contact_page(alice, 0, 500).await.unwrap().ids;
    world.hub.contact_cards(alice, &ids).await.unwrap().into_iter().map(Option::unwrap).collect()
}

async fn names(world: &World, alice: &Access) -> Vec<String> {
    let mut names: Vec<String> =
        all(world, alice).await.iter().map(|view| view.contact.display_name().to_owned()).collect();
    names.sort();
    names
}

async fn export(world: &World, alice: &Access, which: ExportOf) -> String {
    let (mut text, mut after) = (String::new(), None);
    loop {
        let page = world.hub.export_vcards(alice, which, false, after).await.unwrap();
        text.push_str(&page.text);
        after = page.next;
        if after.is_none() {
            return text;
        }
    }
}

#[tokio::test]
async fn a_person_is_made_by_hand_and_their_mail_finds_them() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let mut patch = named("Ana", &["ana@example.net", "ana@work.example"]);
    patch.fields = Some(vec![CardField {
        kind: FieldKind::Phone,
        usage: Some(FieldUse::Mobile),
        value: " +34 600 ".to_owned(),
    }]);
    let ana = world.hub.create_contact(&alice, &patch).await.unwrap();
    world.deliver(&[ALICE], &format!("From: A. <ANA@work.example>\nTo: {ALICE}\nId: 1\n\nHello")).await;
    let list = world.list(&alice, Place::Inbox).await;
    assert_eq!((list[0].people[0].contact, list[0].people[0].name.as_str()), (Some(ana), "Ana"));
    let view = all(&world, &alice).await.remove(0);
    assert_eq!((view.contact.id, view.contact.state), (ana, ContactState::Confirmed));
    assert_eq!(view.contact.fields[0].value, "+34 600");
    assert_eq!(view.ways.len(), 2);
    assert!(view.ways.iter().all(|way| way.confirmed && !way.blocked && way.linked.is_none()));
    world.assert_sound().await;
}

#[tokio::test]
async fn what_cannot_be_a_contact_is_refused_with_its_reason() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let bo = world.hub.create_contact(&alice, &named("Bo", &["bo@example.net"])).await.unwrap();
    let refused = |patch: ContactPatch| {
        let (world, alice) = (&world, &alice);
        async move { world.hub.create_contact(alice, &patch).await.unwrap_err() }
    };
    assert!(matches!(refused(named("A", &["BO@example.net"])).await, ContactError::Taken(id) if id == bo));
    assert!(matches!(refused(named("A", &[ALICE])).await, ContactError::Own));
    assert!(matches!(refused(ContactPatch::default()).await, ContactError::Empty));
    let birthday = CardField { kind: FieldKind::Birthday, usage: None, value: "soon".to_owned() };
    let patch = ContactPatch { fields: Some(vec![birthday]), ..ContactPatch::default() };
    assert!(matches!(refused(patch).await, ContactError::Birthday));
    let many: Vec<String> = (0..51).map(|number| format!("a{number}@example.net")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(matches!(refused(named("A", &many)).await, ContactError::TooMany("addresses")));
    assert_eq!(names(&world, &alice).await, ["Bo"], "what was refused left nothing behind");
    let nobody = ContactId::from_bytes([9; 16]);
    let missing = world.hub.update_contact(&alice, nobody, &ContactPatch::default()).await;
    assert!(matches!(missing, Err(ContactError::NotFound)));
}

#[tokio::test]
async fn an_address_that_is_taken_off_stays_known_when_it_has_mail_and_is_forgotten_when_not() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let ana =
        world.hub.create_contact(&alice, &named("Ana", &["a@x.net", "b@x.net", "c@x.net"])).await.unwrap();
    world.deliver(&[ALICE], &format!("From: b@x.net\nTo: {ALICE}\nId: 1\n\nHello")).await;
    world.hub.update_contact(&alice, ana, &named("Ana", &["a@x.net"])).await.unwrap();
    assert_eq!(names(&world, &alice).await, ["Ana", "b@x.net"]);
    let list = world.list(&alice, Place::Inbox).await;
    assert_ne!(list[0].people[0].contact, Some(ana), "the mail follows its address");
    world.hub.create_contact(&alice, &named("Cy", &["c@x.net"])).await.unwrap();
    world.assert_sound().await;
}

#[tokio::test]
async fn a_deleted_contact_is_not_suggested_again_and_can_be_taken_back_as_it_was() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let mail = format!("From: Ana M. <a@x.net>\nTo: {ALICE}\nId: 1\n\nHello");
    world.deliver(&[ALICE], &mail).await;
    let ana = all(&world, &alice).await[0].contact.id;
    world.hub.update_contact(&alice, ana, &named("Ana", &["a@x.net"])).await.unwrap();
    let before = all(&world, &alice).await;
    assert!(world.hub.destroy_contact(&alice, ana).await.unwrap());
    assert!(!world.hub.destroy_contact(&alice, ana).await.unwrap());
    world.deliver(&[ALICE], &mail.replace("Id: 1", "Id: 2")).await;
    assert_eq!(names(&world, &alice).await, Vec::<String>::new());
    let person = world.list(&alice, Place::Inbox).await[0].people[0].clone();
    assert_eq!((person.contact, person.name.as_str()), (None, "Ana M."), "the message still says who wrote");
    assert!(world.hub.restore_contact(&alice, ana).await.unwrap());
    assert_eq!(all(&world, &alice).await, before);
    assert!(!world.hub.restore_contact(&alice, ana).await.unwrap());
    assert_eq!(world.hub.contact_page(&alice, 0, 9).await.unwrap().total, Some(1));
}

#[tokio::test]
async fn thirty_days_after_its_deletion_a_card_is_gone_for_good() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let ana = world.hub.create_contact(&alice, &named("Ana", &["a@x.net"])).await.unwrap();
    world.hub.destroy_contact(&alice, ana).await.unwrap();
    world.pass(30 * 24 * 60 * 60 * 1000 - 1);
    world.hub.purge_bin(alice.account()).await.unwrap();
    assert!(world.hub.restore_contact(&alice, ana).await.unwrap());
    world.hub.destroy_contact(&alice, ana).await.unwrap();
    world.pass(30 * 24 * 60 * 60 * 1000);
    world.hub.purge_bin(alice.account()).await.unwrap();
    assert!(!world.hub.restore_contact(&alice, ana).await.unwrap());
    world.assert_sound().await;
}

const BOOK: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEMAIL:ana@x.net\r\nEMAIL:ana@y.net\r\nTEL;TYPE=CELL:1 23\r\n\
    X-SHOE-SIZE:39\r\nNOTE:a note\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN:Plumber\r\nTEL:456\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Me\r\nEMAIL:alice@example.org\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n";

#[tokio::test]
async fn a_file_of_cards_is_taken_in_once_however_often_it_is_brought() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    world.deliver(&[ALICE], &format!("From: A <ANA@x.net>\nTo: {ALICE}\nId: 1\n\nHello")).await;
    let report = world.hub.import_vcards(&alice, BOOK.as_bytes()).await.unwrap();
    assert_eq!((report.made, report.updated, report.unchanged, report.skipped), (1, 1, 0, 2));
    let reasons: Vec<_> = report.skipped_cards.iter().map(|card| (card.number, card.why)).collect();
    assert_eq!(reasons, [(3, SkipReason::Own), (4, SkipReason::Empty)]);
    assert_eq!(names(&world, &alice).await, ["Ana", "Plumber"]);
    let again = world.hub.import_vcards(&alice, BOOK.as_bytes()).await.unwrap();
    assert_eq!((again.made, again.updated, again.unchanged, again.skipped), (0, 0, 2, 2));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_card_adds_to_somebody_who_is_known_and_overwrites_nothing() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let mut patch = named("Anita", &["ana@y.net"]);
    patch.fields = Some(vec![CardField { kind: FieldKind::Phone, usage: None, value: "123".to_owned() }]);
    let ana = world.hub.create_contact(&alice, &patch).await.unwrap();
    world.hub.import_vcards(&alice, BOOK.as_bytes()).await.unwrap();
    let view = all(&world, &alice).await.into_iter().find(|view| view.contact.id == ana).unwrap();
    assert_eq!(view.contact.name.as_deref(), Some("Anita"));
    assert_eq!(view.contact.note.as_deref(), Some("a note"));
    assert_eq!(view.contact.handles, [handle("ana@y.net"), handle("ana@x.net")]);
    assert_eq!(view.contact.fields.len(), 1, "the same number in other words is the same number");
}

#[tokio::test]
async fn what_is_taken_away_says_everything_that_was_brought_and_what_was_changed_since() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    world.deliver(&[ALICE], &format!("From: Stranger <s@x.net>\nTo: {ALICE}\nId: 1\n\nHello")).await;
    world.hub.import_vcards(&alice, BOOK.as_bytes()).await.unwrap();
    let ana = all(&world, &alice).await.into_iter().find(|view| view.contact.handles.len() == 2).unwrap();
    world.hub.update_contact(&alice, ana.contact.id, &named("Ana Maria", &["ana@y.net"])).await.unwrap();
    let text = export(&world, &alice, ExportOf::Known).await;
    for line in
        ["FN:Ana Maria\r\n", "X-SHOE-SIZE:39\r\n", "EMAIL:ana@y.net\r\n", "NOTE:a note\r\n", "FN:Plumber\r\n"]
    {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("ana@x.net") && !text.contains("Stranger"), "{text}");
    assert!(export(&world, &alice, ExportOf::Everybody).await.contains("FN:Stranger\r\n"));
}

#[tokio::test]
async fn an_export_of_more_people_than_a_page_has_each_once() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let book: String = (0..250)
        .map(|number| format!("BEGIN:VCARD\nVERSION:4.0\nFN:P {number}\nEMAIL:p{number}@x.net\nEND:VCARD\n"))
        .collect();
    assert_eq!(world.hub.import_vcards(&alice, book.as_bytes()).await.unwrap().made, 250);
    let text = export(&world, &alice, ExportOf::Known).await;
    assert_eq!(text.matches("BEGIN:VCARD").count(), 250);
    let other = World::new().await;
    let bob = other.sign_in(ALICE).await;
    assert_eq!(other.hub.import_vcards(&bob, text.as_bytes()).await.unwrap().made, 250);
    assert_eq!(export(&other, &bob, ExportOf::Known).await, text);
}

#[tokio::test]
async fn what_was_refused_takes_no_key_of_later_mail_with_it() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    // Long enough for the key that is in memory to be too old: what is refused would begin a new one.
    world.pass(60 * 60 * 1_000);
    world.hub.create_contact(&alice, &named("A", &[ALICE])).await.unwrap_err();
    world.deliver(&[ALICE], &format!("From: b@x.net\nTo: {ALICE}\nId: 1\n\nHello")).await;
    world.assert_sound().await;
    assert_eq!(world.list(&alice, Place::Inbox).await[0].excerpt, "Hello");
}
