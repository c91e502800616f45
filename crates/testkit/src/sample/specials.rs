//! Messages that are told apart by their form: a bounce, an automatic answer, the false bank, a bare photograph.

use super::Sample;
use super::attachments;
use super::compose::{Letter, message_id};
use super::part::{Coding, Part, hash, wrap};
use super::people::{self, PHISHING_DOMAIN, Person};
use super::script::Moment;
use anyhow::{Context, Result};

/// All of them.
pub fn samples(domain: &str, now: i64) -> Result<Vec<Sample>> {
    Ok(vec![
        phishing(domain, now)?,
        look_alike(domain, now)?,
        bounce(domain, now)?,
        automatic_answer(domain, now)?,
        bare_photograph(domain, now)?,
        raw_header(domain, now)?,
        without_date(domain, now)?,
        of_alice_to_bob(domain, now)?,
    ])
}

/// A letter to alice with the usual things in it.
fn letter<'a>(
    key: &str,
    (days, hour): (i64, &str),
    subject: &str,
    content: Part,
    now: i64,
) -> Result<Letter<'a>> {
    let from = people::find(key)?;
    let at = Moment::parse(&days.to_string(), hour)?.unix_ms(now, from.place);
    Ok(Letter {
        from,
        to: vec![people::find("alice")?],
        list: false,
        at,
        subject: subject.to_owned(),
        id: message_id(subject, usize::from(at > 0), from.domain("")),
        references: Vec::new(),
        latin: false,
        extra: Vec::new(),
        content,
    })
}

/// The same letter as if another domain's server had sent it.
fn sent_by(mut sample: Sample, sending: &str, domain: &str) -> Result<Sample> {
    sample.source = people::source(sending, domain).with_context(|| format!("{sending} sends nothing"))?;
    sample.helo = format!("mail.{sending}");
    sample.envelope_from = format!("service@{sending}");
    Ok(sample)
}

/// The bank's own address in From, from a server that the bank does not know: SPF passes for another domain, DMARC
/// fails, and the bank asks for rejection.
fn phishing(domain: &str, now: i64) -> Result<Sample> {
    let token = format!("{:08x}", hash(&["phishing"]) & 0xffff_ffff);
    let page = include_str!("texts/phishing.html").replace("{token}", &token);
    let content = Part::text("html", &page, Coding::Utf8Quoted);
    let mut letter = letter("bank", (1, "03:12"), "Votre accès sera suspendu dans 24 heures", content, now)?;
    letter.extra.push(format!("Reply-To: Banque du Confluent <securite@{PHISHING_DOMAIN}>"));
    sent_by(letter.seal(domain)?, PHISHING_DOMAIN, domain)
}

/// A domain that looks like the bank's, in order in itself: only the name lies.
fn look_alike(domain: &str, now: i64) -> Result<Sample> {
    const BODY: &str = "Madame Fontana,\n\nVotre nouvelle carte est prête. Pour la recevoir, réglez 1,99 € de \
                        frais d'envoi avant ce soir : https://banque-conf1uent.example/carte\n\nBanque du Confluent";
    let content = Part::text("plain", &wrap(BODY, false), Coding::Utf8Quoted);
    let sample = letter("bank", (87, "22:41"), "Frais d'envoi de votre carte", content, now)?.seal(domain)?;
    let text =
        String::from_utf8_lossy(&sample.raw).replace("releves@banque-confluent", "carte@banque-conf1uent");
    sent_by(Sample { raw: text.into_bytes(), ..sample }, "banque-conf1uent.example", domain)
}

/// A report that a message of alice's could not be delivered (RFC 3464), from nobody (RFC 5321 §4.5.5).
fn bounce(domain: &str, now: i64) -> Result<Sample> {
    let words = Part::text(
        "plain",
        "This is the mail system at mail.poste-lyon.example.\n\nYour message could not be delivered to:\n\n    \
         marcel.vial@poste-lyon.example\n\n552 5.2.2 The mailbox is full. It is mostly photographs of artichokes.\n",
        Coding::Utf8,
    );
    let status = Part::new(
        &["Content-Type: message/delivery-status"],
        b"Reporting-MTA: dns; mail.poste-lyon.example\n\nFinal-Recipient: rfc822; marcel.vial@poste-lyon.example\n\
          Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full\n"
            .to_vec(),
    );
    let original = format!(
        "From: Alice Fontana <alice@{domain}>\nTo: Marcel Vial <marcel.vial@poste-lyon.example>\n\
         Subject: Photos des artichauts\nMessage-ID: <artichauts@{domain}>\n"
    );
    let original = Part::new(&["Content-Type: text/rfc822-headers"], original.into_bytes());
    let kind = "report; report-type=delivery-status";
    let content = Part::multipart(kind, "bounce", &[words, status, original]);
    let subject = "Undelivered Mail Returned to Sender";
    let mut letter = letter("postmaster", (48, "09:02"), subject, content, now)?;
    letter.extra.push("Auto-Submitted: auto-replied".to_owned());
    Ok(Sample { envelope_from: String::new(), ..letter.seal(domain)? })
}

