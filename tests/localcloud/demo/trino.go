package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"example.com/log-pipeline/tests/localcloud"
)

const (
	// trinoStart is how long Trino may take to listen: 10 s on two idle cores.
	trinoStart = 3 * time.Minute
	catalog    = "warehouse"
)

// trino is a running server that reads the emulator's Glue catalog.
type trino struct {
	*service
	url string
}

func startTrino(cloud *localcloud.Cloud, installed *localcloud.Trino, region, dir string) (*trino, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	t := &trino{url: fmt.Sprintf("http://127.0.0.1:%d", port)}
	catalogs := filepath.Join(dir, "catalogs")
	if err := os.MkdirAll(catalogs, 0o755); err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "config.properties")
	for file, lines := range map[string][]string{
		config: {
			"coordinator=true",
			"node-scheduler.include-coordinator=true",
			"node.environment=local",
			"node.internal-address=127.0.0.1",
			"node.bind-ip=127.0.0.1",
			fmt.Sprintf("http-server.http.port=%d", port),
			"http-server.log.enabled=false",
			"discovery.uri=" + t.url,
			"plugin.dir=" + installed.Plugins(),
			"catalog.config-dir=" + catalogs,
		},
		filepath.Join(catalogs, catalog+".properties"): {
			"connector.name=iceberg",
			"iceberg.catalog.type=glue",
			"hive.metastore.glue.region=" + region,
			"hive.metastore.glue.endpoint-url=" + cloud.Endpoint(),
			"fs.native-s3.enabled=true",
			"s3.region=" + region,
			"s3.endpoint=" + cloud.Endpoint(),
			"s3.path-style-access=true",
		},
	} {
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			return nil, err
		}
	}
	command := exec.Command(installed.Java, "-Xmx1G", "-XX:+ExitOnOutOfMemoryError", "-Dconfig="+config,
		"-cp", installed.ClassPath(), "io.trino.server.TrinoServer")
	command.Env = cloud.Environment(region)
	t.service, err = start("Trino", command, dir)
	return t, err
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// ready waits until the server takes statements.
func (t *trino) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, trinoStart)
	defer cancel()
	for {
		var info struct{ Starting bool }
		if err := t.ask(ctx, http.MethodGet, t.url+"/v1/info", "", &info); err == nil && !info.Starting {
			return nil
		}
		select {
		case err := <-t.ended:
			return err
		case <-ctx.Done():
			return fmt.Errorf("the server of Trino does not listen: %w; its log is %s", ctx.Err(), t.log)
		case <-time.After(250 * time.Millisecond):
		}
	}
}

// query returns the rows of a statement, by the protocol of trino.io/docs/current/develop/client-protocol.html. Trino's own
// client for Go wants newer versions of what the Pulumi SDK is built on: both would be compiled twice.
func (t *trino) query(ctx context.Context, statement string) ([][]any, error) {
	var rows [][]any
	method, url := http.MethodPost, t.url+"/v1/statement"
	for url != "" {
		var page struct {
			NextURI string  `json:"nextUri"`
			Data    [][]any `json:"data"`
			Error   *struct {
				Message string `json:"message"`
			} `json:"error"`
		}
		if err := t.ask(ctx, method, url, statement, &page); err != nil {
			return nil, fmt.Errorf("ask Trino: %w", err)
		}
		if page.Error != nil {
			return nil, fmt.Errorf("ask Trino: %s", page.Error.Message)
		}
		rows = append(rows, page.Data...)
		method, url, statement = http.MethodGet, page.NextURI, ""
	}
	return rows, nil
}

func (t *trino) ask(ctx context.Context, method, url, body string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("X-Trino-User", "demo")
	request.Header.Set("X-Trino-Catalog", catalog)
	request.Header.Set("X-Trino-Time-Zone", "UTC") // of times without one
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
