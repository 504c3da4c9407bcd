import {
  Box,
  CalendarClock,
  Database,
  FileSliders,
  Globe,
  KeyRound,
  type LucideIcon,
  Network,
  Package2,
} from "lucide-react";
import { cx } from "#components/ui/cx.ts";
import type { PlanObject } from "./review-model.ts";

const KINDS: Readonly<Record<string, LucideIcon>> = {
  Deployment: Box,
  DaemonSet: Box,
  StatefulSet: Database,
  PersistentVolumeClaim: Database,
  ConfigMap: FileSliders,
  Secret: KeyRound,
  Service: Network,
  NetworkPolicy: Network,
  Ingress: Globe,
  Job: CalendarClock,
  CronJob: CalendarClock,
};

/** Icon of a kind of Kubernetes object. */
export function KindIcon({ kind, className }: { kind: string; className?: string }) {
  const Icon = KINDS[kind] ?? Package2;
  return <Icon aria-hidden className={cx("text-fg-3", className)} />;
}

const SIGNS = {
  create: { sign: "+", look: "bg-good-soft text-good" },
  change: { sign: "~", look: "bg-hover text-fg-2" },
  delete: { sign: "−", look: "bg-bad-soft text-bad" },
  unchanged: { sign: "=", look: "text-fg-3" },
} as const;

/** `+`, `~` or `−` before an object; only creation and deletion have a colour. */
export function ChangeSign({ change, label }: { change: PlanObject["change"]; label: string }) {
  const { sign, look } = SIGNS[change];
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={cx(
        "grid size-4 flex-none place-items-center rounded-sm font-mono text-sm leading-none font-semibold",
        look,
      )}
    >
      {sign}
    </span>
  );
}

/** Added and removed lines. */
export function LineCounts({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="font-mono text-sm whitespace-nowrap">
      {added > 0 && <span className="text-good">+{added}</span>}
      {removed > 0 && <span className="ml-1.5 text-bad">−{removed}</span>}
    </span>
  );
}
