//! Mail going out: 10,000 signed messages from their senders' hands into the sinks of ten domains, in turns with
//! Debian's Postfix and OpenDKIM; and what one dead domain among the ten does to the other nine.
//!
//! Both take each message from a client, sign it, make it durable, and deliver it over SMTP to `smtp-sink`. Caliopen
//! also writes it (it is given words, not bytes), seals it, and places it in its sender's conversations.

mod letters;
mod postfix;
mod sinks;

use super::ingest::median;
use super::process::Caliopen;
use super::report::{Report, Row};
use anyhow::{Result, bail};
use postfix::Postfix;
use sinks::{Dead, Sinks, Witness};
use std::path::Path;
use std::time::Duration;

/// Domains that mail goes to.
pub(super) const DOMAINS: usize = 10;
/// People who send. Each may write to 2,000 people in an hour.
const PEOPLE: u32 = 16;
/// Connections that hand messages in, to either server.
const CONNECTIONS: usize = 16;
const PASSWORD: &str = "a password of the bench";
/// How long a queue may take to drain before something is wrong.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(300);
/// How often the sinks' counters are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// What one dead domain may change, for the others.
const CHANGE_MAX: f64 = 0.05;

/// Measures both servers in turns, then ours with a dead domain.
pub fn measure(
    program: &Path,
    folder: &Path,
    messages: u32,
    rounds: usize,
    report: &mut Report,
) -> Result<()> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let (mut all_alive, mut one_dead, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let run = Run { program, folder: &folder.join(format!("queue-{round}")), messages };
        std::fs::create_dir_all(run.folder)?;
        ours.push(run.of_caliopen("both", None, &|_| true)?);
        theirs.push(run.of_postfix()?);
        // The last domain's messages are in both runs; only the others are timed.
        let counts = |domain: usize| domain + 1 < DOMAINS;
        let alive = run.of_caliopen("alive", None, &counts)?;
        let dead = run.of_caliopen("dead", Some(DOMAINS - 1), &counts)?;
        // Each with the one beside it: the machine changes more from minute to minute than a dead domain does.
        changes.push(dead / alive - 1.0);
        all_alive.push(alive);
        one_dead.push(dead);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours / theirs;
    report.add(Row::new(
        format!("queue of {messages} messages, signed, to {DOMAINS} sinks"),
        format!("{ours:.0}/s; Postfix with OpenDKIM {theirs:.0}/s: {ratio:.1} times"),
        "at least Postfix with OpenDKIM",
        ratio >= 1.0,
    ));
    let (alive, dead, change) = (median(all_alive), median(one_dead), median(changes));
    report.add(Row::new(
        "one dead domain among ten changes the others by",
        format!("{:+.1} % ({alive:.0}/s; {dead:.0}/s)", change * 100.0),
        "less than 5 % slower",
        change > -CHANGE_MAX,
    ));
    Ok(())
}

/// One queue of messages through one server.
struct Run<'a> {
    program: &'a Path,
    folder: &'a Path,
    messages: u32,
}

impl Run<'_> {
    /// Messages a second to the domains that count, from the first hand to the last sink.
    fn of_caliopen(&self, name: &str, dead: Option<usize>, counts: &dyn Fn(usize) -> bool) -> Result<f64> {
        let sinks = Sinks::start()?;
        let (witness, hole) = (Witness::start()?, Dead::start()?);
        let mut ways = vec![(letters::WITNESS.to_owned(), witness.port())];
        for (domain, port) in sinks.ports().enumerate() {
            ways.push((letters::domain(domain), if dead == Some(domain) { hole.port() } else { port }));
        }
        let way = |(domain, port): &(String, u16)| {
            format!("[deliver.routes.\"{domain}\"]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n")
        };
        let routes: String = ways.iter().map(way).collect();
        let server = Caliopen::start_with(self.program, &self.folder.join(name), &routes)?;
        for person in 0..PEOPLE {
            server.add_account(&format!("p{person}"), PASSWORD)?;
        }
        let mut senders = letters::senders(server.http, PEOPLE, CONNECTIONS, PASSWORD)?;
        letters::to_witness(&mut senders)?;
        witness.check_signed()?;
        let begun = crate::shell::now();
        let expected = self.expected(counts);
        let drained = std::thread::scope(|scope| {
            let handed = scope.spawn(|| letters::send_all(&mut senders, self.messages));
            let drained = wait_for(|| sinks.taken(counts), expected);
            handed.join().unwrap_or_else(|_| bail!("a sender panicked"))?;
            drained
        });
        let took = begun.elapsed();
        drained?;
        server.stop()?;
        Ok(expected as f64 / took.as_secs_f64())
    }

    fn of_postfix(&self) -> Result<f64> {
        let sinks = Sinks::start()?;
        let witness = Witness::start()?;
        let mut ways = vec![(letters::WITNESS.to_owned(), witness.port())];
        ways.extend(sinks.ports().enumerate().map(|(domain, port)| (letters::domain(domain), port)));
        let postfix = Postfix::start(&self.folder.join("postfix"), &ways)?;
        letters::bytes_to_witness(postfix.smtp)?;
        witness.check_signed()?;
        let begun = crate::shell::now();
        let expected = self.expected(&|_| true);
        letters::send_bytes(postfix.smtp, CONNECTIONS, self.messages)?;
        wait_for(|| sinks.taken(&|_| true), expected)?;
        Ok(expected as f64 / begun.elapsed().as_secs_f64())
    }

    /// How many messages the domains that count get: they take turns.
    fn expected(&self, counts: &dyn Fn(usize) -> bool) -> u64 {
        (0..self.messages as usize).filter(|number| counts(number % DOMAINS)).count() as u64
    }
}

fn wait_for(taken: impl Fn() -> u64, expected: u64) -> Result<()> {
    let begun = crate::shell::now();
    while taken() < expected {
        if begun.elapsed() > DRAIN_TIMEOUT {
            bail!("only {} of {expected} messages came through", taken());
        }
        std::thread::sleep(LOOK_EVERY);
    }
    if taken() == expected { Ok(()) } else { bail!("{} messages came instead of {expected}", taken()) }
}
