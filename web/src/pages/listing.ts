import { useCallback, useEffect, useState } from "preact/hooks";
import { useApp } from "../app_context";
import type { Answer, Refusal, Success } from "../api/http";
import { isRefused } from "./refusal_text";

export type Listing<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "there"; readonly value: T; readonly total: number };

const totalOf = ({ total, value }: Success<unknown>): number => total ?? (Array.isArray(value) ? value.length : 0);

/** What a page shows of the server: asked for when `ask` changes, at each reload(), and again when one has signed in
 *  after the session had ended. What is there stays in sight until the next answer, and an answer that was overtaken by a
 *  newer question is dropped. */
export function useListing<T>(ask: () => Promise<Answer<T>>) {
  const standing = useApp().session.standing.value;
  const isExpired = standing.kind === "signed_in" && standing.expired;
  const [listing, setListing] = useState<Listing<T>>({ kind: "loading" });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (isExpired) return undefined;
    let isWanted = true;
    void ask().then((answer) => {
      if (!isWanted) return;
      if (answer.ok) setListing({ kind: "there", value: answer.value, total: totalOf(answer) });
      else if (!isRefused(answer.refusal, 401)) setListing({ kind: "refused", refusal: answer.refusal });
    });
    return () => {
      isWanted = false;
    };
  }, [ask, turn, isExpired]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  /** Shows a change at once, before or without another question. */
  const change = useCallback(
    (to: (value: T) => T) =>
      setListing((now) => (now.kind === "there" ? { ...now, value: to(now.value) } : now)),
    [],
  );
  return { listing, reload, change };
}
