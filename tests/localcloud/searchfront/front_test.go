package searchfront_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/searchfront"
)

const (
	region = "eu-west-1"
	// Access keys, and the roles whose they are.
	masterKey, writerKey = "ASIAMASTER", "ASIAWRITER"
	master               = "arn:aws:iam::123456789012:role/master"
	writer               = "arn:aws:iam::123456789012:role/writer"
)

// startEmulator starts one that knows the keys, and a domain of that region whose master is the master.
func startEmulator(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_local/caller", func(w http.ResponseWriter, r *http.Request) {
		arn, ok := map[string]string{masterKey: master, writerKey: writer}[r.URL.Query().Get("access_key")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprintf(w, `{"arn": %q}`, arn)
	})
	mux.HandleFunc("GET /2021-01-01/domain", func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Authorization"), "/"+region+"/es/aws4_request") {
			_, _ = io.WriteString(w, `{"DomainNames": []}`)
			return
		}
		_, _ = io.WriteString(w, `{"DomainNames": [{"DomainName": "logs"}]}`)
	})
	mux.HandleFunc("GET /2021-01-01/opensearch/domain/logs", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"DomainStatus": {"AdvancedSecurityOptions": {"MasterUserOptions": {"MasterUserARN": %q}}}}`, master)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// startOpenSearch starts what a front needs of one: it knows two roles, two indices, and says of other requests who they are by.
func startOpenSearch(t *testing.T, created time.Time) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_plugins/_security/authinfo", func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("x-proxy-roles"), searchfront.Master) {
			_, _ = io.WriteString(w, `{"roles": ["all_access"], "tenants": {"global_tenant": true}}`)
			return
		}
		_, _ = io.WriteString(w, `{"roles": ["ism_reader"], "tenants": {"global_tenant": false}}`)
	})
	mux.HandleFunc("GET /_plugins/_security/api/roles", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"all_access": {"cluster_permissions": ["*"]}, "ism_reader": {"cluster_permissions": ["ism_read"]}}`)
	})
	mux.HandleFunc("GET /_plugins/_security/api/actiongroups", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"ism_read": {"allowed_actions": ["cluster:admin/opendistro/ism/policy/get*"]}}`)
	})
	mux.HandleFunc("GET /{index}/_settings/index.uuid,index.creation_date", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"logs-1": {"settings": {"index": {"uuid": "u1", "creation_date": "%d"}}},
			"other": {"settings": {"index": {"uuid": "u2", "creation_date": "%[1]d"}}}}`, created.UnixMilli())
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"method": r.Method, "path": r.URL.RequestURI(), "body": string(body), "authorization": r.Header.Get("Authorization"),
			"user": r.Header.Get("x-proxy-user"), "roles": r.Header.Get("x-proxy-roles"), "from": r.Header.Values("x-forwarded-for"),
		})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// domain is a front.
type domain struct {
	url    string
	client *http.Client
}

func newDomain(t *testing.T, openSearch string) domain {
	t.Helper()
	emulator := startEmulator(t)
	front, err := searchfront.New(openSearch, func() (string, error) { return emulator, nil })
	require.NoError(t, err)
	server := httptest.NewTLSServer(front)
	t.Cleanup(server.Close)
	return domain{server.URL, server.Client()}
}

// request is one to a domain, and what is right or wrong about its signature.
type request struct {
	method, path, body string
	header             map[string]string
	key                string
	service, region    string
	at                 time.Time
	change             func(*http.Request)
}

// ask sends a signed request, and an unsigned one without a key.
func (d domain) ask(t *testing.T, r request) (int, string) {
	t.Helper()
	sent, err := http.NewRequestWithContext(t.Context(), r.method, d.url+r.path, strings.NewReader(r.body))
	require.NoError(t, err)
	sent.Header.Set("Content-Type", "application/json")
	for name, value := range r.header {
		sent.Header.Set(name, value)
	}
	if r.key != "" {
		sign(t, sent, r)
	}
	if r.change != nil {
		r.change(sent)
	}
	response, err := d.client.Do(sent)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(bytes.TrimSpace(answer))
}

