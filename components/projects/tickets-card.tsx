"use client";

import { Pencil, Ticket } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";
import { TicketsForm } from "./tickets-form.tsx";

/** Which words of commits are tickets, and where those are. */
export function TicketsCard({ project }: { project: ProjectDetailDto }) {
  const t = useTranslations("sources.tickets");
  const projects = useTranslations("projects");
  const [editing, setEditing] = useState(false);
  return (
    <Card>
      <CardHeader
        title={t("title")}
        actions={
          <IconButton
            size="small"
            label={project.mayManage ? t("edit") : projects("needsOwner")}
            disabled={!project.mayManage}
            icon={<Pencil aria-hidden />}
            onClick={() => setEditing(true)}
          />
        }
      />
      {project.ticketPatterns.length === 0 && <p className="px-3.5 py-3 text-fg-3">{t("none")}</p>}
      <ul className="px-3.5">
        {project.ticketPatterns.map(({ pattern, url }) => (
          <li
            key={`${pattern} ${url}`}
            className="grid grid-cols-[15px_minmax(0,1fr)] gap-x-2 border-b border-line py-2.5 last:border-0"
          >
            <Ticket aria-hidden className="mt-0.5 text-fg-3" />
            <code className="font-mono text-sm break-all">{pattern}</code>
            <span className="col-start-2 text-sm break-all text-fg-3">{url}</span>
          </li>
        ))}
      </ul>
      {editing && <TicketsForm project={project} onClose={() => setEditing(false)} />}
    </Card>
  );
}
