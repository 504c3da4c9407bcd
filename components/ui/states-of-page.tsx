"use client";

import { CloudOff, RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { ProblemAlert, type ProblemView } from "./problem.tsx";

/** Nothing here yet: what would be here, and the next step towards it. */
export function EmptyState({
  icon,
  title,
  action,
  children,
}: {
  icon?: ReactNode;
  title: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-1.5 px-6 py-8 text-center">
      {icon !== undefined && (
        <span className="mb-1 grid size-9 place-items-center rounded-full bg-idle-soft text-fg-3">
          {icon}
        </span>
      )}
      <p className="font-semibold">{title}</p>
      {children !== undefined && <div className="max-w-prose text-fg-2">{children}</div>}
      {action !== undefined && <div className="mt-2.5">{action}</div>}
    </div>
  );
}

/** Could not be loaded: why, and again. */
export function ErrorState({
  title,
  problem,
  onRetry,
}: {
  title?: ReactNode;
  problem?: ProblemView | null;
  onRetry?: () => void;
}) {
  const t = useTranslations("common");
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-10">
      <span className="grid size-9 place-items-center rounded-full bg-bad-soft text-bad">
        <CloudOff aria-hidden />
      </span>
      <p className="font-semibold">{title ?? t("loadFailed")}</p>
      {problem != null && <ProblemAlert problem={problem} className="w-full max-w-xl" />}
      {onRetry !== undefined && (
        <Button icon={<RotateCcw aria-hidden />} onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}
