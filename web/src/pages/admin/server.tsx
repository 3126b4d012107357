import { useEffect } from "preact/hooks";
import { useApp } from "../../app_context";
import type { ServerReport, ServerSetting } from "../../api/shapes";
import { formatNumber, t } from "../../i18n/catalogue";
import { bytes, clockTime, duration } from "../../i18n/dates";
import { Chart } from "../../ui/chart";
import { StatTile, StatTiles } from "../../ui/stat_tile";
import { useClock } from "../../ui/time";
import { Listed } from "../listed";
import { useListing } from "../listing";
import { PageHead } from "../section_page";

const refreshMs = 10_000;

export function Server() {
  const { calls } = useApp();
  const { listing, reload } = useListing(calls.server);
  useRefresh(reload);
  const report = listing.kind === "there" ? listing.value : undefined;
  return (
    <>
      <PageHead
        title={t("admin.server")}
        aside={report && aboutOf(report)}
      >
        {listing.kind !== "loading" && (
          <span class="stat">
            <span class={report ? "dot dot-on" : "dot"} />
            {t(report ? "server.healthy" : "server.silent")}
          </span>
        )}
      </PageHead>
      <Listed listing={listing} onRetry={reload}>
        {(value) => (
          <>
            <Tiles report={value} />
            <MessagesChart report={value} />
            <Settings settings={value.settings} />
          </>
        )}
      </Listed>
    </>
  );
}

const aboutOf = ({ version, store, uptimeS }: ServerReport): string =>
  t("server.about", { version, store, uptime: duration(uptimeS * 1000) });

/** While somebody looks. */
function useRefresh(reload: () => void): void {
  const clock = useClock();
  useEffect(() => {
    const wait = (): (() => void) =>
      clock.after(refreshMs, () => {
        if (document.visibilityState === "visible") reload();
        callOff = wait();
      });
    let callOff = wait();
    return () => callOff();
  }, [clock, reload]);
}

function Tiles({ report }: { readonly report: ServerReport }) {
  const { connections, messagesPerMinute } = report;
  const memory = bytes(report.memoryBytes);
  const disk = bytes(report.storeBytes);
  return (
    <StatTiles>
      <StatTile
        label={t("server.connections")}
        value={formatNumber(connections.websocket + connections.events + connections.longPoll)}
        context={t("server.connections_sub", { events: connections.events, polls: connections.longPoll })}
      />
      <StatTile
        label={t("server.messages")}
        value={formatNumber(messagesPerMinute.at(-1) ?? 0)}
        context={t("server.messages_peak", { n: Math.max(0, ...messagesPerMinute) })}
      />
      <StatTile label={t("server.memory")} value={memory.value} unit={memory.unit} context={t("server.memory_sub")} />
      <StatTile
        label={t("server.disk")}
        value={disk.value}
        unit={disk.unit}
        context={t("server.disk_sub", { n: report.messagesTotal })}
      />
    </StatTiles>
  );
}

const minuteMs = 60_000;

function MessagesChart({ report: { messagesPerMinute: values } }: { readonly report: ServerReport }) {
  const clock = useClock();
  const range = { low: Math.min(...values), high: Math.max(...values), now: values.at(-1) ?? 0 };
  return (
    <section class="section">
      <header>
        <h2>{t("server.messages")}</h2>
        <span class="muted">{t("server.hour")}</span>
      </header>
      <Chart
        values={values}
        label={t("server.chart", range)}
        timeOf={(at) => clockTime(clock.now() - (values.length - 1 - at) * minuteMs)}
      />
    </section>
  );
}

const mask = "••••••••••••";

function Settings({ settings }: { readonly settings: readonly ServerSetting[] }) {
  return (
    <section class="section">
      <header>
        <h2>{t("server.settings")}</h2>
        <span class="muted">{t("server.settings_hint")}</span>
      </header>
      <table class="table key-value stackable">
        <thead>
          <tr>
            <th scope="col">{t("server.setting")}</th>
            <th scope="col">{t("server.value")}</th>
            <th scope="col">{t("server.source")}</th>
          </tr>
        </thead>
        <tbody>
          {settings.map(({ key, value, source }) => (
            <tr key={key}>
              <th scope="row">
                <span class="mono">{key}</span>
              </th>
              <td class="meta wrap">
                <SettingValue value={value} />
              </td>
              <td class="muted src">{sourceIn(source)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A flag, a variable or a line of a file is told as it is written there. */
function sourceIn(source: string): string {
  if (source === "default") return t("server.source_default");
  return source === "set-up" ? t("server.source_set_up") : source;
}

function SettingValue({ value }: { readonly value: string }) {
  if (value === "") return <span class="muted">{t("server.empty")}</span>;
  if (/^\*+$/.test(value))
    return (
      <>
        <span aria-hidden="true">{mask}</span>
        <span class="unseen">{t("server.hidden")}</span>
      </>
    );
  return <>{value}</>;
}
