"use client";

import { useTranslations } from "next-intl";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { placeNames } from "./place-names.ts";
import type { DeploymentActions } from "./use-deployment-actions.ts";

/** Says what an action touches before it is done; what writes to production asks for the name. */
export function ActionDialog({
  deployment,
  actions,
  typeName,
}: {
  deployment: DeploymentDto;
  actions: DeploymentActions;
  typeName: string | null;
}) {
  const t = useTranslations("deployments.actions");
  const { asked } = actions;
  const verb = asked?.verb ?? "cancel";
  const failed = deployment.targets.filter(({ state }) => state === "failed" || state === "cancelled");
  const skipped = asked?.verb === "skip" ? asked.target : null;
  const target = deployment.targets.find(({ id }) => id === skipped);
  const nameOf = placeNames(deployment.targets);
  return (
    <ConfirmDialog
      open={asked !== null}
      onOpenChange={(open) => !open && actions.ask(null)}
      title={t(`${verb}.title`, { environment: deployment.environment })}
      what={t.rich(`${verb}.what`, {
        release: deployment.release,
        environment: deployment.environment,
        clusters: failed.map(nameOf).join(t("comma")),
        cluster: target ? nameOf(target) : "",
        b: (text) => <b>{text}</b>,
      })}
      confirm={t(`${verb}.confirm`)}
      danger={verb === "cancel"}
      comment={
        verb === "skip" ? { label: t("skip.reason"), hint: t("skip.reasonHint"), required: true } : undefined
      }
      // A rollback only makes a plan here; its own page asks before anything happens.
      typeName={verb !== "rollback" ? (typeName ?? undefined) : undefined}
      busy={actions.busy !== null}
      problem={actions.problem}
      onConfirm={actions.run}
    />
  );
}
