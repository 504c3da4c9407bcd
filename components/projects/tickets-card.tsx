"use client";

import { Ticket } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";
import { EditedCard } from "./edited-card.tsx";
import { TicketsForm } from "./tickets-form.tsx";

/** Which words of commits are tickets, and where those are. */
export function TicketsCard({ project }: { project: ProjectDetailDto }) {
  const t = useTranslations("sources.tickets");
  return (
    <EditedCard
      title={t("title")}
      edit={t("edit")}
      mayManage={project.mayManage}
      form={(close) => <TicketsForm project={project} onClose={close} />}
    >
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
    </EditedCard>
  );
}
