"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { StrategyPicture } from "#components/strategies/strategy-picture.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { ChoiceCards } from "#components/ui/choice.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { STRATEGY_KINDS, type Strategy } from "#lib/strategies/schema.ts";
import { CanarySteps } from "./canary-steps.tsx";
import { asksForChecks, faultOf, freshStrategy } from "./strategy-model.ts";
import { WaitField } from "./wait-field.tsx";

/** Chooses how a component goes out in an environment: the way, its steps and waits, and what that does to its pods. */
export function StrategyDialog({
  environment,
  value,
  replicas,
  checks,
  onClose,
  onTake,
}: {
  environment: string;
  value: Strategy;
  replicas: number;
  /** How many smoke checks the environment has. */
  checks: number;
  onClose: () => void;
  onTake: (strategy: Strategy) => void;
}) {
  const t = useTranslations("strategies");
  const common = useTranslations("common");
  const [strategy, setStrategy] = useState(value);
  const fault = faultOf(strategy);
  return (
    <Dialog
      open
      size="wide"
      onOpenChange={onClose}
      title={t("editOf", { environment })}
      description={t("only")}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button kind="primary" disabled={fault !== null} onClick={() => onTake(strategy)}>
            {t("take")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ChoiceCards
          label={t("title")}
          className="sm:grid-flow-row! sm:grid-cols-2"
          value={strategy.kind}
          onChange={(kind) => setStrategy(kind === value.kind ? value : freshStrategy(kind))}
          options={STRATEGY_KINDS.map((kind) => ({
            value: kind,
            label: t(`kind.${kind}`),
            hint: t(`explain.${kind}`),
          }))}
        />
        {strategy.kind === "canary" && (
          <CanarySteps
            steps={strategy.steps}
            replicas={replicas}
            onChange={(steps) => setStrategy({ kind: "canary", steps })}
          />
        )}
        {strategy.kind === "blue_green" && (
          <div className="flex flex-wrap items-center gap-3">
            <span className="text-fg-2">{t("waitBefore")}</span>
            <WaitField
              label={t("waitBefore")}
              value={strategy.wait}
              onChange={(wait) => setStrategy({ kind: "blue_green", wait })}
            />
          </div>
        )}
        {fault !== null && (
          <p role="alert" className="text-bad">
            {t(`wrong.${fault}`)}
          </p>
        )}
        {checks === 0 && asksForChecks(strategy) && <Banner kind="wait" title={t("wrong.checks")} />}
        {fault === null && <StrategyPicture strategy={strategy} replicas={replicas} />}
        <p className="text-sm text-fg-2">{t(`note.${strategy.kind}`)}</p>
      </div>
    </Dialog>
  );
}
