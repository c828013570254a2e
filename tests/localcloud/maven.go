package localcloud

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// mavenMirror is the environment variable with the URL of a Maven repository to use in place of Maven Central.
const (
	mavenCentral = "https://repo.maven.apache.org/maven2"
	mavenMirror  = "LOG_PIPELINE_MAVEN_MIRROR"
)

// artifact is one file of a Maven repository.
type artifact struct {
	group, name, version string
	// extension is the file's, without a dot in front.
	extension string
	// sha256 is the file's, in hexadecimal: no other file is taken.
	sha256 string
}

func (a artifact) file() string { return a.name + "-" + a.version + "." + a.extension }

func (a artifact) url() string {
	repository := strings.TrimSuffix(cmp.Or(os.Getenv(mavenMirror), mavenCentral), "/")
	return strings.Join([]string{repository, strings.ReplaceAll(a.group, ".", "/"), a.name, a.version, a.file()}, "/")
}

// read has use read the file while it comes, and fails if it was another than the pinned one: whatever use made of it is
// not to be trusted until then.
func (a artifact) read(ctx context.Context, use func(io.Reader) error) error {
	response, err := get(ctx, a.url())
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	hash := sha256.New()
	content := io.TeeReader(response.Body, hash)
	if err := use(content); err != nil {
		return fmt.Errorf("read %s: %w", a.url(), err)
	}
	if _, err := io.Copy(io.Discard, content); err != nil {
		return fmt.Errorf("read %s: %w", a.url(), err)
	}
	if found := hex.EncodeToString(hash.Sum(nil)); found != a.sha256 {
		return fmt.Errorf("%s has the SHA-256 %s, and that of version %s is %s", a.url(), found, a.version, a.sha256)
	}
	return nil
}

// download puts the file at target.
func (a artifact) download(ctx context.Context, target string) error {
	unchecked := target + ".unchecked"
	defer func() { _ = os.Remove(unchecked) }()
	err := a.read(ctx, func(content io.Reader) error { return writeFile(unchecked, content, 0o644) })
	if err != nil {
		return err
	}
	return os.Rename(unchecked, target)
}

// get asks for a URL; the caller closes the body.
func get(ctx context.Context, url string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		_ = response.Body.Close()
		return nil, fmt.Errorf("GET %s: %s", url, response.Status)
	}
	return response, nil
}
