import { z } from "zod";
import { endpoint } from "#lib/http/endpoint.ts";
import { pageQuerySchema } from "#lib/http/page.ts";
import {
  changePasswordSchema,
  createUserSchema,
  updateUserSchema,
  userListSchema,
  userParams,
  userSchema,
} from "./schema.ts";

const tag = "users";
export const listUsersApi = endpoint({
  method: "GET",
  path: "/users",
  tag,
  summary: "People (admin)",
  query: pageQuerySchema.extend({ q: z.string().max(100).optional() }),
  answer: userListSchema,
});
export const createUserApi = endpoint({
  method: "POST",
  path: "/users",
  tag,
  summary: "Add a person (admin)",
  body: createUserSchema,
  answer: userSchema,
  status: 201,
});
export const updateUserApi = endpoint({
  method: "PATCH",
  path: "/users/{username}",
  tag,
  summary: "Change, disable, set a password (admin)",
  params: userParams,
  body: updateUserSchema,
  answer: userSchema,
});
export const changePasswordApi = endpoint({
  method: "POST",
  path: "/me/password",
  tag,
  summary: "Change one's own password; other sessions end",
  body: changePasswordSchema,
  answer: userSchema,
});
