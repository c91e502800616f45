//! The `[storage]` table: how much of the disk the mail of one account may take.

use bytesize::ByteSize;
use serde::{Deserialize, Deserializer, de::Error};
use std::str::FromStr;

/// The `[storage]` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Storage {
    /// Of each account, unless the command line says otherwise of one.
    pub account_max: Room,
}

/// A size such as `10 GB`, or `unlimited`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// So much.
    Bytes(ByteSize),
    /// As much as there is.
    Unlimited,
}

impl Room {
    /// The number of bytes, where there is a limit.
    pub fn bytes(self) -> Option<u64> {
        match self {
            Self::Bytes(size) => Some(size.as_u64()),
            Self::Unlimited => None,
        }
    }
}

impl FromStr for Room {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "unlimited" {
            return Ok(Self::Unlimited);
        }
        // A bare number would be bytes, which nobody means.
        let size = text.strip_suffix(['B', 'b']).and_then(|_| text.parse().ok());
        size.map(Self::Bytes).ok_or("a size is a number and MB, GB or TB, or `unlimited`")
    }
}

impl<'de> Deserialize<'de> for Room {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl Default for Storage {
    fn default() -> Self {
        Self { account_max: Room::Bytes(ByteSize::gb(10)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_says_its_unit() {
        let bytes = |text: &str| text.parse::<Room>().map(Room::bytes);
        assert_eq!(bytes("10 GB"), Ok(Some(10_000_000_000)));
        assert_eq!(bytes("1.5TB"), Ok(Some(1_500_000_000_000)));
        assert_eq!(bytes("500 MiB"), Ok(Some(500 * 1024 * 1024)));
        assert_eq!(bytes("unlimited"), Ok(None));
        for wrong in ["", "10", "GB", "-1 GB", "ten GB", "10 G"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
