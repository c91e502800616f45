//! Handler: get only. The table of known services: how each lives, and the names that it is found by.

use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use caliopen_model::HandlerClass;
use caliopen_privacy::handlers::{Lowered, Service, TABLE_DATE, TABLE_VERSION, services};
use serde_json::{Value, json};

/// Answers `Handler/get`. The table is the same for everybody, and of this release.
pub(crate) fn get_handlers(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let language = call.language(&mut arguments)?;
    arguments.finish()?;
    let here = call.hub.lowered_services();
    let lowered = |service: &Service| {
        let of = here.iter().find(|known| known.name() == service.name)?;
        (of.class() < service.why.class()).then(|| class_letter(of.class()))
    };
    let table = services();
    let is_of_table = |known: &&Lowered| table.iter().any(|service| service.name == known.name());
    let strangers = here.iter().filter(|known| !is_of_table(known));
    let stranger = |known: &Lowered| json!({ "name": known.name(), "class": class_letter(known.class()) });
    let object = |service: &Service| {
        json!({
            "name": service.name,
            "class": class_letter(service.why.class()),
            "why": service.why.text(language),
            "domains": service.suffixes,
            "lowered": lowered(service),
        })
    };
    Ok(json!({
        "accountId": account,
        "version": TABLE_VERSION,
        "reviewedOn": TABLE_DATE,
        "lowered": strangers.map(stranger).collect::<Vec<Value>>(),
        "list": table.iter().map(object).collect::<Vec<Value>>(),
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
