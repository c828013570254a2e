package localcloud

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"example.com/log-pipeline/tests/localcloud/searchserver"
)

// openSearchVersion is the newest release of the engine OpenSearch_2.19 on Maven Central of which the plugin security is there too.
const openSearchVersion = "2.19.4"

// openSearchServer is the release that OpenSearch's own plugins are tested with: a server with hardly any module.
var openSearchServer = artifact{
	group: "org.opensearch.distribution.integ-test-zip", name: "opensearch", version: openSearchVersion, extension: "zip",
	sha256: "3902e642715210d1d9d7cbdcc8f5abd6f931d1d7a679cea3750937becf16c406",
}

// openSearchSecurity is fine-grained access control.
var openSearchSecurity = artifact{
	group: "org.opensearch.plugin", name: "opensearch-security", version: openSearchVersion + ".0", extension: "zip",
	sha256: "1f673622c462c4171a8c53f9b1ad20e5b839834cb79b0d3b388da180a0e514e8",
}

// openSearchModule is a module of the full release, which Maven Central has in parts only.
type openSearchModule struct {
	name, class string
	// extends is another module whose classes it uses.
	extends string
	// jars are its own and those that its POM names, by which the server finds its class.
	jars []artifact
}

// openSearchModules are those that ingest pipelines are made of.
var openSearchModules = []openSearchModule{
	{
		name: "lang-painless", class: "org.opensearch.painless.PainlessPlugin", jars: []artifact{
			jar("org.opensearch.plugin", "lang-painless", openSearchVersion, "5b382333ecc637d0e5304af9987056260e3d68a9149e3d32824b193e041b1d60"),
			jar("org.opensearch.plugin", "opensearch-scripting-painless-spi", openSearchVersion, "06ec9ff0970dd8ed186805ecf7c4257de2e819b646e19e466d27f73caefa9e43"),
			jar("org.antlr", "antlr4-runtime", "4.13.1", "54665d2838cc66458343468efc539e454fc95b46a8a04b13c6ac43fc9be63505"),
			jar("org.ow2.asm", "asm", "9.7", "adf46d5e34940bdf148ecdd26a9ee8eea94496a72034ff7141066b3eea5c4e9d"),
			jar("org.ow2.asm", "asm-analysis", "9.7", "7bc6bcbc21379948a0c8c467fb0f864206e5b818f6bc0b546872f5c9f941556f"),
			jar("org.ow2.asm", "asm-commons", "9.7", "389bc247958e049fc9a0408d398c92c6d370c18035120395d4cba1d9d9304b7a"),
			jar("org.ow2.asm", "asm-tree", "9.7", "62f4b3bc436045c1acb5c3ba2d8ec556ec3369093d7f5d06c747eb04b56d52b1"),
			jar("org.ow2.asm", "asm-util", "9.7", "37a6414d36641973f1af104937c95d6d921b2ddb4d612c66c5a9f2b13fc14211"),
		},
	},
	{
		name: "ingest-common", class: "org.opensearch.ingest.common.IngestCommonPlugin", extends: "lang-painless", jars: []artifact{
			jar("org.opensearch.plugin", "ingest-common", openSearchVersion, "45d44c2f603dec960965a425ccb25e5466a9f1b13621a390182e643dedb9ba9c"),
			jar("org.opensearch", "opensearch-dissect", openSearchVersion, "5bb4c6f82059349a50caff51b4088cb9706c9513a99afcf47f4fcac97b71812b"),
			jar("org.opensearch", "opensearch-grok", openSearchVersion, "a18eb8dd46ab4ac6e64ff4b11a260f95907348577e6047fce102fb5d654c4f64"),
			jar("org.jruby.jcodings", "jcodings", "1.0.61", "3238c68a2f86cec53cc184ad26df8352db87bb22a419bd17fb4acdfbb0bc40f0"),
			jar("org.jruby.joni", "joni", "2.2.1", "b3e4b657a3ed1d8f684114f6baa462d553a5932a865c1574695498dda8577748"),
		},
	},
}

func jar(group, name, version, sha256 string) artifact {
	return artifact{group: group, name: name, version: version, extension: "jar", sha256: sha256}
}

// modulePolicy is what the modules may do: a script is compiled to a class.
const modulePolicy = `grant {
  permission java.lang.RuntimePermission "getClassLoader";
  permission java.lang.RuntimePermission "createClassLoader";
};
`

