"use client";

import { Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useConnection } from "#components/live/live-provider.tsx";

/** A stream that is opened again at once is nothing to be told of; milliseconds. */
const PATIENCE_MS = 4000;

/** Says that the page does not hear of changes any more; it goes when the stream is open again. */
export function ConnectionNotice() {
  const t = useTranslations("shell");
  const lost = useConnection() === "lost";
  const [told, setTold] = useState(false);
  useEffect(() => {
    if (!lost) return setTold(false);
    const timer = setTimeout(() => setTold(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  // Always there, so that it is read out when it begins to say something.
  return (
    <div role="status" className="connection-notice">
      {told && (
        <span className="pop flex items-center gap-2 px-3.5 py-2">
          <Unplug aria-hidden className="text-wait" />
          <span className="font-medium">{t("connectionLost")}</span>
          <span className="text-fg-2 max-sm:hidden">{t("connectionLostText")}</span>
        </span>
      )}
    </div>
  );
}
