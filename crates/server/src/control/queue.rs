//! `caliopen queue`: what waits to leave, as lines for the administrator.

use super::Answer;
use caliopen_hub::{DestinationView, Hub, QueueView};
use caliopen_model::{Cause, Timestamp};

/// Destinations that are printed: those with the most recipients.
const DESTINATIONS_MAX: usize = 50;
const MINUTE_MS: i64 = 60_000;

/// Looks, and says what is there.
pub(super) async fn overview(hub: &Hub) -> Answer {
    match hub.queue_overview().await {
        Ok(view) => Answer { ok: true, lines: lines(&view, hub.now()) },
        Err(error) => Answer::refused(error),
    }
}

fn lines(view: &QueueView, now: Timestamp) -> Vec<String> {
    let more = if view.is_cut { ", and more" } else { "" };
    let mut lines = vec![format!("waiting: messages {}, reports {}{more}", view.messages, view.notices)];
    lines.extend(view.destinations.iter().take(DESTINATIONS_MAX).map(|one| line(one, now)));
    if let Some(hidden) = view.destinations.len().checked_sub(DESTINATIONS_MAX).filter(|hidden| *hidden > 0) {
        lines.push(format!("destinations that are not listed: {hidden}"));
    }
    lines
}

fn line(destination: &DestinationView, now: Timestamp) -> String {
    let name = if destination.name.is_empty() { "this server" } else { &destination.name };
    let state = destination.cause.map_or("not tried yet", word);
    let wait_ms = destination.next_try_at.unix_ms() - now.unix_ms();
    let when = match wait_ms {
        ..=0 => "now".to_owned(),
        _ => format!("in {} min", (wait_ms + MINUTE_MS - 1) / MINUTE_MS),
    };
    format!("{name}: recipients {}, {state}, next try {when}", destination.recipients)
}

const fn word(cause: Cause) -> &'static str {
    match cause {
        Cause::NoSuchDomain => "there is no such domain",
        Cause::NoSuchRecipient => "there is no such recipient",
        Cause::MailboxFull => "the mailbox is full",
        Cause::TooLarge => "the message is too large for it",
        Cause::Refused => "it refuses",
        Cause::Unreachable => "it does not answer",
        Cause::Busy => "it asks to come back later",
        Cause::AnswerLost => "its answer was lost",
        Cause::NotPrivate => "the channel cannot be protected",
        Cause::NotCapable => "it cannot take what the message needs",
        Cause::LookupFailed => "its name cannot be looked up now",
        Cause::Expired => "it was tried for too long",
        Cause::Garbled => "its answers make no sense",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_one_line_without_an_address() {
        let destination = |name: &str, recipients, cause, next_ms| DestinationView {
            name: name.to_owned(),
            recipients,
            cause,
            next_try_at: Timestamp::from_unix_ms(next_ms),
        };
        let destinations =
            vec![destination("x.net", 3, Some(Cause::Busy), 90_000), destination("", 1, None, 0)];
        let view = QueueView { messages: 2, notices: 1, is_cut: false, destinations };
        assert_eq!(
            lines(&view, Timestamp::from_unix_ms(0)),
            [
                "waiting: messages 2, reports 1",
                "x.net: recipients 3, it asks to come back later, next try in 2 min",
                "this server: recipients 1, not tried yet, next try now",
            ]
        );
    }
}
