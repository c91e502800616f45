//! An authenticator is believed when it answers us, now, with the right key and its user before it; and never else.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy.toml allows them in tests, and their helpers are part of them"
)]

use caliopen_factors::webauthn::{
    Asserted, Assertion, CREDENTIAL_KEY_BYTES_MAX, Credential, DATA_BYTES_MAX, Refusal, Registration,
    RelyingParty, assert, challenge_of, register,
};
use caliopen_testkit::authenticator::{Authenticator, Response};
use proptest::prelude::*;

const ID: &str = "mail.example.org";
const ORIGIN: &str = "https://mail.example.org";
const CHALLENGE: [u8; 32] = [7; 32];

fn party() -> RelyingParty {
    RelyingParty { id: ID.to_owned(), origin: ORIGIN.to_owned() }
}

fn mine() -> Authenticator {
    Authenticator::new(ID, ORIGIN).unwrap()
}

fn registered(response: &Response) -> Result<Credential, Refusal> {
    let Response { client_data, authenticator_data, .. } = response;
    register(&party(), &CHALLENGE, &Registration { client_data, authenticator_data })
}

fn asserted(key: &[u8], counter: u32, response: &Response) -> Result<Asserted, Refusal> {
    let Response { client_data, authenticator_data, signature } = response;
    assert(&party(), &CHALLENGE, (key, counter), &Assertion { client_data, authenticator_data, signature })
}

#[test]
fn a_key_of_each_algorithm_is_registered_and_signs() {
    for mut authenticator in
        [mine(), Authenticator::ed25519(ID, ORIGIN).unwrap(), Authenticator::rsa(ID, ORIGIN).unwrap()]
    {
        let credential = registered(&authenticator.register(&CHALLENGE)).unwrap();
        assert_eq!((&credential.id, &credential.key), (&authenticator.credential_id, &authenticator.key()));
        assert!(credential.key.len() <= CREDENTIAL_KEY_BYTES_MAX);
        let response = authenticator.assert(&CHALLENGE).unwrap();
        let expected = Ok(Asserted { counter: 0, is_synced: false });
        assert_eq!(asserted(&credential.key, 0, &response), expected);
        assert_eq!(challenge_of(&response.client_data), Ok(CHALLENGE));
    }
}

#[test]
fn an_authenticator_that_syncs_says_so() {
    let mut authenticator = mine();
    authenticator.flags |= 8 | 16;
    assert!(registered(&authenticator.register(&CHALLENGE)).unwrap().is_synced);
    let response = authenticator.assert(&CHALLENGE).unwrap();
    assert!(asserted(&authenticator.key(), 0, &response).unwrap().is_synced);
}

#[test]
fn what_is_not_for_us_now_with_its_user_there_is_refused_in_both_ceremonies() {
    type Lie = fn(&mut Authenticator);
    let lies: [(Lie, Refusal); 8] = [
        (|liar| liar.origin = "https://mail.example.org.evil.example".to_owned(), Refusal::Origin),
        (|liar| liar.origin = "http://mail.example.org".to_owned(), Refusal::Origin),
        (|liar| liar.origin = "https://mail.example.org:8443".to_owned(), Refusal::Origin),
        (|liar| liar.is_framed = true, Refusal::Origin),
        (|liar| liar.party = "example.org".to_owned(), Refusal::RelyingParty),
        (|liar| liar.flags = 1, Refusal::NotVerified),
        (|liar| liar.flags = 4, Refusal::NotVerified),
        (|liar| liar.flags = 0, Refusal::NotVerified),
    ];
    for (number, (lie, refusal)) in lies.into_iter().enumerate() {
        let mut liar = mine();
        lie(&mut liar);
        assert_eq!(registered(&liar.register(&CHALLENGE)), Err(refusal), "lie {number}");
        let response = liar.assert(&CHALLENGE).unwrap();
        assert_eq!(asserted(&liar.key(), 0, &response), Err(refusal), "lie {number}");
    }
}

#[test]
fn what_was_made_for_something_else_is_refused() {
    let mut authenticator = mine();
    let (made, signed) = (authenticator.register(&CHALLENGE), authenticator.assert(&CHALLENGE).unwrap());
    assert_eq!(registered(&signed), Err(Refusal::Type));
    assert_eq!(asserted(&authenticator.key(), 0, &made), Err(Refusal::Type));
    let replayed = authenticator.assert(&[8; 32]).unwrap();
    assert_eq!(asserted(&authenticator.key(), 0, &replayed), Err(Refusal::Challenge));
    assert_eq!(registered(&authenticator.register(&[8; 32])), Err(Refusal::Challenge));
    let long = authenticator.assert(&[7; 33]).unwrap();
    assert_eq!(asserted(&authenticator.key(), 0, &long), Err(Refusal::Challenge));
}

