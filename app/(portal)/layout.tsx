import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { LiveProvider } from "#components/live/live-provider.tsx";
import { QueryProvider } from "#components/live/query-provider.tsx";
import { Shell } from "#components/shell/shell.tsx";
import { SignInRedirect } from "#components/shell/sign-in-redirect.tsx";
import { sessionActor } from "#lib/access/session.ts";
import { PREFERENCE_COOKIES } from "#lib/i18n/locale.ts";
import { loadShell } from "#lib/shell/queries.ts";

/**
 * The signed-in frame. Rights are read again on every request. A layout does not know the address it is asked for, so a
 * session that died is sent to sign-in by the browser, which comes back to it; pages refuse for themselves.
 */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const actor = await sessionActor();
  if (actor === null) return <SignInRedirect />;
  const [shell, jar] = await Promise.all([loadShell(actor), cookies()]);
  return (
    <QueryProvider>
      <LiveProvider>
        <Shell
          shell={shell}
          remembered={jar.get(PREFERENCE_COOKIES.project)?.value}
          starredKeys={(jar.get("starred")?.value ?? "").split(".").filter(Boolean)}
        >
          {children}
        </Shell>
      </LiveProvider>
    </QueryProvider>
  );
}
