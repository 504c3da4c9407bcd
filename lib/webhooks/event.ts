import { z } from "zod";
import { refSchema } from "#lib/releases/schema.ts";

/** What a Git host tells of a branch or tag that has moved, in the shapes of all three. */
const pushSchema = z.object({
  ref: z.string().max(500),
  after: z.string().max(100).nullish(),
  checkout_sha: z.string().max(100).nullish(),
  deleted: z.boolean().nullish(),
  head_commit: z.object({ id: z.string().max(100), message: z.string().nullish() }).nullish(),
  commits: z.array(z.object({ id: z.string().max(100), message: z.string().nullish() })).nullish(),
  user_name: z.string().nullish(),
  user_username: z.string().nullish(),
  pusher: z.object({ name: z.string().nullish(), login: z.string().nullish() }).nullish(),
  project: z
    .object({
      path_with_namespace: z.string().max(500).nullish(),
      git_http_url: z.string().max(1000).nullish(),
      git_ssh_url: z.string().max(1000).nullish(),
    })
    .nullish(),
  repository: z
    .object({
      full_name: z.string().max(500).nullish(),
      clone_url: z.string().max(1000).nullish(),
      ssh_url: z.string().max(1000).nullish(),
      git_http_url: z.string().max(1000).nullish(),
      git_ssh_url: z.string().max(1000).nullish(),
    })
    .nullish(),
});
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
/** GitHub and Gitea tell a new tag twice, as `create` with a short name and as `push`: the push has it all. */
const EVENTS = new Set(["push", "push hook", "tag push hook"]);

export type PushEvent = {
  kind: "push" | "tag";
  ref: string;
  /** Full id; of an annotated tag possibly the tag's own. */
  commit: string;
  subject: string;
  pusher: string;
  /** Full name, then the addresses. */
  repository: string;
  addresses: string[];
};
export type IgnoredEvent = {
  ignored: "EVENT" | "SHAPE" | "DELETED" | "REF";
  repository: string;
  ref: string;
};

/**
 * What a delivery says, or why nothing follows from it: `EVENT` for events of other kinds (a ping, a merge request),
 * `SHAPE` for one that no known Git host sends, `DELETED` for a branch or tag that is gone, `REF` for names that release
 * orders do not take.
 */
export function readEvent(event: string, payload: unknown): PushEvent | IgnoredEvent {
  const nothing = { repository: "", ref: "" };
  if (!EVENTS.has(event.toLowerCase())) return { ignored: "EVENT", ...nothing };
  const parsed = pushSchema.safeParse(payload);
  if (!parsed.success) return { ignored: "SHAPE", ...nothing };
  const { data } = parsed;
  const { project, repository } = data;
  const name = project?.path_with_namespace ?? repository?.full_name ?? "";
  const [, space, ref = ""] = /^refs\/(heads|tags)\/(.+)$/s.exec(data.ref) ?? [];
  const about = { repository: name, ref: ref || data.ref };
  const commit = data.checkout_sha ?? data.head_commit?.id ?? data.after ?? "";
  if (data.deleted === true || /^0+$/.test(data.after ?? "")) return { ignored: "DELETED", ...about };
  if (space === undefined || !refSchema.safeParse(ref).success) return { ignored: "REF", ...about };
  if (!COMMIT.test(commit) || name === "") return { ignored: "SHAPE", ...about };
  const message = data.head_commit?.message ?? data.commits?.find(({ id }) => id === commit)?.message ?? "";
  return {
    kind: space === "tags" ? "tag" : "push",
    ...about,
    commit,
    subject: (message ?? "").split("\n", 1)[0]?.trim() ?? "",
    pusher: data.user_name ?? data.pusher?.name ?? data.pusher?.login ?? data.user_username ?? "",
    addresses: [project?.git_http_url, project?.git_ssh_url, repository?.clone_url, repository?.ssh_url]
      .concat(repository?.git_http_url, repository?.git_ssh_url)
      .flatMap((address) => address ?? []),
  };
}
