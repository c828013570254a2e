// Package searchserver runs OpenSearch with its plugin for fine-grained access control, as a domain of Amazon OpenSearch
// Service has it: one node on the loopback address, which takes from two headers who calls, since in AWS it is the service in
// front that finds out.
//
// What it lacks of a domain: Index State Management, OpenSearch Dashboards and all analyzers but the standard one.
package searchserver

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"example.com/log-pipeline/tests/localcloud/service"
)

const (
	// patience is how long OpenSearch may take to listen: 11 s on two idle cores.
	patience = 5 * time.Minute
	// heap leaves a margin: with half of it, 20,000 events in bulks of 5 MiB were indexed too. The process takes 600 MB then.
	heap = "512m"
)

// Programs are the paths of what is started.
type Programs struct {
	// Home is the folder of OpenSearch, of which nothing is changed.
	Home string
	// Java is the launcher of its Java.
	Java string
}

// Server is a running OpenSearch.
type Server struct {
	*service.Service
	dir string
	// URL is where it listens, from Ready on.
	URL string
}

// Start starts a server with its files in dir, among them its data, which the next start finds again. The backend role master
// may do everything, and nobody else anything. It ends when the processes of the cloud do whose environment it gets.
func Start(programs Programs, dir string, environment []string, master string) (*Server, error) {
	s := &Server{dir: dir}
	if err := s.configure(programs.Home, master); err != nil {
		return nil, fmt.Errorf("configure OpenSearch: %w", err)
	}
	command := exec.Command(programs.Java,
		"-Xms"+heap, "-Xmx"+heap, "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xss1m",
		// As OpenSearch's own launcher has them (gh:opensearch-project/OpenSearch, SystemJvmOptions.java).
		"-Dfile.encoding=UTF-8", "-Djava.awt.headless=true", "-Dio.netty.noUnsafe=true", "-Dio.netty.noKeySetOptimization=true",
		"-Dio.netty.recycler.maxCapacityPerThread=0", "-Dlog4j.shutdownHookEnabled=false", "-Dlog4j2.disable.jmx=true",
		// Without JNA's library it cannot ask who it runs as, to refuse to run as root. A user that is not root would not do where
		// root runs the local cloud: it could not enter a folder below root's own, or a temporary one.
		"-Djna.nounpack=true", "-Djna.nosys=true",
		"-Djava.locale.providers=SPI,COMPAT", "-Djava.io.tmpdir="+s.path("tmp"),
		"-Dopensearch.path.home="+programs.Home, "-Dopensearch.path.conf="+s.path("config"), "-Dopensearch.distribution.type=zip",
		"-cp", filepath.Join(programs.Home, "lib", "*"), "org.opensearch.bootstrap.OpenSearch")
	command.Env = environment
	var err error
	s.Service, err = service.Start("OpenSearch", command, dir)
	return s, err
}

func (s *Server) path(elements ...string) string {
	return filepath.Join(append([]string{s.dir}, elements...)...)
}

// Ready waits until the server answers requests.
func (s *Server) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if s.answers(ctx) {
			return nil
		}
		select {
		case err := <-s.Ended:
			return err
		case <-ctx.Done():
			return fmt.Errorf("OpenSearch does not listen: %w; its log is %s", ctx.Err(), s.Log)
		case <-time.After(250 * time.Millisecond):
		}
	}
}

// answers looks for the port that the server has taken and written down, and asks there. The plugin answers 503 to everybody
// until its own index is there, and then 401 to whoever does not say who calls.
func (s *Server) answers(ctx context.Context) bool {
	ports, err := os.ReadFile(s.path("logs", "http.ports"))
	if err != nil {
		return false
	}
	s.URL = "http://" + strings.TrimSpace(string(ports))
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusUnauthorized
}
