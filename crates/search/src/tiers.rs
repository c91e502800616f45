//! Which segments become one: neighbours of about one size, so that each document is written again only a few times.

use crate::limits::{MERGED_AT_ONCE, SEGMENT_BYTES_MAX};
use std::ops::Range;

/// Smallest size that is told apart, in bytes: what is below costs little to merge.
const TIER_BYTES: u64 = 32 * 1024;

/// More segments than this are merged whatever it costs: each word of a question is looked up in all of them.
const SEGMENTS_MANY: usize = 64;

/// The segments to merge next, given the bytes of each from the oldest to the newest. None: nothing is due.
pub fn due(bytes: &[u64]) -> Option<Range<usize>> {
    let mut tier = TIER_BYTES;
    while tier <= SEGMENT_BYTES_MAX {
        if let Some(range) =
            runs(bytes).find(|(_, run)| run.iter().all(|size| *size < tier) && is_balanced(run))
        {
            return Some(range.0);
        }
        tier = tier.saturating_mul(MERGED_AT_ONCE as u64);
    }
    let cheapest = || runs(bytes).min_by_key(|(_, run)| run.iter().sum::<u64>()).map(|(range, _)| range);
    if bytes.len() > SEGMENTS_MANY { cheapest() } else { None }
}

/// Neighbours that can become one segment, which is not too large.
fn runs(bytes: &[u64]) -> impl Iterator<Item = (Range<usize>, &[u64])> {
    let runs =
        bytes.windows(MERGED_AT_ONCE).enumerate().map(|(start, run)| (start..start + MERGED_AT_ONCE, run));
    runs.filter(|(_, run)| run.iter().sum::<u64>() <= SEGMENT_BYTES_MAX)
}

/// Whether the largest is at most a quarter of all: a large one is not written again for a few small ones.
fn is_balanced(run: &[u64]) -> bool {
    run.iter().max().is_some_and(|largest| largest.saturating_mul(4) <= run.iter().sum())
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

    #[test]
    fn large_ones_among_small_ones_do_not_keep_them_apart() {
        let mut sizes: Vec<u64> = Vec::new();
        let mut most = 0;
        for number in 0..4_000_u64 {
            sizes.push(if number % 8 == 7 { 500_000 } else { 2_000 });
            while let Some(range) = due(&sizes) {
                let merged = sizes[range.clone()].iter().sum();
                sizes.splice(range, [merged]);
            }
            most = most.max(sizes.len());
        }
        assert!(most <= 200, "{most} segments at a time");
    }
}
