"use client";

import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil, Stethoscope } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { type Finding, Findings } from "./findings.tsx";

/** An address, an account, a list of labels: may break anywhere rather than widen the card. */
export const code = (text: string) => <span className="font-mono break-all">{text}</span>;

/** Another system that the portal talks to: where it is, and what its last check found. */
export function ServerCard({
  server,
  facts,
  texts,
  check,
  queryKey,
  onEdit,
  actions,
  help,
}: {
  server: { key: string; name: string; checkedAt: string | null; findings: readonly Finding[] };
  facts: { term: string; detail: ReactNode }[];
  /** Namespace with the findings' texts, for those whose text is not the server's message. */
  texts?: string;
  check: (key: string) => Promise<{ findings: readonly Finding[] }>;
  /** The list that keeps what a check found. */
  queryKey: QueryKey;
  onEdit: () => void;
  /** What else can be done with it, before "edit" and "check now". */
  actions?: ReactNode;
  help?: (finding: Finding) => ReactNode;
}) {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const { mutate, data, isPending, error } = useMutation({
    mutationFn: () => check(server.key),
    onSuccess: () => void client.invalidateQueries({ queryKey, exact: true }),
  });
  const findings = data?.findings ?? server.findings;
  const failed = findings.filter(({ ok }) => ok === false).length;
  const problem = problemOf(error);
  return (
    <Card>
      <CardHeader
        className="flex-wrap"
        title={server.name}
        hint={
          server.name === server.key ? undefined : <span className="font-mono text-sm">{server.key}</span>
        }
        actions={
          <>
            {actions}
            <Button size="small" icon={<Pencil aria-hidden />} onClick={onEdit}>
              {t("edit")}
            </Button>
            <Button
              size="small"
              icon={<Stethoscope aria-hidden />}
              loading={isPending}
              onClick={() => mutate()}
            >
              {t("checkNow")}
            </Button>
          </>
        }
      >
        {findings.length > 0 && (
          <StateBadge
            pill
            state={failed === 0 ? "ok" : "error"}
            text={failed === 0 ? t("allWell") : t("failedChecks", { count: failed })}
          />
        )}
      </CardHeader>
      <CardBody className="flex flex-col gap-3">
        <DescriptionList
          className="xl:grid-cols-[minmax(7rem,max-content)_minmax(0,1fr)_minmax(7rem,max-content)_minmax(0,1fr)]"
          items={[
            ...facts,
            {
              term: t("checkedAt"),
              detail: server.checkedAt === null ? t("neverChecked") : <TimeAgo at={server.checkedAt} />,
            },
          ]}
        />
        {problem !== null && <ProblemAlert problem={problem} />}
      </CardBody>
      {findings.length > 0 && (
        <CardBody className="border-t border-line">
          <Findings findings={findings} texts={texts} help={help} />
        </CardBody>
      )}
    </Card>
  );
}
