//! Evidence in, privacy index out, with its reasons and what would raise it. Pure.
