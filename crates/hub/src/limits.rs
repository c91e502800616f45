//! The limits of this room, by name.

/// Changes that the log of an account keeps. An older state answers "cannot calculate changes".
pub const CHANGE_LOG_MAX: u64 = 20_000;
/// Records that one epoch key seals.
pub(crate) const EPOCH_RECORDS_MAX: u32 = 2_000;
/// How long an epoch key stays in memory, in milliseconds.
pub(crate) const EPOCH_AGE_MS_MAX: i64 = 10 * 60 * 1000;
/// People that one message can make known. More stay names in the message.
pub(crate) const PEOPLE_MAX: usize = 200;
/// Contacts of one account. More are suggested by mail, and none are added by hand.
pub const CONTACTS_MAX: u32 = 50_000;
/// Handles of one contact, those of linked ones among them.
pub const HANDLES_MAX: usize = 50;
/// Days that the history of an index goes back.
pub const HISTORY_DAYS_MAX: u32 = 400;
/// Days of it that are shown.
pub const HISTORY_SHOWN_DAYS: u32 = 90;
/// How long what a look at a way showed stands before the same is written again, in milliseconds.
pub(crate) const WAY_REFRESH_MS: i64 = 24 * 60 * 60 * 1000;
/// Contacts whose ways one look at the user's routes opens: those that became known first.
pub const ROUTES_CONTACTS_MAX: usize = 2_000;
/// Contacts that are named for each of the routes.
pub const ROUTE_CONTACTS_NAMED_MAX: usize = 6;
/// Fields of one contact's card.
pub const CARD_FIELDS_MAX: usize = 100;
/// Characters of one field of a card.
pub const FIELD_CHARS_MAX: usize = 1_000;
/// Cards that one batch of an import writes.
pub(crate) const CARDS_BATCH: usize = 100;
/// Cards that an import could not use and names one by one.
pub const SKIPPED_NAMED_MAX: usize = 100;
/// How long a deleted contact can be taken back, in milliseconds.
pub const CONTACT_UNDO_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Messages that an edit of contacts names one by one when their conversation becomes another.
pub(crate) const REGROUPED_MESSAGES_LOGGED_MAX: usize = 500;
/// Strands that one conversation shows: more of the same people stay apart.
pub(crate) const STRANDS_MAX: usize = 200;
/// References that place a message among the segments of its conversation.
pub(crate) const REFERENCES_MAX: usize = 64;
/// Replies that came before what they answer, remembered for one Message-ID.
pub(crate) const AWAITING_MAX: usize = 8;
/// Stubs to other conversations that one conversation shows: the newest.
pub const RELATED_MAX: usize = 20;
/// Characters kept of a subject, a name or a file name in a summary.
pub(crate) const NAME_CHARS_MAX: usize = 500;
/// Files listed in a summary; the rest stay in the message.
pub(crate) const PARTS_MAX: usize = 200;
/// Ids that one page holds.
pub const PAGE_MAX: usize = 500;
/// Rows that a filter may pass over before a page is cut short.
pub(crate) const FILTER_ROWS_MAX: usize = 10_000;
/// Rows that are counted to say at which position an anchor stands. Beyond it the position is not said.
pub(crate) const POSITION_ROWS_MAX: usize = 1_000;
/// How long a deleted conversation stays in the bin, in milliseconds.
pub const BIN_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Conversations that one call removes for good.
pub const EMPTIED_MAX: usize = 100;
/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Sessions of one account; signing in once more ends the oldest.
pub const SESSIONS_MAX: usize = 50;
/// Passwords of other programs of one account.
pub const APP_PASSWORDS_MAX: usize = 50;
/// Characters of what a person calls a program.
pub const APP_PASSWORD_NAME_CHARS_MAX: usize = 100;
/// Sign-ins that run Argon2id at a time: it bounds memory.
pub(crate) const PASSWORD_CHECKS_MAX: usize = 2;
/// Devices of one account; one more removes the one that was not used for longest.
pub const DEVICES_MAX: usize = 50;
/// Characters of what a person calls a device.
pub const DEVICE_NAME_CHARS_MAX: usize = 100;
/// Networks that a person said something of.
pub(crate) const NETWORKS_MAX: usize = 100;
/// Passkeys of one account.
pub const PASSKEYS_MAX: usize = 16;
/// Characters of what a person calls a passkey.
pub const PASSKEY_NAME_CHARS_MAX: usize = 100;
/// How long a challenge for an authenticator is good, in milliseconds.
pub const CHALLENGE_MS: i64 = 5 * 60 * 1000;
/// Challenges that were taken and are not over yet. How many one account and one network take is limited before.
pub(crate) const CHALLENGES_TAKEN_MAX: usize = 50_000;
/// How long a session may do what asks for its person, once they showed that it is them, in milliseconds.
pub const STEP_UP_MS: i64 = 15 * 60 * 1000;
/// How far the time of a signed request may be from ours, in milliseconds.
pub(crate) const PROOF_MS_MAX: u64 = 2 * 60 * 1000;
/// A session on a shared device that was not used for this long is over, in milliseconds.
pub(crate) const SHARED_SESSION_IDLE_MS_MAX: i64 = 30 * 60 * 1000;
/// How often the last use of such a session is written down, in milliseconds.
pub(crate) const SHARED_SESSION_TOUCH_MS: i64 = 5 * 60 * 1000;
/// How often the last use of a session is written down, in milliseconds.
pub(crate) const SESSION_TOUCH_MS: i64 = 60 * 60 * 1000;
/// A session that was not used for this long is over, in milliseconds.
pub(crate) const SESSION_IDLE_MS_MAX: i64 = 90 * 24 * 60 * 60 * 1000;
/// Largest message once decompressed, in bytes.
pub(crate) const MESSAGE_BYTES_MAX: usize = 100 * 1024 * 1024;
/// How long an upload waits for something that uses it, in milliseconds.
pub(crate) const UPLOAD_MS: i64 = 24 * 60 * 60 * 1000;
/// Uploads that wait in one account.
pub(crate) const UPLOADS_MAX: usize = 200;
/// Accounts whose owner stays in memory.
pub(crate) const OWNERS_MAX: usize = 10_000;
/// Addresses whose account stays in memory.
pub(crate) const LOGINS_MAX: usize = 50_000;
/// Drafts of one account.
pub const DRAFTS_MAX: u32 = 500;
/// Addresses that one account writes from.
pub const IDENTITIES_MAX: usize = 100;
/// Shortest name of an address that its person chooses, in characters.
pub const CHOSEN_CHARS_MIN: usize = 3;
/// Longest one.
pub const CHOSEN_CHARS_MAX: usize = 40;
/// Templates of one account.
pub const TEMPLATES_MAX: usize = 200;
/// Bytes of a template's text and formatted text together.
pub const TEMPLATE_BYTES_MAX: usize = 64 * 1024;
/// Characters of a template's name.
pub const TEMPLATE_NAME_CHARS_MAX: usize = 100;
/// People that one message is sent to.
pub const RECIPIENTS_MAX: usize = 1_000;
/// Files of one message.
pub const DRAFT_FILES_MAX: usize = 200;
/// Bytes of a draft's text, of its formatted text, of its subject.
pub const DRAFT_TEXT_BYTES_MAX: usize = 256 * 1024;
/// See [`DRAFT_TEXT_BYTES_MAX`].
pub const DRAFT_HTML_BYTES_MAX: usize = 512 * 1024;
/// See [`DRAFT_TEXT_BYTES_MAX`]. A line of a header holds no more (RFC 5322 §2.1.1).
pub const SUBJECT_BYTES_MAX: usize = 998;
/// Bytes of all files of one message together.
pub const DRAFT_BYTES_MAX: u64 = 50_000_000;
/// Recipients that one account writes to in an hour.
pub const RECIPIENTS_HOUR_MAX: u32 = 2_000;
/// Recipients that all accounts of a host write to in an hour, unless its configuration says otherwise.
pub const HOST_RECIPIENTS_HOUR_MAX: u32 = 20_000;
/// People whom an account never wrote to before, and its programs write to in an hour.
pub const STRANGERS_HOUR_MAX: u32 = 500;
/// Lists whose hosts one account asks to be taken off in an hour.
pub const LEAVINGS_HOUR_MAX: u32 = 100;
/// How far ahead a message can be told to leave, in milliseconds.
pub const SEND_LATER_MS_MAX: i64 = 366 * 24 * 60 * 60 * 1000;
/// How long the queue tries, in milliseconds (RFC 5321 §4.5.4.1: 4 to 5 days).
pub const EXPIRY_MS: i64 = 5 * 24 * 60 * 60 * 1000;
/// Submissions that the queue has in hand, a few hundred bytes each. Those of a host that does not answer are held for
/// as long as it is waited for, so that this must be more than anybody writes to one host in some minutes.
pub(crate) const QUEUE_ROUNDS_MAX: usize = 20_000;
/// Rows of the queue that are read at a time.
pub(crate) const QUEUE_GULP: usize = 1_000;
/// Submissions that are opened at a time.
pub(crate) const QUEUE_OPENS_MAX: usize = 64;
/// News of submissions that wait for the queue to hear them. Beyond that it looks for itself.
pub(crate) const QUEUE_NEWS_MAX: usize = 1_000;
/// What one look at everything that waits sees at most.
pub(crate) const QUEUE_OVERVIEW_MAX: usize = 20_000;
/// How long a row of the queue that leads nowhere is kept, in milliseconds: what it leads to may be on its way.
pub(crate) const QUEUE_ORPHAN_MS: i64 = 10 * 60 * 1000;
/// Attempts that run at a time for one destination. The connector may allow fewer.
pub(crate) const DESTINATION_ACTIVE_MAX: usize = 32;
/// Bytes of messages that the queue holds in memory.
pub(crate) const QUEUE_BYTES_MAX: u32 = 64 * 1024 * 1024;
/// Reports of deliveries that this host writes in an hour.
pub(crate) const NOTICES_HOUR_MAX: u32 = 500;
/// Bytes of one of them.
pub(crate) const NOTICE_BYTES_MAX: usize = 32 * 1024;
/// How long one is tried, in milliseconds: later it tells nobody anything new.
pub(crate) const NOTICE_MS_MAX: i64 = 24 * 60 * 60 * 1000;
/// Longest time between two looks at the queue, in milliseconds.
pub(crate) const QUEUE_LOOK_MS: u64 = 30_000;
/// How long to wait after each attempt, in milliseconds; the last one is repeated.
pub(crate) const RETRY_MS: [i64; 7] =
    [60_000, 5 * 60_000, 15 * 60_000, 30 * 60_000, 60 * 60_000, 2 * 60 * 60_000, 4 * 60 * 60_000];
