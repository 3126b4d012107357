import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Calls } from "./api/calls";
import type { Account } from "./api/shapes";
import type { Health } from "./health";
import type { Session } from "./session";

/** What pages reach the server by. */
export interface AppServices {
  readonly calls: Calls;
  readonly session: Session;
  readonly health: Health;
}

export const AppContext = createContext<AppServices | undefined>(undefined);

export function useApp(): AppServices {
  const services = useContext(AppContext);
  if (services === undefined) throw new Error("No AppContext around this page.");
  return services;
}

/** The own account, on pages that only who is signed in sees. */
export function useAccount(): Account {
  const standing = useApp().session.standing.value;
  if (standing.kind !== "signed_in") throw new Error("This page needs somebody signed in.");
  return standing.account;
}
