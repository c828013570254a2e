package lambdacode

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// The architectures of Lambda, in its own words (docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html).
const (
	ARM64 = "arm64"
	X8664 = "x86_64"
)

// Architectures is for the architecture of a function.
var Architectures = fault.OneOf(ARM64, X8664)

// processors are Go's words for the architectures, each with the oldest processor of its kind, so that nobody's own setting counts.
var processors = map[string][]string{
	ARM64: {"GOARCH=arm64", "GOARM64=v8.0"},
	X8664: {"GOARCH=amd64", "GOAMD64=v1"},
}

// bootstrap is what Lambda starts.
const bootstrap = "bootstrap"

// Source is a command in Go.
type Source struct {
	// Dir is a folder of its module; by default the working directory.
	Dir string
	// Module is the path of its module where Dir is in another one, which needs it: it is built with the versions that its own
	// module names, as the other one has none for what it does not import.
	Module string
	// Package is its import path, or ./ and its path in Dir. Required.
	Package string
	// Architecture is one of [Architectures]. Required.
	Architecture string
	// Folder is where the ZIP file goes; by default log-pipeline/lambda in the user's cache folder ([os.UserCacheDir]).
	Folder string
}

// Code is a function's code as Lambda takes it.
type Code struct {
	// Path is the ZIP file's, which nobody changes: it is named by its content.
	Path string
	// SHA256 is the hash of its bytes, in hex digits.
	SHA256 string
}

// Build compiles the command and writes its ZIP file, unless that is there already. The error has the compiler's own words.
func (s Source) Build(ctx context.Context) (Code, error) {
	code, err := s.build(ctx)
	if err != nil {
		return Code{}, fmt.Errorf("build %s for Lambda: %w", cmp.Or(s.Package, "a command"), err)
	}
	return code, nil
}

func (s Source) build(ctx context.Context) (Code, error) {
	if err := fault.Join(
		fault.NotSet("Package", s.Package != "", "a package of a command in Go"),
		fault.Required("Architecture", s.Architecture, Architectures),
	).Err(); err != nil {
		return Code{}, err
	}
	folder, err := s.folder()
	if err != nil {
		return Code{}, err
	}
	executable, err := s.compile(ctx, folder)
	if err != nil {
		return Code{}, err
	}
	archive, err := archived(executable)
	if err != nil {
		return Code{}, err
	}
	sum := sha256.Sum256(archive)
	code := Code{SHA256: hex.EncodeToString(sum[:])}
	code.Path = filepath.Join(folder, code.SHA256+".zip")
	return code, store(code.Path, archive)
}

// folder is an absolute path, as the compiler works elsewhere, of a folder that exists.
func (s Source) folder() (string, error) {
	folder := s.Folder
	if folder == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no cache folder for the code: %w", err)
		}
		folder = filepath.Join(cache, "log-pipeline", "lambda")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	return folder, os.MkdirAll(folder, 0o755)
}

// compile builds in a folder of its own: two programs may build at once.
func (s Source) compile(ctx context.Context, within string) (executable []byte, err error) {
	compiler, err := exec.LookPath("go")
	if err != nil {
		return nil, errors.New("no go on the PATH: the function is compiled when the program runs, so install Go (go.dev/dl) or put its bin folder on the PATH")
	}
	folder, err := os.MkdirTemp(within, "build-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	output := filepath.Join(folder, bootstrap)
	dir := s.Dir
	if s.Module != "" {
		if dir, err = run(ctx, s.Dir, os.Environ(), compiler, "list", "-m", "-f", "{{.Dir}}", s.Module); err != nil {
			return nil, err
		}
	}
	_, err = run(ctx, dir, environment(s.Architecture), compiler, "build", "-o", output,
		"-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=", s.Package)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(output)
}

// run is what a command of Go prints. Its error has all of Go's words.
func run(ctx context.Context, dir string, environment []string, compiler, command string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, compiler, append([]string{command}, args...)...)
	cmd.Dir, cmd.Env = dir, environment
	var printed, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &words
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("go %s: %w\n%s", command, err, strings.TrimSpace(words.String()))
	}
	return strings.TrimSpace(printed.String()), nil
}

// fixed are the settings that change bytes, whatever whoever runs the program has set them to. An empty one would be as
// go env -w has it.
var fixed = []string{"CGO_ENABLED=0", "GOOS=linux", "GOFLAGS=-mod=readonly", "GOFIPS140=off", "GOWORK=off"}

// environment is the program's own, but for those settings. GOEXPERIMENT goes, as no value of it means "as usual".
func environment(architecture string) []string {
	own := slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "GOEXPERIMENT=") })
	// Of two values of a variable the last counts (pkg.go.dev/os/exec#Cmd).
	return slices.Concat(own, fixed, processors[architecture])
}
