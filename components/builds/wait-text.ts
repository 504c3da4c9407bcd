import { useTranslations } from "next-intl";

type Waiting = { queueWhy: string | null; queueReason: string | null; queueAhead?: number | null };

/** Why a build does not go on: in our words, with the words of whoever keeps it waiting; null when nothing does. */
export function useWaitText(): (build: Waiting) => string | null {
  const t = useTranslations("builds");
  return ({ queueWhy, queueReason, queueAhead = null }) => {
    if (queueWhy === null) return queueReason;
    const why = t.has(`waits.${queueWhy}`) ? t(`waits.${queueWhy}`) : queueWhy;
    const place = queueAhead === null || queueAhead === 0 ? null : t("ahead", { count: queueAhead });
    return [why, place, queueReason].filter((part) => part !== null).join(t("waitSeparator"));
  };
}
