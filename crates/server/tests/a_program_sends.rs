//! Alice's phone and her scripts send with passwords of their own: swaks and Python's smtplib, the real programs.

use crate::support;
use caliopen_testkit::postfix::{Postfix, PostfixOptions, Route, Starttls, Transport};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use support::caliopen::Caliopen;
use support::certificate::{Certificate, HOST_NAME};
use support::{ALICE, Api, BOB, DOMAIN, Home, PASSWORD, Stopwatch, Wire, folder};

/// How long a message may take through two queues on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Alice's server, with a certificate and both doors for programs open.
struct Here {
    home: Home,
    certificate: Certificate,
    server: Caliopen,
    alice: Api,
}

impl Here {
    fn start(more: &str) -> Self {
        let home = Home::with_people();
        let certificate = Certificate::make(&home);
        let doors = "[submission]\nlisten = [\"127.0.0.1:0\"]\nstarttls = [\"127.0.0.1:0\"]\n";
        home.configure(&format!("{}{doors}{more}", certificate.configuration()));
        let server = home.start();
        certificate.trust(server.http);
        let alice = server.alice();
        Self { home, certificate, server, alice }
    }

    /// A new password: its id and its letters.
    fn app_password(&self, name: &str) -> (String, String) {
        let made = self.alice.call("AppPassword/set", json!({ "create": { "p": { "name": name } } }));
        let text = |property: &str| made["created"]["p"][property].as_str().unwrap().to_owned();
        (text("id"), text("secret"))
    }

    fn revoke(&self, id: &str) {
        let gone = self.alice.call("AppPassword/set", json!({ "destroy": [id] }));
        assert_eq!(gone["destroyed"], json!([id]));
    }

    /// The port of TLS from the first byte.
    fn port(&self) -> SocketAddr {
        self.server.submission.unwrap()
    }

    /// Everything that Alice sent.
    fn submissions(&self) -> Vec<Value> {
        let ids = self.alice.call("Submission/query", json!({}))["ids"].clone();
        let answer = self.alice.call("Submission/get", json!({ "ids": ids }));
        answer["list"].as_array().unwrap().clone()
    }
}

/// What swaks said and heard.
fn swaks(door: SocketAddr, arguments: &[&str]) -> String {
    let (host, port) = (door.ip().to_string(), door.port().to_string());
    let mut command = Command::new("swaks");
    command.args(["--server", &host, "--port", &port, "--from", ALICE]).args(arguments);
    let output = command.output().expect("swaks is installed");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

fn signed_in<'a>(mechanism: &'a str, secret: &'a str) -> [&'a str; 7] {
    ["--tls-on-connect", "--auth", mechanism, "--auth-user", ALICE, "--auth-password", secret]
}

fn heard(transcript: &str, reply: &str) {
    assert!(transcript.contains(reply), "no {reply:?} in: {transcript}");
}

/// Says how many signatures of the message on standard input are good, by the keys of its arguments.
const VERIFY: &str = "\
import dkim, sys
keys = dict(pair.split('=', 1) for pair in sys.argv[1:])
look = lambda name, timeout=5: keys[name.decode().rstrip('.')].encode()
message = dkim.DKIM(sys.stdin.buffer.read())
count = sum(1 for name, _ in message.headers if name.lower() == b'dkim-signature')
print(sum(1 for at in range(count) if message.verify(idx=at, dnsfunc=look)))
";

