import { formatNumber, t } from "../i18n/catalogue";

const width = 600;
const height = 100;

/** The top line: 2, 4, 10, 20, 40, 100…, so that the middle one is a whole number too. */
export function scaleTop(most: number): number {
  for (let power = 1; ; power *= 10)
    for (const step of [2, 4, 10]) if (most <= step * power) return step * power;
}

interface ChartProps {
  /** Oldest first, one for each minute. */
  readonly values: readonly number[];
  /** What it shows, for those who do not see it. */
  readonly label: string;
  /** The time under a value. */
  readonly timeOf: (index: number) => string;
}

const ticks = 5;

/** One line, three gridlines; the numbers themselves in a table, on request. */
export function Chart({ values, label, timeOf }: ChartProps) {
  const top = scaleTop(Math.max(0, ...values));
  const last = Math.max(1, values.length - 1);
  const points = values.map((value, at) => `${((at * width) / last).toFixed(1)},${(height - (value * height) / top).toFixed(1)}`);
  const tickAt = Array.from({ length: ticks }, (_, tick) => Math.round((tick * (values.length - 1)) / (ticks - 1)));
  return (
    <>
      <div class="chartbox">
        <div class="yaxis" aria-hidden="true">
          <span>{formatNumber(top)}</span>
          <span>{formatNumber(top / 2)}</span>
          <span>0</span>
        </div>
        <svg class="chart" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
          <line x1="0" x2={width} y1="0.5" y2="0.5" />
          <line x1="0" x2={width} y1={height / 2} y2={height / 2} />
          <path class="area" d={`M0 ${height} L${points.join(" L")} L${width} ${height}Z`} />
          <polyline class="curve" points={points.join(" ")} />
          <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
        </svg>
        <div class="axis" aria-hidden="true">
          {tickAt.map((at) => (
            <span key={at}>{timeOf(at)}</span>
          ))}
        </div>
      </div>
      <details class="chart-table">
        <summary>{t("server.chart_table")}</summary>
        <table class="table key-value">
          <thead>
            <tr>
              <th scope="col">{t("server.chart_minute")}</th>
              <th scope="col" class="r">
                {t("server.messages")}
              </th>
            </tr>
          </thead>
          <tbody>
            {values.map((value, at) => (
              <tr key={at}>
                <th scope="row" class="num">
                  {timeOf(at)}
                </th>
                <td class="r">{formatNumber(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
