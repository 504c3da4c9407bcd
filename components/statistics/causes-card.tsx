"use client";

import { CircleCheck } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import type { Statistics } from "#lib/statistics/client.ts";
import { CsvButton } from "./csv-button.tsx";
import { sum, toCsv } from "./series.ts";

const SUBJECTS = ["builds", "deployments"] as const;

/** Why builds or deployments failed, the most frequent cause first. */
export function CausesCard({
  builds,
  deployments,
}: {
  builds: Statistics["builds"]["causes"];
  deployments: Statistics["deployments"]["causes"];
}) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const [subject, setSubject] = useState<(typeof SUBJECTS)[number]>("builds");
  const causes =
    subject === "builds"
      ? builds.map(({ code, builds: count }) => ({ code, count }))
      : deployments.map(({ code, deployments: count }) => ({ code, count }));
  const all = sum(causes.map(({ count }) => count));
  const textOf = (code: string) =>
    t.has(`causes.${subject}.${code}`) ? t(`causes.${subject}.${code}`) : code;
  return (
    <Card>
      <CardHeader
        className="flex-wrap"
        title={t("causesTitle")}
        hint={t("causesHint", { count: all })}
        actions={
          <>
            <Segmented
              label={t("causesOf")}
              value={subject}
              onChange={setSubject}
              options={SUBJECTS.map((value) => ({ value, label: t(`subjects.${value}`) }))}
            />
            <CsvButton
              file={`failures-of-${subject}`}
              disabled={all === 0}
              csv={() =>
                toCsv(
                  ["cause", subject, "share"],
                  causes.map(({ code, count }) => [code, count, count / all]),
                )
              }
            />
          </>
        }
      />
      {all === 0 ? (
        <EmptyState icon={<CircleCheck aria-hidden />} title={t("noFailures")} />
      ) : (
        <Table label={t("causesTitle")}>
          <thead>
            <tr>
              <Th>{t("cause")}</Th>
              <Th aria-hidden />
              <Th num>{t("times")}</Th>
              <Th num>{t("share")}</Th>
            </tr>
          </thead>
          <tbody>
            {causes.map(({ code, count }) => (
              <Tr key={code}>
                <Td>{textOf(code)}</Td>
                <Td aria-hidden className="w-1/3">
                  <span className="cause-bar" style={{ width: `${(count / all) * 100}%` }} />
                </Td>
                <Td num>{count}</Td>
                <Td num>{format.number(count / all, { style: "percent" })}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
