"use client";

import { Undo2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Banner } from "#components/ui/banner.tsx";
import { BlockerList } from "#components/ui/problem.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";

const IN_VAIN = ["failed", "cancelled"];

/** A rollback that nobody asked for: told on the deployment that failed and on the rollback, each with the way to the other. */
export function AutomaticNote({ deployment }: { deployment: DeploymentDto }) {
  const t = useTranslations("deployments.automatic");
  const { undoes, undoneBy, cause } = deployment;
  const rollback = cause?.rollback;
  const link = (one: NonNullable<typeof undoes>) => (
    <Link
      href={`/deployments/${one.id}`}
      className="inline-flex items-center gap-2 text-accent hover:underline"
    >
      {one.release} <StateBadge state={one.state} />
    </Link>
  );
  if (undoes !== null) {
    return (
      <Banner kind="run" icon={<Undo2 aria-hidden />} title={t("undoes")}>
        {t("undoesText")} {link(undoes)}
      </Banner>
    );
  }
  if (undoneBy !== null && rollback?.state !== "refused") {
    const name = IN_VAIN.includes(undoneBy.state) ? "undoneInVain" : "undoneBy";
    return (
      <Banner kind={name === "undoneBy" ? "run" : "bad"} icon={<Undo2 aria-hidden />} title={t(name)}>
        {t(`${name}Text`)} {link(undoneBy)}
      </Banner>
    );
  }
  if (rollback?.state === "due") return <Banner kind="run" title={t("due")} icon={<Undo2 aria-hidden />} />;
  if (rollback?.state !== "refused") return null;
  return (
    <Banner kind="wait" title={t("refused")}>
      {t("refusedText")}
      <BlockerList blockers={rollback.blockers} className="mt-1.5" />
      {undoneBy !== null && link(undoneBy)}
    </Banner>
  );
}
