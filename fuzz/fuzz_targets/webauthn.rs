//! What a browser and an authenticator say of a passkey: nothing that a fuzzer writes is signed, so none is believed.

#![no_main]

use caliopen_factors::webauthn::{Assertion, Registration, RelyingParty, assert, challenge_of, register};
use libfuzzer_sys::fuzz_target;

const CHALLENGE: [u8; 32] = [7; 32];

fuzz_target!(|input: (&[u8], &[u8], &[u8], &[u8])| {
    let (client_data, authenticator_data, key, signature) = input;
    let party = RelyingParty { id: "a.example".to_owned(), origin: "https://a.example".to_owned() };
    let registration = Registration { client_data, authenticator_data };
    if let Ok(credential) = register(&party, &CHALLENGE, &registration) {
        let assertion = Assertion { client_data, authenticator_data, signature };
        // What was made is not what is shown: their types differ.
        assert!(assert(&party, &CHALLENGE, (&credential.key, 0), &assertion).is_err());
    }
    let assertion = Assertion { client_data, authenticator_data, signature };
    let _ = assert(&party, &CHALLENGE, (key, 0), &assertion);
    let _ = challenge_of(client_data);
});
