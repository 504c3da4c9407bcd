/** Facts that name what stands in the way, and the page where it is dealt with; the first that is there leads. */
const WAYS = [
  { kind: "plan", fact: "newer", href: (digest: string) => `/plans/${encodeURIComponent(digest)}` },
  { kind: "release", fact: "release", href: (number: string) => `/releases/${encodeURIComponent(number)}` },
] as const;

/** A value that says that there is nothing to lead to. */
const NONE = "none";

/** Where a blocker is dealt with, when it says so: the plan that took an outdated one's place, who holds a place. */
export function wayOut({ facts }: { facts?: Record<string, string | number> | undefined }) {
  for (const { kind, fact, href } of WAYS) {
    const value = facts?.[fact];
    if (typeof value === "string" && value !== NONE) return { kind, href: href(value) };
  }
  return null;
}
