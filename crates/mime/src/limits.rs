//! Every limit of this room, by name. What lies beyond a limit is kept in the raw message, reported as
//! a defect, and not read further.

/// Header bytes that are read of the message itself.
pub const HEADER_BYTES_MAX: usize = 256 * 1024;
/// Header fields that are read of the message itself.
pub const HEADER_FIELDS_MAX: usize = 1_000;
/// Header bytes that are read of one part.
pub const PART_HEADER_BYTES_MAX: usize = 32 * 1024;
/// Header fields that are read of one part.
pub const PART_HEADER_FIELDS_MAX: usize = 100;
/// Bytes of one field that are interpreted.
pub const FIELD_BYTES_MAX: usize = 128 * 1024;
/// Bytes of one structured MIME field (`Content-Type`, `Content-Disposition`) that are interpreted.
pub const STRUCTURED_FIELD_BYTES_MAX: usize = 8 * 1024;
/// Longest name of a field.
pub const FIELD_NAME_BYTES_MAX: usize = 128;
/// Bytes of a message that is written: what this host takes itself.
pub const MESSAGE_BYTES_MAX: usize = 50 * 1024 * 1024;
/// Multiparts inside each other.
pub const MIME_DEPTH_MAX: usize = 20;
/// Parts of one message, multiparts included.
pub const PARTS_MAX: usize = 500;
/// Longest boundary that is honoured (RFC 2046 §5.1.1 says 70; real mail goes a little over).
pub const BOUNDARY_BYTES_MAX: usize = 200;
/// Addresses kept of each kind of recipient.
pub const ADDRESSES_MAX: usize = 1_000;
/// References kept: the newest ones.
pub const REFERENCES_MAX: usize = 100;
/// Longest Message-ID or Content-ID that is kept.
pub const ID_BYTES_MAX: usize = 998;
/// URIs of a field of a list (RFC 2369) that are looked at.
pub const LIST_URIS_MAX: usize = 16;
/// Longest URI that is asked for somebody.
pub const URI_BYTES_MAX: usize = 2_048;
/// Characters of a display name.
pub const NAME_CHARS_MAX: usize = 200;
/// Characters of a subject.
pub const SUBJECT_CHARS_MAX: usize = 1_000;
/// Characters of a file name.
pub const FILE_NAME_CHARS_MAX: usize = 200;
/// Characters of an excerpt.
pub const EXCERPT_CHARS_MAX: usize = 200;
/// Bytes of text that an excerpt is looked for in.
pub const EXCERPT_SOURCE_BYTES_MAX: usize = 64 * 1024;
/// Characters of what another host said of a message.
pub const DIAGNOSTIC_CHARS_MAX: usize = 500;
/// Longest line that RFC 5322 §2.1.1 allows, without its CRLF.
pub const LINE_BYTES_MAX: usize = 998;
/// Bytes of text that one displayed part shows.
pub const BODY_TEXT_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of HTML that one displayed part shows.
pub const HTML_BYTES_MAX: usize = 1024 * 1024;
/// Displayed parts of one message.
pub const BODIES_MAX: usize = 50;
/// Different defects that are reported of one message.
pub const DEFECTS_MAX: usize = 64;

/// HTML elements inside each other.
pub const HTML_DEPTH_MAX: usize = 100;
/// Open formatting elements (`b`, `font`…), which the HTML standard opens again in each block.
pub const HTML_FORMATTING_MAX: usize = 12;
/// HTML elements kept of one part; the text of the others is kept without them.
pub const HTML_ELEMENTS_MAX: usize = 20_000;
/// Bytes of text without a tag.
pub const HTML_TEXT_RUN_BYTES_MAX: usize = 8 * 1024;
/// Bytes of one image inside a `data:` URL.
pub const DATA_IMAGE_BYTES_MAX: usize = 256 * 1024;
/// Bytes of all `data:` URLs of one part.
pub const DATA_IMAGES_BYTES_MAX: usize = 512 * 1024;
/// Longest link that is kept.
pub const LINK_BYTES_MAX: usize = 4 * 1024;
/// Classes kept of one element.
pub const CLASSES_MAX: usize = 20;
/// Pictures elsewhere that can be fetched for one part.
pub const REMOTE_IMAGES_MAX: usize = 100;
/// A picture of this many pixels or less, in width or height, shows nothing: it tells that somebody reads.
pub const BEACON_PIXELS_MAX: u32 = 2;
/// Inline images by Content-ID of one part.
pub const CONTENT_IDS_MAX: usize = 500;

/// Bytes of style sheets that are read of one part.
pub const CSS_BYTES_MAX: usize = 256 * 1024;
/// Bytes of one `style` attribute that are read.
pub const STYLE_ATTRIBUTE_BYTES_MAX: usize = 4 * 1024;
/// Bytes of style sheet that come out.
pub const CSS_OUTPUT_BYTES_MAX: usize = 512 * 1024;
/// Rules that come out.
pub const CSS_RULES_MAX: usize = 4_000;
/// Selectors of one rule.
pub const CSS_SELECTORS_MAX: usize = 50;
/// Compound selectors and combinators in one selector.
pub const CSS_SELECTOR_STEPS_MAX: usize = 12;
/// Values of one declaration.
pub const CSS_VALUES_MAX: usize = 24;
/// Largest length, in pixels.
pub const CSS_LENGTH_PX_MAX: f32 = 2_000.0;
/// Largest font, in pixels.
pub const CSS_FONT_PX_MAX: f32 = 96.0;

/// First bytes of a file of mail that say what it is. A tar names itself at byte 257.
pub const SNIFFED_BYTES: usize = 512;
/// Bytes of messages that wait to be taken out of a file of mail.
pub const KEPT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of a file that stands beside messages: cards, or what an archive of ours says.
pub const NOTE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Bytes of a name in an archive, or of the record that holds a long one.
pub const ARCHIVE_NAME_BYTES_MAX: usize = 64 * 1024;
