//! Addresses that people choose themselves, as many as the host gives for their quests, and let rest.
//!
//! An address that was chosen stays its person's for good: whoever got it later would read what is written to them. One
//! that rests takes no mail, as if there were none, and writes none, until it is woken.

use crate::Hub;
use crate::access::Access;
use crate::accounts::AccountError;
use crate::error::HubError;
use crate::identities::IdentityView;
use crate::keys::ObjectType;
use crate::limits::{CHOSEN_CHARS_MAX, CHOSEN_CHARS_MIN};
use crate::owner::Plan;
use crate::records::LoginRecord;
use caliopen_model::{ChangeKind, EmailAddress, Handle, IdentityId};

/// Names that speak for a host (RFC 2142, and those that issuers of certificates write to): an administrator gives them.
const RESERVED: [&str; 34] = [
    "abuse",
    "admin",
    "administrator",
    "billing",
    "contact",
    "daemon",
    "ftp",
    "help",
    "hostmaster",
    "info",
    "mail",
    "mailer-daemon",
    "marketing",
    "news",
    "no-reply",
    "nobody",
    "noc",
    "noreply",
    "office",
    "postmaster",
    "privacy",
    "root",
    "sales",
    "security",
    "ssladmin",
    "sslwebmaster",
    "support",
    "sysadmin",
    "system",
    "trouble",
    "usenet",
    "uucp",
    "webmaster",
    "www",
];

/// The addresses that a person may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressesView {
    /// How many quests brought.
    pub allowed: usize,
    /// How many they chose, those that rest among them.
    pub chosen: usize,
}

/// Why an address was not given.
#[derive(Debug, thiserror::Error)]
pub enum ChooseError {
    /// Quests brought none, or all of them were chosen.
    #[error("your host gives addresses for privacy quests, and you have none left to choose")]
    NoneLeft,
    /// Not a name that can be read aloud without doubt.
    #[error(
        "a name has {CHOSEN_CHARS_MIN} to {CHOSEN_CHARS_MAX} of a to z, 0 to 9, and between them single dots, hyphens and underscores"
    )]
    Name,
    /// A name that speaks for the host.
    #[error("this name speaks for the host: ask its administrator")]
    Reserved,
    /// Another domain than those of the person's addresses.
    #[error("your addresses are of another domain")]
    Domain,
    /// Somebody has it, or had it.
    #[error("this address is taken")]
    Taken,
    /// Too many tries: names could be guessed.
    #[error("too many tries: come back in {0} seconds")]
    Wait(u32),
    /// Storage or keys.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl From<AccountError> for ChooseError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Hub(cause) => Self::Hub(cause),
            AccountError::TooManyAddresses => Self::NoneLeft,
            AccountError::NoDomain => Self::Domain,
            AccountError::Taken | AccountError::Unknown | AccountError::Password => Self::Taken,
        }
    }
}

/// What became of letting an address rest, or waking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rested {
    /// It is so.
    Done,
    /// There is no such address.
    Unknown,
    /// It was not chosen by its person.
    NotChosen,
}

impl Hub {
    /// What a person may choose, and chose.
    pub(crate) async fn addresses(&self, access: &Access) -> Result<AddressesView, HubError> {
        let own = self.identities(access).await?;
        Ok(AddressesView {
            allowed: self.core.given(access.owner.storage().quests).addresses,
            chosen: own.iter().filter(|identity| identity.by_person).count(),
        })
    }

    /// Gives a person the address that they chose, where they may choose one.
    ///
    /// # Errors
    ///
    /// See [`ChooseError`]: nothing is changed.
    pub async fn choose_address(&self, access: &Access, wanted: &str) -> Result<IdentityId, ChooseError> {
        let wanted =
            EmailAddress::parse(&wanted.trim().to_ascii_lowercase()).map_err(|_| ChooseError::Name)?;
        check_name(wanted.local_part())?;
        let own = self.identities(access).await?;
        if !own.iter().any(|identity| domain(&identity.address) == Some(wanted.domain())) {
            return Err(ChooseError::Domain);
        }
        if own.iter().any(|identity| identity.address.eq_ignore_ascii_case(&wanted.to_string())) {
            return Err(ChooseError::Taken);
        }
        self.names
            .allow_inside(*access.account().as_bytes(), self.core.clock.now())
            .map_err(ChooseError::Wait)?;
        // One at a time: two devices that choose at once are not given one more than there is.
        let _turn = access.owner.choosing.lock().await;
        let AddressesView { allowed, chosen } = self.addresses(access).await?;
        if chosen >= allowed {
            return Err(ChooseError::NoneLeft);
        }
        Ok(self.give_address(access.account(), &wanted, true).await?)
    }

    /// Lets an address rest that its person chose, or wakes it.
    pub async fn let_rest(&self, access: &Access, id: IdentityId, rests: bool) -> Result<Rested, HubError> {
        let own = self.identities(access).await?;
        let Some(IdentityView { address, by_person, .. }) = own.iter().find(|identity| identity.id == id)
        else {
            return Ok(Rested::Unknown);
        };
        if !by_person {
            return Ok(Rested::NotChosen);
        }
        let handle = Handle::literal(caliopen_model::Protocol::Email, address.as_str());
        let login = self.core.login(&handle).await?.ok_or(HubError::Damaged)?;
        self.core.change_login(&handle, login, LoginRecord { rests, ..login }).await?;
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        plan.changed(ObjectType::Identity, id.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await?;
        Ok(Rested::Done)
    }
}

fn domain(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain)
}

/// Letters that look like no others, and no name of the host's own.
fn check_name(name: &str) -> Result<(), ChooseError> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !(CHOSEN_CHARS_MIN..=CHOSEN_CHARS_MAX).contains(&name.len())
        || !name.split(['.', '-', '_']).all(is_word)
    {
        return Err(ChooseError::Name);
    }
    if RESERVED.contains(&name) { Err(ChooseError::Reserved) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_and_speaks_for_nobody_else() {
        let check = |name: &str| check_name(name).err().map(|error| error.to_string());
        for name in ["ana", "ana.b", "a-1_b", "ana2", &"x".repeat(CHOSEN_CHARS_MAX)] {
            assert_eq!(check(name), None, "{name}");
        }
        for name in [
            "",
            "an",
            ".ana",
            "ana.",
            "a..b",
            "ana+b",
            "аna",
            "Ana",
            "a b",
            "a-.b",
            &"x".repeat(CHOSEN_CHARS_MAX + 1),
        ] {
            assert_eq!(check(name), Some(ChooseError::Name.to_string()), "{name}");
        }
        for name in ["postmaster", "www", "abuse"] {
            assert_eq!(check(name), Some(ChooseError::Reserved.to_string()), "{name}");
        }
        assert!(RESERVED.is_sorted());
    }
}
