import { render } from "preact";
import { askAbout } from "./about";
import { makeCalls } from "./api/calls";
import { clock } from "./api/clock";
import { makeCall } from "./api/http";
import { App } from "./app";
import { AppContext } from "./app_context";
import { ErrorBoundary } from "./error_boundary";
import { Health } from "./health";
import { language, loadLanguage } from "./i18n/catalogue";
import { followLinks } from "./routes";
import { Session } from "./session";
import "./styles";
import { toasts } from "./ui/toast";

document.documentElement.lang = language.value;
followLinks();
addEventListener("pagehide", () => toasts.end());

const health = new Health();
const call = makeCall(fetch.bind(globalThis), clock, {
  unauthenticated: () => session.expire(),
  busy: (retryAfter) => health.sayBusy(clock.now() + retryAfter * 1000),
  slow: (isSlow) => health.saySlow(isSlow),
});
const calls = makeCalls(call);
const session = new Session(calls);
addEventListener("storage", ({ key, newValue }) => session.takeFromOtherTab(key, newValue) && location.reload());

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app.");
void askAbout(call);
void session.ask();
await loadLanguage(language.peek());
render(
  <ErrorBoundary>
    <AppContext.Provider value={{ calls, session, health }}>
      <App />
    </AppContext.Provider>
  </ErrorBoundary>,
  root,
);
