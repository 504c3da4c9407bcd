import { z } from "zod";
import { GLOBAL_ROLES } from "#lib/access/roles.ts";
import { pageOf } from "#lib/http/page.ts";
import { nameSchema } from "#lib/projects/schema.ts";

export const userSchema = z.object({
  username: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  globalRoles: z.array(z.string()),
  disabled: z.boolean(),
  projects: z.array(z.object({ key: z.string(), role: z.string() })),
});
export type UserDto = z.infer<typeof userSchema>;
export const userListSchema = pageOf(userSchema);

const password = z.string().min(12, "at least 12 characters").max(200);
export const createUserSchema = z.object({
  username: z
    .string()
    .min(2)
    .max(60)
    .regex(/^[a-z][a-z0-9._-]*$/, "lower-case letters, digits, dot, underscore, hyphen"),
  displayName: nameSchema,
  email: z.email().optional(),
  password,
  globalRoles: z.array(z.enum(GLOBAL_ROLES)).default([]),
});
export const updateUserSchema = z.object({
  displayName: nameSchema.optional(),
  globalRoles: z.array(z.enum(GLOBAL_ROLES)).optional(),
  disabled: z.boolean().optional(),
  /** Ends every session of the user. */
  password: password.optional(),
});
export const userParams = z.object({ username: z.string() });
export const changePasswordSchema = z.object({ current: z.string().max(1000), next: password });
