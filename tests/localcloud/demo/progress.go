package demo

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// quiet is how long a progress that is no terminal's says nothing.
const quiet = 15 * time.Second

// progress says how many of the records that are to be sent are sent, and how many are counted.
type progress interface {
	update(sent, counted int)
	// aside makes room for other lines until the next update.
	aside()
}

func newProgress(out io.Writer, total int) progress {
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return &bar{progressbar.NewOptions(total,
			progressbar.OptionSetWriter(out), progressbar.OptionFullWidth(), progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(false), progressbar.OptionClearOnFinish())}
	}
	return &lines{out: out, total: total}
}

// bar is a terminal's.
type bar struct{ *progressbar.ProgressBar }

func (b *bar) update(sent, counted int) {
	b.Describe(fmt.Sprintf("%d sent, counted", sent))
	_ = b.Set(min(counted, b.GetMax()))
}

func (b *bar) aside() { _ = b.Clear() }

// lines are for files and pipes.
type lines struct {
	out   io.Writer
	total int
	last  time.Time
}

func (l *lines) update(sent, counted int) {
	if time.Since(l.last) < quiet {
		return
	}
	l.last = time.Now()
	_, _ = fmt.Fprintf(l.out, "%d of %d records sent, %d counted\n", sent, l.total, counted)
}

func (l *lines) aside() {}
