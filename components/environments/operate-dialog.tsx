"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { type LivePlace, pauseWorkload, restartWorkload, scaleWorkload } from "#lib/live/client.ts";
import { WORKLOAD_KINDS } from "#lib/live/schema.ts";
import type { LiveTarget, LiveWorkload } from "./live-model.ts";

export type Verb = "restart" | "scale" | "pause" | "resume";
export type Operation = { verb: Verb; target: LiveTarget; workload: LiveWorkload };
const MOST = 50;

/** Restart, scale, pause or resume one workload: what happens to which pods, where; production asks for the environment's name. */
export function OperateDialog({
  place,
  operation,
  typeName,
  onClose,
}: {
  place: LivePlace;
  operation: Operation;
  typeName: string | null;
  onClose: () => void;
}) {
  const t = useTranslations("live");
  const toast = useToast();
  const { verb, target, workload } = operation;
  const [replicas, setReplicas] = useState(String(workload.desired));
  const count = Number(replicas);
  const valid = replicas !== "" && Number.isInteger(count) && count >= 0 && count <= MOST;
  const operate = useMutation({
    mutationFn: async () => {
      const kind = WORKLOAD_KINDS.find((known) => known === workload.kind);
      if (kind === undefined) throw new Error(`${workload.kind} is not operated from here`);
      const where = { cluster: target.cluster, namespace: target.namespace, name: workload.name };
      if (verb === "restart") await restartWorkload(place, { ...where, kind });
      else if (verb === "scale") {
        if (kind !== "DaemonSet") await scaleWorkload(place, { ...where, kind, replicas: count });
      } else if (kind === "Deployment")
        await pauseWorkload(place, { ...where, kind, paused: verb === "pause" });
    },
    onSuccess: () => {
      toast.done(t(`${verb}.done`, { name: workload.name }));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`${verb}.title`, { name: workload.name })}
      what={
        <div className="flex flex-col gap-3">
          <p>
            {t.rich(`${verb}.what`, {
              environment: place.environment,
              cluster: target.cluster,
              namespace: target.namespace,
              count: workload.desired,
              b: (text) => <b>{text}</b>,
            })}
          </p>
          {verb === "scale" && (
            <Field
              label={t("scale.replicas")}
              hint={t("scale.hint")}
              error={valid ? null : t("scale.invalid", { most: MOST })}
            >
              <Input
                type="number"
                min={0}
                max={MOST}
                value={replicas}
                onChange={(event) => setReplicas(event.target.value)}
              />
            </Field>
          )}
        </div>
      }
      confirm={t(`${verb}.confirm`)}
      danger={verb === "scale" && count === 0}
      typeName={typeName ?? undefined}
      busy={operate.isPending}
      problem={problemOf(operate.error)}
      onConfirm={() => (verb !== "scale" || valid) && operate.mutate()}
    />
  );
}
