import type { ComponentChild } from "preact";
import { formatNumber, t } from "../i18n/catalogue";
import { Button } from "./button";
import { Icon } from "./icon";

export interface Sort<Key extends string> {
  readonly by: Key;
  readonly descending: boolean;
}

export interface Column<Row, Key extends string> {
  readonly key: Key;
  readonly head: string;
  readonly cell: (row: Row) => ComponentChild;
  readonly sorts?: boolean;
  /** Numbers stand at the end. */
  readonly numeric?: boolean;
  /** "second": the second line of a row on a phone; "none": not shown there. The first column is the first line. */
  readonly narrow?: "second" | "none";
}

interface TableProps<Row, Key extends string> {
  readonly caption: string;
  readonly columns: readonly Column<Row, Key>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowClass?: (row: Row) => string | undefined;
  /** A menu at the end of each row. */
  readonly actions?: (row: Row) => ComponentChild;
  readonly sort?: Sort<Key>;
  readonly onSort?: (sort: Sort<Key>) => void;
}

/** Rows of 44 px; on a phone two lines each. The first cell of a row is its head. */
export function Table<Row, Key extends string>(props: TableProps<Row, Key>) {
  const { columns, rows, actions } = props;
  const [first, ...rest] = columns;
  return (
    <table class="table stackable">
      <caption class="unseen">{props.caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <Head key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
          ))}
          {actions && (
            <th class="tight" scope="col">
              <span class="unseen">{t("users.actions")}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={props.rowKey(row)} class={props.rowClass?.(row)}>
            <th scope="row">{first?.cell(row)}</th>
            {rest.map((column) => (
              <td key={column.key} class={cellClass(column)}>
                {column.cell(row)}
              </td>
            ))}
            {actions && <td class="tight act">{actions(row)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const cellClass = <Row, Key extends string>({ numeric, narrow }: Column<Row, Key>): string | undefined =>
  [numeric && "r", narrow === "second" ? "meta" : "wide-only"].filter(Boolean).join(" ") || undefined;

interface HeadProps<Row, Key extends string> {
  readonly column: Column<Row, Key>;
  readonly sort: Sort<Key> | undefined;
  readonly onSort: ((sort: Sort<Key>) => void) | undefined;
}

function Head<Row, Key extends string>({ column, sort, onSort }: HeadProps<Row, Key>) {
  const isSorted = sort?.by === column.key;
  const direction = sort?.descending === true ? "descending" : "ascending";
  const style = column.numeric === true ? "r" : undefined;
  if (column.sorts !== true || onSort === undefined)
    return (
      <th scope="col" class={style}>
        {column.head}
      </th>
    );
  return (
    <th scope="col" class={style} aria-sort={isSorted ? direction : undefined}>
      <button
        type="button"
        title={t("table.sort", { column: column.head })}
        onClick={() => onSort({ by: column.key, descending: isSorted && !sort.descending })}
      >
        {column.head}
        <Icon name="down" />
      </button>
    </th>
  );
}

interface PagerProps {
  readonly offset: number;
  readonly shown: number;
  readonly total: number;
  readonly limit: number;
  readonly onMove: (offset: number) => void;
}

export function Pager({ offset, shown, total, limit, onMove }: PagerProps) {
  const range = { from: formatNumber(offset + 1), to: formatNumber(offset + shown), total: formatNumber(total) };
  return (
    <nav class="pager" aria-label={t("pager.label")}>
      <span class="num">{t("pager.range", range)}</span>
      {total > limit && (
        <div>
          <Button
            small
            disabledWhy={offset === 0 ? t("pager.first_why") : undefined}
            onClick={() => onMove(Math.max(0, offset - limit))}
          >
            {t("pager.previous")}
          </Button>
          <Button
            small
            disabledWhy={offset + shown >= total ? t("pager.last_why") : undefined}
            onClick={() => onMove(offset + limit)}
          >
            {t("pager.next")}
          </Button>
        </div>
      )}
    </nav>
  );
}
