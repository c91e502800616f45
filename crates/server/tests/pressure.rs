//! A full disk, thousands who say nothing, and the end of the day: nobody loses mail, and nobody waits for others.

use crate::support;
use serde_json::json;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use support::caliopen::Caliopen;
use support::{ALICE, Api, Home, Stopwatch, Wire, letter};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpSocket;

/// A disk of this size is full soon.
const DISK_MIB: u32 = 24;
/// How soon mail must come in again once there is space.
const RESUME_MOST: Duration = Duration::from_secs(10);
/// Deliveries until a full disk must have shown itself, and those after it.
const DELIVERIES: usize = 300;

/// Connections that say nothing, and how many of them one address may have.
const IDLE: usize = 2_000;
const IDLE_PER_ADDRESS: usize = 50;
/// Deliveries and requests that are timed.
const SAMPLES: usize = 60;
/// What a busy machine may add to any of them.
const NOISE: Duration = Duration::from_millis(30);

/// A disk of our own, which only the server sees at its path; we see it through the server's process.
struct SmallDisk {
    server: Caliopen,
    folder: PathBuf,
}

/// Ways to a mount that nobody else sees: as root, and as anybody where the system allows namespaces to all.
const NAMESPACES: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
const MOUNT: &str = "mount -t tmpfs -o mode=700,size=$1 none \"$2\" && shift 2 && exec \"$@\"";

impl SmallDisk {
    /// None where nothing can be mounted.
    fn start(home: &Home) -> Option<Self> {
        let folder = home.beside("disk");
        std::fs::create_dir(&folder).unwrap();
        let on_disk = |namespace: &[&str]| {
            let mut command = Command::new("unshare");
            command.args(namespace).args(["sh", "-c", MOUNT, "mount", &format!("{DISK_MIB}m")]).arg(&folder);
            command
        };
        let works = |namespace: &&&[&str]| {
            let mut command = on_disk(namespace);
            command.arg("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success())
        };
        let namespace = NAMESPACES.iter().find(works)?;
        let mut command = on_disk(namespace);
        command.args(["sh", "-c", "cp -a \"$1\" \"$2\" && shift 2 && exec \"$@\"", "copy"]);
        command.arg(home.data()).arg(folder.join("data"));
        command.arg(env!("CARGO_BIN_EXE_caliopen")).arg("--data").arg(folder.join("data"));
        command.args(home.serve().get_args().skip(2));
        let server = home.start_by(&mut command);
        let folder = PathBuf::from(format!("/proc/{}/root{}", server.id(), folder.display()));
        Some(Self { server, folder })
    }

    /// Fills what is left of it.
    fn fill(&self) -> PathBuf {
        let path = self.folder.join("ballast");
        let mut ballast = File::create(&path).unwrap();
        for piece in [64 * 1024, 512] {
            let error = loop {
                if let Err(error) = ballast.write_all(&vec![1; piece]) {
                    break error;
                }
            };
            assert_eq!(error.kind(), ErrorKind::StorageFull, "{error}");
        }
        path
    }

    fn deliver(&self, number: usize) -> String {
        let text = format!("{}\r\n", "some more of what there is to tell".repeat(200));
        let message = letter(&format!("Number {number}"), &text);
        Wire::greeted(self.server.lmtp, "LHLO").deliver("ana@elsewhere.test", &[ALICE], &message).remove(0)
    }
}

#[test]
fn a_full_disk_refuses_for_now_and_takes_mail_again_without_a_restart() {
    let home = Home::with_people();
    let Some(disk) = SmallDisk::start(&home) else {
        println!("a full disk: no file system can be mounted here, neither as root nor in a namespace");
        return;
    };
    let alice = disk.server.alice();
    assert!(disk.deliver(0).starts_with("250 "));
    let mut taken = 1;
    let ballast = disk.fill();
    let mut refused = 0;
    for number in 1..DELIVERIES {
        let reply = disk.deliver(number);
        match reply.get(..3) {
            Some("250") => taken += 1,
            Some("452") => refused += 1,
            _ => panic!("{reply}"),
        }
        assert!(reply.starts_with("250 2.0.0") || reply.starts_with("452 4.3.1"), "{reply}");
        if refused == 5 {
            break;
        }
    }
    assert_eq!(refused, 5, "the disk never filled up");
    // Who is there reads on, and the administrator is answered.
    assert_eq!(alice.messages(json!(["id"])).len(), taken);
    let mut list = Command::new(env!("CARGO_BIN_EXE_caliopen"));
    list.arg("--data").arg(disk.folder.join("data")).args(["domain", "list"]);
    assert!(support::caliopen::finish(&mut list, b"").status.success());

    std::fs::remove_file(ballast).unwrap();
    let since = Stopwatch::start();
    while !disk.deliver(DELIVERIES).starts_with("250 ") {
        since.check(RESUME_MOST, "mail is refused although there is space");
    }
    assert_eq!(
        alice.messages(json!(["id"])).len(),
        taken + 1,
        "what was refused was kept, or what was taken lost"
    );
    assert_eq!(disk.server.stop(), Some(0));
}

/// Raises this process' own limit of open files as far as it may: all connections are ours.
fn allow_files() {
    let own = std::process::id().to_string();
    let limit = format!("--nofile={}:", IDLE + 500);
    let raised = Command::new("prlimit").args(["--pid", &own, &limit]).stderr(Stdio::null()).status();
    assert!(raised.is_ok_and(|status| status.success()), "2,500 open files are not allowed: ulimit -Hn");
}

type Idle = BufReader<tokio::net::TcpStream>;

/// Opens many connections, from many addresses of this machine; every tenth stops in the middle of a message.
async fn idle_connections(server: SocketAddr) -> Vec<Idle> {
    let mut open = Vec::new();
    for number in 0..IDLE {
        let network = u8::try_from(number / IDLE_PER_ADDRESS + 1).unwrap();
        let mut stream = connect_from(Ipv4Addr::new(127, 0, 2, network), server).await;
        assert!(line(&mut stream).await.starts_with("220 "), "connection {number}");
        if number % 10 == 0 {
            let begun =
                format!("HELO x.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<{ALICE}>\r\nDATA\r\nSubject: ");
            stream.get_mut().write_all(begun.as_bytes()).await.unwrap();
            for expected in ["250 ", "250 ", "250 ", "354 "] {
                assert!(line(&mut stream).await.starts_with(expected));
            }
        }
        open.push(stream);
    }
    open
}

async fn connect_from(own: Ipv4Addr, server: SocketAddr) -> Idle {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((own, 0).into()).unwrap();
    BufReader::new(socket.connect(server).await.unwrap())
}

async fn line(stream: &mut Idle) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    line
}

