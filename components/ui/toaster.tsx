"use client";

import { Toast as Base } from "@base-ui/react/toast";
import { CircleCheck, CircleX, Info, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useMemo } from "react";
import { IconButton } from "./icon-button.tsx";
import { isSignedOut, type ProblemView, useProblemText } from "./problem.tsx";
import { SignInAgain } from "./sign-in-again.tsx";

const LOOKS = {
  done: { icon: CircleCheck, colour: "text-good" },
  failed: { icon: CircleX, colour: "text-bad" },
  info: { icon: Info, colour: "text-fg-3" },
} as const;

function lookOf(type: string | undefined) {
  return type === "done" || type === "failed" ? LOOKS[type] : LOOKS.info;
}

function ToastList() {
  const t = useTranslations("common");
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => {
    const { icon: Icon, colour } = lookOf(toast.type);
    return (
      <Base.Root key={toast.id} toast={toast} className="pop mb-2 flex items-start gap-2.5 px-3.5 py-2.5">
        <Icon aria-hidden className={`mt-0.5 ${colour}`} />
        <div className="min-w-0 flex-1">
          <Base.Title className="font-medium break-words" />
          <Base.Description className="text-fg-2 break-words" />
        </div>
        <Base.Close render={<IconButton size="small" label={t("close")} icon={<X aria-hidden />} />} />
      </Base.Root>
    );
  });
}

/** Holds the short messages of the whole product; once, around the pages. */
export function Toaster({ children }: { children: ReactNode }) {
  return (
    <Base.Provider limit={4}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-16 z-[60] flex w-[min(380px,calc(100vw-32px))] flex-col">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

const worded = (problem: ProblemView, text: string | undefined): ReactNode =>
  isSignedOut(problem) ? (
    <>
      {text} <SignInAgain />
    </>
  ) : (
    text
  );

/** Says that something was done, or why it was not. A failure stays until it is closed and is announced at once. */
export function useToast() {
  const { add } = Base.useToastManager();
  const { titleOf, textOf } = useProblemText();
  return useMemo(
    () => ({
      done: (title: string, description?: string) => add({ type: "done", title, description }),
      info: (title: string, description?: string) => add({ type: "info", title, description }),
      failed: (problem: ProblemView | string) =>
        add({
          type: "failed",
          priority: "high",
          timeout: 0,
          title: typeof problem === "string" ? problem : titleOf(problem),
          description: typeof problem === "string" ? undefined : worded(problem, textOf(problem)),
        }),
    }),
    [add, titleOf, textOf],
  );
}
