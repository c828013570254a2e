//go:build localcloud

package search

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/searchfront"
	"example.com/log-pipeline/tests/localcloud/searchserver"
)

const region = "eu-central-1"

// The IAM roles that call, beside those of a world's settings.
const (
	function = "arn:aws:iam::111111111111:role/function"
	nobody   = "arn:aws:iam::111111111111:role/nobody"
)

var (
	// server is that of all tests, since one takes 20 s to start. The tests themselves ask it as master.
	server *searchserver.Server
	// domain is what stands before it, with the function as its master.
	domain http.Handler
)

const master = searchfront.Master

func TestMain(m *testing.M) {
	status, err := withDomain(context.Background(), m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// withDomain starts the domain, and ends it after what is run on it.
func withDomain(ctx context.Context, run func() int) (status int, err error) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "search")
	if err != nil {
		return 0, err
	}
	cloud, err := localcloud.Open(root, dir, os.Stderr)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, cloud.Down(ctx), cloud.Close()) }()
	if server, err = cloud.StartOpenSearch(ctx, master); err != nil {
		return 0, err
	}
	aws := httptest.NewServer(account())
	defer aws.Close()
	if domain, err = searchfront.New(server.URL, func() (string, error) { return aws.URL, nil }); err != nil {
		return 0, err
	}
	return run(), nil
}

// account is what the front asks the emulator: whose an access key is, and who is the domain's master.
func account() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_local/caller", func(w http.ResponseWriter, r *http.Request) {
		role, err := hex.DecodeString(r.URL.Query().Get("access_key"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprintf(w, `{"arn":%q}`, role)
	})
	mux.HandleFunc("GET /2021-01-01/domain", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"DomainNames":[{"DomainName":"logs"}]}`)
	})
	mux.HandleFunc("GET /2021-01-01/opensearch/domain/logs", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"DomainStatus":{"AdvancedSecurityOptions":{"MasterUserOptions":{"MasterUserARN":%q}}}}`, function)
	})
	return mux
}

// keyOf is the access key of a role.
func keyOf(role string) string { return hex.EncodeToString([]byte(role)) }