/// The 95th percentile of what a peer and a reader wait for.
fn waits(server: &Caliopen, alice: &Api) -> Duration {
    let mut relay = Wire::greeted(server.lmtp, "LHLO");
    let message = letter("Another", "one of many");
    let mut times: Vec<Duration> = (0..SAMPLES)
        .map(|_| {
            let start = Stopwatch::start();
            assert!(relay.deliver("ana@elsewhere.test", &[ALICE], &message)[0].starts_with("250 "));
            alice.call("Conversation/query", json!({}));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[SAMPLES * 95 / 100]
}

#[test]
fn thousands_who_say_nothing_slow_nobody_down() {
    allow_files();
    let home = Home::with_people();
    let server = home.start();
    let alice = server.alice();
    let alone = waits(&server, &alice);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let idle = runtime.block_on(idle_connections(server.smtp));
    let among = waits(&server, &alice);
    assert!(among < alone * 2 + NOISE, "alone {alone:?}, among {IDLE} others {among:?}");
    // One address has all the connections that it may have, others are let in.
    let (one_more, another) = runtime.block_on(async {
        let mut same = connect_from(Ipv4Addr::new(127, 0, 2, 1), server.smtp).await;
        let mut other = connect_from(Ipv4Addr::new(127, 0, 3, 1), server.smtp).await;
        (line(&mut same).await, line(&mut other).await)
    });
    assert!(one_more.starts_with("421 4.7.0") && another.starts_with("220 "), "{one_more}{another}");
    drop(idle);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_server_that_is_told_to_stop_finishes_what_it_began() {
    let home = Home::with_people();
    let server = home.start();
    let (smtp, lmtp) = (server.smtp, server.lmtp);
    let mut idle = Wire::greeted(smtp, "EHLO");
    let mut busy = Wire::greeted(lmtp, "LHLO");
    busy.begin("ana@elsewhere.test", &[ALICE]).unwrap();
    busy.send(b"Subject: Half\r\n\r\nof a").unwrap();

    server.ask_to_stop();
    assert!(idle.reply().unwrap().starts_with("421 4.3.2"));
    assert!(idle.reply().is_err(), "the idle are sent away");
    busy.send(b" message\r\n.\r\n").unwrap();
    assert!(busy.reply().unwrap().starts_with("250 2.0.0"));
    assert!(busy.reply().unwrap().starts_with("421 4.3.2"));
    assert_eq!(server.stop(), Some(0));
    for door in [smtp, lmtp] {
        assert!(TcpStream::connect(door).is_err());
    }
    assert_eq!(home.start().alice().only_message()["subject"], "Half");
}

#[test]
fn a_page_that_waits_for_news_does_not_hold_the_end_up() {
    let home = Home::with_people();
    let server = home.start();
    let alice = server.alice();
    let mut page = TcpStream::connect(server.http).unwrap();
    let request = format!(
        "GET /jmap/events?types=*&closeafter=no&ping=300 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
        alice.token
    );
    page.write_all(request.as_bytes()).unwrap();
    let mut status = [0; 12];
    page.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 200");
    let since = Stopwatch::start();
    assert_eq!(server.stop(), Some(0));
    since.check(Duration::from_secs(5), "the stop");
}

#[test]
fn a_sender_who_falls_silent_does_not_hold_the_end_up() {
    let home = Home::with_people();
    let server = home.start();
    let mut silent = Wire::greeted(server.smtp, "EHLO");
    assert!(silent.ask("MAIL FROM:<ana@elsewhere.test>").unwrap().starts_with("250 "));
    let since = Stopwatch::start();
    assert_eq!(server.stop(), Some(0));
    since.check(Duration::from_secs(5), "the stop");
    assert!(silent.reply().unwrap().starts_with("421 4.3.2"));
}
