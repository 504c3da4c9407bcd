import type { ImageFinding, Verdict } from "./schema.ts";

/** What an environment says of an image, from what its policy found; `asks`: it has a policy. Pure. */
export function verdictOf(findings: readonly Pick<ImageFinding, "waivedBy">[], asks: boolean): Verdict {
  if (!asks) return "free";
  if (findings.some(({ waivedBy }) => waivedBy === null)) return "refused";
  return findings.length > 0 ? "waived" : "passes";
}
