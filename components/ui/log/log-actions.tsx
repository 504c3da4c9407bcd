"use client";

import { Copy, Download, FileText, Maximize2, Minimize2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { copyText } from "../copy-text.ts";
import { useToast } from "../toaster.tsx";
import type { LogBuffer } from "./log-buffer.ts";
import { copyOf } from "./log-copy.ts";
import { LogToggle } from "./log-toggle.tsx";

/** What is done with all of a log: to the clipboard, as it was sent, as a file, over the whole window. */
export function LogActions({
  log,
  downloadHref,
  rawHref,
  full,
  onFull,
}: {
  log: LogBuffer;
  downloadHref: string;
  /** Opens the bytes as plain text, where there is such an address. */
  rawHref: string | undefined;
  full: boolean;
  onFull: () => void;
}) {
  const t = useTranslations("common.log");
  const toast = useToast();
  const copy = async () => {
    const text = copyOf(log);
    if (text === null) return toast.failed(t("tooLong"));
    await copyText(text);
    toast.done(t("copied"));
  };
  return (
    <>
      <LogToggle icon={<Copy aria-hidden />} label={t("copyAll")} iconOnly onClick={() => void copy()} />
      {rawHref !== undefined && (
        <a className="toggle" href={rawHref} title={t("raw")} target="_blank" rel="noreferrer">
          <FileText aria-hidden />
          <span className="sr-only">{t("raw")}</span>
        </a>
      )}
      <a className="toggle" href={downloadHref} title={t("download")} download>
        <Download aria-hidden />
        <span className="sr-only">{t("download")}</span>
      </a>
      <LogToggle
        icon={full ? <Minimize2 aria-hidden /> : <Maximize2 aria-hidden />}
        label={t(full ? "leaveFull" : "full")}
        iconOnly
        pressed={full}
        onClick={onFull}
      />
    </>
  );
}
