package localcloud

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/dirhash"
)

// upstreamVersion is the Terraform provider that pulumi-aws 6.83.2 is built on
// (its provider/go.mod).
const upstreamVersion = "5.100.0"

// upstreamHashes are the release's own, one for each platform, as Terraform
// writes them into a dependency lock file: "h1" over the unpacked files.
var upstreamHashes = []string{
	"h1:+X3t1uVrM0z4K/lAYUV1SYmO7UBd9/Y4XC11zI9wcQQ=",
	"h1:95JvzqH8cVlNqTBgqfg5UfMZXT2a8K+vygOQ9afj4mQ=",
	"h1:FAfHhUISfZ2hS9itjVfBi71TltLVAHS2ZnQXlldUva0=",
	"h1:FZ4tAR+rsfmMatrfK9BrB6k+EhvolUNR67pSlc8bacs=",
	"h1:H3mU/7URhP0uCRGK8jeQRKxx2XFzEqLiOq/L2Bbiaxs=",
	"h1:Ijt7pOlB7Tr7maGQIqtsLFbl7pSMIj06TVdkoSBcYOw=",
	"h1:MLOPC8C1bKpbqPgtdkn26PSI/zYJZQc35vTLF4GNkXc=",
	"h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=",
	"h1:hVDEfiQis2sEFhiqQUL2MFc3YGyA3NNnk/vNz2J1nfI=",
	"h1:hd45qFU5cFuJMpFGdUniU9mVIr5LYVWP1uMeunBpYYs=",
	"h1:jAEZ9zxrrwIdsPm0ycSiAX0HqnssEN7VdA6B8FC9NqI=",
	"h1:lcDxx0Nx+ifFqTBpxz8Un27O0s+I7UNJAr/rUpSqlig=",
	"h1:qvzqmkxybGRKK4ttHbp4+lvYMOwoDsZKNIT1nRyCEK8=",
	"h1:wOhTPz6apLBuF7/FYZuCoXRK/MLgrNprZ3vXmq83g5k=",
}

// upstreamProvider is where the provider comes from.
type upstreamProvider struct {
	// mirrors are the folders that may hold Terraform's mirror layout.
	mirrors []string
	// releases is where the release archives are, when no mirror has it.
	releases string
	// hashes are the ones accepted.
	hashes []string
}

func defaultUpstream() upstreamProvider {
	return upstreamProvider{
		mirrors:  mirrorFolders(os.Getenv),
		releases: "https://releases.hashicorp.com/terraform-provider-aws",
		hashes:   upstreamHashes,
	}
}

// mirrorFolders lists where Terraform itself looks without being told to
// (developer.hashicorp.com/terraform/cli/config/config-file, "Implied Local
// Mirror Directories"), its plug-in cache, and where machine images put it.
func mirrorFolders(getenv func(string) string) []string {
	home := getenv("HOME")
	folders := []string{
		getenv("LOG_PIPELINE_TERRAFORM_MIRROR"),
		getenv("TF_PLUGIN_CACHE_DIR"),
		filepath.Join(home, ".terraform.d", "plugins"),
		filepath.Join(home, ".terraform.d", "plugin-cache"),
		filepath.Join(home, ".local", "share", "terraform", "plugins"),
		"/usr/local/share/terraform/plugins",
		"/usr/share/terraform/plugins",
	}
	installed, _ := filepath.Glob("/opt/*")
	return slices.DeleteFunc(append(folders, installed...), func(folder string) bool { return folder == "" })
}

// obtain puts the provider's binary at target, as a link into a mirror or from
// a release archive, and says which. What does not have one of the accepted
// hashes is refused.
func (u upstreamProvider) obtain(ctx context.Context, target string) (string, error) {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	var refused []error
	for _, mirror := range u.mirrors {
		folder := filepath.Join(mirror, "registry.terraform.io", "hashicorp", "aws", upstreamVersion, platform)
		binaries, _ := filepath.Glob(filepath.Join(folder, "terraform-provider-aws_v"+upstreamVersion+"*"))
		if len(binaries) != 1 {
			continue
		}
		hash, err := dirhash.HashDir(folder, "", dirhash.Hash1)
		if err := u.accept(folder, hash, err); err != nil {
			refused = append(refused, err)
			continue
		}
		return "found in " + folder, replaceWithLink(binaries[0], target)
	}
	if err := u.download(ctx, platform, target); err != nil {
		return "", errors.Join(append(refused, err)...)
	}
	return "downloaded", nil
}

func (u upstreamProvider) accept(what, hash string, err error) error {
	if err != nil {
		return fmt.Errorf("hash %s: %w", what, err)
	}
	if !slices.Contains(u.hashes, hash) {
		return fmt.Errorf("%s has the hash %s, which is not one of version %s's", what, hash, upstreamVersion)
	}
	return nil
}

func replaceWithLink(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.Symlink(from, to)
}

func (u upstreamProvider) download(ctx context.Context, platform, target string) error {
	url := fmt.Sprintf("%s/%s/terraform-provider-aws_%s_%s.zip", u.releases, upstreamVersion, upstreamVersion, platform)
	archive := target + ".zip"
	defer func() { _ = os.Remove(archive) }()
	if err := fetch(ctx, url, archive); err != nil {
		return fmt.Errorf("no Terraform mirror on this machine has hashicorp/aws %s for %s, and downloading it failed: %w",
			upstreamVersion, platform, err)
	}
	hash, err := dirhash.HashZip(archive, dirhash.Hash1)
	if err := u.accept(url, hash, err); err != nil {
		return err
	}
	return unpackBinary(archive, target)
}

func fetch(ctx context.Context, url, target string) error {
	response, err := get(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	return writeFile(target, response.Body, 0o644)
}

func unpackBinary(archive, target string) error {
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("open %s: %w", archive, err)
	}
	defer func() { _ = reader.Close() }()
	for _, file := range reader.File {
		if !strings.HasPrefix(file.Name, "terraform-provider-aws_v") {
			continue
		}
		content, err := file.Open()
		if err != nil {
			return fmt.Errorf("read %s in %s: %w", file.Name, archive, err)
		}
		defer func() { _ = content.Close() }()
		return writeFile(target, content, 0o755)
	}
	return fmt.Errorf("%s holds no terraform-provider-aws", archive)
}

// writeFile writes under another name first, so that no interrupt leaves half
// a file under the right one.
func writeFile(target string, content io.Reader, mode os.FileMode) error {
	partial := target + ".partial"
	file, err := os.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, content); err != nil {
		_ = file.Close()
		return fmt.Errorf("write %s: %w", partial, err)
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	return os.Rename(partial, target)
}
