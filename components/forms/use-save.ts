"use client";

import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useToast } from "#components/ui/toaster.tsx";

export type Saving<T> = {
  save: () => Promise<T>;
  /** Said when it was done. */
  done?: string;
  /** The query whose new answer `save` returns. */
  answers?: QueryKey;
  /** The queries, by the start of their keys, that are to be asked again. */
  refreshes?: readonly QueryKey[];
  onClose: () => void;
  /** What follows; it closes unless given. */
  onSaved?: (saved: T) => void;
};

/** What a dialog does when it is confirmed: sends, keeps what it got, says so and closes. A refusal leaves it open. */
export function useSave<T>({ save, done, answers, refreshes = [], onClose, onSaved = onClose }: Saving<T>) {
  const client = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: save,
    onSuccess: (saved) => {
      if (answers !== undefined) client.setQueryData(answers, saved);
      for (const queryKey of refreshes) void client.invalidateQueries({ queryKey });
      if (done !== undefined) toast.done(done);
      onSaved(saved);
    },
  });
}
