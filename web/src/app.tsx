import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ComponentChild } from "preact";
import { useApp } from "./app_context";
import type { Refusal } from "./api/http";
import type { Account } from "./api/shapes";
import { t } from "./i18n/catalogue";
import { ChatPage } from "./pages/chat/chat";
import { ChatProvider } from "./pages/chat/chat_services";
import { CardPage, MissingPage, WaitingPage } from "./pages/gate/card_pages";
import { currentPath, pathOf, replace, route } from "./routes";
import type { Route } from "./routes";
import { Button } from "./ui/button";
import { Lazy } from "./ui/lazy";
import { Skeleton } from "./ui/skeleton";
import { ToastRegion } from "./ui/toast";

const offlineWaitMs = 5_000;

/**
 * Reads no signal itself: `main.tsx` holds what it was rendered from for good, and each render of its own would keep alive, by
 * that, the pages before it.
 */
export const App = () => (
  <>
    <Standing />
    <ToastRegion />
  </>
);

function Standing() {
  useFocusOnPage();
  const { session } = useApp();
  const standing = session.standing.value;
  switch (standing.kind) {
    case "asking":
      return <Skeleton rows={8} />;
    case "no_answer":
      return <NoAnswer refusal={standing.refusal} onRetry={() => void session.ask()} />;
    case "signed_out":
      return <SignedOut at={route.value} />;
    case "signed_in":
      return (
        <ChatProvider>
          <SignedIn account={standing.account} at={route.value} />
          {standing.expired && (
            <Lazy load={loadGate} waiting={null} failed={null}>
              {({ SessionExpired }) => <SessionExpired account={standing.account} />}
            </Lazy>
          )}
        </ChatProvider>
      );
  }
}

function NoAnswer({ refusal, onRetry }: { readonly refusal: Refusal; readonly onRetry: () => void }) {
  if (refusal.kind !== "refused") return <WaitingPage kind="offline" waitMs={offlineWaitMs} onRetry={onRetry} />;
  const waitMs = refusal.retryAfter === null ? offlineWaitMs : refusal.retryAfter * 1000;
  return <WaitingPage kind="maintenance" waitMs={waitMs} onRetry={onRetry} />;
}

function SignedOut({ at }: { readonly at: Route }) {
  switch (at.page) {
    case "sign_in":
      return <LazyPage load={loadGate}>{({ SignIn }) => <SignIn />}</LazyPage>;
    case "sign_up":
      return <LazyPage load={loadGate}>{({ SignUp }) => <SignUp />}</LazyPage>;
    case "set_up":
      return <SetUp code={at.code} />;
    case "missing":
      return <MissingPage />;
    case "chat":
    case "room":
    case "browse":
    case "direct":
    case "settings":
    case "admin":
      return <Redirect to={pathOf({ page: "sign_in", to: currentPath() })} />;
  }
}

function SignedIn({ account, at }: { readonly account: Account; readonly at: Route }) {
  switch (at.page) {
    case "chat":
    case "room":
    case "browse":
    case "direct":
      return <ChatPage at={at} />;
    case "settings":
      return <LazyPage load={loadSettings}>{({ Settings }) => <Settings section={at.section} />}</LazyPage>;
    case "admin":
      return account.isSuperuser ? (
        <LazyPage load={loadAdmin}>{({ Admin }) => <Admin section={at.section} />}</LazyPage>
      ) : (
        <MissingPage />
      );
    case "sign_in":
      return <Redirect to={at.to ?? "/"} />;
    case "sign_up":
      return <Redirect to="/" />;
    case "set_up":
      return <SetUp code={at.code} />;
    case "missing":
      return <MissingPage />;
  }
}

const SetUp = ({ code }: { readonly code: string }) => (
  <LazyPage load={loadGate}>{(gate) => <gate.SetUp code={code} />}</LazyPage>
);

// What most people never open comes when they do; the chat is what one comes for.
const loadGate = () => import("./pages/gate/doors");
const loadSettings = () => import("./pages/settings/settings");
const loadAdmin = () => import("./pages/admin/admin");

interface LazyPageProps<Module> {
  readonly load: () => Promise<Module>;
  readonly children: (module: Module) => ComponentChild;
}

const LazyPage = <Module,>({ load, children }: LazyPageProps<Module>) => (
  <Lazy load={load} waiting={<Skeleton rows={8} />} failed={<OutdatedPage />}>
    {(module) => <Arrived>{children(module)}</Arrived>}
  </Lazy>
);

const OutdatedPage = () => (
  <CardPage
    title={t("page.gone_title")}
    text={t("page.gone")}
    action={
      <Button variant="primary" onClick={() => location.reload()}>
        {t("act.reload")}
      </Button>
    }
  />
);

function Redirect({ to }: { readonly to: string }) {
  useEffect(() => replace(to), [to]);
  return null;
}

/** After a page has changed under a keyboard or a screen reader, they begin in its first field, or at its content (the
 *  browser heeds `autofocus` once in its life); a page that puts the focus somewhere itself keeps it there. */
function focusOnPage(): void {
  if (document.activeElement !== document.body) return;
  const first = document.querySelector<HTMLElement>("main [autofocus]") ?? document.querySelector("main");
  first?.focus({ preventScroll: true });
}

function useFocusOnPage(): void {
  const before = useRef(route.peek());
  const at = route.value;
  useLayoutEffect(() => {
    if (before.current === at) return;
    before.current = at;
    focusOnPage();
  }, [at]);
}

const firstRoute = route.peek();

/** The same for a page that comes later than its address. */
function Arrived({ children }: { readonly children: ComponentChild }) {
  useLayoutEffect(() => {
    if (route.peek() !== firstRoute) focusOnPage();
  }, []);
  return <>{children}</>;
}
