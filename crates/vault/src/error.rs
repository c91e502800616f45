//! What can go wrong, by what a caller does about it. No error says more than the caller may tell a stranger.

/// Why something sealed did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A wrong key or password, bytes that were altered, or a thing taken from another place: the three cannot
    /// be told apart.
    #[error("the key does not open this")]
    Refused,
    /// Not in a format that this program knows: cut short, or written by another version.
    #[error("not a sealed format that this program knows")]
    Malformed,
}

/// Why a password cannot be used to wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Longer than any person types; refused before work is spent on it.
    #[error("the password is longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Argon2id cannot run at this cost, or it is above what we accept from a stored row.
    #[error("the cost of the password check is out of bounds")]
    Cost,
}

/// A public key that nothing can be sealed to: the account's row is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a usable public key")]
pub struct PublicKeyError;

/// What is wrong with a recovery code as it was typed, said so that the person can correct it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryCodeError {
    /// Too few or too many characters.
    #[error("a recovery code has {expected} characters, this one has {found}")]
    Length {
        /// How many there must be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A character that no code contains.
    #[error("a recovery code never contains this character")]
    Character,
    /// The check character does not fit: a typing error.
    #[error("the recovery code has a typing error")]
    Mistyped,
}
