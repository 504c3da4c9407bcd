import { z } from "zod";
import { keySchema, nameSchema } from "#lib/projects/schema.ts";

/** One thing that a check looked at; `ok` null: it cannot be known from here. */
export const serverFindingSchema = z.object({
  code: z.string(),
  ok: z.boolean().nullable(),
  message: z.string(),
  fix: z.string().optional(),
  /** Values for the translated text of `code`. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type ServerFinding = z.infer<typeof serverFindingSchema>;

const credentialKindSchema = z.enum(["token", "password"]);
export const buildServerSchema = z.object({
  key: z.string(),
  name: z.string(),
  url: z.string(),
  username: z.string(),
  credentialKind: credentialKindSchema,
  jobName: z.string(),
  /** What a component may ask for. */
  labels: z.array(z.string()),
  /** Keys of the projects that may build there; empty: every one. */
  projects: z.array(z.string()),
  disabledAt: z.string().nullable(),
  checkedAt: z.string().nullable(),
  /** What the last check found; empty once the address, the credential or the job is another. */
  findings: z.array(serverFindingSchema),
  components: z.number(),
  version: z.number(),
});
export type BuildServerDto = z.infer<typeof buildServerSchema>;
export const buildServerListSchema = z.object({
  items: z.array(buildServerSchema),
  nextCursor: z.string().nullable(),
});

const urlSchema = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((url) => !/^[^/]*\/\/[^/]*@/.test(url), "no user or password in the address")
  .transform((url) => url.replace(/\/+$/, ""));
/** Without a colon: Basic authentication ends the name there. */
const usernameSchema = z.string().regex(/^[^:\p{Cc}]{1,200}$/u);
/** Sent as one header. */
const tokenSchema = z.string().regex(/^\P{Cc}{1,500}$/u);
/** Folders by slashes; the characters that Jenkins refuses in a name are refused here. */
const jobNameSchema = z
  .string()
  .max(200)
  .regex(/^[^?*\\%!@#$^&|<>[\]:;/\p{Cc}]+(\/[^?*\\%!@#$^&|<>[\]:;/\p{Cc}]+)*$/u);
const labelsSchema = z.array(z.string().regex(/^[\w.-]{1,60}$/)).max(50);
const projectsSchema = z.array(keySchema).max(500);

export const createBuildServerSchema = z.object({
  key: keySchema,
  name: nameSchema,
  url: urlSchema,
  username: usernameSchema,
  token: tokenSchema,
  credentialKind: credentialKindSchema.default("token"),
  jobName: jobNameSchema.default("refract-build"),
  labels: labelsSchema.default([]),
  projects: projectsSchema.default([]),
});
/** Another address, user or kind of credential needs the token or password that goes with it. */
export const updateBuildServerSchema = z.object({
  version: z.int32(),
  name: nameSchema.optional(),
  url: urlSchema.optional(),
  username: usernameSchema.optional(),
  token: tokenSchema.optional(),
  credentialKind: credentialKindSchema.optional(),
  jobName: jobNameSchema.optional(),
  labels: labelsSchema.optional(),
  projects: projectsSchema.optional(),
  disabled: z.boolean().optional(),
});
export const buildServerParams = z.object({ buildServer: z.string() });

/** Where a project may build, as its members see it. */
export const buildChoicesSchema = z.object({
  items: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      labels: z.array(z.string()),
      disabled: z.boolean(),
      /** Builds that wait or run there. */
      open: z.number(),
    }),
  ),
  nextCursor: z.null(),
});
export type BuildChoiceDto = z.infer<typeof buildChoicesSchema>["items"][number];

export const buildJobSchema = z.object({
  jobName: z.string(),
  files: z.array(z.object({ name: z.enum(["Jenkinsfile", "casc.yaml", "config.xml"]), text: z.string() })),
  /** Creates the freestyle job from `config.xml`; the token is left to the reader. */
  command: z.string(),
});
