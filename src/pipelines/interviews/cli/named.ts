/** What an argument of a command may be, in words, for help; apart from what looks it up, which help does without. */
export const NAMED = 'an interview id, or the _id of one of its jobs';
