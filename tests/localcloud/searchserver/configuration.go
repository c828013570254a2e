package searchserver

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"example.com/log-pipeline/tests/localcloud/certificate"
)

// logging writes everything to the one log.
const logging = `appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %marker%m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
logger.security.name = stdout
logger.security.level = off
`

// authentication takes callers from the headers that SetCaller sets.
const authentication = `_meta: {type: config, config_version: 2}
config:
  dynamic:
    http:
      anonymous_auth_enabled: false
      xff: {enabled: true, internalProxies: '127\.0\.0\.1', remoteIpHeader: ` + originHeader + `}
    authc:
      proxy:
        http_enabled: true
        order: 0
        http_authenticator: {type: proxy, challenge: false, config: {user_header: ` + userHeader + `, roles_header: ` + rolesHeader + `}}
        authentication_backend: {type: noop}
`

// configure writes what the server reads. The roles that the plugin brings stay as they are, as in a domain.
func (s *Server) configure(home, master string) error {
	for _, dir := range []string{"config", "data", "logs", "tmp"} {
		if err := os.MkdirAll(s.path(dir), 0o700); err != nil {
			return err
		}
	}
	// What the last server wrote down.
	if err := os.RemoveAll(s.path("logs", "http.ports")); err != nil {
		return err
	}
	security := s.path("config", "opensearch-security")
	if err := os.RemoveAll(security); err != nil {
		return err
	}
	if err := os.CopyFS(security, os.DirFS(filepath.Join(home, "plugins", "opensearch-security", "config"))); err != nil {
		return err
	}
	if err := s.addManager(); err != nil {
		return err
	}
	role, err := json.Marshal(master)
	if err != nil {
		return err
	}
	return errors.Join(
		s.writeNode(),
		s.write("config/opensearch.yml", s.settings()),
		s.write("config/log4j2.properties", logging),
		s.write("config/opensearch-security/config.yml", authentication),
		s.write("config/opensearch-security/internal_users.yml", "_meta: {type: internalusers, config_version: 2}\n"),
		// A domain has both of these for its master: docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html.
		s.write("config/opensearch-security/roles_mapping.yml", fmt.Sprintf("_meta: {type: rolesmapping, config_version: 2}\n"+
			"all_access: {backend_roles: [%[1]s]}\nsecurity_manager: {backend_roles: [%[1]s]}\n", role)),
	)
}

// addManager adds the role that a domain has beside those that the plugin brings. What it may do, roles_enabled says.
func (s *Server) addManager() error {
	const file = "config/opensearch-security/roles.yml"
	roles, err := os.ReadFile(s.path(file))
	if err != nil {
		return err
	}
	return s.write(file, string(roles)+"\nsecurity_manager: {cluster_permissions: []}\n")
}

func (s *Server) write(file, content string) error {
	return os.WriteFile(s.path(filepath.FromSlash(file)), []byte(content), 0o600)
}

// writeNode makes the certificate without which the plugin does not start: nodes know each other by it.
func (s *Server) writeNode() error {
	authority, err := certificate.NewAuthority("local-search")
	if err != nil {
		return err
	}
	node, key, err := authority.Issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: "node"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return err
	}
	return errors.Join(s.write("config/authority.pem", string(authority.PEM())), s.write("config/node.pem", string(node)),
		s.write("config/node-key.pem", string(key)))
}

// settings has the server take free ports and write down which: see answers.
func (s *Server) settings() string {
	return strings.Join([]string{
		"cluster.name: local",
		"node.name: local",
		"node.portsfile: true",
		"discovery.type: single-node",
		"network.host: 127.0.0.1",
		"http.port: 0",
		"transport.port: 0",
		"path.data: " + s.path("data"),
		"path.logs: " + s.path("logs"),
		// A full disk of this machine is no reason to refuse what is indexed.
		"cluster.routing.allocation.disk.threshold_enabled: false",
		"plugins.security.ssl.transport.pemcert_filepath: node.pem",
		"plugins.security.ssl.transport.pemkey_filepath: node-key.pem",
		"plugins.security.ssl.transport.pemtrustedcas_filepath: authority.pem",
		"plugins.security.ssl.transport.enforce_hostname_verification: false",
		"plugins.security.nodes_dn: [CN=node]",
		"plugins.security.allow_default_init_securityindex: true",
		"plugins.security.restapi.roles_enabled: [all_access, security_manager]",
		"",
	}, "\n")
}
