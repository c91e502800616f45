//! What opens an account: its password, its recovery code, or a passkey. Nobody else's word does, the administrator's
//! included.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::accounts::{AccountError, is_long_enough};
use crate::challenges::Purpose;
use crate::context::without_tag;
use crate::devices::{Asking, Client};
use crate::error::HubError;
use crate::indices::sent;
use crate::keys;
use crate::owner::Plan;
use crate::passkeys::Presented;
use crate::records::{AccountRecord, LoginRecord, ProfileRecord};
use crate::second_factor::{self, Second};
use crate::views::ProfileView;
use caliopen_factors::webauthn::RelyingParty;
use caliopen_model::{AccountId, DeviceId, EmailAddress, Handle, Language, PersonCheck, Protocol};
use caliopen_vault::{MasterKey, OpenError, PasswordCost, PasswordWrap, RecoveryCode};
use std::net::IpAddr;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The address or the secret is wrong; which of them is not said.
    #[error("the address or the password is wrong")]
    Credentials,
    /// The password is right, and something else is asked for beside it.
    #[error("the password alone does not do: a second factor is needed")]
    SecondFactor {
        /// Whether a code of an app will do.
        codes: bool,
        /// Whether a passkey will do.
        passkeys: bool,
    },
    /// The password is right, and what was shown beside it is not.
    #[error("the second factor is wrong")]
    WrongSecondFactor,
    /// The passkey is right, and gives nothing that would open an account.
    #[error("this passkey shows that it is its person, and cannot sign in by itself")]
    OnlyConfirms,
    /// Too many tries.
    #[error("too many tries; try again in {retry_after_s} seconds")]
    Rate {
        /// Seconds until the next try.
        retry_after_s: u32,
    },
    /// The new password is too short or too long.
    #[error(transparent)]
    Password(AccountError),
    /// Storage, or a damaged record.
    #[error(transparent)]
    Hub(#[from] HubError),
}

/// A new session.
pub struct SignedIn {
    /// What the client shows at each request. Kept nowhere here.
    pub token: Zeroizing<String>,
    /// Whose account it opens.
    pub profile: ProfileView,
    /// The device that the session is bound to.
    pub device: Option<DeviceId>,
    /// The password was asked for something beside it, and is not any more.
    pub second_factor_ended: bool,
}

impl Hub {
    /// Lets in whoever knows the password, where it is asked for nothing beside it.
    pub async fn sign_in(
        &self,
        address: &str,
        password: &str,
        client: impl Into<Client>,
        from: IpAddr,
    ) -> Result<SignedIn, SignInError> {
        self.sign_in_with(address, password, None, client, from).await
    }

    /// Lets in whoever knows the password, and shows what it is asked for beside it. An unknown address costs the same time and gives the same answer.
    pub async fn sign_in_with(
        &self,
        address: &str,
        password: &str,
        second: Option<Second<'_>>,
        client: impl Into<Client>,
        from: IpAddr,
    ) -> Result<SignedIn, SignInError> {
        let (attempt, login) = self.attempt(address, from).await?;
        let (account, wrap) = match login {
            Some(login) => (AccountId::from_bytes(login.account), self.password_wrap(login).await?),
            None => (AccountId::from_bytes([0; 16]), None),
        };
        let master = self.open_by_password(account, wrap, password).await?.ok_or(SignInError::Credentials)?;
        let person = self.check_second(account, &master, second.as_ref()).await?;
        self.attempts.forgive(attempt);
        self.let_in(account, master, &client.into(), person).await
    }

    /// Lets in whoever shows a passkey that opens their account. Nothing is asked for beside it.
    pub async fn sign_in_by_passkey(
        &self,
        party: &RelyingParty,
        presented: Presented<'_>,
        client: impl Into<Client>,
        from: IpAddr,
    ) -> Result<SignedIn, SignInError> {
        let attempt = self.core.node.index("passkey attempt", presented.credential_id);
        self.attempts
            .allow(attempt, from, self.core.clock.now())
            .map_err(|retry_after_s| SignInError::Rate { retry_after_s })?;
        let believed = self.believe(Purpose::SignIn, None, party, &presented).await?;
        let believed = believed.ok_or(SignInError::Credentials)?;
        self.attempts.forgive(attempt);
        let (Some(secret), Some(wrap)) = (&presented.secret, &believed.wrap) else {
            return Err(SignInError::OnlyConfirms);
        };
        let account = believed.account;
        let master = secret.open(wrap, account.as_bytes()).map_err(|_| SignInError::Credentials)?;
        self.let_in(account, master, &client.into(), PersonCheck::Passkey).await
    }

