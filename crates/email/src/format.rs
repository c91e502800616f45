//! Internet mail as the use cases see it: `connect::Format` over the parser and the verifier.

use crate::encryption_report;
use crate::reports;
use crate::verify::{Resolver, Verifier};
use caliopen_connect::{Arrival, Format, LeavingRequest, Opened, Reported, Unpack, Verified};
use caliopen_mime::{Container, ONE_CLICK};
use caliopen_model::{Defect, Message, Packed, Part, PartId, Protocol, Reading, Unpacked};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

/// Reads and verifies Internet mail.
pub struct EmailFormat {
    verifier: Verifier,
}

impl EmailFormat {
    /// A format whose checks ask this resolver.
    pub fn new(resolver: Resolver) -> Self {
        Self { verifier: Verifier::new(resolver) }
    }
}

impl Format for EmailFormat {
    fn protocol(&self) -> Protocol {
        Protocol::Email
    }

    fn parse(&self, raw: &[u8]) -> (Message, Vec<Defect>) {
        caliopen_mime::parse(raw)
    }

    fn verify<'a>(&'a self, arrival: &'a Arrival, message: &'a Message) -> BoxFuture<'a, Verified> {
        self.verifier.verify(arrival, message).boxed()
    }

    fn read(&self, raw: &[u8]) -> Reading {
        let reading = caliopen_mime::read(raw);
        Reading { encryption_report: encryption_report::read(raw, &reading.headers), ..reading }
    }

    fn texts(&self, raw: &[u8]) -> Vec<String> {
        caliopen_mime::texts(raw)
    }

    fn reported(&self, raw: &[u8]) -> Vec<Reported> {
        caliopen_mime::delivery_report(raw).map(reports::reported).unwrap_or_default()
    }

    /// RFC 8058 §3.2: the pair of the header field is the body. Of the two types that it allows, this is the one that
    /// needs no boundary, and that every server of forms reads.
    fn leaving(&self, raw: &[u8]) -> Option<LeavingRequest> {
        let url = caliopen_mime::one_click(raw)?;
        Some(LeavingRequest { url, media_type: "application/x-www-form-urlencoded", body: ONE_CLICK })
    }

    fn unpack(&self, file: &Opened<'_>) -> Option<Box<dyn Unpack>> {
        Some(Box::new(File(Container::new(file.name, file.from, file.number))))
    }

    fn pack(&self, piece: Packed<'_>) -> Vec<u8> {
        caliopen_mime::pack(piece)
    }

    fn part(&self, raw: &[u8], part: PartId) -> Option<(Part, Vec<u8>)> {
        caliopen_mime::part(raw, part)
    }
}

/// A file of mail, as the use cases read it.
struct File(Container);

impl Unpack for File {
    fn feed(&mut self, bytes: &[u8]) -> usize {
        self.0.feed(bytes)
    }

    fn end(&mut self) -> bool {
        self.0.end()
    }

    fn take(&mut self) -> Option<Unpacked> {
        self.0.take()
    }

    fn resume_at(&self) -> u64 {
        self.0.resume_at()
    }
}