// EnsureOpenSearch installs OpenSearch and a Java for it, with a line and the time for each. It downloads 145 MB and keeps 200.
func EnsureOpenSearch(ctx context.Context, root string, out io.Writer) (*searchserver.Programs, error) {
	t := newTools(root)
	programs := &searchserver.Programs{Home: t.path("opensearch", "server")}
	return programs, t.locked(ctx, out, t.ensureSearchJava(programs), t.ensureSearchServer(programs))
}

func (t *Tools) ensureSearchJava(programs *searchserver.Programs) func(context.Context, io.Writer) error {
	return func(ctx context.Context, out io.Writer) (err error) {
		programs.Java, err = t.ensureJava(ctx, out, "Java for OpenSearch (Python)", t.path("opensearch", "python"),
			"tests/localcloud/opensearch/requirements.txt")
		return err
	}
}

func (t *Tools) ensureSearchServer(programs *searchserver.Programs) func(context.Context, io.Writer) error {
	return func(ctx context.Context, out io.Writer) error {
		return t.ensure(ctx, out, tool{
			name:   "OpenSearch " + openSearchVersion,
			output: programs.Home,
			pinned: []string{"tests/localcloud/opensearch.go"},
			make: func(ctx context.Context) (string, error) {
				return "downloaded", installOpenSearch(ctx, programs.Home)
			},
		})
	}
}

// installOpenSearch makes the server's folder, all of it or nothing.
func installOpenSearch(ctx context.Context, home string) error {
	unchecked := home + ".unchecked"
	if err := os.RemoveAll(unchecked); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(unchecked) }()
	if err := openSearchServer.unzip(ctx, unchecked, withoutFirst); err != nil {
		return err
	}
	security := filepath.Join(unchecked, "plugins", openSearchSecurity.name)
	if err := openSearchSecurity.unzip(ctx, security, filepath.Clean); err != nil {
		return err
	}
	for _, module := range openSearchModules {
		if err := module.install(ctx, filepath.Join(unchecked, "modules", module.name)); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(home); err != nil {
		return err
	}
	return os.Rename(unchecked, home)
}

func (m openSearchModule) install(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	descriptor := strings.Join([]string{
		"name=" + m.name, "description=" + m.name, "version=" + openSearchVersion, "opensearch.version=" + openSearchVersion,
		"java.version=11", "classname=" + m.class, "extended.plugins=" + m.extends, "has.native.controller=false", "",
	}, "\n")
	for file, content := range map[string]string{"plugin-descriptor.properties": descriptor, "plugin-security.policy": modulePolicy} {
		if err := writeFile(filepath.Join(dir, file), strings.NewReader(content), 0o644); err != nil {
			return err
		}
	}
	for _, jar := range m.jars {
		if err := jar.download(ctx, filepath.Join(dir, jar.file())); err != nil {
			return err
		}
	}
	return nil
}

// unzip downloads a ZIP file and unpacks it into dir, and nothing outside of it. What an entry is called there, rename says.
func (a artifact) unzip(ctx context.Context, dir string, rename func(string) string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	file := filepath.Join(dir, a.file())
	if err := a.download(ctx, file); err != nil {
		return err
	}
	defer func() { _ = os.Remove(file) }()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	archive, err := zip.OpenReader(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", a.file(), err)
	}
	defer func() { _ = archive.Close() }()
	for _, entry := range archive.File {
		if err := unzipEntry(root, entry, rename(entry.Name)); err != nil {
			return fmt.Errorf("unpack %s of %s: %w", entry.Name, a.file(), err)
		}
	}
	return nil
}

func unzipEntry(root *os.Root, entry *zip.File, name string) error {
	if entry.FileInfo().IsDir() {
		return root.MkdirAll(name, 0o755)
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	content, err := entry.Open()
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, entry.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content) //nolint:gosec // the file is the pinned one
	return errors.Join(err, file.Close())
}

// StartOpenSearch starts an OpenSearch alone and waits until it answers, for work that needs neither the program nor AWS. The
// backend role master may do everything in it. EndWork ends it.
func (c *Cloud) StartOpenSearch(ctx context.Context, master string) (*searchserver.Server, error) {
	programs, err := EnsureOpenSearch(ctx, c.Root(), c.out)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(c.dir, "opensearch")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var server *searchserver.Server
	return server, step(c.out, "OpenSearch", func() (string, error) {
		if server, err = searchserver.Start(*programs, dir, environment(c.dir), master); err != nil {
			return "", err
		}
		if err := server.Ready(ctx); err != nil {
			return "", err
		}
		return "listens on " + server.URL, nil
	})
}
