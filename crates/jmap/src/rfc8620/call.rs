//! What a method call may use: the account it runs for, and the limits.

use super::arguments::{Arguments, wrong};
use super::error::MethodError;
use crate::limits::Limits;
use caliopen_hub::{Access, Hub};
use caliopen_model::Language;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The surroundings of the calls of one request.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) hub: &'a Hub,
    pub(crate) access: &'a Access,
    pub(crate) limits: &'a Limits,
    /// The account's language.
    pub(crate) language: Language,
    /// Ids that the client knows by a name of its own.
    pub(crate) created_ids: &'a CreatedIds,
}

/// The names that a client gave to objects, with their ids: those that it sent (RFC 8620 §3.3), and those that the
/// calls of this request created (§5.3).
#[derive(Debug, Default)]
pub(crate) struct CreatedIds(Mutex<BTreeMap<String, String>>);

impl CreatedIds {
    pub(crate) fn new(sent: BTreeMap<String, String>) -> Self {
        Self(Mutex::new(sent))
    }

    pub(crate) fn remember(&self, name: &str, id: &str) {
        self.lock().insert(name.to_owned(), id.to_owned());
    }

    /// All of them, as the response says them.
    pub(crate) fn all(&self) -> BTreeMap<String, String> {
        self.lock().clone()
    }

    fn find(&self, name: &str) -> Option<String> {
        self.lock().get(name).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call<'_> {
    /// Takes `accountId`, which every method but `Core/echo` has.
    pub(crate) fn account(&self, arguments: &mut Arguments) -> Result<String, MethodError> {
        let account: String = arguments.need("accountId")?;
        if account == self.access.account().to_string() {
            Ok(account)
        } else {
            Err(MethodError::AccountNotFound)
        }
    }

    /// Takes `language`, of the texts that are asked for: the account's when it is left out.
    pub(crate) fn language(&self, arguments: &mut Arguments) -> Result<Language, MethodError> {
        let Some(tag) = arguments.take::<String>("language")? else { return Ok(self.language) };
        Language::from_tag(&tag).ok_or_else(|| wrong("language", "is none of en, fr and it"))
    }

    /// The id behind `#name`, for an object that the client created (RFC 8620 §5.3); every other text is itself.
    pub(crate) fn id_text(&self, text: String) -> String {
        let created = text.strip_prefix('#').and_then(|name| self.created_ids.find(name));
        created.unwrap_or(text)
    }

    /// Takes one id of a kind: `invalidArguments` for text that is none.
    pub(crate) fn need_id<T: std::str::FromStr>(
        &self,
        arguments: &mut Arguments,
        name: &str,
    ) -> Result<T, MethodError> {
        let text = self.id_text(arguments.need(name)?);
        text.parse().map_err(|_| wrong(name, "is not an id of this type"))
    }
}
