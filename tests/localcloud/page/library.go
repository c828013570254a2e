package page

import (
	"context"
	"os"
	"path/filepath"

	"example.com/log-pipeline/tests/nodetools"
)

var packages = nodetools.Program{
	Name: "page", Title: "the library that draws the page's charts", Tests: "the page's charts", Source: "tests/localcloud/page",
}

// Library is uPlot, installed.
type Library struct{ dir string }

// Install has the library ready in .tools of the project's folder root. npm installs it the first time: 0.5 MB.
func Install(ctx context.Context, root string) (Library, error) {
	dir, err := packages.Ensure(ctx, root)
	return Library{filepath.Join(dir, "node_modules", "uplot", "dist")}, err
}

func (l Library) files() (script, style []byte, err error) {
	if script, err = os.ReadFile(filepath.Join(l.dir, "uPlot.iife.min.js")); err != nil {
		return nil, nil, err
	}
	style, err = os.ReadFile(filepath.Join(l.dir, "uPlot.min.css"))
	return script, style, err
}
