import { useApp } from "../../app_context";
import type { Session } from "../../api/shapes";
import { t } from "../../i18n/catalogue";
import { ago, fullTime } from "../../i18n/dates";
import { Tag } from "../../ui/badge";
import { Button } from "../../ui/button";
import { useClock } from "../../ui/time";
import { toasts } from "../../ui/toast";
import { Listed } from "../listed";
import { useListing } from "../listing";
import { refusalText } from "../refusal_text";
import { readAgent } from "./agent";

function agentName({ agent }: Session): string {
  const { browser, system } = readAgent(agent);
  if (browser !== null && system !== null) return t("sessions.on", { browser, system });
  return browser ?? system ?? t("sessions.unknown");
}

export function Sessions() {
  const { calls } = useApp();
  const { listing, reload, change } = useListing(calls.sessions);
  const end = async (session: Session) => {
    const answer = await calls.endSession(session.id);
    if (!answer.ok) {
      toasts.show(refusalText(answer.refusal));
      return;
    }
    change((sessions) => sessions.filter((each) => each.id !== session.id));
    toasts.show(t("sessions.ended"));
  };
  return (
    <div class="rows">
      <p>{t("sessions.lead")}</p>
      <Listed listing={listing} onRetry={reload}>
        {(sessions) => (
          <ul class="list">
            {sessions
              .toSorted((a, b) => Number(b.current) - Number(a.current) || b.lastUsed - a.lastUsed)
              .map((session) => (
                <SessionRow key={session.id} session={session} onEnd={() => void end(session)} />
              ))}
          </ul>
        )}
      </Listed>
    </div>
  );
}

function SessionRow({ session, onEnd }: { readonly session: Session; readonly onEnd: () => void }) {
  const clock = useClock();
  return (
    <li>
      <div>
        <b title={session.agent}>{agentName(session)}</b>
        {session.current && <Tag>{t("sessions.this")}</Tag>}
        <small>
          <span class="mono">{session.address}</span> ·{" "}
          <time dateTime={new Date(session.lastUsed).toISOString()} title={fullTime(session.lastUsed)}>
            {t("sessions.used", { when: ago(session.lastUsed, clock.now()) })}
          </time>
        </small>
      </div>
      {!session.current && (
        <Button small label={t("sessions.end_named", { agent: agentName(session) })} onClick={onEnd}>
          {t("sessions.end")}
        </Button>
      )}
    </li>
  );
}
