/** Nothing lies further than this below the loudest value of the whole clip: librosa's `top_db`. */
export const DYNAMIC_RANGE_DB = 80;
