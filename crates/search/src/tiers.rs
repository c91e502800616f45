//! Which segments become one: neighbours of about one size, so that each document is written again only a few times.

use crate::limits::{MERGED_AT_ONCE, SEGMENT_BYTES_MAX};
use std::ops::Range;

/// Smallest size that is told apart, in bytes: what is below costs little to merge.
const TIER_BYTES: u64 = 32 * 1024;

/// The segments to merge next, given the bytes of each from the oldest to the newest. None: nothing is due.
pub fn due(bytes: &[u64]) -> Option<Range<usize>> {
    let mut tier = TIER_BYTES;
    while tier <= SEGMENT_BYTES_MAX {
        if let Some(range) = run(bytes, tier) {
            return Some(range);
        }
        tier = tier.saturating_mul(MERGED_AT_ONCE as u64);
    }
    None
}

/// The first neighbours that are all smaller than `tier` and become one segment that is not too large.
fn run(bytes: &[u64], tier: u64) -> Option<Range<usize>> {
    (0..bytes.len().saturating_sub(MERGED_AT_ONCE - 1)).map(|start| start..start + MERGED_AT_ONCE).find(
        |range| {
            let run = bytes.get(range.clone()).unwrap_or_default();
            run.iter().all(|size| *size < tier) && run.iter().sum::<u64>() <= SEGMENT_BYTES_MAX
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_size_become_one() {
        assert_eq!(due(&[]), None);
        assert_eq!(due(&[1_000; 7]), None);
        assert_eq!(due(&[1_000; 8]), Some(0..8));
        let mut sizes = vec![5_000_000, 5_000_000];
        sizes.extend([1_000; 9]);
        assert_eq!(due(&sizes), Some(2..10));
        assert_eq!(due(&[200_000; 8]), Some(0..8));
        assert_eq!(due(&[2_000_000; 20]), None);
    }

    #[test]
    fn merging_ends_and_leaves_few_segments() {
        let mut sizes: Vec<u64> = Vec::new();
        let (mut written, mut most) = (0, 0);
        for _ in 0..20_000 {
            sizes.push(2_000);
            while let Some(range) = due(&sizes) {
                let merged = sizes[range.clone()].iter().sum();
                written += merged;
                sizes.splice(range, [merged]);
            }
            most = most.max(sizes.len());
        }
        assert!(most <= 50, "{most} segments at a time");
        assert!(written <= 20_000 * 2_000 * 5, "each byte was written {} times", written / 40_000_000);
    }
}
