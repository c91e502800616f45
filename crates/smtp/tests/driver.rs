//! Time and the wire: how long a client may take, on a stopped clock that jumps when everybody waits.

use caliopen_model::EmailAddress;
use caliopen_smtp::{
    Budget, Config, Delivery, DeliveryVerdict, Dialect, Ended, Handler, Limits, RecipientVerdict, Session,
    Timeouts, drive,
};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// What the server may take to notice, and to linger after its last reply.
const SLACK: Duration = Duration::from_secs(2);
const BEGIN: &[u8] = b"EHLO a.test\r\nMAIL FROM:<>\r\nRCPT TO:<bob@here.test>\r\nDATA\r\n";

struct TakesAll;

impl Handler for TakesAll {
    async fn accepts(&self, _: &EmailAddress) -> RecipientVerdict {
        RecipientVerdict::Accepted
    }

    async fn deliver(&self, delivery: Delivery) -> Vec<DeliveryVerdict> {
        vec![DeliveryVerdict::Stored; delivery.envelope.forward_paths.len()]
    }
}

/// The server's end of a connection, and the client's.
struct Connection {
    client: DuplexStream,
    server: JoinSet<io::Result<Ended>>,
    stop: watch::Sender<bool>,
    began: Instant,
}

impl Connection {
    /// A connection whose wire holds this many bytes in each direction.
    fn over(wire_bytes: usize) -> Self {
        let config = Config::new(Dialect::Smtp, "mx.here.test", Limits::default(), Budget::new(1_000_000));
        Self::of(Session::new(Arc::new(config.unwrap().with_starttls())), wire_bytes)
    }

    /// A connection of a program that wants to send.
    fn of_program() -> Self {
        let (limits, budget) = (Limits::for_submission(), Budget::new(1_000_000));
        let config = Config::new(Dialect::Submission, "mx.here.test", limits, budget);
        Self::of(Session::new_in_tls(Arc::new(config.unwrap())), 4_096)
    }

    fn of(mut session: Session, wire_bytes: usize) -> Self {
        let (client, mut stream) = duplex(wire_bytes);
        let (stop, mut stopped) = watch::channel(false);
        let mut server = JoinSet::new();
        server.spawn(async move {
            drive(&mut stream, &mut session, &TakesAll, &Timeouts::default(), &mut stopped).await
        });
        Self { client, server, stop, began: Instant::now() }
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.client.write_all(bytes).await.unwrap();
    }

    /// Everything that the server says until it ends, without the lines before the last.
    async fn last_line(mut self) -> (String, Duration) {
        let mut said = String::new();
        self.client.read_to_string(&mut said).await.unwrap();
        let took = self.began.elapsed();
        assert!(matches!(self.server.join_next().await.unwrap().unwrap(), Ok(Ended::Closed)));
        (said.lines().last().unwrap().to_owned(), took)
    }

    /// Reads what is said until a line begins so.
    async fn read_until(&mut self, beginning: &str) {
        let mut said = String::new();
        while !said.lines().any(|line| line.starts_with(beginning)) {
            let byte = self.client.read_u8().await.unwrap();
            said.push(char::from(byte));
        }
    }
}

