"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Digest } from "#components/ui/copyable.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { startDeployment } from "#lib/deployments/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { planQuery } from "#lib/plans/client.ts";
import type { PlanDto } from "#lib/plans/schema.ts";
import { OutdatedNotice } from "./outdated-notice.tsx";
import { countChanges } from "./review-model.ts";
import { TakenNotice } from "./taken-notice.tsx";

/** `2026-11-21T18:00`, as a date-time field wants it, in the browser's zone, on the next full hour. */
function nextHour(): string {
  const at = new Date(Date.now() + 3_600_000);
  at.setMinutes(0, 0, 0);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Deploy now or at a time: says what happens to what, and where; production asks for the environment's name. */
export function DeployDialog({
  plan,
  when,
  typeName,
  onClose,
}: {
  plan: PlanDto;
  when: "now" | "later" | null;
  typeName: string | null;
  onClose: () => void;
}) {
  const t = useTranslations("plans.deploy");
  const toast = useToast();
  const router = useRouter();
  const client = useQueryClient();
  const [at, setAt] = useState(nextHour);
  // One key per opened dialog: a second click, or a click after a lost answer, starts nothing twice.
  const key = useRef("");
  if (when !== null && key.current === "") key.current = crypto.randomUUID();
  const start = useMutation({
    mutationFn: () =>
      startDeployment(
        {
          planDigest: plan.digest,
          ...(when === "later" ? { scheduledAt: new Date(at).toISOString() } : {}),
          ...(typeName === null ? {} : { confirm: typeName }),
        },
        key.current,
      ),
    onSuccess: (deployment) => {
      toast.done(t(when === "later" ? "scheduled" : "started"));
      router.push(`/deployments/${deployment.id}`);
    },
    onError: () => {
      key.current = crypto.randomUUID();
      void client.invalidateQueries({ queryKey: planQuery(plan.digest).queryKey });
    },
  });
  const counts = countChanges(plan.targets);
  const later = when === "later";
  const rollback = plan.kind === "rollback";
  return (
    <ConfirmDialog
      open={when !== null}
      onOpenChange={(open) => {
        if (open) return;
        key.current = "";
        start.reset();
        onClose();
      }}
      title={t(later ? "titleLater" : rollback ? "titleRollback" : "title", {
        environment: plan.environment,
      })}
      danger={rollback}
      confirm={t(later ? "confirmLater" : rollback ? "confirmRollback" : "confirm")}
      typeName={typeName ?? undefined}
      what={
        <div className="flex flex-col gap-3">
          {start.error === null && <OutdatedNotice plan={plan} />}
          <p>
            {t.rich("what", {
              release: plan.release,
              environment: plan.environment,
              b: (text) => <b>{text}</b>,
            })}
          </p>
          <ul className="rounded-md border border-line">
            {plan.targets.map(({ cluster, namespace, wave }) => (
              <li
                key={`${cluster}/${namespace}`}
                className="flex gap-2 border-b border-line px-3 py-1.5 last:border-0"
              >
                <span className="text-fg-3">{t("wave", { wave })}</span>
                <b>{cluster}</b>
                <span>/ {namespace}</span>
              </li>
            ))}
          </ul>
          <TakenNotice plan={plan} />
          <p>
            {t("counts", { create: counts.create, change: counts.change, delete: counts.delete })}{" "}
            <Digest value={plan.digest} />
          </p>
          {later && (
            <Field label={t("at")} hint={t("atHint")}>
              <Input
                type="datetime-local"
                value={at}
                required
                onChange={(event) => setAt(event.target.value)}
              />
            </Field>
          )}
          {later && at !== "" && (
            <p className="text-sm">
              {t("startsAt")} <ExactTime at={new Date(at)} style="full" />
            </p>
          )}
        </div>
      }
      busy={start.isPending}
      blocked={!plan.current}
      problem={problemOf(start.error)}
      onConfirm={() => start.mutate()}
    />
  );
}
