"use client";

import { Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { Fragment, useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { TicketLink } from "#components/tickets/ticket-links.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { projectQuery, updateProject } from "#lib/projects/client.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";
import { splitTickets } from "#lib/tickets/find.ts";
import { refusedPattern } from "#lib/tickets/pattern.ts";
import { ticketPatternSchema } from "#lib/tickets/schema.ts";

const MOST = 10;
const SAMPLE = "QT-1821 / OMS-207 #42";
const EXAMPLE = { pattern: "([A-Z]{2,10}-\\d+)", url: "https://jira.example.com/browse/$1" };

/** Commits that were read before carry the former links. */
const SHOWING_TICKETS = [["release-changes"], ["release-refs"], ["refs"], ["commits"], ["commit-pages"]];

/** The patterns of a project's tickets, tried on a text while they are typed. */
export function TicketsForm({ project, onClose }: { project: ProjectDetailDto; onClose: () => void }) {
  const t = useTranslations("sources.tickets");
  const [rows, setRows] = useState(
    (project.ticketPatterns.length > 0 ? project.ticketPatterns : [{ pattern: "", url: "" }]).map(
      (row, id) => ({ ...row, id }),
    ),
  );
  const [sample, setSample] = useState(SAMPLE);
  const change = (id: number, part: { pattern?: string; url?: string }) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const filled = rows.filter(({ pattern, url }) => pattern !== "" || url !== "");
  const good = filled.flatMap((row) => ticketPatternSchema.safeParse(row).data ?? []);
  const wrongPattern = (pattern: string) => {
    const refusal = pattern === "" ? null : refusedPattern(pattern);
    return refusal === null ? undefined : t(`refused.${refusal}`);
  };
  const wrongUrl = (url: string) =>
    url === "" || ticketPatternSchema.shape.url.safeParse(url).success ? undefined : t("wrongUrl");
  return (
    <FormDialog
      size="wide"
      title={t("edit")}
      description={t("text")}
      ready={good.length === filled.length}
      save={() => updateProject(project.key, { version: project.version, ticketPatterns: good })}
      answers={projectQuery(project.key).queryKey}
      refreshes={SHOWING_TICKETS}
      done={t("saved")}
      onClose={onClose}
    >
      {rows.map((row) => (
        <div
          key={row.id}
          className="grid grid-cols-[minmax(0,1fr)_28px] items-start gap-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_28px]"
        >
          <Field label={t("pattern")} error={wrongPattern(row.pattern)} className="max-sm:col-span-2">
            <Input
              mono
              maxLength={100}
              spellCheck={false}
              placeholder={EXAMPLE.pattern}
              value={row.pattern}
              onChange={(event) => change(row.id, { pattern: event.target.value })}
            />
          </Field>
          <Field label={t("url")} error={wrongUrl(row.url)}>
            <Input
              mono
              maxLength={500}
              spellCheck={false}
              placeholder={EXAMPLE.url}
              value={row.url}
              onChange={(event) => change(row.id, { url: event.target.value.trim() })}
            />
          </Field>
          <IconButton
            size="small"
            className="mt-7"
            label={t("remove")}
            icon={<Trash2 aria-hidden />}
            onClick={() => setRows(rows.filter(({ id }) => id !== row.id))}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon={<Plus aria-hidden />}
          disabled={rows.length >= MOST}
          onClick={() =>
            setRows([...rows, { pattern: "", url: "", id: Math.max(-1, ...rows.map(({ id }) => id)) + 1 }])
          }
        >
          {t("add")}
        </Button>
      </div>
      <Field label={t("sample")} hint={t("sampleHint")}>
        <Input value={sample} maxLength={200} onChange={(event) => setSample(event.target.value)} />
      </Field>
      <output
        className="rounded-md border border-line bg-sunken px-3 py-2 break-words"
        aria-label={t("preview")}
      >
        <Preview sample={sample} patterns={good} />
      </output>
    </FormDialog>
  );
}

function Preview({ sample, patterns }: { sample: string; patterns: { pattern: string; url: string }[] }) {
  let at = 0;
  return splitTickets(sample, patterns).map(({ text, ticket }) => {
    at += text.length;
    return (
      <Fragment key={at}>
        {ticket ? (
          <b title={ticket.url ?? undefined}>
            <TicketLink ticket={ticket} />
          </b>
        ) : (
          text
        )}
      </Fragment>
    );
  });
}