func sign(t *testing.T, sent *http.Request, r request) {
	t.Helper()
	sum := sha256.Sum256([]byte(r.body))
	hash := hex.EncodeToString(sum[:])
	sent.Header.Set("X-Amz-Content-Sha256", hash)
	if r.service == "" {
		r.service = "es"
	}
	if r.region == "" {
		r.region = region
	}
	if r.at.IsZero() {
		r.at = time.Now()
	}
	credentials := aws.Credentials{AccessKeyID: r.key, SecretAccessKey: "secret", SessionToken: "token"}
	require.NoError(t, v4.NewSigner().SignHTTP(context.Background(), credentials, sent, hash, r.service, r.region, r.at))
}

func TestRequestsReachOpenSearchAsTheRoleThatSignedThem(t *testing.T) {
	d := newDomain(t, startOpenSearch(t, time.Now()))
	for name, test := range map[string]struct{ key, user, roles string }{
		"a role":            {writerKey, writer, writer},
		"the master's role": {masterKey, master, master + "," + searchfront.Master},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := d.ask(t, request{
				method: http.MethodPost, path: "/_bulk?refresh=true", body: `{"index":{}}`, key: test.key,
				// Nobody becomes another by saying so.
				header: map[string]string{"x-proxy-user": "admin", "x-proxy-roles": "admin", "x-forwarded-for": "10.0.0.1"},
			})
			assert.Equal(t, http.StatusOK, status)
			assert.JSONEq(t, fmt.Sprintf(`{"method": "POST", "path": "/_bulk?refresh=true", "body": "{\"index\":{}}", "authorization": "",
				"user": %q, "roles": %q, "from": ["127.0.0.1"]}`, test.user, test.roles), answer)
		})
	}
}

func TestSignaturesThatAWSRefuses(t *testing.T) {
	d := newDomain(t, startOpenSearch(t, time.Now()))
	for name, test := range map[string]struct {
		request request
		says    string
	}{
		"none": {request{method: http.MethodGet},
			`{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action"}`},
		"a password": {request{method: http.MethodGet, header: map[string]string{"Authorization": "Basic YTpi"}},
			`{"message":"The request signature does not conform to AWS standards: Basic YTpi"}`},
		"of another service": {request{method: http.MethodGet, key: writerKey, service: "aoss"},
			`{"message":"Credential should be scoped to correct service: 'es'."}`},
		"of another region": {request{method: http.MethodGet, key: writerKey, region: "us-east-1"},
			`{"message":"Credential should be scoped to a valid region."}`},
		"of nobody's key": {request{method: http.MethodGet, key: "AKIANOBODY"},
			`{"message":"The security token included in the request is invalid."}`},
		"of a session, without its token": {request{
			method: http.MethodGet, key: writerKey, change: func(r *http.Request) {
				r.Header.Del("X-Amz-Security-Token")
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), ";x-amz-security-token", "", 1))
			},
		}, `{"message":"The security token included in the request is invalid."}`},
		"without a header that is signed": {request{
			method: http.MethodGet, key: writerKey, change: func(r *http.Request) { r.Header.Del("X-Amz-Security-Token") },
		}, `{"message":"The header 'x-amz-security-token' is signed and not there."}`},
		"of another body": {request{
			method: http.MethodPost, key: writerKey, body: `{"a": 1}`, change: func(r *http.Request) {
				r.Body = io.NopCloser(strings.NewReader(`{"a": 2}`))
			},
		}, `{"message":"The request signature we calculated does not match the signature you provided. ` +
			`Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}`},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := d.ask(t, test.request)
			assert.Equal(t, http.StatusForbidden, status)
			assert.Equal(t, test.says, answer)
		})
	}
	for name, test := range map[string]struct {
		at   time.Duration
		says string
	}{"long ago": {-6 * time.Minute, "Signature expired: "}, "to come": {6 * time.Minute, "Signature not yet current: "}} {
		t.Run(name, func(t *testing.T) {
			status, answer := d.ask(t, request{method: http.MethodGet, key: writerKey, at: time.Now().Add(test.at)})
			assert.Equal(t, http.StatusForbidden, status)
			assert.Contains(t, answer, test.says)
		})
	}
}
