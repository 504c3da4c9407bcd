"use client";

import { CircleCheck } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import type { Statistics } from "#lib/statistics/client.ts";
import { CsvButton } from "./csv-button.tsx";
import { sum, toCsv } from "./series.ts";

/** Why builds failed, the most frequent cause first. */
export function CausesCard({ causes }: { causes: Statistics["builds"]["causes"] }) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const all = sum(causes.map(({ builds }) => builds));
  return (
    <Card>
      <CardHeader
        title={t("causesTitle")}
        hint={t("causesHint", { count: all })}
        actions={
          <CsvButton
            file="build-failures"
            disabled={all === 0}
            csv={() =>
              toCsv(
                ["cause", "builds", "share"],
                causes.map(({ code, builds }) => [code, builds, builds / all]),
              )
            }
          />
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
            {causes.map(({ code, builds }) => (
              <Tr key={code}>
                <Td>{t.has(`causes.${code}`) ? t(`causes.${code}`) : code}</Td>
                <Td aria-hidden className="w-1/3">
                  <span className="cause-bar" style={{ width: `${(builds / all) * 100}%` }} />
                </Td>
                <Td num>{builds}</Td>
                <Td num>{format.number(builds / all, { style: "percent" })}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
