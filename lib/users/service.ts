import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { hashPassword, verifyPassword } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { type PageQuery, toPage } from "#lib/http/page.ts";
import { transaction } from "#lib/transaction.ts";
import type { changePasswordSchema, createUserSchema, UserDto, updateUserSchema } from "./schema.ts";

const select = {
  username: true,
  displayName: true,
  email: true,
  globalRoles: true,
  disabledAt: true,
  memberships: { select: { role: true, project: { select: { key: true } } } },
};

/** People by username. Admins only. */
export async function listUsers(actor: Actor, query: PageQuery & { q?: string | undefined }) {
  requirePermission(actor, "platform.manage");
  const rows = await db.user.findMany({
    where: {
      ...(query.cursor ? { username: { gt: query.cursor } } : {}),
      ...(query.q
        ? {
            OR: [
              { username: { contains: query.q, mode: "insensitive" } },
              { displayName: { contains: query.q, mode: "insensitive" } },
            ],
          }
        : {}),
    },
    orderBy: { username: "asc" },
    take: query.limit + 1,
    select,
  });
  const page = toPage(rows, query.limit, (row) => row.username);
  const items: UserDto[] = page.items.map(({ disabledAt, memberships, ...row }) => ({
    ...row,
    disabled: disabledAt !== null,
    projects: memberships.map(({ role, project }) => ({ key: project.key, role })),
  }));
  return { ...page, items };
}

async function one(username: string): Promise<UserDto> {
  const { disabledAt, memberships, ...row } = await db.user.findUniqueOrThrow({
    where: { username },
    select,
  });
  return {
    ...row,
    disabled: disabledAt !== null,
    projects: memberships.map(({ role, project }) => ({ key: project.key, role })),
  };
}

export async function createUser(
  input: { actor: Actor } & z.infer<typeof createUserSchema>,
): Promise<UserDto> {
  const { actor, password, email, ...fields } = input;
  requirePermission(actor, "platform.manage");
  const passwordHash = await hashPassword(password);
  await transaction(async (tx) => {
    if (await tx.user.findUnique({ where: { username: fields.username }, select: { id: true } })) {
      throw new AppError("CONFLICT", `user ${fields.username} exists`);
    }
    await tx.user.create({ data: { ...fields, email: email ?? null, passwordHash } });
    await recordAudit(tx, {
      actor,
      action: "user.create",
      subject: "user",
      subjectId: fields.username,
      projectKey: null,
      data: { after: fields },
    });
  });
  return one(fields.username);
}

/** A changed password or a disabled user ends every session and stream of that user at once. */
export async function updateUser(
  input: { actor: Actor; username: string } & z.infer<typeof updateUserSchema>,
): Promise<UserDto> {
  const { actor, username, password, disabled, ...fields } = input;
  requirePermission(actor, "platform.manage");
  if (disabled && username === actor.username)
    throw new AppError("INVALID_INPUT", "one does not disable oneself");
  const passwordHash = password ? await hashPassword(password) : undefined;
  await transaction(async (tx) => {
    const before = await tx.user.findUnique({
      where: { username },
      select: { displayName: true, globalRoles: true, disabledAt: true },
    });
    if (!before) throw new AppError("NOT_FOUND", `no user ${username}`);
    const endsSessions = passwordHash !== undefined || disabled === true;
    await tx.user.update({
      where: { username },
      data: {
        ...fields,
        ...(passwordHash ? { passwordHash } : {}),
        ...(disabled === undefined ? {} : { disabledAt: disabled ? new Date() : null }),
        ...(endsSessions ? { sessionVersion: { increment: 1 } } : {}),
      },
    });
    await emit(tx, { topics: [`user:${username}`], type: "user.updated", data: { username } });
    await recordAudit(tx, {
      actor,
      action: "user.update",
      subject: "user",
      subjectId: username,
      projectKey: null,
      data: { before, after: { ...fields, disabled, passwordChanged: passwordHash !== undefined } },
    });
  });
  return one(username);
}

/** One's own password; every other session of one's own ends. */
export async function changePassword(
  input: { actor: Actor } & z.infer<typeof changePasswordSchema>,
): Promise<UserDto> {
  const { actor, current, next } = input;
  const user = await db.user.findUniqueOrThrow({ where: { id: actor.id }, select: { passwordHash: true } });
  if (!user.passwordHash || !(await verifyPassword(current, user.passwordHash))) {
    throw new AppError("INVALID_INPUT", "the current password is wrong");
  }
  const passwordHash = await hashPassword(next);
  await transaction(async (tx) => {
    await tx.user.update({
      where: { id: actor.id },
      data: { passwordHash, sessionVersion: { increment: 1 } },
    });
    await recordAudit(tx, {
      actor,
      action: "user.change-password",
      subject: "user",
      subjectId: actor.username,
      projectKey: null,
    });
  });
  return one(actor.username);
}
