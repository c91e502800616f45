//! `/query` of every type that has one (RFC 8620 §5.5).

use super::arguments::{Arguments, wrong};
use super::call::Call;
use super::changes::write_state;
use super::error::MethodError;
use super::resource::{Queried, Start};
use crate::limits::{PAGE_MAX, WALKED_IDS_MAX};
use serde_json::{Map, Value, json};

/// The arguments of a query, before its type has read filter and sort.
struct Asked {
    position: i64,
    anchor: Option<String>,
    anchor_offset: i64,
    limit: Option<usize>,
    calculate_total: bool,
}

/// Answers `T/query`.
pub(crate) async fn query<T: Queried>(
    call: &Call<'_>,
    mut arguments: Arguments,
) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let filter = read_filter(arguments.take("filter")?)?;
    let sort = read_sort(arguments.take("sort")?)?;
    let asked = Asked {
        position: arguments.int("position")?.unwrap_or(0),
        anchor: arguments.take("anchor")?,
        anchor_offset: arguments.int("anchorOffset")?.unwrap_or(0),
        limit: arguments.unsigned("limit")?,
        calculate_total: arguments.take("calculateTotal")?.unwrap_or(false),
    };
    arguments.finish()?;
    let query = T::query(call, filter, &sort)?;

    let limit = asked.limit.unwrap_or(PAGE_MAX).min(PAGE_MAX);
    let start = start::<T>(call, &query, &asked).await?;
    // A page of one is read when none is asked for: its position and state are wanted all the same.
    let page = T::page(call, &query, start, limit.max(1)).await?.ok_or(MethodError::AnchorNotFound)?;
    let ids: Vec<String> = page.ids.iter().take(limit).map(ToString::to_string).collect();
    let mut answer = json!({
        "accountId": account,
        "queryState": write_state(page.state),
        "canCalculateChanges": false,
        "position": page.position,
        "ids": ids,
    });
    if let Some(members) = answer.as_object_mut() {
        // "Only returned if the server set a limit or used a different limit than that given in the request."
        if asked.limit != Some(limit) {
            members.insert("limit".to_owned(), json!(limit));
        }
        if asked.calculate_total
            && let Some(total) = count::<T>(call, &query, page.total).await?
        {
            members.insert("total".to_owned(), json!(total));
        }
    }
    Ok(answer)
}

pub(crate) fn read_filter(filter: Option<Value>) -> Result<Arguments, MethodError> {
    match filter {
        None => Ok(Arguments::new(Map::new())),
        Some(Value::Object(members)) if members.contains_key("operator") => {
            Err(MethodError::UnsupportedFilter("a filter is one condition, without operators"))
        }
        Some(Value::Object(members)) => Ok(Arguments::new(members)),
        Some(_) => Err(wrong("filter", "is no object")),
    }
}

/// Each comparator's property, and whether it ascends: unless it says otherwise, it does.
pub(crate) fn read_sort(
    comparators: Option<Vec<Map<String, Value>>>,
) -> Result<Vec<(String, bool)>, MethodError> {
    let mut sort = Vec::new();
    for comparator in comparators.unwrap_or_default() {
        let mut comparator = Arguments::new(comparator);
        let property = comparator.need("property")?;
        let ascending = comparator.take("isAscending")?.unwrap_or(true);
        if comparator.take::<String>("collation")?.is_some() {
            return Err(MethodError::UnsupportedSort("there is no choice of collation"));
        }
        comparator.finish()?;
        sort.push((property, ascending));
    }
    Ok(sort)
}

async fn start<T: Queried>(
    call: &Call<'_>,
    query: &T::Query,
    asked: &Asked,
) -> Result<Start<T::Id>, MethodError> {
    if let Some(text) = &asked.anchor {
        let id = call.id_text(text.clone()).parse().map_err(|_| MethodError::AnchorNotFound)?;
        return Ok(Start::Anchor(id, asked.anchor_offset));
    }
    if let Ok(position) = u64::try_from(asked.position) {
        return Ok(Start::Position(position));
    }
    // "The negative value MUST be added to the total number of results given the filter, and if still negative,
    // it's clamped to 0."
    let total = count::<T>(call, query, None).await?;
    let total =
        total.ok_or_else(|| wrong("position", "is negative, and the list is too long to be counted"))?;
    Ok(Start::Position(total.saturating_sub(asked.position.unsigned_abs())))
}

/// How many objects the list has; `None` when it has too many to be counted.
async fn count<T: Queried>(
    call: &Call<'_>,
    query: &T::Query,
    known: Option<u64>,
) -> Result<Option<u64>, MethodError> {
    if known.is_some() {
        return Ok(known);
    }
    let mut counted = 0;
    let mut start = Start::Position(0);
    while counted < WALKED_IDS_MAX {
        // An anchor that left the list while it was walked ends the walk: the next question counts anew.
        let Some(page) = T::page(call, query, start, PAGE_MAX).await? else { return Ok(None) };
        if counted == 0 && page.total.is_some() {
            return Ok(page.total);
        }
        counted = counted.saturating_add(page.ids.len());
        // A short page may have been cut where too much was passed over: only an empty one is the end.
        match page.ids.last() {
            Some(last) => start = Start::Anchor(*last, 1),
            None => return Ok(Some(counted as u64)),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_sort(sort: Value, expected: Result<Vec<(&str, bool)>, &str>) {
        let comparators = serde_json::from_value(sort).expect("an array of objects");
        let found = read_sort(comparators).map_err(|error| error.kind());
        let expected =
            expected.map(|sort| sort.into_iter().map(|(name, up)| (name.to_owned(), up)).collect());
        assert_eq!(found, expected);
    }

    #[test]
    fn comparators_ascend_unless_they_say_otherwise() {
        check_sort(json!([{"property": "a"}]), Ok(vec![("a", true)]));
        check_sort(json!([{"property": "a", "isAscending": false}]), Ok(vec![("a", false)]));
        check_sort(json!([]), Ok(vec![]));
        check_sort(json!([{}]), Err("invalidArguments"));
        check_sort(json!([{"property": "a", "x": 1}]), Err("invalidArguments"));
        check_sort(json!([{"property": "a", "collation": "i;octet"}]), Err("unsupportedSort"));
    }

    #[test]
    fn a_filter_is_one_condition() {
        assert!(read_filter(None).is_ok() && read_filter(Some(json!({"a": 1}))).is_ok());
        let operator = read_filter(Some(json!({"operator": "AND", "conditions": []})));
        assert_eq!(operator.map(|_| ()).map_err(|error| error.kind()), Err("unsupportedFilter"));
        assert_eq!(
            read_filter(Some(json!([]))).map(|_| ()).map_err(|error| error.kind()),
            Err("invalidArguments")
        );
    }
}
