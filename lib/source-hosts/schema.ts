import { z } from "zod";
import { findingSchema } from "#lib/clusters/schema.ts";
import { keySchema, nameSchema } from "#lib/projects/schema.ts";
import { areKnownHosts, refusedKey } from "./private-key.ts";

/** `git` is spoken to by Git alone, the others by their API too where an address of it is given. */
export const SOURCE_HOST_KINDS = ["git", "gitlab", "gitea", "github"] as const;
export type SourceHostKind = (typeof SOURCE_HOST_KINDS)[number];

export const sourceHostSchema = z.object({
  key: z.string(),
  name: z.string(),
  kind: z.enum(SOURCE_HOST_KINDS),
  /** Base address of its API; null: Git alone. */
  apiUrl: z.string().nullable(),
  /** As Git addresses name it, with the port where it is not the usual one. */
  host: z.string(),
  credentialKind: z.enum(["none", "password", "ssh-key"]),
  username: z.string().nullable(),
  sshKnownHosts: z.string().nullable(),
  /** Whether there is a token for the API beside the SSH key. */
  apiToken: z.boolean(),
  /** Keys of the projects that may use the credential; empty: every one. */
  projects: z.array(z.string()),
  checkedAt: z.string().nullable(),
  findings: z.array(findingSchema),
  /** Where it sends webhooks, and whether there is a secret by which they are believed. */
  webhookUrl: z.string(),
  webhookSecret: z.boolean(),
  lastDeliveryAt: z.string().nullable(),
  /** How many components have their repository there. */
  components: z.number(),
  version: z.number(),
});
export type SourceHostDto = z.infer<typeof sourceHostSchema>;
export const sourceHostListSchema = z.object({
  items: z.array(sourceHostSchema),
  nextCursor: z.string().nullable(),
});

const hostSchema = z
  .string()
  .max(260)
  .toLowerCase()
  .regex(/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/);
/** A token goes there: over plain HTTP only to this machine. */
const apiUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(300)
  .refine((text) => {
    const url = URL.parse(text);
    if (!url || [url.username, url.password, url.search, url.hash].some((part) => part !== "")) return false;
    return url.protocol === "https:" || /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  }, "an https address without user, query and fragment")
  .transform((url) => url.replace(/\/+$/, ""))
  .nullable();
const credentialSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({
    kind: z.literal("password"),
    /** Without a colon: Basic authentication ends the name there. */
    username: z.string().regex(/^[^:\p{Cc}]{1,200}$/u),
    password: z.string().regex(/^\P{Cc}{1,1000}$/u),
  }),
  z.object({
    kind: z.literal("ssh-key"),
    privateKey: z
      .string()
      .max(20_000)
      .refine((text) => refusedKey(text) === null, "one private key in PEM, without a passphrase"),
    knownHosts: z.string().max(20_000).refine(areKnownHosts, "lines of known_hosts"),
  }),
]);
/** For the API beside an SSH key; with another credential there is none. */
const apiTokenSchema = z
  .string()
  .regex(/^\P{Cc}{1,1000}$/u)
  .nullable();
const projectsSchema = z.array(keySchema).max(200);
export const createSourceHostSchema = z.object({
  key: keySchema,
  name: nameSchema,
  host: hostSchema,
  kind: z.enum(SOURCE_HOST_KINDS).default("git"),
  apiUrl: apiUrlSchema.default(null),
  credential: credentialSchema.default({ kind: "none" }),
  apiToken: apiTokenSchema.default(null),
  projects: projectsSchema.default([]),
});
/** Another host or API drops the stored credential unless a new one comes with it: what is kept is never sent elsewhere. */
export const updateSourceHostSchema = z.object({
  version: z.int32(),
  name: nameSchema.optional(),
  host: hostSchema.optional(),
  kind: z.enum(SOURCE_HOST_KINDS).optional(),
  apiUrl: apiUrlSchema.optional(),
  credential: credentialSchema.optional(),
  /** Left out: what is kept stays. */
  apiToken: apiTokenSchema.optional(),
  projects: projectsSchema.optional(),
});
export const sourceHostParams = z.object({ sourceHost: z.string() });
