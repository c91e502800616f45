//! The use cases: receive, place, contacts, conversations, accounts, sessions, changes.
