"use client";

import { Ban, CirclePause, Ellipsis, FileDiff, RotateCw, Undo2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { useBlockerText } from "#components/ui/problem.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { continuedBy } from "./flow-model.ts";
import type { AskedVerb, DeploymentActions } from "./use-deployment-actions.ts";

type HeadVerb = Exclude<AskedVerb, "skip">;
const ICONS = {
  cancel: <Ban aria-hidden />,
  retry: <RotateCw aria-hidden />,
  rollback: <Undo2 aria-hidden />,
};

/** Head of a deployment: what, where, how it stands, and every action, with why not beside those that are off. */
export function DeploymentHead({
  deployment,
  actions,
}: {
  deployment: DeploymentDto;
  actions: DeploymentActions;
}) {
  const t = useTranslations("deployments");
  const { textOf } = useBlockerText();
  const failing = deployment.targets.filter(({ state }) => state === "failed").length;
  const verbs: HeadVerb[] = ["cancel", "retry", "rollback"];
  const main: HeadVerb = deployment.actions.cancel.allowed ? "cancel" : "rollback";
  const off = deployment.actions[main].blockers[0];
  const { pause } = deployment.actions;
  // Where the right alone is missing the button stays, off; in another state there is nothing to pause.
  const pausable = pause.blockers.every(({ code }) => code === "ROLE_MISSING");
  const { waiting } = deployment;
  return (
    <PageHeader
      eyebrow={
        <>
          <Link
            href={`/releases/${deployment.release}`}
            className="font-mono text-[0.93em] hover:text-fg hover:underline"
          >
            {deployment.release}
          </Link>
          <Copyable text={deployment.release} shown="" label={deployment.release} />
          <span className="min-w-0 break-words">{deployment.title}</span>
        </>
      }
      title={t(deployment.kind === "rollback" ? "titleRollback" : "title", {
        environment: deployment.environment,
      })}
      badges={
        <>
          <StateBadge state={deployment.state} pill />
          {failing > 0 && deployment.state !== "failed" && (
            <StateBadge state="failed" pill text={t("failingTargets", { count: failing })} />
          )}
          {waiting !== null && continuedBy(waiting) !== null && (
            <StateBadge
              state={waiting.kind === "paused" ? "paused" : "attention"}
              pill
              text={waiting.kind === "paused" ? undefined : t("waiting.forPerson")}
            />
          )}
          {deployment.cancelRequestedAt !== null && deployment.endedAt === null && (
            <StateBadge state="attention" pill text={t("cancelling")} />
          )}
        </>
      }
      actions={
        <>
          {off !== undefined && (
            <span className="max-w-64 truncate text-sm text-fg-3 max-md:hidden">{textOf(off)}</span>
          )}
          {pausable && (
            <Button
              icon={<CirclePause aria-hidden />}
              disabled={!pause.allowed}
              loading={actions.busy === "pause"}
              onClick={actions.pause}
            >
              {t("actions.pause.verb")}
            </Button>
          )}
          <Button
            icon={ICONS[main]}
            kind={main === "cancel" ? "danger" : "normal"}
            disabled={off !== undefined}
            loading={actions.busy === main}
            onClick={() => actions.ask({ verb: main })}
          >
            {t(`actions.${main}.verb`)}
          </Button>
          <Button
            icon={<FileDiff aria-hidden />}
            href={`/plans/${encodeURIComponent(deployment.planDigest)}`}
          >
            {t("viewPlan")}
          </Button>
          <Menu
            label={t("more")}
            trigger={<IconButton label={t("more")} icon={<Ellipsis aria-hidden />} />}
            items={[
              ...verbs.map((verb) => {
                const blocker = deployment.actions[verb].blockers[0];
                return {
                  label: t(`actions.${verb}.verb`),
                  icon: ICONS[verb],
                  danger: verb !== "retry",
                  disabled: blocker !== undefined,
                  reason: blocker === undefined ? undefined : textOf(blocker),
                  onSelect: () => actions.ask({ verb }),
                };
              }),
              "separator" as const,
              {
                label: t("openEnvironment"),
                href: `/environments/${deployment.project}/${deployment.environment}`,
              },
            ]}
          />
        </>
      }
    />
  );
}
