/** Players skip a damaged packet; beyond this share of them what is left is no recording to judge. */
export const TOLERATED_DAMAGED_SHARE = 0.02;
/** The first packets of a cut stream may lean on data before them. */
export const TOLERATED_DAMAGED_PACKETS = 2;
/** More than may be tolerated of any recording: 1.8 MB of empty AMR frames were seen to take ten seconds. */
export const MOST_DAMAGED_PACKETS = 10_000;
