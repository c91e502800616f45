//! `format=flowed` (RFC 3676): lines that the sender's program broke become paragraphs again.

/// Joins flowed lines of the same quote depth. `delete_space` is the parameter `delsp=yes` (§4.1).
pub(crate) fn unwrap(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    let mut ended = true;
    for line in text.split_inclusive('\n') {
        let content = line.strip_suffix('\n');
        ended = content.is_some();
        let content = content.unwrap_or(line);
        let unquoted = content.trim_start_matches('>');
        let depth = content.len() - unquoted.len();
        let content = unquoted.strip_prefix(' ').unwrap_or(unquoted);
        let is_signature = content == "-- ";
        if open.is_some_and(|open_depth| open_depth != depth || is_signature) {
            out.push('\n');
            open = None;
        }
        if open.is_none() {
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                out.push(' ');
            }
        }
        let flows = content.ends_with(' ') && !is_signature;
        if flows {
            out.push_str(if delete_space { content.strip_suffix(' ').unwrap_or(content) } else { content });
            open = Some(depth);
        } else {
            out.push_str(content);
            out.push('\n');
            open = None;
        }
    }
    if !ended && out.ends_with('\n') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unwrap;

    #[test]
    fn flowed_lines_are_joined_within_their_quote() {
        assert_eq!(unwrap("one \ntwo\nthree", false), "one two\nthree");
        assert_eq!(unwrap("> one \n> two\n>> deep \nout \nward", false), "> one two\n>> deep \nout ward");
        assert_eq!(unwrap("ab \ncd", true), "abcd");
        assert_eq!(unwrap("end \n-- \nAna", false), "end \n-- \nAna");
        assert_eq!(unwrap(" >not a quote\n", false), ">not a quote\n");
        assert_eq!(unwrap("", false), "");
    }
}
