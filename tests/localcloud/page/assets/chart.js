// A chart of lines, drawn by uPlot.

// Colours that people tell apart who see few: Okabe and Ito, jfly.uni-koeln.de/color. The last is for the rest.
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9', '#5d3a9b', '#767676'];
const HEIGHT = 190;
// What the labels of times may lie apart, in seconds.
const APART = [60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000, 31536000];
const GRID = { stroke: '#e6e8eb', width: 1 };

function colour(place) {
  return COLOURS[Math.min(place, LINES)];
}

// draw puts the chart of that time into the element. What is live is dashed, with hollow points, if exact and live numbers are to be
// told apart. It calls pick with two times when a reader drags over a stretch, and read with the
// place of the time that is pointed at, null for none.
function draw(element, { times, lines, from, to, label, parted, cutOver, pick, read }) {
  const line = (values, place, dash) => ({
    data: values, stroke: colour(place), width: 2, dash,
    points: { size: 6, fill: dash ? '#fff' : colour(place), stroke: colour(place) },
  });
  // The exact part lies over the live one, which begins where it ends.
  const all = lines.flatMap(({ place, batch, live }) => [
    line(joined(live, batch), place, parted ? [5, 4] : undefined), line(batch, place),
  ]);
  const plot = new uPlot({
    width: element.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, setScale: false } },
    scales: { x: { range: [from, to] }, y: { range: (_, from, to) => fromZero(from, to) } },
    axes: [
      { stroke: '#48505a', grid: GRID, ticks: GRID, space: 55, incrs: APART, values: (_, splits) => splits.map(timeLabel) },
      {
        stroke: '#48505a', grid: GRID, ticks: GRID, size: 52, values: (_, splits) => splits.map((value) => brief.format(value)),
        label, labelSize: 18, labelFont: '11px system-ui, sans-serif',
      },
    ],
    series: [{}, ...all.map(({ data, ...style }) => style)],
    hooks: {
      draw: [(u) => drawCutOver(u, cutOver)],
      setCursor: [(u) => read(u.cursor.idx ?? null)],
      setSelect: [(u) => {
        const { left, width } = u.select;
        if (width > 0) pick(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
      }],
    },
  }, [times, ...all.map(({ data }) => data)], element);
  return plot;
}

// joined is the live part of a line with the last value of the exact part before it.
function joined(live, batch) {
  return live.map((value, i) => value ?? (live[i + 1] === undefined || live[i + 1] === null ? null : batch[i]));
}

// fromZero keeps zero on the axis, and room at the top for the words beside the cut-over.
function fromZero(from, to) {
  const low = Math.min(from ?? 0, 0);
  const high = Math.max(to ?? 0, 0);
  return [low, high === low ? low + 1 : high + (high - low) * 0.18];
}

// timeLabel has the day where it begins or the labels are days apart.
function timeLabel(seconds, i, splits) {
  const apart = splits.length > 1 ? splits[1] - splits[0] : 0;
  if (apart >= 86400) return day(seconds).slice(5);
  return i === 0 || day(seconds) !== day(splits[i - 1]) ? `${clock(seconds)}\n${day(seconds).slice(5)}` : clock(seconds);
}

function drawCutOver(u, cutOver) {
  if (!cutOver || cutOver < u.scales.x.min || cutOver > u.scales.x.max) return;
  const { ctx, bbox } = u;
  const x = Math.round(u.valToPos(cutOver, 'x', true));
  const gap = 5 * uPlot.pxRatio;
  ctx.save();
  ctx.strokeStyle = '#1d2329';
  ctx.lineWidth = uPlot.pxRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.fillStyle = '#1d2329';
  ctx.font = `${11 * uPlot.pxRatio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  // A word that has no room is left out.
  if (x - bbox.left > 40 * uPlot.pxRatio) {
    ctx.textAlign = 'right';
    ctx.fillText('exact', x - gap, bbox.top + gap / 2);
  }
  if (bbox.left + bbox.width - x > 30 * uPlot.pxRatio) {
    ctx.textAlign = 'left';
    ctx.fillText('live', x + gap, bbox.top + gap / 2);
  }
  ctx.restore();
}
