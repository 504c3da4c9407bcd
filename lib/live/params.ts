import { z } from "zod";

/** `{project}` and `{environment}` by key. */
export const environmentParams = z.object({ project: z.string(), environment: z.string() });
