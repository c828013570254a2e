package lambdacode_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/lambdacode"
)

// command writes a module with one command, in a folder of its own.
func command(t *testing.T, main string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/greets\n\ngo 1.26\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(main), 0o600))
	return dir
}

const greets = "package main\n\nfunc main() { println(\"hello\") }\n"

func build(t *testing.T, dir, architecture string) lambdacode.Code {
	t.Helper()
	code, err := lambdacode.Source{Dir: dir, Package: ".", Architecture: architecture, Folder: t.TempDir()}.Build(t.Context())
	require.NoError(t, err)
	return code
}

func TestLambdaFindsAnExecutableOfItsArchitecture(t *testing.T) {
	dir := command(t, greets)
	for architecture, machine := range map[string]elf.Machine{lambdacode.ARM64: elf.EM_AARCH64, lambdacode.X8664: elf.EM_X86_64} {
		archive, err := zip.OpenReader(build(t, dir, architecture).Path)
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, archive.Close()) })
		require.Len(t, archive.File, 1, "nothing else is in it")
		assert.Equal(t, "bootstrap", archive.File[0].Name)
		assert.Equal(t, os.FileMode(0o755), archive.File[0].Mode())
		file, err := archive.File[0].Open()
		require.NoError(t, err)
		content, err := io.ReadAll(file)
		require.NoError(t, err)
		executable, err := elf.NewFile(bytes.NewReader(content))
		require.NoError(t, err)
		assert.Equal(t, machine, executable.Machine)
		libraries, err := executable.ImportedLibraries()
		require.NoError(t, err)
		assert.Empty(t, libraries, "the runtime has no C library of ours")
	}
}

func TestTheSameSourcesAreTheSameCodeWhateverSurroundsThem(t *testing.T) {
	code := build(t, command(t, greets), lambdacode.X8664)
	content, err := os.ReadFile(code.Path)
	require.NoError(t, err)
	sum := sha256.Sum256(content)
	assert.Equal(t, hex.EncodeToString(sum[:]), code.SHA256)

	for name, value := range map[string]string{
		"GOFLAGS": "-tags=debug -ldflags=-X=main.a=b", "GOAMD64": "v3", "CGO_ENABLED": "1", "GOOS": "windows", "GOARCH": "arm64",
		"GOEXPERIMENT": "nogreenteagc", "GOWORK": "/nowhere/go.work",
	} {
		t.Setenv(name, value)
	}
	elsewhere := build(t, command(t, greets), lambdacode.X8664)
	assert.Equal(t, code.SHA256, elsewhere.SHA256)
	assert.Equal(t, filepath.Base(code.Path), filepath.Base(elsewhere.Path))
	other := build(t, command(t, "package main\n\nfunc main() { println(\"good day\") }\n"), lambdacode.X8664)
	assert.NotEqual(t, code.SHA256, other.SHA256)
}

func TestAnotherBuildLeavesTheFileAloneAndNothingBeside(t *testing.T) {
	source := lambdacode.Source{Dir: command(t, greets), Package: ".", Architecture: lambdacode.X8664, Folder: filepath.Join(t.TempDir(), "new", "folder")}
	code, err := source.Build(t.Context())
	require.NoError(t, err)
	before, err := os.Stat(code.Path)
	require.NoError(t, err)
	again, err := source.Build(t.Context())
	require.NoError(t, err)
	after, err := os.Stat(code.Path)
	require.NoError(t, err)
	assert.Equal(t, code, again)
	assert.True(t, os.SameFile(before, after))
	files, err := os.ReadDir(source.Folder)
	require.NoError(t, err)
	assert.Len(t, files, 1)
}

func TestErrorsSayWhatToDo(t *testing.T) {
	_, err := lambdacode.Source{Dir: command(t, "package main\n\nfunc main() { greet() }\n"), Package: ".", Architecture: lambdacode.X8664, Folder: t.TempDir()}.Build(t.Context())
	require.ErrorContains(t, err, "build . for Lambda: go build: exit status 1")
	require.ErrorContains(t, err, "./main.go:3:15: undefined: greet", "the compiler's own words")

	_, err = lambdacode.Source{Package: ".", Architecture: "arm", Folder: t.TempDir()}.Build(t.Context())
	require.EqualError(t, err, `build . for Lambda: Architecture: not allowed (given: "arm"); allowed: arm64 or x86_64`)

	_, err = lambdacode.Source{Architecture: lambdacode.ARM64}.Build(t.Context())
	require.ErrorContains(t, err, "build a command for Lambda: Package: not set, but required")

	ended, end := context.WithCancel(t.Context())
	end()
	_, err = lambdacode.Source{Dir: command(t, greets), Package: ".", Architecture: lambdacode.X8664, Folder: t.TempDir()}.Build(ended)
	require.ErrorIs(t, err, context.Canceled)

	t.Setenv("PATH", t.TempDir())
	_, err = lambdacode.Source{Package: ".", Architecture: lambdacode.ARM64, Folder: t.TempDir()}.Build(t.Context())
	require.ErrorContains(t, err, "no go on the PATH")
}
