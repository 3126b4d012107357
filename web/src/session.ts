import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Calls } from "./api/calls";
import type { Refusal } from "./api/http";
import type { Account } from "./api/shapes";
import { forget, remember } from "./remembered";

/** Who is signed in in this browser, for its other tabs: they have the same cookie. */
const accountKey = "account";

/** Who we are to the server. */
export type Standing =
  | { readonly kind: "asking" }
  | { readonly kind: "signed_out" }
  /** `expired`: the session has ended under us; what stands on the page stays, and waits for the password. */
  | { readonly kind: "signed_in"; readonly account: Account; readonly expired: boolean }
  /** It could not be asked: no network, or maintenance. */
  | { readonly kind: "no_answer"; readonly refusal: Refusal };

export class Session {
  private readonly current = signal<Standing>({ kind: "asking" });
  readonly standing: ReadonlySignal<Standing> = this.current;

  constructor(private readonly calls: Calls) {}

  /** At the start, and again after no answer. */
  async ask(): Promise<void> {
    const answer = await this.calls.me();
    if (answer.ok) this.begin(answer.value);
    else if (answer.refusal.kind === "refused" && answer.refusal.status === 401) this.current.value = { kind: "signed_out" };
    else this.current.value = { kind: "no_answer", refusal: answer.refusal };
  }

  /** Signed in, up or again; or the account has changed. */
  begin(account: Account): void {
    remember(accountKey, account.id);
    this.current.value = { kind: "signed_in", account, expired: false };
  }

  /** The server has told how the account is now: it was changed in another tab, or by an administrator. */
  change(account: Account): void {
    const standing = this.current.peek();
    if (standing.kind === "signed_in" && standing.account !== account) this.current.value = { ...standing, account };
  }

  /** A call was answered with 401. */
  expire(): void {
    const standing = this.current.peek();
    if (standing.kind === "signed_in") this.current.value = { ...standing, expired: true };
  }

  /** For another account to come: the server's side has ended, or ends with the answer. */
  forget(): void {
    this.current.value = { kind: "signed_out" };
  }

  async signOut(): Promise<Refusal | undefined> {
    const answer = await this.calls.logout();
    if (!answer.ok) return answer.refusal;
    forget(accountKey);
    this.forget();
    return undefined;
  }

  /**
   * For `storage` events: another tab has signed us out, or somebody else in. What this page shows is not for his eyes, and what
   * it sent would be said in his name: it expires, and true says that it is to be loaded anew.
   */
  takeFromOtherTab(key: string | null, account: string | null): boolean {
    const standing = this.current.peek();
    if (key !== accountKey || standing.kind !== "signed_in" || standing.account.id === account) return false;
    this.expire();
    return true;
  }
}
