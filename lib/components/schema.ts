import { z } from "zod";
import { JOB_PARAMETERS } from "#lib/adapters/ports.ts";
import { keySchema, nameSchema, projectParams } from "#lib/projects/schema.ts";

/** A build variable may not carry the name of one of the build job's parameters. */
export const RESERVED_VARIABLES: readonly string[] = JOB_PARAMETERS;

export const COMPONENT_KINDS = ["service", "site", "job"] as const;

/** Git over HTTPS, HTTP or SSH; anything else (file, ext::, options) is refused. */
export const gitUrlSchema = z
  .string()
  .max(500)
  .regex(/^(https?:\/\/|ssh:\/\/|git@)[^\s-][^\s]*$/, "a Git address: https://…, ssh://… or git@host:path")
  .refine((url) => !/^https?:\/\/[^/]*:[^/]*@/.test(url), "without a password: credentials are kept apart");

const pathSchema = z
  .string()
  .max(200)
  .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\0\n]*$/, "a path inside the repository");

const fields = {
  name: nameSchema,
  kind: z.enum(COMPONENT_KINDS),
  gitUrl: gitUrlSchema,
  subPath: pathSchema,
  defaultRef: z.string().min(1).max(200),
  baseImage: z.string().max(300),
  dockerfile: pathSchema,
  buildCommand: z.string().max(2000),
  artifactPath: pathSchema,
  port: z.number().int().min(1).max(65535),
};

export const variableSchema = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, "a name of letters, digits and underscores")
    .refine(
      (name) => !RESERVED_VARIABLES.some((reserved) => reserved === name.toUpperCase()),
      "a reserved name",
    ),
  secret: z.boolean(),
  /** For a secret: left out keeps the stored value. */
  value: z.string().max(10_000).optional(),
});

export const componentSchema = z.object({
  key: z.string(),
  project: z.string(),
  ...fields,
  kind: z.string(),
  gitUrl: z.string(),
  imageRepository: z.string(),
  buildServer: z.string(),
  /** Built on whichever server has the label; empty: on `buildServer`. */
  buildLabel: z.string(),
  registry: z.string(),
  version: z.number(),
  archived: z.boolean(),
  variables: z.array(
    z.object({
      name: z.string(),
      secret: z.boolean(),
      value: z.string().nullable(),
      version: z.number(),
      updatedAt: z.string(),
    }),
  ),
  mayEdit: z.boolean(),
});
export type ComponentDto = z.infer<typeof componentSchema>;
export const componentListSchema = z.object({
  items: z.array(componentSchema),
  nextCursor: z.string().nullable(),
});

export const createComponentSchema = z.object({
  key: keySchema,
  name: fields.name,
  kind: fields.kind.default("service"),
  gitUrl: fields.gitUrl,
  subPath: fields.subPath.default(""),
  defaultRef: fields.defaultRef.default("main"),
  baseImage: fields.baseImage.default(""),
  dockerfile: fields.dockerfile.default("Dockerfile"),
  buildCommand: fields.buildCommand.default(""),
  artifactPath: fields.artifactPath.default(""),
  port: fields.port.default(8080),
  /** Keys; the only one there is when left out. */
  buildServer: z.string().optional(),
  registry: z.string().optional(),
});
export const updateComponentSchema = z
  .object(fields)
  .partial()
  .extend({
    version: z.int32(),
    /** Key of a build server that is open to the project. */
    buildServer: z.string().optional(),
    /** A label that one of them carries; empty: none. */
    buildLabel: z.string().max(60).optional(),
    archived: z.boolean().optional(),
    variables: z.array(variableSchema).max(500).optional(),
  });
export const componentParams = projectParams.extend({ component: z.string() });
