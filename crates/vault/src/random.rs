//! Randomness is handed in by the caller: the operating system's on a server, the browser's in a browser, a
//! fixed stream in a test.

use hpke::rand_core::{TryCryptoRng, TryRng};
use std::convert::Infallible;
use zeroize::Zeroizing;

/// Fills a buffer with bytes that nobody can predict. It must not fail: a caller that has no randomness stops.
pub type Random<'a> = &'a mut dyn FnMut(&mut [u8]);

/// A fresh secret array, wiped when dropped.
pub(crate) fn secret<const N: usize>(random: Random<'_>) -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    random(bytes.as_mut_slice());
    bytes
}

/// A fresh public array: a nonce, a salt, an id.
pub(crate) fn public<const N: usize>(random: Random<'_>) -> [u8; N] {
    let mut bytes = [0; N];
    random(&mut bytes);
    bytes
}

/// The same source in the shape that HPKE asks for.
pub(crate) struct Source<'a>(pub Random<'a>);

impl TryRng for Source<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(public(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(public(self.0)))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        (self.0)(target);
        Ok(())
    }
}

impl TryCryptoRng for Source<'_> {}

#[cfg(test)]
pub(crate) mod fixed {
    //! A stream that is the same in each run, so that known answers can be written down. For tests alone.

    use sha2::{Digest, Sha256};

    /// SHA-256 of the seed and a counter, one block after another.
    pub(crate) fn stream(seed: &str) -> impl FnMut(&mut [u8]) {
        let seed = seed.to_owned();
        let mut block_number = 0_u64;
        move |target| {
            for part in target.chunks_mut(32) {
                let block =
                    Sha256::new().chain_update(&seed).chain_update(block_number.to_be_bytes()).finalize();
                part.copy_from_slice(&block[..part.len()]);
                block_number += 1;
            }
        }
    }
}
