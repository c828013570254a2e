// The filters of a sheet: a time, and a value for each dimension.

const HOUR = 3600;
const REACHES = [[900, '15 minutes'], [HOUR, '60 minutes'], [3 * HOUR, '3 hours'], [24 * HOUR, '24 hours'], [7 * 24 * HOUR, '7 days']];

// element makes one with properties and children, whose texts are never read as HTML.
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const byId = (id) => document.getElementById(id);

// bounds are the times of a sheet's first row and of the end of its last.
function bounds({ of }) {
  const ends = of.charts.filter(({ rows }) => rows.length > 0).map(({ rows }) => [rows[0].t, rows[rows.length - 1].t + MINUTE]);
  return ends.reduce((all, [from, to]) => ({ from: Math.min(all.from, from), to: Math.max(all.to, to) }), { from: Infinity, to: 0 });
}

// reaching is the time of so many seconds, 0 for all, that ends with the sheet's last row.
function reaching(sheet, reach) {
  const { from, to } = bounds(sheet);
  return { from: reach ? Math.max(from, to - reach) : from, to };
}

// filters are the sheet's, each of which hands to change what it changes. A sheet without rows has none.
function filters(sheet, change) {
  if (bounds(sheet).to === 0) return [];
  return [reachFilter(sheet, change), timeFilter(sheet, 'From', 'from', change), timeFilter(sheet, 'To', 'to', change),
    ...Object.keys(sheet.of.values).sort().map((name) => valueFilter(sheet, name, change))];
}

function labelled(text, input) {
  return element('label', {}, element('span', { textContent: text }), input);
}

// choice is a list of [value, text] of which one is chosen.
function choice(options, chosenValue, onchange) {
  const select = element('select', {}, ...options.map(([value, text]) => new Option(text, value, false, value === chosenValue)));
  select.onchange = () => onchange(options[select.selectedIndex][0]);
  return select;
}

function reachFilter(sheet, change) {
  const { from, to } = sheet.filter;
  const all = bounds(sheet);
  const shorter = REACHES.filter(([reach]) => reach < all.to - all.from);
  const options = [...shorter.map(([reach, text]) => [reach, `the last ${text}`]), [0, 'all']];
  const now = options.find(([reach]) => {
    const time = reaching(sheet, reach);
    return time.from === from && time.to === to;
  });
  if (!now) options.push([null, 'as chosen']);
  return labelled('Time', choice(options, now ? now[0] : null, (reach) => change(reach === null ? {} : reaching(sheet, reach))));
}

function timeFilter(sheet, text, end, change) {
  const input = element('input', { type: 'datetime-local', value: iso(sheet.filter[end]).slice(0, 16), required: true });
  input.onchange = () => {
    const time = Date.parse(`${input.value}Z`) / 1000;
    const filter = { ...sheet.filter, [end]: time };
    const fault = Number.isNaN(time) || filter.from >= filter.to ? 'From has to be before To.' : '';
    input.setCustomValidity(fault);
    if (fault) input.reportValidity();
    else change({ [end]: time });
  };
  return labelled(`${text}, UTC`, input);
}

function valueFilter(sheet, name, change) {
  const all = sheet.of.values[name].map((value, place) => [place, valueName(value)]).sort(([, a], [, b]) => a.localeCompare(b));
  return labelled(name, choice([[undefined, 'all'], ...all], sheet.filter.values[name], (place) => {
    change({ values: { ...sheet.filter.values, [name]: place } });
  }));
}
