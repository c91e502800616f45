//! Any bytes as a JMAP request of somebody who is signed in: an answer, and never a failure of ours.
//! `ACCOUNT` in the bytes stands for the account's id.
#![no_main]

#[path = "../../crates/jmap/tests/api/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the tests of the API use all of it")]
mod support;

use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use support::{Client, Host};
use tokio::runtime::{Builder, Runtime};

/// A host with a message for alice, and her session.
struct World {
    runtime: Runtime,
    alice: Client,
    _host: Host,
}

impl World {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
        let (host, alice) = runtime.block_on(async {
            let host = Host::new().await;
            host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
            let alice = host.alice().await;
            (host, alice)
        });
        Self { runtime, alice, _host: host }
    }
}

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

fuzz_target!(|bytes: &[u8]| {
    WORLD.with_borrow_mut(|slot| {
        let world = slot.get_or_insert_with(World::new);
        let body = match std::str::from_utf8(bytes) {
            Ok(text) => text.replace("ACCOUNT", &world.alice.account).into_bytes(),
            Err(_) => bytes.to_vec(),
        };
        let json = [("content-type", "application/json")];
        let answer = world.runtime.block_on(world.alice.post_with("/jmap/api", &json, body));
        let said = String::from_utf8_lossy(&answer.body);
        assert!(answer.status.as_u16() < 500 && !said.contains("\"serverFail\""), "{} {said}", answer.status);
        if answer.status == 401 {
            // The input ended the session: a new one for the next.
            *slot = None;
        }
    });
});
