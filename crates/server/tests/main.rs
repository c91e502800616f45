//! Stories of the real binary, as one program: what they share is compiled once, and everything is linked once.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a story stops where its world is not as it should be"
)]

mod a_delivery_is_reported;
mod a_full_mailbox;
mod a_list_is_left;
mod a_message_leaves;
mod a_program_sends;
mod a_report_of_encryption_is_read;
mod a_second_opinion;
mod a_whole_account_moves;
mod any_bytes;
mod bad_peers;
mod commands;
mod down_then_up;
mod first_start;
mod golden_scenarios;
mod killed_in_the_middle;
mod lies;
mod postfix_delivers;
mod pressure;
mod sealed_on_disk;
mod sign_in;
mod support;
mod too_much_to_send;
mod wrong_configuration;
mod wrong_store;
