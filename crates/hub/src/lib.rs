//! The use cases: receive, place, read, change; accounts, sessions, contacts, conversations.
//!
//! This room decides in steps and knows no protocol, no database and no API: connectors deliver into it through
//! `connect::Inbox`, storage is `store::Store`, and `jmap` shows what it answers. It has no clock and no randomness
//! of its own, and starts no task.

mod access;
mod accounts;
mod app_passwords;
mod attempts;
mod blobs;
mod challenges;
mod chosen;
mod classify;
mod clock;
mod coaching;
mod contacts;
mod context;
mod conversations;
mod devices;
mod domains;
mod drafts;
mod error;
mod fetcher;
mod first_start;
mod gate;
mod identities;
mod ids;
mod indices;
mod joint;
mod keys;
mod labels;
mod leaving;
mod letter;
pub mod limits;
mod messages;
mod networks;
mod outlook;
mod own_domains;
mod owner;
mod passkeys;
mod passwords;
mod pictures;
mod place;
mod post;
mod push;
mod queue;
mod rates;
mod receive;
mod records;
mod relate;
mod reminders;
mod resolve;
mod returned;
mod screen;
mod search;
mod second_factor;
mod sessions;
mod shelve;
mod standing;
mod states;
mod step_up;
mod storage;
mod submissions;
mod submit;
mod templates;
mod transfers;
mod uploads;
mod verify;
mod views;

pub use access::Access;
pub use accounts::AccountError;
pub use app_passwords::{AppPasswordError, AppPasswordView, NewAppPassword};
pub use caliopen_connect::{ExpectedChannel, ExpectedHost};
pub use caliopen_factors::webauthn::{ALGORITHMS, Assertion, Registration, RelyingParty};
pub use caliopen_privacy::handlers::Lowered;
pub use caliopen_vault::{DeviceKeys, DevicePair, PASSKEY_INPUT, PasskeySecret};
pub use chosen::{AddressesView, ChooseError, Rested};
pub use classify::{class, points};
pub use clock::{Clock, Entropy};
pub use coaching::{CoachingPatch, CoachingView, QuestState, Reward, Unlock};
pub use contacts::{CardPage, ContactError, ExportOf, ImportReport, SkipReason, SkippedCard};
pub use conversations::Emptied;
pub use devices::{Asking, Client, DevicePatch, DeviceView, Enrolment, Proof};
pub use domains::{DomainError, DomainView};
pub use drafts::DraftError;
pub use error::HubError;
pub use fetcher::{Fetcher, NotLeft};
pub use first_start::FirstStartError;
pub use gate::{GateError, GateView, WayBack};
pub use identities::{IdentityPatch, IdentityView};
pub use indices::{ContactWays, IndexOfDay, RouteView, Routes, Subject, UserPrivacy};
pub use keys::ObjectType;
pub use labels::LabelError;
pub use leaving::LeaveError;
pub use letter::SubmitError;
pub use outlook::{LostProof, OutlookView};
pub use passkeys::{Creation, NewPasskey, PasskeyError, PasskeyView, Presented, Request as PasskeyRequest};
pub use passwords::{SignInError, SignedIn};
pub use pictures::{Picture, PictureError};
pub use queue::{DestinationView, QueueView};
pub use receive::gather;
pub use records::EvidenceRecord;
pub use screen::DecideError;
pub use search::{Coverage, Found, FoundMessage, Indexing, Problem, Question, Reason, Scope, Snippet};
pub use second_factor::{CodeSecret, Second, SecondFactorView};
pub use sessions::Locked;
pub use step_up::StepUpWays;
pub use storage::{Allowance, StorageView};
pub use submit::{Submitted, TakenBack};
pub use templates::{Template, TemplateError, TemplateView};
pub use transfers::{Export, ExportKind, Import, ImportError, ImportWish};
pub use verify::Findings;
pub use views::*;

use attempts::Attempts;
use caliopen_connect::{Carrier, Format};
use caliopen_store::Store;
use challenges::Challenges;
use context::Context;
use limits::{PASSWORD_CHECKS_MAX, QUEUE_BYTES_MAX};
use owner::Plan;
use std::sync::Arc;

/// What a hub is made of.
pub struct Parts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The host's key, from a file outside the store.
    pub node_key: [u8; 32],
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes fit for keys.
    pub entropy: Arc<Entropy>,
    /// What knows the bytes of each protocol.
    pub formats: Vec<Arc<dyn Format>>,
    /// What takes messages away; none for a server that only receives.
    pub carriers: Vec<Arc<dyn Carrier>>,
    /// What fetches for people; none for a host that fetches nothing.
    pub fetcher: Option<Arc<dyn Fetcher>>,
}

/// All use cases of one node.
pub struct Hub {
    core: Context,
    attempts: Attempts,
    /// Codes of an app.
    code_attempts: Attempts,
    /// Names of addresses.
    names: Attempts,
    challenges: Challenges,
    /// What strangers may have looked up.
    looks: Attempts,
    rates: rates::Rates,
    leavings: leaving::Leavings,
    notices: queue::Notices,
    queue_bytes: tokio::sync::Semaphore,
    password_turns: tokio::sync::Semaphore,
    first_start: first_start::FirstStart,
    transfers: transfers::Running,
}

impl Hub {
    /// A hub on this store.
    pub fn new(parts: Parts) -> Self {
        let core = Context::new(parts);
        Self {
            challenges: Challenges::new(&core),
            core,
            attempts: Attempts::default(),
            code_attempts: Attempts::for_codes(),
            names: Attempts::default(),
            looks: Attempts::for_looks(),
            rates: rates::Rates::default(),
            leavings: leaving::Leavings::default(),
            notices: queue::Notices::default(),
            queue_bytes: tokio::sync::Semaphore::new((QUEUE_BYTES_MAX / 1024) as usize),
            password_turns: tokio::sync::Semaphore::new(PASSWORD_CHECKS_MAX),
            first_start: first_start::FirstStart::default(),
            transfers: transfers::Running::default(),
        }
    }

    /// The present instant, by the clock that was handed in.
    pub fn now(&self) -> caliopen_model::Timestamp {
        self.core.clock.now()
    }

    /// Lets all accounts together write to so many people in an hour.
    pub fn limit_recipients_an_hour(&self, recipients_hour_max: u32) {
        self.rates.limit_host(recipients_hour_max);
    }

    /// Lets services live worse than the table says, by their name, domain or host. Asked once, before mail comes; what is
    /// better than the table is not believed.
    pub fn lower_services(&self, services: Vec<Lowered>) {
        self.core.lower(services);
    }

    /// Lets the mail of each account take so many bytes of the disk. Asked once; without it, there is no limit.
    pub fn limit_storage(&self, account_bytes_max: u64) {
        self.core.limit_storage(account_bytes_max);
    }

    /// Gives something for quests. Asked once; without it, nothing is given.
    pub fn unlock_for_quests(&self, unlocks: Vec<Unlock>) {
        self.core.give(unlocks);
    }

    /// The services whose class the administrator lowered.
    pub fn lowered_services(&self) -> &[Lowered] {
        self.core.lowered()
    }

    /// Waits until a plan is durable, then tells the listeners of the account.
    async fn commit(&self, plan: Plan<'_>) -> Result<(), HubError> {
        let commit = plan.commit();
        let (account, states) = (commit.account, commit.states);
        commit.durable().await?;
        self.core.tell(account, states);
        Ok(())
    }
}
