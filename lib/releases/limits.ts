/** Components of one release order at most. */
export const MAX_ITEMS = 100;
