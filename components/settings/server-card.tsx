"use client";

import { useMutation } from "@tanstack/react-query";
import { Stethoscope } from "lucide-react";
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

/** Another system that the portal talks to: where it is, and what a check finds. */
export function ServerCard({
  name,
  code,
  facts,
  stored,
  checkedAt,
  check,
  actions,
}: {
  name: string;
  code: string;
  facts: { term: string; detail: ReactNode }[];
  /** Findings that are on record, where they are kept. */
  stored?: Finding[];
  checkedAt?: string | null;
  check: () => Promise<{ findings: Finding[] }>;
  actions?: ReactNode;
}) {
  const t = useTranslations("settings");
  const { mutate, data, isPending, error } = useMutation({ mutationFn: check });
  const findings = data?.findings ?? stored ?? [];
  const failed = findings.filter(({ ok }) => ok === false).length;
  const problem = problemOf(error);
  return (
    <Card>
      <CardHeader
        title={name}
        hint={<span className="font-mono text-sm">{code}</span>}
        actions={
          <>
            {findings.length > 0 && (
              <StateBadge
                pill
                state={failed === 0 ? "ok" : "error"}
                text={failed === 0 ? t("allWell") : t("failedChecks", { count: failed })}
              />
            )}
            {actions}
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
      />
      <CardBody className="flex flex-col gap-3">
        <DescriptionList
          items={[
            ...facts,
            ...(checkedAt ? [{ term: t("checkedAt"), detail: <TimeAgo at={checkedAt} /> }] : []),
          ]}
        />
        {problem !== null && <ProblemAlert problem={problem} />}
        {findings.length > 0 && <Findings findings={findings} />}
      </CardBody>
    </Card>
  );
}
