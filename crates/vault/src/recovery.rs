//! The recovery code: 155 random bits and a check character on paper, eight groups of four.
//!
//! `H4KQ-7Z2M-…`. The check is one symbol over GF(32): it finds every single wrong character and every swap of
//! two neighbours, so that a typing error is told from a wrong code before any key is tried.

use crate::AccountBytes;
use crate::account::MasterKey;
use crate::aead::derive;
use crate::base32::{letter, read_typed};
use crate::error::{OpenError, RecoveryCodeError};
use crate::random::{Random, secret};
use zeroize::{ZeroizeOnDrop, Zeroizing};

const SYMBOLS: usize = 31;
const TYPED_SYMBOLS: usize = SYMBOLS + 1;
const GROUP: usize = 4;
const KIND: &str = "recovery";
const WRAPPING: &str = "caliopen recovery wrap 1";

/// A secret on paper that opens the account when the password is lost.
#[derive(ZeroizeOnDrop)]
pub struct RecoveryCode {
    /// One value of five bits each.
    symbols: [u8; SYMBOLS],
}

impl RecoveryCode {
    /// A new code.
    #[must_use]
    pub fn generate(random: Random<'_>) -> Self {
        let mut symbols: [u8; SYMBOLS] = *secret(random);
        for symbol in &mut symbols {
            *symbol &= 31;
        }
        Self { symbols }
    }

    /// The code as it is shown, once.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(TYPED_SYMBOLS + TYPED_SYMBOLS / GROUP));
        for (position, symbol) in self.symbols.iter().copied().chain([check(&self.symbols)]).enumerate() {
            if position > 0 && position % GROUP == 0 {
                text.push('-');
            }
            text.push(letter(symbol));
        }
        text
    }

    /// Reads a code as it was typed: any case, any grouping, `o` for 0, `i` and `l` for 1.
    pub fn parse(typed: &str) -> Result<Self, RecoveryCodeError> {
        let values = read_typed(typed)?;
        let wrong_length = RecoveryCodeError::Length { expected: TYPED_SYMBOLS, found: values.len() };
        let (last, front) = values.split_last().ok_or(wrong_length)?;
        let symbols: [u8; SYMBOLS] = front.try_into().map_err(|_| wrong_length)?;
        if check(&symbols) != *last {
            return Err(RecoveryCodeError::Mistyped);
        }
        Ok(Self { symbols })
    }

    /// The master key under this code. The code has 155 random bits, so no slow hash is needed.
    #[must_use]
    pub fn wrap(&self, master: &MasterKey, account: &AccountBytes, random: Random<'_>) -> Vec<u8> {
        master.wrap_with(&derive(&self.symbols, WRAPPING), account, KIND, random)
    }

    /// The master key that this code wraps.
    pub fn open(&self, wrapped: &[u8], account: &AccountBytes) -> Result<MasterKey, OpenError> {
        MasterKey::unwrap_with(&derive(&self.symbols, WRAPPING), account, KIND, wrapped)
    }
}

/// The sum of the symbols, each times another power of x, in GF(2)[x]/(x⁵+x²+1). The powers of the 31 places
/// are all different and none is zero, which is what makes a wrong symbol or a swap of two of them visible. The
/// check itself counts once, like the first place, which is the one farthest from it.
fn check(symbols: &[u8; SYMBOLS]) -> u8 {
    symbols.iter().fold(0, |sum, symbol| times_x(sum ^ symbol))
}

fn times_x(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 { shifted } else { (shifted ^ 0b10_0101) & 31 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;

    fn code() -> RecoveryCode {
        RecoveryCode::generate(&mut stream("recovery"))
    }

    #[test]
    fn it_is_eight_groups_of_four() {
        let text = code().text();
        let groups: Vec<_> = text.split('-').collect();
        assert_eq!(groups.len(), 8);
        assert!(groups.iter().all(|group| group.len() == 4));
    }

    #[test]
    fn people_type_it_their_way() {
        let text = code().text();
        let spellings = [
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('-', " "),
            format!("  {}\n", text.replace('-', " – ")),
            text.replace('0', "o").replace('1', "l"),
            text.replace('0', "O").replace('1', "I"),
        ];
        for spelling in spellings {
            let read = RecoveryCode::parse(&spelling).expect(&spelling);
            assert_eq!(read.symbols, code().symbols);
        }
    }

    #[test]
    fn every_wrong_character_and_every_swap_of_neighbours_is_found() {
        let text = code().text().replace('-', "");
        let letters: Vec<char> = text.chars().collect();
        for place in 0..letters.len() {
            for value in 0..32 {
                let mut wrong = letters.clone();
                wrong[place] = letter(value);
                let expected = wrong == letters;
                assert_eq!(RecoveryCode::parse(&wrong.iter().collect::<String>()).is_ok(), expected);
            }
            if place > 0 && letters[place] != letters[place - 1] {
                let mut swapped = letters.clone();
                swapped.swap(place, place - 1);
                let typed: String = swapped.iter().collect();
                assert_eq!(RecoveryCode::parse(&typed).err(), Some(RecoveryCodeError::Mistyped));
            }
        }
    }

    #[test]
    fn what_is_no_code_is_said() {
        let check = |typed: &str, expected| assert_eq!(RecoveryCode::parse(typed).err(), Some(expected));
        check("", RecoveryCodeError::Length { expected: 32, found: 0 });
        check("ABCD", RecoveryCodeError::Length { expected: 32, found: 4 });
        check("UUUU", RecoveryCodeError::Character);
        check("été", RecoveryCodeError::Character);
    }

    #[test]
    fn it_opens_its_own_wrap_of_its_own_account_alone() {
        let master = MasterKey::generate(&mut stream("master"));
        let wrapped = code().wrap(&master, &[1; 16], &mut stream("nonce"));
        assert_eq!(code().open(&wrapped, &[1; 16]).ok().map(|key| *key.bytes()), Some(*master.bytes()));
        assert_eq!(code().open(&wrapped, &[2; 16]).err(), Some(OpenError::Refused));
        let other = RecoveryCode::generate(&mut stream("another"));
        assert_eq!(other.open(&wrapped, &[1; 16]).err(), Some(OpenError::Refused));
        assert_eq!(code().open(&[], &[1; 16]).err(), Some(OpenError::Malformed));
    }
}
