//! Numbers in seven bits a byte (LEB128), and a reader that cannot go past its end.

use super::Fault;

pub(super) fn push(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number as u8 & 0x7f) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads what was written, from its beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn number(&mut self) -> Result<u64, Fault> {
        let mut number = 0_u64;
        for (at, byte) in self.0.iter().take(10).enumerate() {
            number |= u64::from(byte & 0x7f).checked_shl(at as u32 * 7).unwrap_or(0);
            if byte & 0x80 == 0 {
                self.0 = self.0.get(at + 1..).unwrap_or_default();
                return Ok(number);
            }
        }
        Err(Fault::Damaged)
    }

    /// Goes past so many numbers.
    pub(super) fn skip(&mut self, count: u64) -> Result<(), Fault> {
        for _ in 0..count {
            let end = self.0.iter().position(|byte| byte & 0x80 == 0).ok_or(Fault::Damaged)?;
            self.0 = self.0.get(end + 1..).unwrap_or_default();
        }
        Ok(())
    }

    /// A number that something in memory is as long as, or that counts documents.
    pub(super) fn small(&mut self) -> Result<u32, Fault> {
        u32::try_from(self.number()?).map_err(|_| Fault::Damaged)
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Fault::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.take(N)?.try_into().map_err(|_| Fault::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_what_is_cut_does_not() {
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            push(&mut bytes, number);
            assert_eq!(Bytes(&bytes).number(), Ok(number));
            bytes.pop();
            assert_eq!(Bytes(&bytes).number(), Err(Fault::Damaged));
        }
        assert_eq!(Bytes(&[0x80; 20]).number(), Err(Fault::Damaged));
    }
}
