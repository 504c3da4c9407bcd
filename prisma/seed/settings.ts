import { delimiter } from "node:path";
import { z } from "zod";

const schema = z.object({
  SEED_JENKINS_URL: z.url(),
  SEED_JENKINS_USER: z.string(),
  SEED_JENKINS_TOKEN: z.string(),
  SEED_JENKINS_JOB: z.string().default("refract-build"),
  SEED_REGISTRY_URL: z.url(),
  SEED_REGISTRY_KIND: z.enum(["oci", "harbor"]).default("oci"),
  /** The account of every registry that is a Harbor. */
  SEED_HARBOR_ROBOT: z.string().default(""),
  SEED_HARBOR_SECRET: z.string().default(""),
  SEED_PRODUCTION_REGISTRY_URL: z.url().optional(),
  SEED_GIT_URL: z.url(),
  /** Folder whose repositories that Git server has; left out: it is somebody's own, in which nothing is made. */
  SEED_GIT_DIR: z.string().optional(),
  SEED_KUBECONFIGS: z.string().transform((text) => text.split(delimiter).filter(Boolean)),
  /** PEM; the build server signs with the other half. */
  SEED_SIGNING_KEY: z.string().optional(),
  /** `1`: with two months of release orders, for the statistics. */
  SEED_HISTORY: z.enum(["0", "1"]).default("0"),
  SEED_HAS_PYTHON: z.enum(["0", "1"]).default("1"),
});
export type SeedSettings = z.infer<typeof schema>;

/** Where the servers are that the demo's catalog points at. */
export const readSettings = (): SeedSettings => schema.parse(process.env);
