"use client";

import { ExternalLink } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { signInPath } from "./sign-in-path.ts";

/** The way out where the session has ended: signs in beside this page, so that what was typed here stays. */
export function SignInAgain() {
  const t = useTranslations("common");
  const [href, setHref] = useState("/login");
  useEffect(() => setHref(signInPath(location)), []);
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener"
      className="inline-flex items-center gap-1 font-medium text-accent hover:underline"
    >
      {t("signInAgain")}
      <ExternalLink aria-hidden className="size-3.5" />
    </a>
  );
}
