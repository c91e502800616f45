//! The first start: whoever holds the one-time token that the server printed makes the first account.

use crate::Hub;
use crate::accounts::AccountError;
use crate::devices::Client;
use crate::error::HubError;
use crate::passwords::{SignInError, SignedIn};
use caliopen_model::{EmailAddress, Language};
use caliopen_vault::SessionToken;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// The hash of the token that is out, if any. It lives in memory alone: a restart prints a new one.
#[derive(Default)]
pub(crate) struct FirstStart {
    token_hash: Mutex<Option<[u8; 32]>>,
}

/// Why the first account was not made.
#[derive(Debug, thiserror::Error)]
pub enum FirstStartError {
    /// Somebody has an account already, or the token is not the one that was printed.
    #[error("this link is not valid; the first account may exist already, or the server was restarted since")]
    Over,
    /// The address or the password will not do.
    #[error(transparent)]
    Account(AccountError),
    /// Storage, or a damaged record.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl Hub {
    /// Makes the token of the first start. None when an account exists.
    pub async fn begin_first_start(&self) -> Result<Option<Zeroizing<String>>, HubError> {
        if !self.needs_first_start().await? {
            return Ok(None);
        }
        let token = SessionToken::generate(&mut |bytes| (self.core.entropy)(bytes));
        *self.token_hash() = Some(token.lookup_hash());
        Ok(Some(token.text()))
    }

    /// Makes the first domain and account, and signs in.
    pub async fn first_start(
        &self,
        token: &str,
        address: &EmailAddress,
        password: &str,
        language: Language,
        client: impl Into<Client>,
    ) -> Result<SignedIn, FirstStartError> {
        let hash =
            SessionToken::parse(token).map(|token| token.lookup_hash()).ok_or(FirstStartError::Over)?;
        // Taken out while it is used: of two tabs that race, one wins. A wrong form gives it back.
        if self.token_hash().take_if(|known| *known == hash).is_none() {
            return Err(FirstStartError::Over);
        }
        if !self.needs_first_start().await? {
            return Err(FirstStartError::Over);
        }
        let made = self.make_first_account(address, password, language).await;
        if let Err(error) = made {
            *self.token_hash() = Some(hash);
            return Err(error);
        }
        let here = IpAddr::from([127, 0, 0, 1]);
        self.sign_in(&address.to_string(), password, client, here).await.map_err(|error| match error {
            SignInError::Hub(error) => error.into(),
            SignInError::Password(error) => FirstStartError::Account(error),
            SignInError::Credentials
            | SignInError::Rate { .. }
            | SignInError::SecondFactor { .. }
            | SignInError::WrongSecondFactor
            | SignInError::OnlyConfirms => FirstStartError::Over,
        })
    }

    async fn make_first_account(
        &self,
        address: &EmailAddress,
        password: &str,
        language: Language,
    ) -> Result<(), FirstStartError> {
        self.add_domain(address.domain()).await?;
        match self.add_account(address, password, language).await {
            Ok(_) => Ok(()),
            Err(AccountError::Hub(error)) => Err(error.into()),
            Err(error) => Err(FirstStartError::Account(error)),
        }
    }

    fn token_hash(&self) -> std::sync::MutexGuard<'_, Option<[u8; 32]>> {
        self.first_start.token_hash.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
