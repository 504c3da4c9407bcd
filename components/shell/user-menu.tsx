"use client";

import { LogOut, UserRound } from "lucide-react";
import { signOut } from "next-auth/react";
import { useTranslations } from "next-intl";
import { Menu } from "#components/ui/menu.tsx";
import { Face } from "#components/ui/person.tsx";
import type { ShellDto } from "#lib/shell/schema.ts";

/** Who I am, my account, sign out. */
export function UserMenu({ user }: { user: ShellDto["user"] }) {
  const t = useTranslations("shell");
  const roles = useTranslations("roles");
  const held = user.globalRoles.map((role) => (roles.has(role) ? roles(role) : role));
  return (
    <Menu
      label={t("me")}
      trigger={
        <button type="button" className="icon-button" aria-label={`${t("me")}: ${user.displayName}`}>
          <Face username={user.username} displayName={user.displayName} />
        </button>
      }
      head={
        <>
          <p className="font-semibold">{user.displayName}</p>
          <p className="text-sm text-fg-3">{[user.username, ...held].join(" · ")}</p>
        </>
      }
      items={[
        { label: t("me"), icon: <UserRound aria-hidden />, href: "/settings/account" },
        "separator",
        {
          label: t("signOut"),
          icon: <LogOut aria-hidden />,
          onSelect: () => void signOut({ callbackUrl: "/login" }),
        },
      ]}
    />
  );
}
