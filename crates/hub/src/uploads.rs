//! Files that a client uploads for something that will use them (RFC 8620 §6.1). Sealed, and forgotten after a day.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::blobs;
use crate::error::HubError;
use crate::keys;
use crate::limits::{UPLOAD_MS, UPLOADS_MAX};
use crate::owner::Plan;
use crate::records::{UploadRecord, UploadSecretRecord, read};
use crate::resolve::cut;
use bytes::Bytes;
use caliopen_model::BlobId;
use caliopen_store::BlobKey;
use caliopen_vault::ContentKey;

impl Hub {
    /// Keeps a file for a day. Makes room first: what is a day old goes, and the oldest beyond the limit.
    ///
    /// # Errors
    ///
    /// [`HubError::MailboxFull`] where the account takes nothing more.
    pub async fn upload(&self, access: &Access, media_type: &str, bytes: Bytes) -> Result<BlobId, HubError> {
        self.core.room(&access.owner).await?;
        let id = BlobId::from_bytes(self.core.ids.next());
        let compressed = blobs::compress(&bytes);
        let blob = blobs::seal(&self.core, access.partition(), BlobKey(*id.as_bytes()), &compressed).await?;
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        self.forget_old_uploads(&mut plan).await?;
        let secret = UploadSecretRecord {
            blob_key: *blob.content_key.as_bytes(),
            size_bytes: bytes.len() as u64,
            media_type: cut(media_type),
        };
        let secret = plan.seal("upload", id.as_bytes(), &secret)?;
        plan.put(
            keys::upload(id),
            &UploadRecord {
                uploaded_at: self.core.clock.now().unix_ms(),
                kept: false,
                stored_bytes: blob.sealed.len() as u64,
                secret,
            },
        );
        plan.keep_blob(blob);
        self.commit(plan).await?;
        Ok(id)
    }

    /// An uploaded file and its media type. None: there is none, or its day is over.
    pub async fn uploaded(&self, access: &Access, id: BlobId) -> Result<Option<(String, Bytes)>, HubError> {
        let Some(record) = access.row::<UploadRecord>(&self.core, keys::upload(id)).await? else {
            return Ok(None);
        };
        let sealed = Sealed { kind: "upload", key: id.as_bytes(), bytes: &record.secret };
        let secret: UploadSecretRecord = access.open_one(&self.core, &sealed).await?;
        let blob = self.core.store.get_blob(access.partition(), BlobKey(*id.as_bytes()), 0..u64::MAX).await?;
        let sealed = blob.ok_or(HubError::Damaged)?;
        let bytes = blobs::open(&ContentKey::from_bytes(secret.blob_key), &sealed, secret.size_bytes)?;
        Ok(Some((secret.media_type, bytes)))
    }

    /// The size of an uploaded file; none when there is none.
    pub(crate) async fn upload_bytes(&self, access: &Access, id: BlobId) -> Result<Option<u64>, HubError> {
        let Some(record) = access.row::<UploadRecord>(&self.core, keys::upload(id)).await? else {
            return Ok(None);
        };
        let sealed = Sealed { kind: "upload", key: id.as_bytes(), bytes: &record.secret };
        let secret: UploadSecretRecord = access.open_one(&self.core, &sealed).await?;
        Ok(Some(secret.size_bytes))
    }

    async fn forget_old_uploads(&self, plan: &mut Plan<'_>) -> Result<(), HubError> {
        let rows = self.core.scan_all(plan.owner().partition(), keys::uploads()).await?;
        let surplus = (rows.len() + 1).saturating_sub(UPLOADS_MAX);
        let due = self.core.clock.now().plus_ms(-UPLOAD_MS).unix_ms();
        for (position, (key, row)) in rows.into_iter().enumerate() {
            let record: UploadRecord = read(&row)?;
            if record.kept {
                continue;
            }
            if let Some(id) =
                key.last_chunk().copied().filter(|_| position < surplus || record.uploaded_at <= due)
            {
                plan.drop_blob(BlobKey(id), record.stored_bytes);
                plan.delete(key);
            }
        }
        Ok(())
    }
}