    /// Lets in whoever knows the recovery code, under a new password. Every session ends, and the password is asked for
    /// nothing beside it any more: whoever lost their phone lost its codes, too.
    pub async fn recover(
        &self,
        address: &str,
        code: &str,
        new: &str,
        client: impl Into<Client>,
        from: IpAddr,
    ) -> Result<SignedIn, SignInError> {
        if !is_long_enough(new) {
            return Err(SignInError::Password(AccountError::Password));
        }
        let (attempt, login) = self.attempt(address, from).await?;
        let account =
            login.map(|login| AccountId::from_bytes(login.account)).ok_or(SignInError::Credentials)?;
        let master = self.open_by_code(account, code, true).await?.ok_or(SignInError::Credentials)?;
        self.attempts.forgive(attempt);
        let (master, second_factor_ended) = self.set_password(account, master, new, None).await?;
        let signed_in = self.let_in(account, master, &client.into(), PersonCheck::Password).await?;
        Ok(SignedIn { second_factor_ended, ..signed_in })
    }

    /// Changes the password of whoever knows it. Every other session ends.
    pub async fn change_password(
        &self,
        access: &Access,
        current: &str,
        new: &str,
    ) -> Result<(), SignInError> {
        if !is_long_enough(new) {
            return Err(SignInError::Password(AccountError::Password));
        }
        let master = self.check_password(access, current).await?;
        self.set_password(access.account(), master, new, Some(access)).await?;
        Ok(())
    }

    /// Makes a recovery code for whoever knows the password. It counts only once it is confirmed; until then an
    /// older one does.
    pub async fn new_recovery_code(
        &self,
        access: &Access,
        password: &str,
    ) -> Result<Zeroizing<String>, SignInError> {
        let master = self.check_password(access, password).await?;
        let mut random = |bytes: &mut [u8]| (self.core.entropy)(bytes);
        let code = RecoveryCode::generate(&mut random);
        let wrap = code.wrap(&master, access.account().as_bytes(), &mut random);
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        plan.put(keys::recovery_wrap(false), &wrap);
        self.commit(plan).await?;
        Ok(code.text())
    }

    /// Makes the newest recovery code count, once it was typed back. False: it is not that code.
    pub async fn confirm_recovery_code(&self, access: &Access, code: &str) -> Result<bool, HubError> {
        if self.open_by_code(access.account(), code, false).await?.is_none() {
            return Ok(false);
        }
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let wrap: Vec<u8> = plan.get(&keys::recovery_wrap(false)).await?.ok_or(HubError::Damaged)?;
        let mut account: AccountRecord = plan.get(&keys::account()).await?.ok_or(HubError::NoAccount)?;
        account.recovery_confirmed = true;
        plan.put(keys::recovery_wrap(true), &wrap);
        plan.delete(keys::recovery_wrap(false));
        plan.put(keys::account(), &account);
        sent::changed(&mut plan);
        self.commit(plan).await?;
        Ok(true)
    }

    /// Changes the language of the account.
    pub async fn set_language(&self, access: &Access, language: Language) -> Result<(), HubError> {
        let profile = self.profile(access).await?;
        let record = ProfileRecord { address: profile.address, language: language.into() };
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let mut account: AccountRecord = plan.get(&keys::account()).await?.ok_or(HubError::NoAccount)?;
        account.profile = plan.seal("profile", access.account().as_bytes(), &record)?;
        plan.put(keys::account(), &account);
        self.commit(plan).await
    }

    /// The account's own facts.
    pub async fn profile(&self, access: &Access) -> Result<ProfileView, HubError> {
        let record: AccountRecord =
            access.row(&self.core, keys::account()).await?.ok_or(HubError::NoAccount)?;
        let account = access.account();
        let sealed = Sealed { kind: "profile", key: account.as_bytes(), bytes: &record.profile };
        let profile: ProfileRecord = access.open_one(&self.core, &sealed).await?;
        Ok(ProfileView {
            account,
            address: profile.address,
            language: profile.language.into(),
            recovery_confirmed: record.recovery_confirmed,
        })
    }

    /// Counts a try and looks the address up, in this order: an unknown address is limited as a known one is.
    async fn attempt(
        &self,
        address: &str,
        from: IpAddr,
    ) -> Result<([u8; 16], Option<LoginRecord>), SignInError> {
        let handle = match EmailAddress::parse(address.trim()) {
            Ok(address) => Handle::email(&address),
            Err(_) => Handle::literal(Protocol::Email, address.chars().take(320).collect::<String>()),
        };
        let attempt = self.core.node.index("attempt", without_tag(&handle.canonical()).as_bytes());
        self.attempts
            .allow(attempt, from, self.core.clock.now())
            .map_err(|retry_after_s| SignInError::Rate { retry_after_s })?;
        Ok((attempt, self.core.login(&handle).await?))
    }

    async fn password_wrap(&self, login: LoginRecord) -> Result<Option<PasswordWrap>, HubError> {
        let partition = caliopen_store::Partition(login.account);
        let row = self.core.store.get(partition, keys::password_wrap()).await?;
        Ok(row.map(|row| PasswordWrap::from_bytes(&row)).transpose()?)
    }