/// How many signatures dkimpy accepts, by the records that the server says to publish.
fn good_signatures(home: &Home, raw: &[u8]) -> String {
    let records = home.done(&["dns", DOMAIN], "");
    let key = |line: &str| {
        let (name, strings) = line.split_once(". TXT ")?;
        name.contains("._domainkey.")
            .then(|| format!("{name}={}", strings.replace("\" \"", "").replace('"', "")))
    };
    // Debian's own Python has Debian's modules.
    let mut command = Command::new("/usr/bin/python3");
    command.args(["-c", VERIFY]).args(records.lines().filter_map(key));
    let output = support::caliopen::finish(&mut command, raw);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Python's smtplib, told line by line what to do; it answers each with what came of it.
struct Smtplib {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// `login USER SECRET`, `send FROM TO SIZE`, each answered by `ok` or the server's refusal.
const SMTPLIB: &str = "\
import smtplib, ssl, sys
host, port, begins, authority = sys.argv[1:]
context = ssl.create_default_context(cafile=authority)
if begins == 'tls':
    server = smtplib.SMTP_SSL(host, int(port), context=context)
else:
    server = smtplib.SMTP(host, int(port))
    server.starttls(context=context)
for line in sys.stdin:
    word, *rest = line.rstrip('\\n').split('\\t')
    try:
        if word == 'login':
            server.login(*rest)
        else:
            author, to, size = rest
            text = 'From: %s\\r\\nTo: %s\\r\\nSubject: From Python\\r\\n\\r\\n' % (author, to)
            server.sendmail(author, to, text + ('x' * 70 + '\\r\\n') * (int(size) // 72))
        print('ok', flush=True)
    except smtplib.SMTPException as refused:
        print(repr(refused), flush=True)
";

impl Smtplib {
    fn connect(here: &Here, begins: &str, door: SocketAddr) -> Self {
        let mut process = Command::new("/usr/bin/python3")
            .args(["-c", SMTPLIB, HOST_NAME, &door.port().to_string(), begins])
            .arg(&here.certificate.file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, input, output: BufReader::new(output) }
    }

    fn ask(&mut self, words: &[&str]) -> String {
        writeln!(self.input, "{}", words.join("\t")).unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Smtplib {
    fn drop(&mut self) {
        // Its own id: it may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn what_a_phone_sends_arrives_signed_and_stands_in_its_conversation() {
    let there = Home::empty();
    there.done(&["domain", "add", "elsewhere.test"], "");
    there.done(&["account", "add", "ana@elsewhere.test"], PASSWORD);
    let their_server = there.start();
    let route =
        Route { domain: "elsewhere.test".to_owned(), transport: Transport::Lmtp, server: their_server.lmtp };
    let postfix = Postfix::start(&PostfixOptions {
        host_name: "mx.elsewhere.test".to_owned(),
        routes: vec![route],
        starttls: Starttls::Never,
    })
    .unwrap();
    let here = Here::start(&format!(
        "[deliver.routes.\"elsewhere.test\"]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        postfix.address().port()
    ));
    let (_, secret) = here.app_password("Phone in the kitchen");

    let letter = here.home.beside("letter.eml");
    // swaks ends the last line.
    let text = format!(
        "From: Alice <{ALICE}>\nTo: ana@elsewhere.test\nBcc: {BOB}\nSubject: Pears\nX-Mailer: a phone\n\
         X-Originating-IP: [192.0.2.7]\nReceived: from [192.0.2.7] by phone\n\nFrom the phone.\n.\nA dot alone."
    );
    std::fs::write(&letter, text).unwrap();
    let to = format!("ana@elsewhere.test,{BOB}");
    let data = format!("@{}", letter.display());
    let sent =
        swaks(here.port(), &[&signed_in("PLAIN", &secret)[..], &["--to", &to, "--data", &data]].concat());
    heard(&sent, "235 2.7.0");
    heard(&sent, "250 2.0.0");

    let ana = Api::sign_in(their_server.http, "ana@elsewhere.test", PASSWORD);
    let watch = Stopwatch::start();
    while ana.conversations().is_empty() {
        assert!(watch.elapsed() < PATIENCE, "{}", postfix.log());
        std::thread::yield_now();
    }
    let arrived = ana.only_message();
    assert_eq!(arrived["subject"], "Pears");
    let raw = ana.download(&arrived["blobId"]);
    assert_eq!(good_signatures(&here.home, &raw), "2");
    let head = String::from_utf8_lossy(&raw).split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
    for gone in ["bcc:", "x-mailer:", "x-originating-ip:", "192.0.2.7", BOB] {
        assert!(!head.contains(gone), "{gone} left: {head}");
    }
    assert!(head.contains("\r\ndate: ") && head.contains("\r\nmessage-id: <"), "{head}");
    assert!(raw.ends_with(b"\r\n\r\nFrom the phone.\r\n.\r\nA dot alone.\r\n"), "{}", raw.escape_ascii());

    check_sent(&here);
    let bob = Api::sign_in(here.server.http, BOB, PASSWORD);
    assert_eq!(bob.only_message()["subject"], "Pears");
    let used = here.alice.call("AppPassword/get", json!({ "ids": null }))["list"][0].clone();
    assert!(used["lastUsedAt"].is_string(), "{used}");
    check_nothing_in_clear(&here, &secret);
    here.server.stop();
    their_server.stop();
}

#[test]
fn what_a_script_sent_in_vain_comes_back_as_a_report_that_says_why() {
    let there = Home::empty();
    there.done(&["domain", "add", "elsewhere.test"], "");
    let their_server = there.start();
    let here = Here::start(&format!(
        "[deliver.routes.\"elsewhere.test\"]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        their_server.smtp.port()
    ));
    let (_, secret) = here.app_password("Nightly script");
    let words = ["--to", "ana@elsewhere.test", "--header", "Subject: Nightly", "--body", "All is well."];
    heard(&swaks(here.port(), &[&signed_in("PLAIN", &secret)[..], &words].concat()), "250 2.0.0");
    let watch = Stopwatch::start();
    let report = loop {
        let messages = here.alice.messages(json!(["id", "direction", "blobId"]));
        if let Some(found) = messages.into_iter().find(|one| one["direction"] == "received") {
            break found;
        }
        assert!(watch.elapsed() < PATIENCE, "{:?}", here.submissions());
        std::thread::yield_now();
    };
    let raw = String::from_utf8(here.alice.download(&report["blobId"])).unwrap();
    for part in [
        "multipart/report",
        "Final-Recipient: rfc822; ana@elsewhere.test",
        "Action: failed",
        "Subject: Nightly",
    ] {
        assert!(raw.contains(part), "no {part} in {raw}");
    }
    assert!(!raw.contains("All is well."), "{raw}");
    assert_eq!(here.submissions()[0]["recipients"][0]["state"], "failed");
    here.server.stop();
    their_server.stop();
}

/// One message, to both; the hidden one is known to Alice alone. Each has its fate.
fn check_sent(here: &Here) {
    let watch = Stopwatch::start();
    let sent = loop {
        let sent = here.submissions();
        let all = sent[0]["recipients"].as_array().unwrap();
        if all.iter().all(|recipient| recipient["state"] == "delivered") {
            break sent;
        }
        assert!(watch.elapsed() < PATIENCE, "{sent:?}");
        std::thread::yield_now();
    };
    assert_eq!((sent.len(), sent[0]["undoStatus"].as_str()), (1, Some("final")));
    let shown = here.alice.call("Message/get", json!({ "ids": [sent[0]["messageId"]] }))["list"][0].clone();
    assert_eq!((&shown["direction"], &shown["sending"]), (&json!("sent"), &json!("delivered")));
    assert_eq!(shown["bcc"][0]["handle"], format!("email:{BOB}"));
    assert_eq!(shown["conversationId"], sent[0]["conversationId"]);
}

fn check_nothing_in_clear(here: &Here, secret: &str) {
    let kept: Vec<u8> = folder::files(&here.home.data()).into_values().flatten().collect();
    let said = here.home.log().into_bytes();
    let bare = secret.replace(' ', "");
    for word in [
        secret,
        bare.as_str(),
        "Phone in the kitchen",
        "From the phone",
        "Pears",
        "ana@elsewhere",
        ALICE,
        BOB,
    ] {
        for bytes in [&kept, &said] {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{word} stands in clear");
        }
    }
}

#[test]
fn nobody_sends_without_a_password_that_is_valid_nor_as_somebody_else() {
    let here = Here::start("");
    let (id, secret) = here.app_password("Script");
    let to = ["--to", BOB];
    let with = |secret: &str| swaks(here.port(), &[&signed_in("LOGIN", secret)[..], &to].concat());
    let refused = "535 5.7.8 The address or the app password is wrong";
    heard(&with("bcdf ghjk mnpq rstv wxyz bcdf"), refused);
    heard(&with(PASSWORD), refused);
    heard(&swaks(here.port(), &[&["--tls-on-connect"][..], &to].concat()), "530 5.7.0 Sign in first");
    let stranger = [
        "--tls-on-connect",
        "--auth",
        "PLAIN",
        "--auth-user",
        "nobody@caliopen.test",
        "--auth-password",
        &secret,
    ];
    heard(&swaks(here.port(), &[&stranger[..], &to].concat()), refused);

    let from_bob = format!("From: {BOB}");
    let as_bob = [&signed_in("PLAIN", &secret)[..], &to, &["--header", &from_bob]].concat();
    heard(
        &swaks(here.port(), &as_bob),
        "550 5.7.1 The From field must name one address, and it must be yours",
    );
    let nobody = [&signed_in("PLAIN", &secret)[..], &["--to", "nobody@caliopen.test"]].concat();
    heard(&swaks(here.port(), &nobody), "550 5.1.1");
    assert_eq!(here.submissions().len(), 0);

    heard(&with(&secret), "250 2.0.0");
    heard(&with(&secret.replace(' ', "").to_uppercase()), "250 2.0.0");
    here.revoke(&id);
    heard(&with(&secret), refused);
    assert_eq!(here.submissions().len(), 2);
    let log = here.home.log();
    assert!(!log.contains("bcdf ghjk") && !log.contains(PASSWORD), "{log}");
    here.server.stop();
}

#[test]
fn a_revoked_password_sends_nothing_more_on_a_connection_that_is_open() {
    let here = Here::start("");
    let (id, secret) = here.app_password("Script");
    let mut script = Smtplib::connect(&here, "tls", here.port());
    assert_eq!(script.ask(&["login", ALICE, &secret]), "ok");
    assert_eq!(script.ask(&["send", ALICE, BOB, "1000"]), "ok");
    let large = script.ask(&["send", ALICE, BOB, "53000000"]);
    assert!(large.contains("552") && large.contains("larger than this server takes"), "{large}");
    here.revoke(&id);
    let refused = script.ask(&["send", ALICE, BOB, "1000"]);
    assert!(refused.contains("421") && refused.contains("revoked"), "{refused}");
    assert_eq!(here.submissions().len(), 1);
    here.server.stop();
}

#[test]
fn starttls_is_a_door_too_and_takes_no_secret_before_it() {
    let here = Here::start("");
    let (_, secret) = here.app_password("Printer");
    let door = here.server.starttls.unwrap();
    let mut printer = Smtplib::connect(&here, "starttls", door);
    assert_eq!(printer.ask(&["login", ALICE, &secret]), "ok");
    assert_eq!(printer.ask(&["send", ALICE, BOB, "1000"]), "ok");
    let arguments =
        ["-tls", "--auth", "LOGIN", "--auth-user", ALICE, "--auth-password", &secret, "--to", BOB];
    heard(&swaks(door, &arguments), "250 2.0.0");
    let mut clear = Wire::greeted(door, "EHLO");
    assert!(clear.ask("AUTH PLAIN AGFsaWNlAHNlY3JldA==").unwrap().starts_with("538 5.7.11"));
    assert!(clear.ask(&format!("MAIL FROM:<{ALICE}>")).unwrap().starts_with("530 5.7.0"));
    let records =
        here.home.command(&["dns", DOMAIN, "--config"]).arg(here.home.beside("caliopen.toml")).output();
    let records = String::from_utf8(records.unwrap().stdout).unwrap();
    assert!(records.contains(&format!("_submission._tcp.{DOMAIN}. SRV 0 1 0 {HOST_NAME}.")), "{records}");
    here.server.stop();
}

#[test]
fn all_accounts_together_send_as_much_as_the_host_allows() {
    let here = Here::start("[deliver]\nrecipients_hour_max = 2\n");
    let (_, secret) = here.app_password("Script");
    let send = || swaks(here.port(), &[&signed_in("PLAIN", &secret)[..], &["--to", BOB]].concat());
    heard(&send(), "250 2.0.0");
    heard(&send(), "250 2.0.0");
    heard(&send(), "451 4.7.1 This server reached its limit of recipients an hour");
    here.server.stop();
}
