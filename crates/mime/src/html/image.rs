//! Images: inline by Content-ID (RFC 2392), inside the text as `data:` (RFC 2397), or remote and held back.

use super::{Purpose, attributes::Written, link, tokens::Tag};
use crate::{
    build::encode,
    clean,
    defects::Defects,
    limits,
    metadata::{Stripped, strip_metadata},
    transfer::Encoding,
};

/// The images of one document.
#[derive(Debug, Default)]
pub(crate) struct Images {
    /// Content-IDs in order of their first use.
    pub(crate) content_ids: Vec<String>,
    /// Pictures elsewhere, in order of their first use.
    pub(crate) remote: Vec<String>,
    data_bytes: usize,
}

impl Images {
    /// Writes where an image comes from. Says how many things would have been fetched for it.
    pub(crate) fn judge(&mut self, tag: &Tag<'_>, purpose: Purpose<'_>, written: &mut Written) -> u32 {
        let source = tag.attribute("src").map(|source| link::stripped(&source)).unwrap_or_default();
        let lower = clean::cut(&source, 64).to_ascii_lowercase();
        if lower.starts_with("cid:") {
            self.by_id(source.get("cid:".len()..).unwrap_or_default(), purpose, written);
        } else if lower.starts_with("data:") {
            let image = self.data_image(&source);
            let image = if purpose == Purpose::Show { image } else { image.and_then(|image| unsaid(&image)) };
            written.extend(image.map(|image| ("src", image)));
        } else if purpose != Purpose::Show {
            // Its text stays, and nothing to fetch.
            return u32::from(link::is_remote(&source));
        } else if link::is_remote(&source) {
            let place = if is_beacon(tag) { None } else { self.remote_place(&source) };
            written.push(("data-remote", place.map(|place| place.to_string()).unwrap_or_default()));
            return 1;
        } else if tag.has("srcset") {
            // Counted with the other attributes that fetch; the place of the image stays.
            written.push(("data-remote", String::new()));
        } else {
            self.placeholder(tag, written);
        }
        0
    }

    fn by_id(&mut self, encoded: &str, purpose: Purpose<'_>, written: &mut Written) {
        let id = percent_decoded(clean::cut(encoded, limits::ID_BYTES_MAX));
        let id = clean::one_line(id.trim_matches(['<', '>']), usize::MAX);
        match purpose {
            Purpose::Show => {
                if let Some(index) = self.index_of(id) {
                    written.push(("data-cid", index.to_string()));
                }
            }
            Purpose::Send(ids) => {
                let source = format!("cid:{}", percent_encoded(&id));
                if ids.contains(&id.as_str()) && self.index_of(id).is_some() {
                    written.push(("src", source));
                }
            }
        }
    }

    /// What this room wrote before is kept, so that a second pass changes nothing.
    fn placeholder(&self, tag: &Tag<'_>, written: &mut Written) {
        let index = tag.attribute("data-cid").and_then(|index| index.parse::<usize>().ok());
        if let Some(index) = index.filter(|index| *index < limits::CONTENT_IDS_MAX) {
            written.push(("data-cid", index.to_string()));
        } else if let Some(place) = tag.attribute("data-remote") {
            let place = place.parse::<usize>().ok().filter(|place| *place < limits::REMOTE_IMAGES_MAX);
            written.push(("data-remote", place.map(|place| place.to_string()).unwrap_or_default()));
        }
    }

    /// The place of a picture that can be fetched. It is asked for over TLS, whatever the message says.
    fn remote_place(&mut self, source: &str) -> Option<usize> {
        let target = link::target(source)?;
        let url = match target.split_once("://")? {
            ("http" | "https", rest) => format!("https://{rest}"),
            _ => return None,
        };
        if let Some(place) = self.remote.iter().position(|known| *known == url) {
            return Some(place);
        }
        if self.remote.len() >= limits::REMOTE_IMAGES_MAX {
            return None;
        }
        self.remote.push(url);
        Some(self.remote.len() - 1)
    }

    fn index_of(&mut self, id: String) -> Option<usize> {
        if let Some(index) = self.content_ids.iter().position(|known| *known == id) {
            return Some(index);
        }
        if id.is_empty() || self.content_ids.len() >= limits::CONTENT_IDS_MAX {
            return None;
        }
        self.content_ids.push(id);
        Some(self.content_ids.len() - 1)
    }

    /// A picture in a format that is only a picture, in base64, within the sizes; written anew.
    fn data_image(&mut self, source: &str) -> Option<String> {
        const FORMATS: [&str; 5] = ["image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"];
        let (head, data) = source.split_once(',')?;
        let head = head.to_ascii_lowercase();
        let media_type = head.strip_prefix("data:")?.strip_suffix(";base64")?.trim();
        let format = FORMATS.into_iter().find(|format| *format == media_type)?;
        let data: String = data.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let plain = data.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
        self.data_bytes += data.len();
        let fits = data.len() / 4 * 3 <= limits::DATA_IMAGE_BYTES_MAX
            && self.data_bytes <= limits::DATA_IMAGES_BYTES_MAX;
        (plain && fits && !data.is_empty()).then(|| format!("data:{format};base64,{data}"))
    }
}

/// Whether a picture is there to be fetched and not to be seen.
fn is_beacon(tag: &Tag<'_>) -> bool {
    let pixels = |name: &str| {
        let value = tag.attribute(name)?;
        value.trim().trim_end_matches("px").parse::<u32>().ok()
    };
    ["width", "height"].into_iter().filter_map(pixels).any(|size| size <= limits::BEACON_PIXELS_MAX)
}

/// The picture without what it says beside what it shows; nothing when that cannot be told apart.
fn unsaid(source: &str) -> Option<String> {
    let (head, data) = source.split_once(',')?;
    let bytes = Encoding::Base64.decode(data.as_bytes(), &mut Defects::default());
    match strip_metadata("image/*", &bytes) {
        Stripped::Removed(bytes) => Some(format!("{head},{}", encode::base64_word(&bytes))),
        Stripped::Clean => Some(source.to_owned()),
        Stripped::Malformed | Stripped::Unknown => None,
    }
}

/// An id as a URL holds it (RFC 2392 §2).
fn percent_encoded(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@+=!$*".contains(&byte);
    let mut encoded = String::with_capacity(id.len());
    for byte in id.bytes() {
        if plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.filter(|_| *byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                bytes.push(value);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
