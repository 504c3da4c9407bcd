import { z } from "zod";

/** Every job: its name and the shape of its payload. Handlers stand beside their noun and are loaded by the worker alone. */
export const JOBS = {
  /** One look at a build and at most one effect on the build server. */
  "build.reconcile": z.object({ buildId: z.string() }),
  /** One look at a deployment and at most one step. */
  "deployment.reconcile": z.object({ deploymentId: z.string() }),
  /** One look at what the registry says of an artifact. */
  "artifact.inspect": z.object({ artifactId: z.string() }),
  /** One attempt to copy an image to the registry of an environment. */
  "image.copy": z.object({ copyId: z.string() }),
  /** One look at what a base image's tag points to. */
  "base-image.look": z.object({ baseImageId: z.string() }),
  /** One look at what a Git host told. */
  "webhook.deliver": z.object({ deliveryId: z.string() }),
  /** One look at which images are kept, and at most one round of labels. */
  "images.keep": z.object({}),
} as const;
export type JobName = keyof typeof JOBS;
export type JobPayload<Name extends JobName> = z.infer<(typeof JOBS)[Name]>;
export const JOB_NAMES = Object.keys(JOBS) as JobName[];
