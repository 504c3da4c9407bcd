import { z } from "zod";
import { findingSchema } from "#lib/clusters/schema.ts";
import { keySchema, nameSchema } from "#lib/projects/schema.ts";
import { areKnownHosts, refusedKey } from "./private-key.ts";

export const sourceHostSchema = z.object({
  key: z.string(),
  name: z.string(),
  /** As Git addresses name it, with the port where it is not the usual one. */
  host: z.string(),
  credentialKind: z.enum(["none", "password", "ssh-key"]),
  username: z.string().nullable(),
  sshKnownHosts: z.string().nullable(),
  /** Keys of the projects that may use the credential; empty: every one. */
  projects: z.array(z.string()),
  checkedAt: z.string().nullable(),
  findings: z.array(findingSchema),
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
const projectsSchema = z.array(keySchema).max(200);
export const createSourceHostSchema = z.object({
  key: keySchema,
  name: nameSchema,
  host: hostSchema,
  credential: credentialSchema.default({ kind: "none" }),
  projects: projectsSchema.default([]),
});
/** Another host drops the stored credential unless a new one comes with it: what is kept is never sent elsewhere. */
export const updateSourceHostSchema = z.object({
  version: z.int32(),
  name: nameSchema.optional(),
  host: hostSchema.optional(),
  credential: credentialSchema.optional(),
  projects: projectsSchema.optional(),
});
export const sourceHostParams = z.object({ sourceHost: z.string() });
