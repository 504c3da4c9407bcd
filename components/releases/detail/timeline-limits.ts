/** How many entries a page shows at first, and how many at most: what is older is in the audit trail. */
export const FIRST_ENTRIES = 20;
export const MOST_ENTRIES = 200;
