//! Where a text quotes what it answers: lines with `>`, the line that introduces them, and the blocks of
//! programs that quote without marks.

/// Lines above a quotation that may introduce it: programs break a long introduction in two.
const INTRODUCTION_LINES: usize = 2;
/// Lines after a separator in which a block of header lines must begin.
const HEADER_BLOCK_LINES: usize = 6;

/// Ranges of quoted lines, from 0, end excluded, in order and apart from each other.
pub(crate) fn ranges(text: &str) -> Vec<(u32, u32)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        if begins_original(lines.get(index..).unwrap_or_default()) {
            found.push((index, lines.len()));
            break;
        }
        let end = marked_end(&lines, index);
        if end > index {
            let floor = found.last().map_or(0, |&(_, end)| end);
            found.push((introduction(&lines, index, floor), end));
        }
        index = end.max(index + 1);
    }
    found.into_iter().map(|(start, end)| (to_u32(start), to_u32(end))).collect()
}

fn to_u32(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// The end of the run of marked lines that begins here; empty lines inside belong to it.
fn marked_end(lines: &[&str], start: usize) -> usize {
    let mut end = start;
    for (offset, line) in lines.iter().enumerate().skip(start) {
        if line.starts_with('>') {
            end = offset + 1;
        } else if !line.trim().is_empty() {
            break;
        }
        if end == start {
            break;
        }
    }
    end
}

/// Where the introduction of the quotation at `start` begins, not before `floor`.
fn introduction(lines: &[&str], start: usize, floor: usize) -> usize {
    let mut above = start;
    while above > floor && lines.get(above - 1).is_some_and(|line| line.trim().is_empty()) {
        above -= 1;
    }
    // Two empty lines or more part a quotation from what stands above it.
    if start - above > 1 {
        return start;
    }
    for height in 1..=INTRODUCTION_LINES {
        let Some(first) = above.checked_sub(height).filter(|first| *first >= floor) else { break };
        if is_dated_introduction(&joined(lines.get(first..above).unwrap_or_default())) {
            return first;
        }
    }
    // "Ana <ana@example.org> wrote:" has no date, but it names somebody.
    let line_above = above.checked_sub(1).filter(|first| *first >= floor);
    let named = |first: &usize| {
        let line = joined(lines.get(*first..above).unwrap_or_default());
        line.contains('@') && ends_with_verb(&line)
    };
    line_above.filter(named).unwrap_or(start)
}

/// Lines as one, in lower case, without the colon at the end; empty when they are too long or lack it.
fn joined(lines: &[&str]) -> String {
    const LINE_BYTES_MAX: usize = 400;
    if lines.iter().map(|line| line.len()).sum::<usize>() > LINE_BYTES_MAX {
        return String::new();
    }
    let line = lines.join(" ");
    let before_colon = line.trim().strip_suffix(':').unwrap_or_default();
    before_colon.trim_end_matches([' ', '\u{A0}', '\u{202F}']).to_lowercase()
}

/// `On … wrote:`, `Le … a écrit :`, `Il giorno … ha scritto:`.
fn is_dated_introduction(line: &str) -> bool {
    const STARTS: [&str; 6] = ["on ", "le ", "il ", "in data ", "nel giorno ", "am "];
    STARTS.iter().any(|start| line.starts_with(start)) && ends_with_verb(line)
}

fn ends_with_verb(line: &str) -> bool {
    const VERBS: [&str; 8] =
        ["wrote", "writes", "a écrit", "a ecrit", "écrivait", "ha scritto", "scrive", "schrieb"];
    VERBS.iter().any(|verb| line.ends_with(verb))
}

/// Everything from here is a message that was copied below the answer (Outlook and its kin).
fn begins_original(lines: &[&str]) -> bool {
    let Some(first) = lines.first().map(|line| line.trim()) else { return false };
    if is_separator(first) {
        return true;
    }
    let rule = first.len() >= 20 && first.bytes().all(|byte| byte == b'_' || byte == b'-');
    let block = if rule { lines.get(1..).unwrap_or_default() } else { lines };
    is_header_block(block)
}

/// `-----Original Message-----` in three languages.
fn is_separator(line: &str) -> bool {
    const WORDS: [&str; 8] = [
        "original message",
        "message d'origine",
        "message d’origine",
        "message original",
        "messaggio originale",
        "forwarded message",
        "message transféré",
        "messaggio inoltrato",
    ];
    let inner = line.trim_matches(['-', ' ']);
    line.starts_with("--") && line.ends_with("--") && WORDS.contains(&inner.to_lowercase().as_str())
}

/// `From:`, then `Sent:`, `To:` and `Subject:` or the same in French or Italian, each on its line.
fn is_header_block(lines: &[&str]) -> bool {
    const AUTHORS: [&str; 3] = ["from", "de", "da"];
    const OTHERS: [&str; 15] = [
        "sent",
        "date",
        "to",
        "cc",
        "subject",
        "envoyé",
        "à",
        "objet",
        "inviato",
        "data",
        "a",
        "oggetto",
        "envoyé le",
        "inviato il",
        "répondre à",
    ];
    let label = |line: &&str| {
        let (label, _) = line.split_once(':')?;
        Some(label.trim().trim_matches('*').trim().to_lowercase())
    };
    let mut block = lines.iter().take(HEADER_BLOCK_LINES);
    let author = block.next().and_then(label).is_some_and(|label| AUTHORS.contains(&label.as_str()));
    author && block.map_while(label).filter(|label| OTHERS.contains(&label.as_str())).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(u32, u32)]) {
        assert_eq!(ranges(text), expected, "{text}");
    }

    #[test]
    fn marked_lines_are_quoted_with_their_introduction() {
        check("hi\n> a\n> b\nbye", &[(1, 3)]);
        check("hi\n\nOn Mon, Ana <a@x.org> wrote:\n> a\n\n> b\n\nbye", &[(2, 6)]);
        check("On Mon, Ana\n<a@x.org> wrote:\n\n> a", &[(0, 4)]);
        check("Le lun. 3 mars 2025 à 10:00, Ana <a@x.org> a écrit :\n> a", &[(0, 2)]);
        check("Le lun. 3 mars 2025 Ana a écrit\u{A0}:\n> a", &[(0, 2)]);
        check("Il giorno lun 3 mar 2025 Ana ha scritto:\n> a", &[(0, 2)]);
        check("I wrote:\n> a", &[(1, 2)]);
        check("> a\nyes\n> b\nno", &[(0, 1), (2, 3)]);
        check("no quote\n", &[]);
        check("", &[]);
    }

    #[test]
    fn copied_messages_are_quoted_to_the_end() {
        check("hi\n-----Original Message-----\nFrom: a\n\nold", &[(1, 5)]);
        check("hi\n-------- Message d'origine --------\nold", &[(1, 3)]);
        check("ok\n\nDe : Ana\nEnvoyé : lundi\nÀ : Bo\nObjet : x\n\nold\n", &[(2, 8)]);
        check("ok\n________________________________\nDa: Ana\nInviato: x\nA: Bo\nOggetto: y\nold", &[(1, 7)]);
        check("From: here to there\nit is far", &[]);
    }
}
