package lambdacode

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// earliest is where the calendar of ZIP files begins.
var earliest = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// archived is the ZIP file of the executable alone.
func archived(executable []byte) ([]byte, error) {
	var content bytes.Buffer
	w := zip.NewWriter(&content)
	header := &zip.FileHeader{Name: bootstrap, Method: zip.Deflate, Modified: earliest}
	header.SetMode(0o755)
	entry, err := w.CreateHeader(header)
	if err != nil {
		return nil, err
	}
	if _, err := entry.Write(executable); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return content.Bytes(), nil
}

// store writes a file whole or not at all. One that is there has the content that its name says.
func store(path string, content []byte) (err error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "code-")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
