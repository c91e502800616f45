//! Files that the sample's messages carry: pictures drawn for it, papers and an invitation made here.

use super::calendar;
use super::encode;
use super::part::Part;

/// A drawn picture: its name in the scripts, its kind and its bytes.
const PICTURES: [(&str, &str, &[u8]); 9] = [
    ("lago.jpg", "image/jpeg", include_bytes!("pictures/lago.jpg")),
    ("cresta.jpg", "image/jpeg", include_bytes!("pictures/cresta.jpg")),
    ("turin.jpg", "image/jpeg", include_bytes!("pictures/turin.jpg")),
    ("enseigne.jpg", "image/jpeg", include_bytes!("pictures/enseigne.jpg")),
    ("tavolo.jpg", "image/jpeg", include_bytes!("pictures/tavolo.jpg")),
    ("culla.jpg", "image/jpeg", include_bytes!("pictures/culla.jpg")),
    ("couverture.png", "image/png", include_bytes!("pictures/couverture.png")),
    ("spread.png", "image/png", include_bytes!("pictures/spread.png")),
    ("scaffale.png", "image/png", include_bytes!("pictures/scaffale.png")),
];

/// Lines of the papers, by the name of the scripts.
const PAPERS: [(&str, &str, &[&str]); 4] = [
    (
        "brief.pdf",
        "Brief illustration.pdf",
        &["L'Horloger des marais", "Couverture, deux couleurs", "140 x 205 mm"],
    ),
    ("contract.pdf", "Contract.pdf", &["Mr Tufton's Cabinet", "Agreement with the illustrator", "32 pages"]),
    ("programme.pdf", "Programme de Noël.pdf", &["Choeur des Traboules", "Poulenc, Britten, Bepi De Marzi"]),
    ("invoice.pdf", "Facture.pdf", &["Facture", "Total TTC", "Merci de votre confiance"]),
];

/// The part for a file that a script names. `title` is printed on papers; the invitation is for `at`.
pub fn attachment(name: &str, title: &str, at: i64) -> anyhow::Result<Part> {
    if let Some((file, kind, bytes)) = PICTURES.iter().find(|(file, ..)| *file == name) {
        return Ok(Part::file(kind, file, bytes, "attachment"));
    }
    if let Some((_, file, lines)) = PAPERS.iter().find(|(paper, ..)| *paper == name) {
        let lines: Vec<&str> = std::iter::once(title).chain(lines.iter().copied()).collect();
        return Ok(Part::file("application/pdf", file, &pdf(&lines), "attachment"));
    }
    match name {
        "repetition.ics" => Ok(invitation(at)),
        _ => anyhow::bail!("the sample has no file {name:?}"),
    }
}

/// A picture inside an HTML text, called by its Content-ID (RFC 2392).
pub fn inline(name: &str, content_id: &str) -> anyhow::Result<Part> {
    let (file, kind, bytes) = PICTURES
        .iter()
        .find(|(file, ..)| *file == name)
        .ok_or_else(|| anyhow::anyhow!("the sample has no picture {name:?}"))?;
    let mut part = Part::file(kind, file, bytes, "inline");
    part.headers.push(format!("Content-ID: <{content_id}>"));
    Ok(part)
}

/// An invitation (RFC 5546) to two hours of singing, some days after the message.
fn invitation(at: i64) -> Part {
    let begin = at + 6 * calendar::DAY_MS;
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//choeur-traboules.example//repetitions//FR\nMETHOD:REQUEST\n\
         BEGIN:VEVENT\nUID:repetition-turin@choeur-traboules.example\nDTSTAMP:{}\nDTSTART:{}\nDTEND:{}\n\
         SUMMARY:Répétition\\, programme de Turin\nLOCATION:Salle des Capucins\n\
         ORGANIZER;CN=Irène Lacombe:mailto:irene@choeur-traboules.example\nEND:VEVENT\nEND:VCALENDAR\n",
        calendar::basic(at),
        calendar::basic(begin),
        calendar::basic(begin + calendar::DAY_MS / 12),
    );
    Part::new(
        &[
            "Content-Type: text/calendar; charset=utf-8; method=REQUEST",
            "Content-Transfer-Encoding: base64",
            "Content-Disposition: attachment; filename=\"repetition.ics\"",
        ],
        encode::base64_lines(text.as_bytes()).into_bytes(),
    )
}

/// One page of text (ISO 32000-1 §7.5): a catalogue, a page, a font, a stream, and the table of where they stand.
pub fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut stream = "BT /F1 20 Tf 72 760 Td 30 TL".to_owned();
    for line in lines {
        stream += &format!("\n({}) Tj T*", literal(line));
    }
    stream += "\nET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = String::new();
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = file.len();
    file += &format!(
        "xref\n0 {0}\n0000000000 65535 f \n{table}trailer\n<< /Size {0} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    file.into_bytes()
}

/// A string of PDF in ASCII: other letters of WinAnsi as octal escapes, what it lacks as a question mark.
fn literal(text: &str) -> String {
    let letter = |c: char| match (c, u8::try_from(u32::from(c))) {
        ('(' | ')' | '\\', _) => format!("\\{c}"),
        (_, Ok(byte)) if byte.is_ascii() => c.to_string(),
        (_, Ok(byte)) => format!("\\{byte:03o}"),
        (_, Err(_)) => "?".to_owned(),
    };
    text.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_says_where_its_objects_stand() {
        let file = String::from_utf8(pdf(&["Été (1)"])).unwrap();
        let start: usize =
            file.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
        assert!(file.get(start..).unwrap().starts_with("xref\n0 6\n"));
        for (index, row) in file.get(start..).unwrap().lines().skip(3).take(5).enumerate() {
            let at: usize = row.split(' ').next().unwrap().parse().unwrap();
            assert!(file.get(at..).unwrap().starts_with(&format!("{} 0 obj", index + 1)), "{row}");
        }
        assert!(file.contains("(\\311t\\351 \\(1\\)) Tj"), "{file}");
    }

    #[test]
    fn pictures_are_what_they_say() {
        for (name, kind, bytes) in PICTURES {
            let magic: &[u8] = if kind == "image/png" { b"\x89PNG\r\n\x1a\n" } else { b"\xff\xd8\xff" };
            assert!(bytes.starts_with(magic), "{name}");
        }
    }

    #[test]
    fn an_unknown_file_is_said() {
        assert!(attachment("nothing.pdf", "", 0).is_err());
        assert!(inline("nothing.png", "a@b").is_err());
    }
}
