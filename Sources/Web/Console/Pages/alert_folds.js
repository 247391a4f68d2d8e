// Alerts of one kind about one truck, soon after each other, as one row of the rail. Nothing is hidden: the row says how
// many it stands for and opens into all of them, and each is acknowledged under its own name.

/** A later one belongs to the row while no more than this lies between it and the next. */
const nearby = 12 * 3600e3;

/** What has to be the same: who handles what belongs to it, so that a row never says two states at once. */
const kindOf = ({ rule, plate, terminal, status, handling }) =>
  [rule, plate ?? terminal, status, handling?.state ?? '', handling?.assignee ?? ''].join('\n');

/** Rows in their order as lists of those that belong together, the first of which leads. */
export function fold(rows) {
  const groups = [];
  const last = new Map();
  for (const row of rows) {
    const kind = kindOf(row);
    const group = last.get(kind);
    if (group && Math.abs(Date.parse(group.at(-1).opened_at) - Date.parse(row.opened_at)) <= nearby) group.push(row);
    else {
      const begun = [row];
      last.set(kind, begun);
      groups.push(begun);
    }
  }
  return groups;
}
