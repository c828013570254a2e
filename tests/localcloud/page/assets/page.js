// The page: its sheets, and what is on each.

const SHEETS = [
  { name: 'live', title: 'Live', of: shown.metrics, step: MINUTE, reach: 3 * HOUR, latest: true, parted: true, cutOver: shown.cutOver },
  { name: 'history', title: 'History', of: shown.metrics, step: HOUR, reach: 0, latest: false, parted: true, cutOver: shown.cutOver },
  { name: 'pipeline', title: 'Pipeline', of: shown.records, step: MINUTE, reach: 24 * HOUR, latest: true, parted: false, cutOver: 0 },
];
for (const sheet of SHEETS) sheet.filter = { ...reaching(sheet, sheet.reach), values: {} };

// openSheet shows the sheet that the address names, or the first.
function openSheet() {
  const sheet = SHEETS.find(({ name }) => `#${name}` === location.hash) ?? SHEETS[0];
  byId('sheets').replaceChildren(...SHEETS.map((other) => {
    const link = element('a', { href: `#${other.name}`, textContent: other.title });
    if (other === sheet) link.setAttribute('aria-current', 'page');
    return link;
  }));
  show(sheet);
}

// show has the sheet as it is filtered.
function show(sheet) {
  const change = (filter) => {
    Object.assign(sheet.filter, filter);
    show(sheet);
  };
  const form = byId('filters');
  const focused = [...form.elements].indexOf(document.activeElement);
  form.replaceChildren(...filters(sheet, change));
  form.elements[focused]?.focus();
  byId('key').hidden = !sheet.parted;
  const cards = sheet.of.charts.map((chart) => card(sheet, chart, change));
  const health = sheet.of === shown.records ? [freshness(shown), runs(shown.batches)] : [];
  byId('sheet').replaceChildren(...health, element('div', { className: 'cards' }, ...cards.map(({ root }) => root)));
  // A chart needs to know its width.
  for (const { drawn } of cards) drawn();
}

byId('read').textContent = `Read at ${moment(shown.at)}. All times are UTC.`;
byId('key').replaceChildren(
  element('span', { className: 'line exact' }), 'exact, counted by the batch ',
  element('span', { className: 'line live' }), 'live, until the batch has counted it; distinct values are estimates. ',
  shown.cutOver ? `The line between them is the cut-over: ${moment(shown.cutOver)}.`
    : 'The batch has not moved the cut-over yet: all is live.',
);
addEventListener('hashchange', openSheet);
openSheet();
