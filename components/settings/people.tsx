"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Pencil, Search, UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useDeferredValue, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { MoreFooter } from "#components/ui/more-footer.tsx";
import { Person } from "#components/ui/person.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { useUrlParams } from "#components/ui/use-url-params.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { usersQuery } from "#lib/users/client.ts";
import type { UserDto } from "#lib/users/schema.ts";
import { UserForm } from "./user-form.tsx";

/** Everyone who may sign in. */
export function People({ me }: { me: string }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const roles = useTranslations("roles");
  const [params, setParams] = useUrlParams();
  const q = params.get("q") ?? "";
  const list = useInfiniteQuery(usersQuery(useDeferredValue(q)));
  const { data, error, isPending, refetch } = list;
  const [editing, setEditing] = useState<UserDto | "new" | null>(null);
  const users = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-2">
        <Input
          small
          icon={<Search aria-hidden />}
          className="w-64! max-sm:w-full!"
          aria-label={t("person.find")}
          placeholder={t("person.find")}
          value={q}
          onChange={(event) => setParams({ q: event.target.value })}
        />
        <Button
          size="small"
          className="ml-auto"
          icon={<UserPlus aria-hidden />}
          onClick={() => setEditing("new")}
        >
          {t("person.add")}
        </Button>
      </div>
      {isPending && <SkeletonRows rows={6} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && users.length === 0 && (
        <EmptyState title={t("person.none")}>{t("person.noneText")}</EmptyState>
      )}
      {users.length > 0 && (
        <Table label={t("tab.people")}>
          <thead>
            <tr>
              <Th>{t("person.person")}</Th>
              <Th>{t("username")}</Th>
              <Th>{t("globalRoles")}</Th>
              <Th>{t("person.projects")}</Th>
              <Th className="w-12">
                <span className="sr-only">{t("edit")}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {users.map((user) => (
              <Tr key={user.username}>
                <Td>
                  <span className="flex items-center gap-2">
                    <Person username={user.username} displayName={user.displayName} />
                    {user.disabled && <StateBadge size="small" state="disabled" />}
                  </span>
                </Td>
                <Td className="font-mono text-sm">{user.username}</Td>
                <Td>
                  {user.globalRoles.map((role) => (roles.has(role) ? roles(role) : role)).join(" · ") || "–"}
                </Td>
                <Td>
                  <span className="flex flex-wrap gap-1">
                    {user.projects.slice(0, 4).map(({ key, role }) => (
                      <Tag key={`${key} ${role}`}>
                        {key} · {roles.has(role) ? roles(role) : role}
                      </Tag>
                    ))}
                    {user.projects.length > 4 && (
                      <span className="text-fg-3">+{user.projects.length - 4}</span>
                    )}
                  </span>
                </Td>
                <Td>
                  <IconButton
                    size="small"
                    label={t("person.edit", { name: user.displayName })}
                    icon={<Pencil aria-hidden />}
                    onClick={() => setEditing(user)}
                  />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      <MoreFooter list={list}>{common("loadMore")}</MoreFooter>
      {editing !== null && (
        <UserForm known={editing === "new" ? null : editing} me={me} onClose={() => setEditing(null)} />
      )}
    </Card>
  );
}
