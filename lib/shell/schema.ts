import { z } from "zod";

/** What the frame around every page needs. */
export const shellSchema = z.object({
  user: z.object({
    id: z.string(),
    username: z.string(),
    displayName: z.string(),
    globalRoles: z.array(z.string()),
  }),
  projects: z.array(z.object({ key: z.string(), name: z.string(), roles: z.array(z.string()) })),
  approvalsCount: z.number(),
  mayReadAudit: z.boolean(),
  mayAdminister: z.boolean(),
});
export type ShellDto = z.infer<typeof shellSchema>;
