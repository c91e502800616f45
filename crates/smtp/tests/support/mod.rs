//! What the transcripts of both roles are written in.

/// `\r \n \0 \t \\ \xNN`, and `\*N` repeats the byte before it until there are N.
pub fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            bytes.extend(c.to_string().into_bytes());
            continue;
        }
        match chars.next().expect("an escape is followed by its letter") {
            'r' => bytes.push(b'\r'),
            'n' => bytes.push(b'\n'),
            't' => bytes.push(b'\t'),
            '0' => bytes.push(0),
            '\\' => bytes.push(b'\\'),
            'x' => {
                let digits: String = chars.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            }
            '*' => {
                let mut digits = String::new();
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                let last = *bytes.last().unwrap();
                bytes.extend(std::iter::repeat_n(last, digits.parse::<usize>().unwrap() - 1));
            }
            other => panic!("unknown escape {other}"),
        }
    }
    bytes
}
