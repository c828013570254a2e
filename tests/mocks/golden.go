package mocks

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Golden compares JSON with the file testdata/name of the package under test. UPDATE_GOLDEN=1 writes the file instead.
func Golden(t testing.TB, name, text string) {
	t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(text), "", "  "); err != nil {
		t.Fatalf("golden %s: %v\n%s", name, err, text)
	}
	indented.WriteByte('\n')
	golden(t, name, indented.Bytes())
}

// GoldenText compares text with the file testdata/name of the package under test. UPDATE_GOLDEN=1 writes the file instead.
func GoldenText(t testing.TB, name, text string) {
	t.Helper()
	golden(t, name, []byte(text))
}

func golden(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run the test with UPDATE_GOLDEN=1 to write it", err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs; run the test with UPDATE_GOLDEN=1 if that is meant\nwant:\n%s\ngot:\n%s", path, want, got)
	}
}
