/**
 * The path to go to after sign-in: that of `callbackUrl` where it is of this origin, else home. Anything that a browser
 * could read as another site (`//host`, `/\host`, a scheme) is dropped.
 */
export function callbackPath(callbackUrl: string | undefined, origin: string): string {
  if (callbackUrl === undefined || callbackUrl === "") return "/";
  try {
    const url = new URL(callbackUrl, origin);
    if (url.origin !== new URL(origin).origin || url.pathname.startsWith("//")) return "/";
    if (url.pathname === "/login" || url.pathname.startsWith("/api/")) return "/";
    return `${url.pathname}${url.search}${url.hash}`;
  } catch {
    return "/";
  }
}