/// An absence, said by a machine (RFC 3834).
fn automatic_answer(domain: &str, now: i64) -> Result<Sample> {
    const BODY: &str = "Bonjour,\n\nJe suis absente jusqu'au 24 août, sans téléphone, près d'un étang de la Dombes où \
                        je vérifie la couleur des roseaux. En cas d'urgence, Antoine ne répond pas non plus.\n\nClaire Dumas";
    let content = Part::text("plain", &wrap(BODY, false), Coding::Latin1Quoted);
    let mut letter = letter("claire", (101, "10:31"), "Absence : Re: Couleurs du dos", content, now)?;
    letter.extra.push("Auto-Submitted: auto-replied".to_owned());
    letter.latin = true;
    Ok(Sample { envelope_from: String::new(), ..letter.seal(domain)? })
}

/// From a father: one photograph, no subject, no word.
fn bare_photograph(domain: &str, now: i64) -> Result<Sample> {
    let words = Part::text("plain", "\n", Coding::Utf8);
    let picture = attachments::attachment("lago.jpg", "", now)?;
    let content = Part::multipart("mixed", "renzo", &[words, picture]);
    letter("renzo", (244, "06:58"), "", content, now)?.seal(domain)
}

/// A subject in bare UTF-8 (RFC 6532), for which the transaction has to say SMTPUTF8.
fn raw_header(domain: &str, now: i64) -> Result<Sample> {
    const BODY: &str = "Bonsoir Alice,\n\nLes enfants ont fait un drapeau pour le cabanon. Il y a un hérisson, une tomate \
                        noire, et une chose que je n'ose pas leur demander. Tu peux le regarder avec tes yeux de \
                        dessinatrice avant dimanche ?\n\nYanis";
    const SUBJECT: &str = "Drapeau 🦔 : à hisser dès dimanche";
    let content = Part::text("plain", &wrap(BODY, false), Coding::Utf8);
    let sample = letter("yanis", (38, "20:37"), "SUBJECT-IN-UTF-8", content, now)?.seal(domain)?;
    let text = String::from_utf8_lossy(&sample.raw).replace("SUBJECT-IN-UTF-8", SUBJECT);
    Ok(Sample { raw: text.into_bytes(), ..sample })
}

/// From a shop's till that knows neither the date nor how to name a message.
fn without_date(domain: &str, now: i64) -> Result<Sample> {
    const BODY: &str = "Bonjour,\n\nVotre cadre (chêne clair, 40 x 60) est prêt. Il sent bon l'atelier.\n\nA bientôt,\nla caisse n° 2";
    let content = Part::text("plain", &wrap(BODY, false), Coding::Latin1);
    let sample = letter("printer", (110, "17:48"), "Votre cadre", content, now)?.seal(domain)?;
    // Cut by line: this sample's headers are not folded there.
    let bare = |line: &&[u8]| !line.starts_with(b"Date:") && !line.starts_with(b"Message-ID:");
    let kept: Vec<&[u8]> = sample.raw.split_inclusive(|&byte| byte == b'\n').filter(bare).collect();
    Ok(Sample { raw: kept.concat(), ..sample })
}

/// Alice writes to bob, whose account is on the same host.
fn of_alice_to_bob(domain: &str, now: i64) -> Result<Sample> {
    const BODY: &str = "Bob,\n\nLe chauffagiste a laissé son tournevis dans la chaudière. Il dit que ça ne gêne pas, que \
                        certains clients en redemandent. Je l'ai posé sur le frigo, à côté de la facture.\n\nA.";
    let content = Part::text("plain", &wrap(BODY, false), Coding::Utf8);
    let mut letter = letter("alice", (300, "19:11"), "Un tournevis dans le dragon", content, now)?;
    letter.to = vec![people::find("bob")? as &Person];
    letter.seal(domain)
}
