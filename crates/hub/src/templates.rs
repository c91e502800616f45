//! Templates: texts that the user writes often. Sealed like what is made of them.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::{SUBJECT_BYTES_MAX, TEMPLATE_BYTES_MAX, TEMPLATE_NAME_CHARS_MAX, TEMPLATES_MAX};
use crate::owner::Plan;
use crate::records::{TemplateRecord, TemplateTextRecord, read};
use caliopen_model::{ChangeKind, TemplateId, Timestamp};

/// What a template says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// What the person calls it.
    pub name: String,
    /// The subject that a new message gets from it; empty for none.
    pub subject: String,
    /// The text, with `\n` line ends.
    pub text: String,
    /// The same with formatting, when the person used any.
    pub html: Option<String>,
}

/// A template as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateView {
    /// Stable id.
    pub id: TemplateId,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// What it says.
    pub template: Template,
}

/// Why a template was not kept. Each says what the person can do.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Beyond the limit of templates.
    #[error("an account keeps at most {TEMPLATES_MAX} templates: delete some")]
    TooMany,
    /// A template is found by its name.
    #[error("a template has a name, of at most {TEMPLATE_NAME_CHARS_MAX} characters")]
    Name,
    /// Longer than the limit; the name of the property says which.
    #[error("`{0}` is longer than a template keeps: shorten it")]
    TooLong(&'static str),
    /// Storage or keys.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl Hub {
    /// Every template, by name.
    pub async fn templates(&self, access: &Access) -> Result<Vec<TemplateView>, HubError> {
        let rows = self.core.scan_all(access.partition(), keys::templates()).await?;
        let records = rows
            .iter()
            .map(|(key, row)| Ok((key.last_chunk().copied().ok_or(HubError::Damaged)?, read(row)?)))
            .collect::<Result<Vec<([u8; 16], TemplateRecord)>, HubError>>()?;
        access.open_epochs(&self.core, records.iter().map(|(_, record)| record.words.as_slice())).await?;
        let mut views = records
            .iter()
            .map(|(id, record)| view(access, TemplateId::from_bytes(*id), record))
            .collect::<Result<Vec<_>, HubError>>()?;
        views.sort_by_cached_key(|view| (view.template.name.to_lowercase(), view.id));
        Ok(views)
    }

    /// Keeps a new template. Durable when this returns.
    ///
    /// # Errors
    ///
    /// See [`TemplateError`]; nothing is kept then.
    pub async fn create_template(
        &self,
        access: &Access,
        template: Template,
    ) -> Result<TemplateView, TemplateError> {
        let template = checked(template)?;
        let plan = Plan::open_settled(&self.core, &access.owner).await?;
        if self.core.scan_all(access.partition(), keys::templates()).await?.len() >= TEMPLATES_MAX {
            return Err(TemplateError::TooMany);
        }
        let id = TemplateId::from_bytes(self.core.ids.next());
        Ok(self.put_template(plan, id, template, ChangeKind::Created).await?)
    }

    /// Replaces what a template says. None: there is no such template.
    ///
    /// # Errors
    ///
    /// See [`TemplateError`]; the template stays as it was then.
    pub async fn update_template(
        &self,
        access: &Access,
        id: TemplateId,
        template: Template,
    ) -> Result<Option<TemplateView>, TemplateError> {
        let template = checked(template)?;
        let plan = Plan::open(&self.core, &access.owner).await?;
        if plan.get::<TemplateRecord>(&keys::template(id)).await?.is_none() {
            return Ok(None);
        }
        Ok(Some(self.put_template(plan, id, template, ChangeKind::Updated).await?))
    }

    /// Removes a template. False: there is no such template.
    pub async fn destroy_template(&self, access: &Access, id: TemplateId) -> Result<bool, HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        if plan.get::<TemplateRecord>(&keys::template(id)).await?.is_none() {
            return Ok(false);
        }
        plan.delete(keys::template(id));
        plan.changed(ObjectType::Template, id.as_bytes(), ChangeKind::Destroyed);
        self.commit(plan).await?;
        Ok(true)
    }

    async fn put_template(
        &self,
        mut plan: Plan<'_>,
        id: TemplateId,
        template: Template,
        kind: ChangeKind,
    ) -> Result<TemplateView, HubError> {
        let updated_at = self.core.clock.now();
        let words = plan.seal("template", id.as_bytes(), &TemplateTextRecord::from(&template))?;
        plan.put(keys::template(id), &TemplateRecord { updated_at: updated_at.unix_ms(), words });
        plan.changed(ObjectType::Template, id.as_bytes(), kind);
        self.commit(plan).await?;
        Ok(TemplateView { id, updated_at, template })
    }
}

fn checked(template: Template) -> Result<Template, TemplateError> {
    let name = template.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > TEMPLATE_NAME_CHARS_MAX {
        return Err(TemplateError::Name);
    }
    if template.subject.len() > SUBJECT_BYTES_MAX {
        return Err(TemplateError::TooLong("subject"));
    }
    let html = template.html.as_ref().map_or(0, String::len);
    if template.text.len().saturating_add(html) > TEMPLATE_BYTES_MAX {
        return Err(TemplateError::TooLong("text"));
    }
    Ok(Template { name, ..template })
}

fn view(access: &Access, id: TemplateId, record: &TemplateRecord) -> Result<TemplateView, HubError> {
    let sealed = Sealed { kind: "template", key: id.as_bytes(), bytes: &record.words };
    let words: TemplateTextRecord = access.open(&sealed)?;
    Ok(TemplateView { id, updated_at: Timestamp::from_unix_ms(record.updated_at), template: words.into() })
}

impl From<&Template> for TemplateTextRecord {
    fn from(template: &Template) -> Self {
        let Template { name, subject, text, html } = template.clone();
        Self { name, subject, text, html }
    }
}

impl From<TemplateTextRecord> for Template {
    fn from(record: TemplateTextRecord) -> Self {
        let TemplateTextRecord { name, subject, text, html } = record;
        Self { name, subject, text, html }
    }
}
