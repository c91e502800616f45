//! The storage promise on one machine: SQLite with a group-commit writer, and blob files.
