//! Policies as lines of the file that they survive a restart in.

use super::Kept;
use super::policy::{Policy, mode, seconds};
use caliopen_model::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// The policies by domain.
pub(super) fn policies(text: &str) -> HashMap<String, Kept> {
    text.lines().filter_map(entry).collect()
}

/// The same, written down.
pub(super) fn text(policies: &HashMap<String, Kept>) -> String {
    policies.iter().map(line).collect()
}

/// `domain id fetched-at mode max-age host host …`
fn line((domain, kept): (&String, &Kept)) -> String {
    let mode = kept.policy.mode.word();
    let (at, age) = (kept.fetched_at.unix_ms(), kept.policy.age_max.as_secs());
    let hosts = kept.policy.hosts.join(" ");
    format!("{domain} {} {at} {mode} {age} {hosts}\n", kept.id)
}

fn entry(line: &str) -> Option<(String, Kept)> {
    let mut words = line.split_whitespace();
    let (domain, id) = (words.next()?.to_owned(), words.next()?.to_owned());
    let fetched_at = Timestamp::from_unix_ms(words.next()?.parse().ok()?);
    let (mode, age_max) = (mode(words.next()?)?, seconds(words.next()?)?);
    let policy = Policy { mode, age_max, hosts: words.map(str::to_owned).collect() };
    Some((domain, Kept { id, policy: Arc::new(policy), fetched_at }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again() {
        let text_of = "version: STSv1\nmode: enforce\nmx: mx.there.test\nmx: *.there.test\nmax_age: 60";
        let policy = Arc::new(Policy::parse(text_of).unwrap());
        let kept = Kept { id: "a1".to_owned(), policy, fetched_at: Timestamp::from_unix_ms(5) };
        let all = HashMap::from([("there.test".to_owned(), kept)]);
        assert_eq!(policies(&text(&all)), all);
        assert!(policies("\nthere.test\nthere.test a1 x enforce 60").is_empty());
    }
}
