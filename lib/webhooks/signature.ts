import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export type Sender = "gitlab" | "gitea" | "github";

/** In this order: Gitea also sends GitHub's headers. */
const SENDERS = [
  {
    sender: "gitlab",
    proof: "x-gitlab-token",
    event: "x-gitlab-event",
    ids: ["x-gitlab-event-uuid", "idempotency-key"],
  },
  { sender: "gitea", proof: "x-gitea-signature", event: "x-gitea-event", ids: ["x-gitea-delivery"] },
  { sender: "github", proof: "x-hub-signature-256", event: "x-github-event", ids: ["x-github-delivery"] },
] as const satisfies { sender: Sender; proof: string; event: string; ids: readonly string[] }[];

export type Delivery = {
  sender: Sender;
  event: string;
  id: string;
  /**
   * SHA-256 of the body where the proof covers it: ids are not signed, so the same body under another id is somebody who
   * sends again what was sent before. Null from GitLab, which sends the secret itself: whoever sees one delivery can write
   * others.
   */
  bodyHash: string | null;
};

/**
 * Who sends a delivery, once it has proven to know the secret; null when it has not. GitLab sends the secret itself,
 * the others a keyed hash of the body. What is compared takes the same time wherever it differs.
 * @param kind of the Git host; a plain `git` one may be any of them
 * @param body as it came, byte for byte
 */
export function provenDelivery(
  kind: string,
  headers: Headers,
  body: string,
  secret: string,
): Delivery | null {
  const allowed = SENDERS.filter(({ sender }) => kind === "git" || kind === sender);
  const used = allowed.find(({ proof }) => headers.has(proof));
  const given = used ? (headers.get(used.proof) ?? "") : "";
  const hash = createHmac("sha256", secret).update(body).digest("hex");
  const wanted = used?.sender === "gitlab" ? secret : used?.sender === "gitea" ? hash : `sha256=${hash}`;
  if (!isSame(given, wanted) || !used) return null;
  const id = used.ids.map((name) => headers.get(name)?.trim()).find((text) => text);
  const bodyHash = createHash("sha256").update(body).digest("hex");
  return {
    sender: used.sender,
    event: (headers.get(used.event) ?? "").slice(0, 100),
    // A sender without ids tells the same thing by the same body.
    id: id && id.length <= 200 ? id : bodyHash,
    bodyHash: used.sender === "gitlab" ? null : bodyHash,
  };
}

/** What a delivery says to be about, for a list of those that are not believed. */
export const eventOf = (headers: Headers): string =>
  SENDERS.map(({ event }) =>
    headers
      .get(event)
      ?.replaceAll(/[^\w .-]/g, "")
      .slice(0, 40),
  ).find((text) => text) ?? "";

/** Hashes first: lengths may differ, and tell nothing. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