    /// The password of the account that is open, checked again.
    pub(crate) async fn check_password(
        &self,
        access: &Access,
        password: &str,
    ) -> Result<MasterKey, SignInError> {
        let account = access.account();
        let attempt = *account.as_bytes();
        self.attempts
            .allow_inside(attempt, self.core.clock.now())
            .map_err(|retry_after_s| SignInError::Rate { retry_after_s })?;
        let row =
            self.core.store.get(access.partition(), keys::password_wrap()).await.map_err(HubError::from)?;
        let wrap = row.map(|row| PasswordWrap::from_bytes(&row)).transpose().map_err(HubError::from)?;
        let master = self.open_by_password(account, wrap, password).await?.ok_or(SignInError::Credentials)?;
        self.attempts.forgive(attempt);
        Ok(master)
    }

    /// Stretches the password where blocking is allowed, a bounded number at a time. Without a wrap a decoy is
    /// checked, at the same cost.
    async fn open_by_password(
        &self,
        account: AccountId,
        wrap: Option<PasswordWrap>,
        password: &str,
    ) -> Result<Option<MasterKey>, HubError> {
        let _turn = self.password_turns.acquire().await.map_err(|_| HubError::Damaged)?;
        let entropy = Arc::clone(&self.core.entropy);
        let password = Zeroizing::new(password.to_owned());
        let opened = tokio::task::spawn_blocking(move || {
            let wrap = wrap.unwrap_or_else(|| {
                PasswordWrap::decoy(PasswordCost::STANDARD, &mut |bytes: &mut [u8]| entropy(bytes))
            });
            wrap.open(account.as_bytes(), &password)
        });
        match opened.await {
            Ok(Ok(master)) => Ok(Some(master)),
            Ok(Err(OpenError::Refused)) => Ok(None),
            Ok(Err(_)) | Err(_) => Err(HubError::Damaged),
        }
    }

    /// Wraps a master key by a password, where blocking is allowed, a bounded number at a time. Gives the key back.
    pub(crate) async fn wrap_password(
        &self,
        master: MasterKey,
        account: AccountId,
        password: &str,
    ) -> Result<(MasterKey, Vec<u8>), HubError> {
        let _turn = self.password_turns.acquire().await.map_err(|_| HubError::Damaged)?;
        let entropy = Arc::clone(&self.core.entropy);
        let password = Zeroizing::new(password.to_owned());
        let wrapped = tokio::task::spawn_blocking(move || {
            let mut random = |bytes: &mut [u8]| entropy(bytes);
            PasswordWrap::new(&master, account.as_bytes(), &password, PasswordCost::STANDARD, &mut random)
                .map(|wrap| (master, wrap.to_bytes()))
        });
        match wrapped.await {
            Ok(Ok(wrapped)) => Ok(wrapped),
            Ok(Err(_)) | Err(_) => Err(HubError::Damaged),
        }
    }

    pub(crate) async fn open_by_code(
        &self,
        account: AccountId,
        code: &str,
        confirmed: bool,
    ) -> Result<Option<MasterKey>, HubError> {
        let Ok(code) = RecoveryCode::parse(code) else {
            return Ok(None);
        };
        let partition = caliopen_store::Partition(*account.as_bytes());
        let Some(row) = self.core.store.get(partition, keys::recovery_wrap(confirmed)).await? else {
            return Ok(None);
        };
        let wrap: Vec<u8> = crate::records::read(&row)?;
        Ok(code.open(&wrap, account.as_bytes()).ok())
    }

    /// Puts the master key under a new password and ends every session but the one given; without one, what the password
    /// was asked for beside it, too. Gives the key back, and whether something ended.
    async fn set_password(
        &self,
        account: AccountId,
        master: MasterKey,
        new: &str,
        keep: Option<&Access>,
    ) -> Result<(MasterKey, bool), HubError> {
        let (master, wrap) = self.wrap_password(master, account, new).await?;
        let owner = self.core.owner(account).await?;
        let mut plan = Plan::open_settled(&self.core, &owner).await?;
        plan.put_bytes(keys::password_wrap(), wrap);
        let second_factor_ended = keep.is_none() && second_factor::end(&mut plan).await?;
        let ended = self.end_others(&mut plan, keep.map(|access| access.session)).await?;
        self.commit_end(plan, &ended).await?;
        Ok((master, second_factor_ended))
    }

    async fn let_in(
        &self,
        account: AccountId,
        master: MasterKey,
        client: &Client,
        person: PersonCheck,
    ) -> Result<SignedIn, SignInError> {
        let token = self.begin_session(account, &master, client, person).await?;
        let (access, _) =
            self.unlock_to_seal(&token, &Asking::default()).await?.ok_or(HubError::NoAccount)?;
        let (profile, device) = (self.profile(&access).await?, access.device());
        Ok(SignedIn { token, profile, device, second_factor_ended: false })
    }
}
