// What the charts show: rows, chosen by the filters, combined as their metric allows, by time and by the values of the first
// dimension. Nothing here knows of the page.

const MINUTE = 60;

// Values that have a line and a colour of their own. The rest share one.
const LINES = 7;

// combined makes one value of rows. Distinct values cannot be added up, since one may be in two rows: the largest is a number
// that there were at least. A ratio is that of the sums. null where there is none.
function combined(kind, rows) {
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const values = () => rows.map((row) => row.v);
  if (rows.length === 0) return null;
  switch (kind) {
    case 'count':
    case 'sum':
      return sum('v');
    case 'min':
      return values().reduce((a, b) => Math.min(a, b));
    case 'max':
    case 'distinct':
      return values().reduce((a, b) => Math.max(a, b));
    case 'ratio':
      return sum('d') === 0 ? null : sum('n') / sum('d');
    default:
      throw new Error(`no values of the kind ${kind} can be combined`);
  }
}

// chosen are a chart's rows in a time, the end not included, with the chosen values: a place in the list of values for each
// dimension that is filtered. A dimension that the chart does not have leaves all its rows.
function chosen(chart, { from, to, values }) {
  const wanted = chart.dimensions.map((name) => values[name]);
  return chart.rows.filter((row) => row.t >= from && row.t < to
    && wanted.every((place, i) => place === undefined || row.k[i] === place));
}

// grouped sorts rows into lists, by what key gives for each; the lists are in the order of their keys.
function grouped(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const of = key(row);
    if (!groups.has(of)) groups.set(of, []);
    groups.get(of).push(row);
  }
  return new Map([...groups].sort(([a], [b]) => a - b));
}

// series has the times from the first row to the last, each a step on, and a line for each value of the first dimension, the
// rest in one: its place (LINES for the rest), and its values by the batch and live, null where there is none. A point of which
// any row is live is live.
function series(chart, filter, step) {
  const rows = chosen(chart, filter);
  if (rows.length === 0) return { times: [], lines: [] };
  const start = (row) => row.t - (row.t % step);
  const [first, last] = [start(rows[0]), start(rows[rows.length - 1])];
  const times = Array.from({ length: (last - first) / step + 1 }, (_, i) => first + i * step);
  const place = (row) => (chart.dimensions.length > 0 ? row.k[0] : 0);
  // A value that is chosen is alone.
  const line = isChosen(chart, filter) ? place : (row) => Math.min(place(row), LINES);
  const lines = [];
  for (const [of, ofLine] of grouped(rows, line)) {
    const [batch, live] = [Array(times.length).fill(null), Array(times.length).fill(null)];
    for (const [at, together] of grouped(ofLine, start)) {
      const into = together.every((row) => row.b) ? batch : live;
      into[(at - first) / step] = combined(chart.kind, together);
    }
    lines.push({ place: of, batch, live });
  }
  return { times, lines };
}

// isChosen is whether the filter has one value of the chart's first dimension.
function isChosen(chart, filter) {
  return filter.values[chart.dimensions[0]] !== undefined;
}

// latest is the last minute of the chosen rows that was over at a time, null where there is none.
function latest(chart, filter, at) {
  const rows = chosen(chart, filter).filter((row) => row.t + MINUTE <= at);
  if (rows.length === 0) return null;
  const time = rows[rows.length - 1].t;
  const together = rows.filter((row) => row.t === time);
  return { time, value: combined(chart.kind, together), batch: together.every((row) => row.b) };
}
