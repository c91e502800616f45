//! Search: the filter condition `text` of Conversation and Message, and SearchSnippet (RFC 8621 §5).

use super::{end_filter, object};
use crate::limits::{OPENED_MESSAGES_MAX, PAGE_MAX, QUESTION_BYTES_MAX};
use crate::rfc8620::arguments::{Arguments, wrong};
use crate::rfc8620::call::Call;
use crate::rfc8620::changes::write_state;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::query::{read_filter, read_sort};
use caliopen_hub::{Found, Problem, Question, Reason, Scope, Snippet};
use caliopen_model::MessageId;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Minutes in which clocks differ from UTC (RFC 3339 allows a day; the world uses −12 to +14 hours).
const UTC_OFFSET_MINUTES_MAX: i64 = 14 * 60;

/// What a search answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    Conversations,
    Messages,
}

/// Answers `Conversation/query` and `Message/query` whose filter has a `text`. The newest comes first.
pub(crate) async fn search(
    call: &Call<'_>,
    mut arguments: Arguments,
    answers: Answers,
) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let mut filter = read_filter(arguments.take("filter")?)?;
    check_sort(&read_sort(arguments.take("sort")?)?, answers)?;
    let position = arguments.unsigned("position")?.unwrap_or(0) as u64;
    let asked_limit = arguments.unsigned("limit")?;
    let wants_total = arguments.take("calculateTotal")?.unwrap_or(false);
    arguments.finish()?;
    let question = take_question(&mut filter)?.ok_or_else(|| wrong("filter", "has no text"))?;
    let scope = scope(call, &mut filter, answers)?;
    end_filter(filter)?;

    let limit = asked_limit.unwrap_or(PAGE_MAX).min(PAGE_MAX);
    let found = call.hub.search(call.access, &question, scope, position, limit).await?;
    let ids: Vec<String> = match answers {
        Answers::Conversations => found.page.iter().map(|found| found.conversation.to_string()).collect(),
        Answers::Messages => found.page.iter().map(|found| found.message.to_string()).collect(),
    };
    let mut answer = json!({
        "accountId": account,
        "queryState": write_state(found.state),
        "canCalculateChanges": false,
        "position": position,
        "ids": ids,
        "search": about(&question, &found),
    });
    if let Some(members) = answer.as_object_mut() {
        if asked_limit != Some(limit) {
            members.insert("limit".to_owned(), json!(limit));
        }
        if let (true, Some(total)) = (wants_total, found.total) {
            members.insert("total".to_owned(), json!(total));
        }
    }
    Ok(answer)
}

/// The one order that there is, which a client may say or leave out.
fn check_sort(sort: &[(String, bool)], answers: Answers) -> Result<(), MethodError> {
    let property = match answers {
        Answers::Conversations => "latestAt",
        Answers::Messages => "receivedAt",
    };
    match sort {
        [] => Ok(()),
        [(name, false)] if name == property => Ok(()),
        _ => Err(MethodError::UnsupportedSort("a search has the newest first")),
    }
}

fn scope(call: &Call<'_>, filter: &mut Arguments, answers: Answers) -> Result<Scope, MethodError> {
    if answers == Answers::Conversations {
        return Ok(Scope::NewestOfEach);
    }
    let one_of_each = filter.take("onePerConversation")?.unwrap_or(false);
    match filter.take::<String>("conversationId")? {
        Some(text) => {
            let id = call.id_text(text).parse();
            id.map(Scope::Within).map_err(|_| wrong("conversationId", "is not an id of this type"))
        }
        None if one_of_each => Ok(Scope::NewestOfEach),
        None => Ok(Scope::Messages),
    }
}

/// Takes the question out of a filter; none when it has no `text`.
fn take_question(filter: &mut Arguments) -> Result<Option<Question>, MethodError> {
    let text: Option<String> = filter.take("text")?;
    let offset = filter.int("utcOffsetMinutes")?.unwrap_or(0);
    let is_typing = filter.take("isTyping")?.unwrap_or(false);
    let Some(text) = text else { return Ok(None) };
    if text.len() > QUESTION_BYTES_MAX {
        return Err(wrong("text", "is too long"));
    }
    if offset.abs() > UTC_OFFSET_MINUTES_MAX {
        return Err(wrong("utcOffsetMinutes", "is out of range"));
    }
    let utc_offset_minutes = i32::try_from(offset).unwrap_or(0);
    Ok(Some(Question { text, utc_offset_minutes, is_typing }))
}

/// What an answer says about the search itself.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct About {
    percent_indexed: u8,
    is_complete: bool,
    is_cut: bool,
    leaves_out: bool,
    problems: Vec<Trouble>,
}

#[derive(Debug, Serialize)]
struct Trouble {
    text: String,
    position: usize,
    reason: &'static str,
}

/// The member `search` of an answer.
fn about(question: &Question, found: &Found) -> Value {
    json!(About {
        percent_indexed: found.progress.percent,
        is_complete: found.progress.is_complete,
        is_cut: found.is_cut,
        leaves_out: found.leaves_out,
        problems: found.problems.iter().map(|problem| trouble(&question.text, problem)).collect(),
    })
}

fn trouble(text: &str, problem: &Problem) -> Trouble {
    let before = text.get(..problem.range.start).unwrap_or_default();
    Trouble {
        text: text.get(problem.range.clone()).unwrap_or_default().to_owned(),
        // As JavaScript counts, so that a field can mark it.
        position: before.encode_utf16().count(),
        reason: reason(problem.reason),
    }
}

const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::UnknownOperator => "unknownOperator",
        Reason::UnknownValue => "unknownValue",
        Reason::NotADate => "notADate",
        Reason::NotAnIndex => "notAnIndex",
        Reason::OpenQuotation => "openQuotation",
        Reason::TooLong => "tooLong",
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    message_id: String,
    conversation_id: String,
    subject: Option<Vec<String>>,
    preview: Option<Vec<String>>,
    files: Vec<Vec<String>>,
}

impl From<Snippet> for Record {
    fn from(snippet: Snippet) -> Self {
        Self {
            message_id: snippet.message.to_string(),
            conversation_id: snippet.conversation.to_string(),
            subject: snippet.subject,
            preview: snippet.preview,
            files: snippet.files,
        }
    }
}

/// Answers `SearchSnippet/get` (RFC 8621 §5.1).
pub(crate) async fn get_snippets(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let mut filter = Arguments::new(arguments.need::<Map<String, Value>>("filter")?);
    let question = take_question(&mut filter)?.ok_or_else(|| wrong("filter", "has no text"))?;
    let texts: Vec<String> = arguments.need("messageIds")?;
    arguments.finish()?;
    if texts.len() > OPENED_MESSAGES_MAX {
        return Err(MethodError::RequestTooLarge("at most 50 messages at a time"));
    }
    let ids = texts.iter().map(|text| text.parse::<MessageId>());
    let known: Vec<MessageId> = ids.flatten().collect();
    let snippets = call.hub.snippets(call.access, &question, &known).await?;
    let list: Vec<_> = snippets.into_iter().flatten().map(|snippet| object(&Record::from(snippet))).collect();
    let is_found =
        |id: &&String| list.iter().any(|found| found.get("messageId").and_then(Value::as_str) == Some(id));
    let not_found: Vec<&String> = texts.iter().filter(|id| !is_found(id)).collect();
    Ok(json!({ "accountId": account, "list": list, "notFound": not_found }))
}
