// The card of a metric: its latest minute as a number, its chart, and its values as a table.

// TABLE is how many times a table has: the latest.
const TABLE = 500;

// card is a chart's, and draws the chart once it is on the page.
function card(sheet, chart, change) {
  const { filter, step, of, parted } = sheet;
  const points = series(chart, filter, step);
  const heading = [element('h2', { textContent: chart.name }), element('p', { className: 'about', textContent: chart.description })];
  if (points.lines.length === 0) {
    const why = chart.rows.length > 0 ? 'Nothing in this time with these values.' : 'Nothing was counted yet.';
    return { root: element('article', {}, ...heading, element('p', { className: 'empty', textContent: why })), drawn() {} };
  }
  const names = points.lines.map(({ place }) => lineName(chart, of, place, filter));
  const plot = element('div', { className: 'plot' });
  plot.setAttribute('role', 'img');
  const shownAs = `${chart.name}, ${unit(chart, step)}, ${moment(filter.from)} to ${moment(filter.to)}`;
  plot.setAttribute('aria-label', `${shownAs}; the values are in the table below`);
  const { legend, read } = legendOf(points, names);
  const latestMinute = sheet.latest ? [latestOf(sheet, chart)] : [];
  const notes = [means(chart, step), unfiltered(chart, filter)].filter(Boolean).join(' ');
  const root = element('article', {}, ...heading, ...latestMinute, plot, legend,
    ...(notes ? [element('p', { className: 'note', textContent: notes })] : []), table(sheet, chart, points, names));
  const drawn = () => {
    const pick = (from, to) => change({ from: from - (from % step), to: to - (to % step) + step });
    // Half a step on each side leaves room for a point.
    const [from, to] = [Math.floor(filter.from / step) * step - step / 2, Math.ceil(filter.to / step) * step - step / 2];
    const options = { ...points, from, to, label: unit(chart, step), parted, cutOver: sheet.cutOver, pick, read };
    const drawing = draw(plot, options);
    new ResizeObserver(() => drawing.setSize({ width: plot.clientWidth, height: HEIGHT })).observe(plot);
  };
  return { root, drawn };
}

// lineName is the value that a line is of.
function lineName(chart, of, place, filter) {
  const [first] = chart.dimensions;
  if (first === undefined) return 'all';
  const list = of.values[first];
  if (place < LINES || filter.values[first] !== undefined) return valueName(list[place]);
  return list.length === LINES + 1 ? valueName(list[LINES]) : `${list.length - LINES} others`;
}

// unfiltered says which of the chosen filters do not reach the chart.
function unfiltered(chart, { values: chosenValues }) {
  const without = Object.keys(chosenValues).filter((name) => chosenValues[name] !== undefined && !chart.dimensions.includes(name));
  return without.length > 0 ? `Not counted by ${listed.format(without)}: all is shown.` : '';
}

function latestOf({ filter, step, parted }, chart) {
  const last = latest(chart, filter, shown.at);
  if (last === null) return element('p', { className: 'number', textContent: 'No minute is over yet' });
  return element('p', { className: 'number' }, element('strong', { textContent: number(last.value) }), ` ${unit(chart, step)}`,
    element('span', { textContent: moment(last.time) + (parted ? `, ${countedBy(last.batch)}` : '') }));
}

function countedBy(batch) {
  return batch ? 'exact' : 'live';
}

// legendOf names the lines, and says their values at the time that is pointed at.
function legendOf({ times, lines }, names) {
  const values = lines.map(() => element('b'));
  const at = element('li', { className: 'at' });
  const items = lines.map(({ place }, i) => {
    const swatch = element('i');
    swatch.style.background = colour(place);
    return element('li', {}, swatch, names[i], values[i]);
  });
  const read = (idx) => {
    at.textContent = idx === null ? '' : clock(times[idx]);
    lines.forEach(({ batch, live }, i) => {
      const value = idx === null ? null : batch[idx] ?? live[idx];
      values[i].textContent = value === null ? '' : number(value);
    });
  };
  return { legend: element('ul', { className: 'legend' }, ...items, at), read };
}

// table has the values of the chart, the latest first. It is made when it is opened.
function table({ step, parted }, chart, { times, lines }, names) {
  const details = element('details', {}, element('summary', { textContent: `Values as a table, in ${unit(chart, step)}` }));
  details.ontoggle = () => {
    if (details.childElementCount > 1) return;
    const cell = (value) => (value === null ? '' : number(value));
    const rows = times.map((time, i) => {
      const exact = lines.every(({ live }) => live[i] === null);
      return [moment(time), ...lines.map(({ batch, live }) => cell(batch[i] ?? live[i])), ...(parted ? [countedBy(exact)] : [])];
    });
    details.append(grid(['Time', ...names, ...(parted ? ['Counted'] : [])], rows.reverse().slice(0, TABLE)));
    if (times.length > TABLE) {
      details.append(element('p', { className: 'note', textContent: `The latest ${TABLE} of ${times.length} times.` }));
    }
  };
  return details;
}

// grid is a table that scrolls by itself where it is too wide.
function grid(head, rows) {
  const cells = (name, values) => element('tr', {}, ...values.map((value) => element(name, { textContent: value })));
  return element('div', { className: 'scroll', tabIndex: 0 },
    element('table', {}, element('thead', {}, cells('th', head)), element('tbody', {}, ...rows.map((row) => cells('td', row)))));
}
