import { type InfiniteData, infiniteQueryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { changePasswordApi, createUserApi, listUsersApi, updateUserApi } from "./api.ts";
import type { changePasswordSchema, createUserSchema, updateUserSchema, userListSchema } from "./schema.ts";

type UserPage = z.infer<typeof userListSchema>;
const loadUsers = (q: string, cursor: string, signal: AbortSignal) =>
  call(listUsersApi, { query: { ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) }, signal });

export const usersQuery = (q: string) =>
  infiniteQueryOptions<UserPage, Error, InfiniteData<UserPage, string>, string[], string>({
    queryKey: ["users", q],
    queryFn: ({ signal, pageParam }) => loadUsers(q, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
export const createUser = (body: z.input<typeof createUserSchema>) => call(createUserApi, { body });
export const updateUser = (username: string, body: z.input<typeof updateUserSchema>) =>
  call(updateUserApi, { params: { username }, body });
export const changePassword = (body: z.input<typeof changePasswordSchema>) =>
  call(changePasswordApi, { body });
