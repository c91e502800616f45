//! A mistake in the configuration is said in one sentence, with the line and the key, before anything is touched.

use crate::support;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use support::Home;

/// Starts with this configuration; the sentence must hold all of these, and no data folder may come of it.
fn check(text: &str, expected: &[&str]) {
    let home = Home::empty();
    home.configure(text);
    check_refused(&home, &mut home.serve(), expected);
}

fn check_refused(home: &Home, command: &mut Command, expected: &[&str]) {
    let sentence = home.refused(command);
    for words in expected {
        assert!(sentence.contains(words), "no {words:?} in: {sentence}");
    }
    assert!(!home.data().exists(), "a refused start made a folder: {sentence}");
}

#[test]
fn a_mistake_is_named_by_its_line_and_its_key() {
    check("\n\nhots_name = \"mx.example.org\"\n", &["caliopen.toml, line 3", "hots_name"]);
    check("[http]\nlisten = 8080\n", &["line 2", "`http.listen`"]);
    check("[http]\nlisten = \"everywhere\"\n", &["line 2", "`http.listen`"]);
    check("# ports\n[smtp]\nlisten = \"127.0.0.1:25\"\n", &["line 3", "`smtp.listen`"]);
    check("host_name = \"not a name\"\n", &["line 1", "host_name"]);
    check("[tls]\ncertificate = \"cert.pem\"\n", &["line 1", "tls.certificate", "tls.key"]);
    check("[smtp]\n[lmtp]\nlisten = [\"192.0.2.1:24\"]\n", &["line 3", "lmtp.listen"]);
    check("[dns]\nservers = [\"localhost\"]\n", &["line 2", "`dns.servers`"]);
    check("[dns\n", &["line 1"]);
    check("host_name = \"a\"\nhost_name = \"b\"\n", &["line 2", "`host_name`"]);
}

#[test]
fn the_line_is_that_of_the_right_table() {
    check(
        "[smtp]\nlisten = [\"127.0.0.1:0\"]\n\n[lmtp]\nlisten = [\"192.0.2.1:24\"]\n",
        &["line 5", "lmtp.listen"],
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let home = Home::empty();
    let mut command = home.command(&["serve", "--config", "/nowhere/caliopen.toml"]);
    check_refused(&home, &mut command, &["/nowhere/caliopen.toml"]);
    home.configure("[tls]\ncertificate = \"/nowhere/c.pem\"\nkey = \"/nowhere/k.pem\"\n");
    let sentence = home.refused(&mut home.serve());
    assert!(sentence.contains("/nowhere/c.pem"), "{sentence}");
    home.configure("[dns]\ntrust_anchors = \"/nowhere/anchors\"\n");
    let sentence = home.refused(&mut home.serve());
    assert!(sentence.contains("/nowhere/anchors"), "{sentence}");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let home = Home::empty();
    std::fs::write(home.beside("caliopen.toml"), b"host_name = \"\xff\"\n").unwrap();
    check_refused(&home, &mut home.serve(), &["caliopen.toml"]);
}

#[test]
fn an_option_is_checked_as_the_file_is() {
    let home = Home::empty();
    let mut command = home.command(&["serve", "--http", "0.0.0.0:0"]);
    check_refused(&home, &mut command, &["http.listen", "tls.certificate"]);
}

#[test]
fn an_address_that_is_taken_is_named_with_its_key() {
    let home = Home::empty();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (door, key) in [("--http", "http.listen"), ("--smtp", "smtp.listen"), ("--lmtp", "lmtp.listen")] {
        let mut command = home.command(&["serve"]);
        for other in ["--http", "--smtp", "--lmtp"] {
            command.args([other, if other == door { &address } else { "127.0.0.1:0" }]);
        }
        let sentence = home.refused(&mut command);
        assert!(sentence.contains(key) && sentence.contains(&address), "{sentence}");
    }
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let home = Home::empty();
    let (certificate, key) = (home.beside("c.pem"), home.beside("k.pem"));
    let made = rcgen::generate_simple_self_signed(vec!["mx.caliopen.test".to_owned()]).unwrap();
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    home.configure(&format!("[tls]\ncertificate = {certificate:?}\nkey = {key:?}\n[dns]\ndnssec = false\n"));
    std::fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    let sentence = home.refused(&mut home.serve());
    assert!(sentence.contains("k.pem") && sentence.contains("chmod"), "{sentence}");
    std::fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let server = home.start();
    assert!(server.url.starts_with("https://"), "{}", server.url);
    assert_eq!(server.stop(), Some(0));
}
