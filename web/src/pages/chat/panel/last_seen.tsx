import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../../app_context";
import type { Millis, UserId } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { ago, fullTime } from "../../../i18n/dates";
import { Presence, PresenceDot } from "../../../ui/presence";
import { useClock } from "../../../ui/time";

/** When somebody who is not here was last; asked for when it is looked at, for nobody tells of it. */
function useLastSeen(user: UserId | undefined): Millis | null {
  const { calls } = useApp();
  const [seen, setSeen] = useState<{ readonly user: UserId; readonly at: Millis | null }>();
  useEffect(() => {
    if (user === undefined) return undefined;
    let isWanted = true;
    void calls.lastSeen(user).then((answer) => {
      if (isWanted && answer.ok) setSeen({ user, at: answer.value[0] ?? null });
    });
    return () => {
      isWanted = false;
    };
  }, [calls, user]);
  return user !== undefined && seen?.user === user ? seen.at : null;
}

export function useLastSeenText(user: UserId | undefined): string | undefined {
  const at = useLastSeen(user);
  const clock = useClock();
  return at === null ? undefined : t("person.last_seen", { when: ago(at, clock.now()) });
}

interface PresenceProps {
  readonly user: UserId;
  readonly online: boolean;
}

/** Here, or since when not. */
export function PresenceOrLastSeen({ user, online }: PresenceProps) {
  const at = useLastSeen(online ? undefined : user);
  const clock = useClock();
  if (at === null) return <Presence online={online} />;
  return (
    <span class="stat" title={fullTime(at)}>
      <PresenceDot online={false} />
      {t("person.last_seen", { when: ago(at, clock.now()) })}
    </span>
  );
}
