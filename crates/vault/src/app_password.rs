//! The password of another program: 24 letters that this server makes, shown once, six groups of four.
//!
//! It opens nothing. A program that sends needs neither the master key nor anything that is wrapped under it, so that
//! all that is kept is what tells the right letters from others: a copy of them under the node's key. Whoever learns
//! such a password can send mail until it is revoked, and reads not one message.
//!
//! No slow hash stands before it. Argon2id makes up for what people choose; these letters are 103 random bits, which
//! nobody searches at any speed, and a slow check would only be a lever for whoever wants this server to be busy.

use crate::AccountBytes;
use crate::aead::derive;
use crate::node::NodeKey;
use crate::random::{Random, secret};
use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// Letters that no eye takes for another one; without vowels, so that they spell nothing.
const ALPHABET: &[u8; 20] = b"bcdfghjkmnpqrstvwxyz";
/// 20^24 is more than 2^103.
const LETTERS: usize = 24;
const GROUP: usize = 4;
const PURPOSE: &str = "caliopen app password 1";
const LABEL: &str = "app password";
/// The largest multiple of the alphabet's size below 256: a byte beyond it is thrown again, so that every letter is
/// as likely as the others.
const FAIR_BELOW: u8 = 240;

/// What tells an app password from others. Kept by the server; nothing is made of it.
pub type AppPasswordCheck = [u8; 16];

/// The password of another program.
#[derive(ZeroizeOnDrop)]
pub struct AppPassword([u8; LETTERS]);

impl AppPassword {
    /// A new one.
    #[must_use]
    pub fn generate(random: Random<'_>) -> Self {
        let mut password = Self([0; LETTERS]);
        password.0.iter_mut().for_each(|letter| *letter = fair_letter(random));
        password
    }

    /// The letters as they are shown, once: `bcdf ghjk …`.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LETTERS + LETTERS / GROUP));
        for (place, letter) in self.0.iter().enumerate() {
            if place > 0 && place % GROUP == 0 {
                text.push(' ');
            }
            text.push(char::from(*letter));
        }
        text
    }

    /// Reads letters as a person or a program typed them: in any case, with spaces and hyphens anywhere. `None` when
    /// they are none that this server ever made.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut letters = Self([0; LETTERS]);
        let mut places = letters.0.iter_mut();
        for typed in typed.chars().filter(|typed| !typed.is_whitespace() && *typed != '-') {
            let letter = u8::try_from(typed.to_ascii_lowercase()).ok()?;
            *places.next()? = Some(letter).filter(|letter| ALPHABET.contains(letter))?;
        }
        let is_whole = places.next().is_none();
        is_whole.then_some(letters)
    }

    /// What is kept of it: it is worth nothing without the node's key, for another account, or for anything else.
    #[must_use]
    pub fn check(&self, node: &NodeKey, account: &AccountBytes) -> AppPasswordCheck {
        let key = derive(&self.0, PURPOSE);
        node.index(LABEL, Zeroizing::new([account.as_slice(), key.as_slice()].concat()).as_slice())
    }

    /// Whether this is the password that a check was made of. Takes the same time for every answer.
    #[must_use]
    pub fn matches(&self, check: &AppPasswordCheck, node: &NodeKey, account: &AccountBytes) -> bool {
        self.check(node, account).ct_eq(check).into()
    }
}

fn fair_letter(random: Random<'_>) -> u8 {
    loop {
        let [byte] = *secret::<1>(random);
        if byte < FAIR_BELOW {
            return ALPHABET.get(usize::from(byte % 20)).copied().unwrap_or(b'b');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;
    use std::collections::BTreeSet;

    const ACCOUNT: AccountBytes = [7; 16];

    fn made(seed: &str) -> AppPassword {
        AppPassword::generate(&mut stream(seed))
    }

    fn node(seed: &str) -> NodeKey {
        NodeKey::from_file(&NodeKey::new_file(&mut stream(seed)))
    }

    #[test]
    fn it_is_six_groups_of_four_letters_of_a_hundred_bits_at_least() {
        let text = made("one").text();
        let groups: Vec<&str> = text.split(' ').collect();
        assert_eq!((groups.len(), groups.iter().all(|group| group.len() == 4)), (6, true));
        assert_eq!(ALPHABET.iter().collect::<BTreeSet<_>>().len(), 20);
        assert!((LETTERS as f64) * 20_f64.log2() >= 100.0);
        assert_ne!(*text, *made("two").text());
    }

    #[test]
    fn every_letter_is_as_likely_as_the_others() {
        let mut random = stream("many");
        let mut counts = [0_u32; 256];
        for _ in 0..2_000 {
            AppPassword::generate(&mut random).0.iter().for_each(|letter| counts[usize::from(*letter)] += 1);
        }
        let found: Vec<u32> = ALPHABET.iter().map(|letter| counts[usize::from(*letter)]).collect();
        assert_eq!(found.iter().sum::<u32>(), 2_000 * 24);
        assert!(found.iter().all(|count| (2_100..2_700).contains(count)), "2,400 each: {found:?}");
    }

    #[test]
    fn people_type_it_their_way() {
        let text = made("one").text();
        for typed in
            [text.to_uppercase(), text.replace(' ', ""), text.replace(' ', "-"), format!(" {}\n", *text)]
        {
            assert_eq!(AppPassword::parse(&typed).map(|read| read.0), Some(made("one").0), "{typed}");
        }
        let longer = format!("{}b", *text);
        for wrong in ["", "bcdf", longer.as_str(), "a long walk by the river", &text.replace(' ', "é")] {
            assert!(AppPassword::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn it_is_known_again_by_its_node_and_for_its_account_alone() {
        let check = made("one").check(&node("n"), &ACCOUNT);
        assert!(made("one").matches(&check, &node("n"), &ACCOUNT));
        assert!(!made("two").matches(&check, &node("n"), &ACCOUNT));
        assert!(!made("one").matches(&check, &node("m"), &ACCOUNT));
        assert!(!made("one").matches(&check, &node("n"), &[8; 16]));
    }
}
