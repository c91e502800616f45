//! Account keys and their wraps, sealed records, the blob cipher and the blind index. Pure.
