import { useTranslations } from "next-intl";
import { useBlockerText } from "#components/ui/problem.tsx";
import type { ActionDto } from "#lib/releases/schema.ts";
import { useWho } from "./use-who.ts";

/** The words beside a button that is off: whom it waits for when only the right is missing, else the first reason. */
export function useReason() {
  const t = useTranslations("releases");
  const who = useWho();
  const { textOf } = useBlockerText();
  return (action: Pick<ActionDto, "blockers"> | undefined): string | undefined => {
    const other = action?.blockers.find(({ code }) => code !== "ROLE_MISSING");
    if (other !== undefined) return textOf(other);
    const [missing] = action?.blockers ?? [];
    return missing === undefined ? undefined : t("waitsFor", { who: who(missing.liftedBy) });
  };
}
