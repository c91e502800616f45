//! A second opinion on what this room writes: Python's `email`, which shares no code with us, reads every
//! golden message without a defect. It needs `python3`.

use std::process::Command;

#[test]
fn python_reads_the_golden_messages() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/build");
    let names = [
        "plain",
        "french",
        "long_subject",
        "long_thread",
        "attachments",
        "inline_image",
        "international",
        "report",
    ];
    let output = Command::new("python3")
        .current_dir(folder)
        .arg("read.py")
        .args(names.map(|name| format!("{name}.eml")))
        .output()
        .expect("python3 is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found = String::from_utf8_lossy(&output.stdout);
    assert_eq!(found, include_str!("build/read.txt"), "found:\n{found}");
}
