//! What our end of a TLS session knows of it.

use caliopen_model::TlsFacts;
use rustls::{CommonState, ProtocolVersion};

/// The facts of a session whose handshake is done.
pub(crate) fn facts(session: &CommonState) -> Option<TlsFacts> {
    let version = match session.protocol_version()? {
        ProtocolVersion::TLSv1_3 => "TLSv1.3",
        ProtocolVersion::TLSv1_2 => "TLSv1.2",
        _ => return None,
    };
    // rustls marks the suites of TLS 1.3, IANA's registry does not.
    let suite = session.negotiated_cipher_suite()?.suite().as_str()?;
    let cipher = suite.replace("TLS13_", "TLS_");
    let group = session.negotiated_key_exchange_group().and_then(|group| group.name().as_str());
    Some(TlsFacts { version: version.to_owned(), cipher, group: group.map(str::to_owned) })
}
