// How numbers, times and metrics are written.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const listed = new Intl.ListFormat('en');
const brief = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

// number is a value with as many digits as help: all of those of a whole number under a million.
function number(value) {
  if (value === null || value === undefined) return 'none';
  if (Math.abs(value) >= 1e6) return brief.format(value);
  return Number.isInteger(value) ? whole.format(value) : precise.format(value);
}

// count is a number to its last digit.
function count(value) {
  return whole.format(value);
}

const iso = (seconds) => new Date(seconds * 1000).toISOString();

function day(seconds) {
  return iso(seconds).slice(0, 10);
}

function clock(seconds) {
  return iso(seconds).slice(11, 16);
}

// moment is a time in UTC; a time that is 0 is none.
function moment(seconds) {
  return seconds ? `${day(seconds)} ${clock(seconds)} UTC` : 'none';
}

// duration is a number of seconds in its largest unit.
function duration(seconds) {
  for (const [size, unit] of [[86400, 'd'], [3600, 'h'], [60, 'min']]) {
    if (seconds >= 2 * size) return `${Math.floor(seconds / size)} ${unit}`;
  }
  return `${seconds} s`;
}

// unit is what a chart's values are in: counts and sums are for the time of a point.
function unit(chart, step) {
  const additive = chart.kind === 'count' || chart.kind === 'sum';
  return additive ? `${chart.unit} ${step === MINUTE ? 'a minute' : 'an hour'}` : chart.unit;
}

// means says how rows that a point stands for are combined, where that is not plain.
function means(chart, step) {
  const several = step > MINUTE || chart.dimensions.length > 0;
  switch (chart.kind) {
    case 'distinct':
      return several ? `The largest of ${of(chart, step)}: distinct values cannot be added up.` : '';
    case 'ratio':
      return `${chart.numerator} / ${chart.denominator}${several ? ', each added up first' : ''}.`;
    case 'min':
      return several ? `The smallest of ${of(chart, step)}.` : '';
    case 'max':
      return several ? `The largest of ${of(chart, step)}.` : '';
    default:
      return '';
  }
}

function of(chart, step) {
  const [, ...rest] = chart.dimensions;
  const all = step > MINUTE ? ['each hour\'s minutes'] : [];
  if (rest.length > 0) all.push(`the values of ${listed.format(rest)}`);
  return all.join(' and ') || 'its rows';
}

// valueName is the text of a dimension's value.
function valueName(value) {
  if (value === null) return '(none)';
  return value === '' ? '(empty)' : value;
}
