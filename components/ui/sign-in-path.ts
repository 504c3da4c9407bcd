/** Sign-in that comes back to an address of this site. Only the browser knows the whole of it. */
export const signInPath = ({
  pathname,
  search,
  hash,
}: Pick<Location, "pathname" | "search" | "hash">): string =>
  `/login?callbackUrl=${encodeURIComponent(`${pathname}${search}${hash}`)}`;
