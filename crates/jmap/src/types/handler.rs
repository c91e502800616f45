//! Handler: get only. The table of known services: how each lives, and the names that it is found by.

use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use caliopen_model::HandlerClass;
use caliopen_privacy::handlers::{Service, TABLE_DATE, TABLE_VERSION, services};
use serde_json::{Value, json};

/// Answers `Handler/get`. The table is the same for everybody, and of this release.
pub(crate) fn get_handlers(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let language = call.language(&mut arguments)?;
    arguments.finish()?;
    let object = |service: &Service| {
        json!({
            "name": service.name,
            "class": class_letter(service.why.class()),
            "why": service.why.text(language),
            "domains": service.suffixes,
        })
    };
    Ok(json!({
        "accountId": account,
        "version": TABLE_VERSION,
        "reviewedOn": TABLE_DATE,
        "list": services().iter().map(object).collect::<Vec<Value>>(),
    }))
}

const fn class_letter(class: HandlerClass) -> &'static str {
    match class {
        HandlerClass::E => "E",
        HandlerClass::D => "D",
        HandlerClass::C => "C",
        HandlerClass::B => "B",
        HandlerClass::A => "A",
    }
}
