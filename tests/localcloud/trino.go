package localcloud

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// trinoServer is the release of the engine behind Athena's version 3 that the views are run by.
var trinoServer = artifact{
	group: "io.trino", name: "trino-server", version: "476", extension: "tar.gz",
	sha256: "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f",
}

// trinoPlugins are those of its plugins that the local cloud uses.
var trinoPlugins = []string{"iceberg"}

// Trino is the server, with a Java for it, in a folder of its own.
type Trino struct {
	dir string
	// Java is the launcher of its Java.
	Java string
}

// EnsureTrino installs Trino and a Java for it, with a line and the time for each. It downloads 784 MB and keeps half a
// gigabyte.
func EnsureTrino(ctx context.Context, root string, out io.Writer) (*Trino, error) {
	t := newTools(root)
	trino := &Trino{dir: t.path("trino")}
	return trino, t.locked(ctx, out, t.ensureTrinoJava(trino), t.ensureTrinoServer(trino))
}

// ClassPath is the server's own; its main class is io.trino.server.TrinoServer.
func (s *Trino) ClassPath() string { return filepath.Join(s.server(), "lib", "*") }

// Plugins is the folder of the plugins, for the server's setting plugin.dir.
func (s *Trino) Plugins() string { return filepath.Join(s.server(), "plugin") }

func (s *Trino) server() string { return filepath.Join(s.dir, "server") }

func (t *Tools) ensureTrinoJava(s *Trino) func(context.Context, io.Writer) error {
	return func(ctx context.Context, out io.Writer) (err error) {
		s.Java, err = t.ensureJava(ctx, out, "Java for Trino (Python)", filepath.Join(s.dir, "python"), "tests/localcloud/trino/requirements.txt")
		return err
	}
}

func (t *Tools) ensureTrinoServer(s *Trino) func(context.Context, io.Writer) error {
	return func(ctx context.Context, out io.Writer) error {
		return t.ensure(ctx, out, tool{
			name:   "Trino " + trinoServer.version,
			output: s.server(),
			pinned: []string{"tests/localcloud/trino.go"},
			make: func(ctx context.Context) (string, error) {
				return "downloaded", s.install(ctx, trinoServer)
			},
		})
	}
}

// install unpacks the release while it comes, and removes what is not used: files of one plugin are links to another's, and
// so known to be unused only at the end.
func (s *Trino) install(ctx context.Context, release artifact) error {
	unchecked := s.server() + ".unchecked"
	if err := os.RemoveAll(unchecked); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(unchecked) }()
	if err := os.MkdirAll(unchecked, 0o755); err != nil {
		return err
	}
	if err := release.read(ctx, func(content io.Reader) error { return unpack(content, unchecked) }); err != nil {
		return err
	}
	if err := removeOthers(filepath.Join(unchecked, "plugin"), trinoPlugins); err != nil {
		return err
	}
	if err := os.RemoveAll(s.server()); err != nil {
		return err
	}
	return os.Rename(unchecked, s.server())
}

func removeOthers(dir string, kept []string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if slices.Contains(kept, entry.Name()) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// unpack unpacks a compressed tar file into dir, and nothing outside of it, without the folder that holds it all.
func unpack(content io.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	plain, err := gzip.NewReader(content)
	if err != nil {
		return err
	}
	for archive := tar.NewReader(plain); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := unpackEntry(root, header, archive); err != nil {
			return fmt.Errorf("unpack %s: %w", header.Name, err)
		}
	}
}

func unpackEntry(root *os.Root, header *tar.Header, content io.Reader) error {
	name := withoutFirst(header.Name)
	switch header.Typeflag {
	case tar.TypeDir:
		return root.MkdirAll(name, 0o755)
	case tar.TypeLink:
		return root.Link(withoutFirst(header.Linkname), name)
	case tar.TypeReg:
		file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, header.FileInfo().Mode().Perm())
		if err != nil {
			return err
		}
		_, err = io.Copy(file, content)
		return errors.Join(err, file.Close())
	default:
		return fmt.Errorf("neither file, folder nor hard link, but of the type %q", header.Typeflag)
	}
}

func withoutFirst(name string) string {
	_, rest, _ := strings.Cut(strings.Trim(name, "/"), "/")
	if rest == "" {
		return "."
	}
	return rest
}