#[test]
fn a_signature_of_another_key_or_over_other_words_is_refused() {
    for mut authenticator in
        [mine(), Authenticator::ed25519(ID, ORIGIN).unwrap(), Authenticator::rsa(ID, ORIGIN).unwrap()]
    {
        let key = authenticator.key();
        let right = authenticator.assert(&CHALLENGE).unwrap();
        assert_eq!(asserted(&mine().key(), 0, &right), Err(Refusal::Signature));
        let signed = right.authenticator_data.len();
        for forged in [
            Response { signature: Vec::new(), ..right.clone() },
            Response { signature: vec![0; 600], ..right.clone() },
            Response { client_data: [right.client_data.as_slice(), b" "].concat(), ..right.clone() },
            Response {
                authenticator_data: [&right.authenticator_data[..signed - 1], &[9]].concat(),
                ..right.clone()
            },
        ] {
            assert!(asserted(&key, 0, &forged).is_err());
        }
    }
}

#[test]
fn a_counter_that_does_not_rise_shows_a_copy() {
    let mut authenticator = mine();
    authenticator.counter = 5;
    let response = authenticator.assert(&CHALLENGE).unwrap();
    let key = authenticator.key();
    for (known, refused) in [(0, false), (5, false), (6, true), (7, true)] {
        let copied = asserted(&key, known, &response) == Err(Refusal::Copied);
        assert_eq!(copied, refused, "{known}");
    }
    authenticator.counter = 0;
    let response = authenticator.assert(&CHALLENGE).unwrap();
    assert_eq!(asserted(&key, 0, &response).unwrap().counter, 0, "one that does not count");
    assert_eq!(asserted(&key, 3, &response), Err(Refusal::Copied), "one that did");
}

#[test]
fn a_key_that_is_not_on_its_curve_or_of_another_kind_is_not_registered() {
    let response = mine().register(&CHALLENGE);
    let key_at = response.authenticator_data.len() - 77;
    let with = |place: usize, byte: u8| {
        let mut changed = response.clone();
        changed.authenticator_data[key_at + place] = byte;
        registered(&changed)
    };
    assert_eq!(with(4, 0x27), Err(Refusal::Key), "another algorithm");
    assert_eq!(with(6, 2), Err(Refusal::Key), "another curve");
    let y = response.authenticator_data[key_at + 76];
    assert_eq!(with(76, y ^ 1), Err(Refusal::Key), "not on the curve");
}

#[test]
fn bytes_after_the_key_are_extensions_or_nothing() {
    let mut authenticator = mine();
    authenticator.flags |= 0x80;
    assert_eq!(registered(&authenticator.register(&CHALLENGE)), Err(Refusal::Malformed), "said, not there");
    let mut extended = authenticator.register(&CHALLENGE);
    extended.authenticator_data.push(0xa0);
    assert!(registered(&extended).is_ok());
    let mut longer = mine().register(&CHALLENGE);
    longer.authenticator_data.push(0xa0);
    assert_eq!(registered(&longer), Err(Refusal::Malformed), "there, not said");
    longer.authenticator_data.resize(DATA_BYTES_MAX + 1, 0);
    assert_eq!(registered(&longer), Err(Refusal::Malformed));
}

#[test]
fn data_that_is_cut_anywhere_is_malformed() {
    for mut authenticator in
        [mine(), Authenticator::ed25519(ID, ORIGIN).unwrap(), Authenticator::rsa(ID, ORIGIN).unwrap()]
    {
        let response = authenticator.register(&CHALLENGE);
        for length in 0..response.authenticator_data.len() {
            let cut = response.authenticator_data[..length].to_vec();
            let cut = Response { authenticator_data: cut, ..response.clone() };
            assert!(registered(&cut).is_err(), "{length}");
        }
        let signed = authenticator.assert(&CHALLENGE).unwrap();
        for length in 0..signed.client_data.len() {
            let cut = Response { client_data: signed.client_data[..length].to_vec(), ..signed.clone() };
            assert_eq!(asserted(&authenticator.key(), 0, &cut), Err(Refusal::Malformed), "{length}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_refused_and_nothing_else_happens(
        client_data in proptest::collection::vec(any::<u8>(), 0..300),
        authenticator_data in proptest::collection::vec(any::<u8>(), 0..300),
        key in proptest::collection::vec(any::<u8>(), 0..100),
        signature in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let right = mine().register(&CHALLENGE).client_data;
        let response = Response { client_data, authenticator_data, signature };
        let of_ours = Response { client_data: right, ..response.clone() };
        for response in [response, of_ours] {
            let is_believed = registered(&response).is_ok() || asserted(&key, 0, &response).is_ok();
            prop_assert!(!is_believed);
        }
    }
}
