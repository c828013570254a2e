// Package trinoserver runs Trino, the engine that Athena's version 3 is built on, on the Glue catalog and the S3 of the local
// cloud, and asks it.
package trinoserver

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
	"slices"
	"strings"
	"time"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/service"
)

// Catalog is what the emulator's Glue catalog is called, as in Athena.
const Catalog = "awsdatacatalog"

// patience is how long Trino may take to listen, and then to have nodes: 10 s each on two idle cores.
const patience = 3 * time.Minute

// noNodes is what Trino says while no node has announced itself, or none with the catalog: the server polls for
// announcements every 5 s, and the catalog's comes after the node's own. No part of such a statement has run.
var noNodes = []string{"No nodes available to run query", "nodes is empty"}

// Server is a running server that reads the emulator's Glue catalog.
type Server struct {
	*service.Service
	// URL is where it listens.
	URL string
}

// Start starts a server with its files in dir. It ends with the cloud's work.
func Start(cloud *localcloud.Cloud, installed *localcloud.Trino, region, dir string) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{URL: fmt.Sprintf("http://127.0.0.1:%d", port)}
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
			"discovery.uri=" + s.URL,
			"plugin.dir=" + installed.Plugins(),
			"catalog.config-dir=" + catalogs,
		},
		filepath.Join(catalogs, Catalog+".properties"): {
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
	s.Service, err = service.Start("Trino", command, dir)
	return s, err
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// Ready waits until the server takes statements.
func (s *Server) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		var info struct{ Starting bool }
		if err := s.ask(ctx, http.MethodGet, s.URL+"/v1/info", "", &info); err == nil && !info.Starting {
			return nil
		}
		select {
		case err := <-s.Ended:
			return err
		case <-ctx.Done():
			return fmt.Errorf("the server of Trino does not listen: %w; its log is %s", ctx.Err(), s.Log)
		case <-time.After(250 * time.Millisecond):
		}
	}
}

// Answer is what a statement yields.
type Answer struct {
	Rows [][]any
	// Bytes is how many bytes were read of the tables' files.
	Bytes int64
	// Took is the time until the last row.
	Took time.Duration
}

// Query returns the rows of a statement.
func (s *Server) Query(ctx context.Context, statement string) ([][]any, error) {
	answer, err := s.Run(ctx, statement)
	return answer.Rows, err
}

// Run returns the answer to a statement. It asks again while Trino has no nodes.
func (s *Server) Run(ctx context.Context, statement string) (Answer, error) {
	for deadline := time.Now().Add(patience); ; {
		answer, err := s.run(ctx, statement)
		if err == nil || !slices.ContainsFunc(noNodes, func(said string) bool { return strings.Contains(err.Error(), said) }) {
			return answer, err
		}
		if time.Now().After(deadline) {
			return Answer{}, err
		}
		time.Sleep(time.Second)
	}
}

// run follows the protocol of trino.io/docs/current/develop/client-protocol.html. Trino's own
// client for Go wants newer versions of what the Pulumi SDK is built on: both would be compiled twice.
func (s *Server) run(ctx context.Context, statement string) (Answer, error) {
	var answer Answer
	method, url := http.MethodPost, s.URL+"/v1/statement"
	for url != "" {
		var page struct {
			NextURI string  `json:"nextUri"`
			Data    [][]any `json:"data"`
			Error   *struct {
				Message string `json:"message"`
			} `json:"error"`
			Stats struct {
				PhysicalInputBytes int64 `json:"physicalInputBytes"`
				ElapsedTimeMillis  int64 `json:"elapsedTimeMillis"`
			} `json:"stats"`
		}
		if err := s.ask(ctx, method, url, statement, &page); err != nil {
			return Answer{}, fmt.Errorf("ask Trino: %w", err)
		}
		if page.Error != nil {
			return Answer{}, fmt.Errorf("ask Trino: %s", page.Error.Message)
		}
		answer.Rows = append(answer.Rows, page.Data...)
		answer.Bytes, answer.Took = page.Stats.PhysicalInputBytes, time.Duration(page.Stats.ElapsedTimeMillis)*time.Millisecond
		method, url, statement = http.MethodGet, page.NextURI, ""
	}
	return answer, nil
}

func (s *Server) ask(ctx context.Context, method, url, body string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("X-Trino-User", "local")
	request.Header.Set("X-Trino-Catalog", Catalog)
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