/// Reports about one submission that are shown: the newest.
pub(crate) const RETURNED_MAX: usize = 50;
/// Messages, cards and titles that one step of indexing reads. A step holds up the thread that it runs on.
pub(crate) const INDEX_BATCH_MAX: usize = 100;
/// Bytes of text that one step of indexing holds. The message that goes beyond it is its last.
pub(crate) const INDEX_TEXT_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Entries of the change log that one step of indexing reads.
pub(crate) const INDEX_LOG_MAX: usize = 2_000;
/// Entries of the change log that say nothing to the index, before their reading is written down.
pub(crate) const INDEX_LAG_MAX: u64 = 1_000;
/// Bytes of search indexes that are kept open in memory, of all accounts together.
pub(crate) const INDEX_CHUNKS_BYTES_MAX: usize = 24 * 1024 * 1024;
/// Terms that a merge handles before others get their turn.
pub(crate) const MERGE_TERMS_MAX: usize = 2_000;
/// Messages that are gone and whose words wait in the index for their removal.
pub(crate) const GONE_MAX: usize = 100;
/// How long they wait at most, in milliseconds.
pub(crate) const GONE_MS_MAX: i64 = 24 * 60 * 60 * 1000;
/// Conversations whose title is searched.
pub(crate) const TITLED_MAX: usize = 2_000;
/// Contacts that one word of a question may name: their addresses are looked up.
pub(crate) const NAMED_CONTACTS_MAX: usize = 20;
/// Messages whose rows are asked for at a time by a search.
pub(crate) const SEARCH_PAGE_MAX: usize = 200;
/// Submissions that a list shows: the newest.
pub const SUBMISSIONS_LISTED_MAX: usize = 500;
/// Imports and exports that an account remembers: the newest.
pub const TRANSFERS_MAX: usize = 100;
/// Faults that one import names. More are counted.
pub const FAULTS_LISTED_MAX: usize = 500;
/// Messages that one commit of an import stores.
pub(crate) const IMPORT_MESSAGES_MAX: usize = 256;
/// Bytes of messages that one commit of an import stores; one message alone may be larger.
pub(crate) const IMPORT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long what was read waits for a commit, in milliseconds.
pub(crate) const IMPORT_WAIT_MS: i64 = 1_000;
/// Messages whose summaries an export holds.
pub(crate) const EXPORT_PAGE: usize = 50;
/// How far ahead a conversation can be snoozed, in milliseconds.
pub const SNOOZE_MS_MAX: i64 = 10 * 366 * 24 * 60 * 60 * 1000;
/// Time after which a domain of this host is looked at again, in milliseconds.
pub const OWN_DOMAIN_LOOK_MS: i64 = 60 * 60 * 1000;
/// For how long what was seen of a domain of this host counts when nobody could look again, in milliseconds.
pub const OWN_DOMAIN_KNOWN_MS: i64 = 24 * 60 * 60 * 1000;
/// Longest time between two rounds of looking at the domains of this host, in milliseconds.
pub(crate) const OWN_DOMAINS_PAUSE_MS: u64 = 10 * 60 * 1000;
/// Reminders that one look takes.
pub(crate) const REMINDERS_PAGE: usize = 500;
/// Longest time between two looks at the reminders, in milliseconds.
pub(crate) const REMINDERS_LOOK_MS: u64 = 30_000;
/// Decisions about domains and lists of one account.
pub const DECISIONS_MAX: u32 = 2_000;
/// Conversations of new senders that one decision moves.
pub(crate) const DECIDED_MAX: usize = 2_000;
/// Labels of one account.
pub const LABELS_MAX: u32 = 200;
/// Labels of one conversation.
pub const CONVERSATION_LABELS_MAX: usize = 32;
/// Conversations that one call of a deed for many changes: they are one batch.
pub const DEED_CONVERSATIONS_MAX: usize = 500;
/// Deeds for many that one account can still undo.
pub(crate) const OPERATIONS_MAX: usize = 100;
/// How long a deed for many can be undone, in milliseconds.
pub(crate) const OPERATION_MS: i64 = 24 * 60 * 60 * 1000;
/// Marked messages that one row of what was before names.
pub(crate) const FORMER_MARKS_MAX: usize = 10_000;

/// People who are looked at to find whom to invite.
pub(crate) const INVITED_LOOKED_AT_MAX: usize = 500;
