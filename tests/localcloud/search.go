package localcloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"

	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/internal/lambdacode"
	"example.com/log-pipeline/tests/localcloud/searchfront"
	"example.com/log-pipeline/tests/localcloud/searchserver"
)

// searchKey is the section of the program's configuration that asks for a search domain.
const searchKey = "log-pipeline:search"

// searchDir is the folder of a cloud's search domain.
func searchDir(cloud string) string { return filepath.Join(cloud, "search") }

// searchDomain is what the search domain is started from.
type searchDomain struct {
	programs *searchserver.Programs
	command  string
	source   string
}

// searches tells whether the stack asks for a search domain.
func (e *engine) searches() (bool, error) {
	content, err := os.ReadFile(filepath.Join(e.tools.root, settingsName))
	if err != nil {
		return false, fmt.Errorf("read the stack's settings: %w", err)
	}
	var settings struct {
		Config map[string]any `yaml:"config"`
	}
	if err := yaml.Unmarshal(content, &settings); err != nil {
		return false, fmt.Errorf("read the stack's settings: %w", err)
	}
	config := map[string]any{}
	overlay(config, settings.Config)
	overlay(config, e.Settings)
	section, _ := config[searchKey].(map[string]any)
	enabled, _ := section["enabled"].(bool)
	return enabled, nil
}

// searchReach has the function of the domain built for this machine, on which the emulator runs it.
func (c *Cloud) searchReach() map[string]any {
	if c.search == nil {
		return nil
	}
	architecture := lambdacode.X8664
	if runtime.GOARCH == "arm64" {
		architecture = lambdacode.ARM64
	}
	return map[string]any{searchKey: map[string]any{"functionArchitecture": architecture}}
}

// wantedSearch has ready what the search domain is made of, nil where the stack asks for none.
func (c *Cloud) wantedSearch(ctx context.Context) (*searchDomain, error) {
	if wanted, err := c.searches(); err != nil || !wanted {
		return nil, err
	}
	return c.ensureSearch(ctx)
}

func (c *Cloud) ensureSearch(ctx context.Context) (*searchDomain, error) {
	const command = "searchfront"
	t := c.tools
	d := &searchDomain{programs: &searchserver.Programs{Home: t.path("opensearch", "server")}, command: t.path("bin", command)}
	err := t.locked(ctx, c.out, t.ensureSearchJava(d.programs), t.ensureSearchServer(d.programs),
		func(ctx context.Context, out io.Writer) error {
			return t.buildOwn(ctx, out, command, filepath.Dir(d.command))
		})
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(d.command)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	d.source = openSearchVersion + " " + hex.EncodeToString(sum[:])
	return d, nil
}

// whyAfresh returns why the search domain that was found cannot be gone on with. One that is not asked for any more does no harm.
func (d *searchDomain) whyAfresh(ctx context.Context, found *searchfront.Process) string {
	switch {
	case d == nil:
		return ""
	case found == nil:
		return "The emulator knows of no search domain"
	case !found.Alive(ctx):
		return "The search domain that held the logs is gone, so the state describes nothing"
	case d.source != found.Source:
		return "The search domain runs an older version of this project's code"
	}
	return ""
}

// startSearch starts the search domain and returns once its endpoint is known: awaitSearch waits until it answers.
func (c *Cloud) startSearch(ctx context.Context, domain *searchDomain) error {
	if domain == nil {
		return nil
	}
	var err error
	c.search, err = searchfront.Start(ctx, domain.command, *domain.programs, searchDir(c.dir), emulatorFile(c.dir), environment(c.dir), domain.source)
	return err
}

func (c *Cloud) awaitSearch(ctx context.Context) error {
	if c.search == nil {
		return nil
	}
	return step(c.out, "search domain", func() (string, error) {
		return "listens on https://" + c.search.Endpoint(), c.search.Ready(ctx)
	})
}

// searchEnvironment tells the emulator which endpoint every domain has, and which certificate its clients are to trust.
func (c *Cloud) searchEnvironment() []string {
	if c.search == nil {
		return nil
	}
	return []string{"LOCAL_SEARCH_ENDPOINT=" + c.search.Endpoint(), "LOCAL_SEARCH_CA=" + c.search.Authority()}
}

// SearchClient is for requests to the search domain: it trusts no other server.
func (c *Cloud) SearchClient() (*http.Client, error) {
	found, err := searchfront.Read(searchDir(c.dir))
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, fmt.Errorf("the local cloud has no search domain: %s.enabled is not true", searchKey)
	}
	return found.Client()
}

// StartSearch starts the search domain and the emulator alone, for work that needs neither the program nor a cluster. Down
// ends them.
func (c *Cloud) StartSearch(ctx context.Context) error {
	c.tools = newTools(c.tools.root)
	domain, err := c.ensureSearch(ctx)
	if err != nil {
		return err
	}
	if err := c.startSearch(ctx, domain); err != nil {
		return err
	}
	if err := c.StartEmulator(ctx); err != nil {
		return err
	}
	return c.awaitSearch(ctx)
}
