import { parseArgs } from "node:util";
import { checkEnvOrExit } from "#lib/env.ts";

// `npm run first-admin -- --username admin --name "Platform admin"`; the password is read from standard input.

checkEnvOrExit();
const [{ recordAudit }, { hashPassword }, { db }, { createUserSchema }] = await Promise.all([
  import("#lib/audit/record.ts"),
  import("#lib/crypto.ts"),
  import("#lib/db.ts"),
  import("#lib/users/schema.ts"),
]);

const { values } = parseArgs({ options: { username: { type: "string" }, name: { type: "string" } } });
let password = "";
for await (const chunk of process.stdin) password += chunk;
const input = createUserSchema.parse({
  username: values.username,
  displayName: values.name ?? values.username,
  password: password.trim(),
  globalRoles: ["admin"],
});
const passwordHash = await hashPassword(input.password);
await db.$transaction(async (tx) => {
  // Only for an installation that has nobody to do it in the browser: this asks for no rights.
  const admins = await tx.user.count({ where: { globalRoles: { has: "admin" }, disabledAt: null } });
  if (admins > 0) throw new Error("there is an admin already: add people under Settings");
  await tx.user.create({
    data: {
      username: input.username,
      displayName: input.displayName,
      globalRoles: input.globalRoles,
      passwordHash,
    },
  });
  await recordAudit(tx, {
    actor: null,
    action: "user.create",
    subject: "user",
    subjectId: input.username,
    projectKey: null,
    data: { after: { username: input.username, globalRoles: input.globalRoles }, by: "first-admin" },
  });
});
await db.$disconnect();
process.stdout.write(`${input.username} may sign in.\n`);
