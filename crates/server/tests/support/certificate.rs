//! A certificate for the server of a story, and a client that believes it and no other.

use super::Home;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::collections::HashMap;
use std::fs::Permissions;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

/// The name that the certificate proves.
pub const HOST_NAME: &str = "localhost";

/// A certificate and its key, in files.
pub struct Certificate {
    pub file: PathBuf,
    key: PathBuf,
    certificate: CertificateDer<'static>,
}

impl Certificate {
    pub fn make(home: &Home) -> Self {
        let (file, key) = (home.beside("certificate.pem"), home.beside("key.pem"));
        let made = rcgen::generate_simple_self_signed(vec![HOST_NAME.to_owned()]).unwrap();
        std::fs::write(&file, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        std::fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
        Self { file, key, certificate: made.cert.der().clone() }
    }

    /// The lines of a configuration with it.
    pub fn configuration(&self) -> String {
        format!("host_name = \"{HOST_NAME}\"\n[tls]\ncertificate = {:?}\nkey = {:?}\n", self.file, self.key)
    }

    /// Requests to this server go through TLS from now on, with this certificate.
    pub fn trust(&self, server: SocketAddr) {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        trusted().lock().unwrap().insert(server, Arc::new(config));
    }
}

fn trusted() -> &'static Mutex<HashMap<SocketAddr, Arc<ClientConfig>>> {
    static TRUSTED: OnceLock<Mutex<HashMap<SocketAddr, Arc<ClientConfig>>>> = OnceLock::new();
    TRUSTED.get_or_init(Mutex::default)
}

/// A stream in TLS, for servers that have a certificate of a story.
pub fn in_tls(server: SocketAddr, stream: &TcpStream) -> Option<StreamOwned<ClientConnection, TcpStream>> {
    let config = trusted().lock().unwrap().get(&server).cloned()?;
    let connection = ClientConnection::new(config, ServerName::try_from(HOST_NAME).unwrap()).unwrap();
    Some(StreamOwned::new(connection, stream.try_clone().unwrap()))
}
