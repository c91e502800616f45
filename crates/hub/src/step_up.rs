//! Step-up: in an open session, its person shows that it is still them. What asks for it may be done for
//! [`STEP_UP_MS`](crate::limits::STEP_UP_MS) from then on, in this session alone.
//!
//! A password does not do: whoever looked over a shoulder at a sign-in knows it, and a browser fills it in.

use crate::Hub;
use crate::access::Access;
use crate::gate;
use crate::keys::{self, ObjectType};
use crate::owner::Plan;
use crate::passwords::SignInError;
use crate::records::SessionRecord;
use caliopen_model::{ChangeKind, Timestamp};

impl Hub {
    /// Steps up by the recovery code. It stays as it is. Gives the instant that counts from now on.
    pub async fn step_up_by_recovery_code(
        &self,
        access: &Access,
        code: &str,
    ) -> Result<Timestamp, SignInError> {
        self.count_inside(access)?;
        self.open_by_code(access.account(), code, true).await?.ok_or(SignInError::Credentials)?;
        self.stepped_up(access).await
    }

    fn count_inside(&self, access: &Access) -> Result<(), SignInError> {
        self.attempts
            .allow_inside(*access.account().as_bytes(), self.core.clock.now())
            .map_err(|retry_after_s| SignInError::Rate { retry_after_s })
    }

    /// Writes down that the person of this session was just there.
    async fn stepped_up(&self, access: &Access) -> Result<Timestamp, SignInError> {
        self.attempts.forgive(*access.account().as_bytes());
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let (now, key) = (plan.now(), keys::session(access.session));
        // It may have been ended since it was read: then it stays ended.
        let session = plan.get::<SessionRecord>(&key).await?;
        let session = session.ok_or(SignInError::Credentials)?;
        plan.put(key, &SessionRecord { stepped_up_at: Some(now.unix_ms()), ..session });
        plan.changed(ObjectType::Session, access.session.as_bytes(), ChangeKind::Updated);
        gate::changed(&mut plan);
        self.commit(plan).await?;
        Ok(now)
    }
}
