import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Shell } from "#components/shell/shell.tsx";
import { requireUser } from "#lib/access/session.ts";
import { PREFERENCE_COOKIES } from "#lib/i18n/locale.ts";
import { loadShell } from "#lib/shell/queries.ts";

/** The signed-in frame. Rights are read again on every request; a session that died leads to sign-in. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const actor = await requireUser();
  const [shell, jar] = await Promise.all([loadShell(actor), cookies()]);
  return (
    <Shell
      shell={shell}
      remembered={jar.get(PREFERENCE_COOKIES.project)?.value}
      starredKeys={(jar.get("starred")?.value ?? "").split(".").filter(Boolean)}
    >
      {children}
    </Shell>
  );
}
