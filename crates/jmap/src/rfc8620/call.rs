//! What a method call may use: the account it runs for, and the limits.

use super::arguments::{Arguments, wrong};
use super::error::MethodError;
use crate::limits::Limits;
use caliopen_hub::{Access, Hub};
use caliopen_model::Language;
use std::collections::BTreeMap;

/// The surroundings of the calls of one request.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) hub: &'a Hub,
    pub(crate) access: &'a Access,
    pub(crate) limits: &'a Limits,
    /// The account's language.
    pub(crate) language: Language,
    /// Ids that the client knows by a name of its own (RFC 8620 §3.3).
    pub(crate) created_ids: Option<&'a BTreeMap<String, String>>,
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

    /// The id behind `#name`, for an object that the client created (RFC 8620 §5.3); every other text is itself.
    pub(crate) fn id_text(&self, text: String) -> String {
        let created = text.strip_prefix('#').and_then(|name| self.created_ids?.get(name));
        created.cloned().unwrap_or(text)
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
