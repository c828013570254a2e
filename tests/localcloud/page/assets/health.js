// The pipeline's own health: how old the numbers are, and the runs of the batch.

function freshness({ freshness: f, cutOver }) {
  const item = (name, value, more) => element('div', {}, element('dt', { textContent: name }),
    element('dd', {}, element('strong', { textContent: value }), element('span', { textContent: more })));
  const age = (time, seconds) => (time ? `${duration(seconds)} old` : 'none yet');
  return element('dl', { className: 'freshness' },
    item('Live numbers', age(f.liveUpdatedAt, f.liveSeconds),
      f.liveUpdatedAt ? `newest minute ${moment(f.liveWindowStart)}` : 'the streaming job has written none'),
    item('Exact numbers', age(f.batchUpdatedAt, f.batchSeconds),
      f.batchUpdatedAt ? `written ${moment(f.batchUpdatedAt)}` : 'the batch has written none'),
    item('Cut-over', cutOver ? clock(cutOver) : 'none yet',
      cutOver ? `${day(cutOver)}, UTC: exact before, live from then on` : 'all numbers are live'),
    item('Open gaps', count(f.openGaps), 'stretches of live numbers that may lack events'));
}

// runs are those of the batch as a table.
function runs(batches) {
  const head = ['Started', 'State', 'From', 'To', 'Cut-over', 'Objects', 'Records', 'Duplicates', 'Rejected', 'Took', 'Run', 'Version'];
  const rows = batches.map((b) => [
    moment(b.startedAt), b.state, moment(b.rangeFrom), moment(b.rangeTo), b.cutOver ? moment(b.cutOver) : 'not moved',
    count(b.objects), count(b.records), count(b.duplicates), b.rejected || 'none', duration(b.updatedAt - b.startedAt), b.run, b.version,
  ]);
  const body = rows.length > 0 ? grid(head, rows) : element('p', { className: 'empty', textContent: 'No batch has run yet.' });
  return element('article', { className: 'runs' }, element('h2', { textContent: 'Runs of the batch' }), body);
}