fn check(found: &(String, Duration), reply: &str, after: Duration) {
    assert!(found.0.starts_with(reply), "{found:?}");
    assert!(found.1 >= after && found.1 <= after + SLACK, "expected {after:?}: {found:?}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_told_after_five_minutes() {
    let connection = Connection::over(4_096);
    check(&connection.last_line().await, "421 4.4.2 ", 5 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_refused_sign_in_takes_a_second_and_the_third_is_the_last() {
    let mut connection = Connection::of_program();
    let sign_in = b"AUTH PLAIN AGFuYQBzZWNyZXQ=\r\n";
    connection.send(&[b"EHLO a.test\r\n", &sign_in[..], sign_in, sign_in].concat()).await;
    for tries in 1..3 {
        connection.read_until("535").await;
        assert!(connection.began.elapsed() >= tries * SECOND);
    }
    check(&connection.last_line().await, "421 4.7.0 ", 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_trickles_is_no_progress() {
    let mut connection = Connection::over(4_096);
    for _ in 0..4 {
        connection.send(b"N").await;
        sleep(MINUTE).await;
    }
    check(&connection.last_line().await, "421 4.4.2 ", 5 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn commands_without_a_message_keep_a_connection_for_a_quarter_of_an_hour() {
    let mut connection = Connection::over(65_536);
    for _ in 0..7 {
        connection.send(b"NOOP\r\n").await;
        sleep(2 * MINUTE).await;
    }
    check(&connection.last_line().await, "421 4.4.2 ", 15 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_brings_messages_may_stay() {
    let mut connection = Connection::over(65_536);
    connection.send(b"EHLO a.test\r\n").await;
    for _ in 0..20 {
        connection.send(b"MAIL FROM:<>\r\nRCPT TO:<bob@here.test>\r\nDATA\r\n").await;
        connection.read_until("354").await;
        connection.send(b"x\r\n.\r\n").await;
        connection.read_until("250 2.0.0 Message").await;
        sleep(4 * MINUTE).await;
    }
    connection.send(b"QUIT\r\n").await;
    check(&connection.last_line().await, "221 ", 80 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_stops_is_given_up_after_three_minutes() {
    let mut connection = Connection::over(65_536);
    connection.send(BEGIN).await;
    connection.read_until("354").await;
    // Enough bytes to have earned more time than that.
    connection.send(&b"x\r\n".repeat(20_000)).await;
    check(&connection.last_line().await, "421 4.4.2 ", 3 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn one_byte_a_second_does_not_keep_a_connection() {
    let mut connection = Connection::over(65_536);
    connection.send(BEGIN).await;
    connection.read_until("354").await;
    for _ in 0..119 {
        connection.send(b"x").await;
        sleep(SECOND).await;
    }
    check(&connection.last_line().await, "421 4.4.2 ", 2 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_message_in_chunks_has_the_same_time_as_any_other() {
    let mut connection = Connection::over(65_536);
    connection.send(b"EHLO a.test\r\nMAIL FROM:<>\r\nRCPT TO:<bob@here.test>\r\n").await;
    for _ in 0..4 {
        connection.send(b"BDAT 1\r\nx").await;
        sleep(29 * SECOND).await;
    }
    check(&connection.last_line().await, "421 4.4.2 ", 2 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_slow_line_has_the_time_that_its_bytes_earn() {
    let mut connection = Connection::over(65_536);
    connection.send(BEGIN).await;
    connection.read_until("354").await;
    // 500 bytes a second for ten minutes.
    for _ in 0..600 {
        connection.send(&b"1234567\r\n".repeat(56)).await;
        sleep(SECOND).await;
    }
    connection.send(b".\r\nQUIT\r\n").await;
    check(&connection.last_line().await, "221 ", 10 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_message_has_an_hour_however_fast_it_is() {
    let mut connection = Connection::over(65_536);
    connection.send(BEGIN).await;
    connection.read_until("354").await;
    for _ in 0..59 {
        connection.send(&b"1234567\r\n".repeat(1_800)).await;
        sleep(MINUTE).await;
    }
    check(&connection.last_line().await, "421 4.4.2 ", 60 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_left() {
    let mut connection = Connection::over(64);
    connection.send(&b"EHLO a.test\r\n".repeat(4)).await;
    let ended = connection.server.join_next().await.unwrap().unwrap();
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert!(connection.began.elapsed() <= MINUTE + SLACK);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_is_noticed_at_once() {
    let mut connection = Connection::over(4_096);
    connection.client.shutdown().await.unwrap();
    let ended = connection.server.join_next().await.unwrap().unwrap();
    assert_eq!(ended.unwrap(), Ended::ClientLeft);
    assert_eq!(connection.began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn starttls_hands_the_stream_back_after_its_reply() {
    let mut connection = Connection::over(4_096);
    connection.send(b"EHLO a.test\r\nSTARTTLS\r\nNOOP\r\n").await;
    let ended = connection.server.join_next().await.unwrap().unwrap();
    assert_eq!(ended.unwrap(), Ended::StartTls);
    let mut said = String::new();
    connection.client.read_to_string(&mut said).await.unwrap();
    assert!(said.ends_with("220 2.0.0 Start TLS now\r\n"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_that_is_gone_means_stop() {
    let connection = Connection::over(4_096);
    let Connection { client, server, stop, began } = connection;
    drop(stop);
    let connection = Connection { client, server, stop: watch::channel(false).0, began };
    check(&connection.last_line().await, "421 4.3.2 ", Duration::ZERO);
}

/// A client that says this and then nothing is told and left as soon as the server stops.
async fn check_told_at_once(said: &[u8], answered: &str) {
    let mut connection = Connection::over(65_536);
    connection.send(b"EHLO a.test\r\n").await;
    connection.send(said).await;
    connection.read_until(answered).await;
    // Time stands still until everybody waits: what was sent has been read.
    sleep(SECOND).await;
    connection.stop.send(true).unwrap();
    check(&connection.last_line().await, "421 4.3.2 ", SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_silent_between_commands_does_not_hold_a_stop() {
    check_told_at_once(b"", "250 ").await;
    check_told_at_once(b"MAIL FROM:<>\r\n", "250 2.1.0").await;
    check_told_at_once(b"MAIL FROM:<>\r\nRCPT TO:<bob@here.test>\r\n", "250 2.1.5").await;
    check_told_at_once(b"MAIL FROM:<>\r\nRCPT TO:<bob@", "250 2.1.0").await;
    check_told_at_once(&b"x".repeat(3_000), "250 ").await;
    // A chunk that was refused is no part of a message.
    check_told_at_once(b"MAIL FROM:<>\r\nBDAT 1\r\nx", "503 ").await;
}

#[tokio::test(start_paused = true)]
async fn a_message_in_chunks_is_finished_before_a_stop() {
    let mut connection = Connection::over(65_536);
    connection.send(b"EHLO a.test\r\nMAIL FROM:<>\r\nRCPT TO:<bob@here.test>\r\nBDAT 3\r\nx\r\n").await;
    connection.read_until("250 2.0.0 Chunk taken").await;
    connection.stop.send(true).unwrap();
    sleep(MINUTE).await;
    connection.send(b"BDAT 3 LAST\r\ny\r\n").await;
    connection.read_until("250 2.0.0 Message stored").await;
    check(&connection.last_line().await, "421 4.3.2 ", MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_message_in_progress_is_finished_within_its_own_deadlines() {
    let mut connection = Connection::over(4_096);
    connection.send(BEGIN).await;
    connection.read_until("354").await;
    connection.stop.send(true).unwrap();
    sleep(MINUTE).await;
    connection.send(b"x\r\n.\r\nNOOP\r\n").await;
    connection.read_until("250 2.0.0 Message stored").await;
    check(&connection.last_line().await, "421 4.3.2 ", MINUTE);
}
