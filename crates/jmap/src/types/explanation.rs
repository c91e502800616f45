//! How an index is explained, and which of the steps that would raise it can be taken here.

pub use caliopen_privacy::Explanation;
pub(super) use caliopen_privacy::explanation::{Cap, Point, Raise, caps, points, raises};
use caliopen_privacy::{account, device};

/// Whether a step can be taken on a device here, and its taking is seen. Nothing else is promised.
pub(super) const fn is_possible_for_device(step: device::Action) -> bool {
    use device::Action::{
        AddPasskey, Enrol, KeepUsing, LeaveOpenNetwork, NameNetwork, OwnComputer, UpdateBrowser, UpdateSystem,
    };
    matches!(
        step,
        AddPasskey
            | Enrol
            | KeepUsing
            | LeaveOpenNetwork
            | NameNetwork
            | OwnComputer
            | UpdateBrowser
            | UpdateSystem
    )
}

/// The same for an account.
pub(super) const fn is_possible_for_account(step: account::Action) -> bool {
    use account::Action::{AddSecondFactor, EnforceTransport, OwnRecoveryCode};
    matches!(step, AddSecondFactor | EnforceTransport | OwnRecoveryCode)
}
