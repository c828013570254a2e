package apiserver

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"example.com/log-pipeline/tests/localcloud/certificate"
)

const (
	// ContextName is the name of the kubeconfig's one context.
	ContextName = "local"

	authorityFile = "authority"
	serverFile    = "server"
	clientFile    = "client"
	tokensFile    = "tokens"

	certificateSuffix = ".crt"
	keySuffix         = ".key"
)

func kubeconfigFile(dir string) string { return filepath.Join(dir, "kubeconfig") }

// writeIdentity makes what the server and its one client know each other by: an
// authority of this server alone, a certificate of it for each, and the key of
// tokens for service accounts.
func writeIdentity(dir string, port int) error {
	authority, err := certificate.NewAuthority("local-cloud-authority")
	if err != nil {
		return fmt.Errorf("make the API server's certificates: %w", err)
	}
	files := map[string][]byte{authorityFile + certificateSuffix: authority.PEM()}
	for name, template := range map[string]*x509.Certificate{
		serverFile: {IPAddresses: []net.IP{net.ParseIP(loopback)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}},
		clientFile: {
			Subject:     pkix.Name{CommonName: "local-cloud", Organization: []string{"system:masters"}},
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		},
	} {
		files[name+certificateSuffix], files[name+keySuffix], err = authority.Issue(template)
		if err != nil {
			return fmt.Errorf("make the API server's certificates: %w", err)
		}
	}
	if files[tokensFile+keySuffix], err = certificate.NewKey(); err != nil {
		return fmt.Errorf("make the key of tokens: %w", err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return fmt.Errorf("write the API server's certificates: %w", err)
		}
	}
	return writeKubeconfig(dir, port)
}

func writeKubeconfig(dir string, port int) error {
	config := clientcmdapi.NewConfig()
	config.Clusters[ContextName] = &clientcmdapi.Cluster{
		Server:               "https://" + net.JoinHostPort(loopback, strconv.Itoa(port)),
		CertificateAuthority: filepath.Join(dir, authorityFile+certificateSuffix),
	}
	config.AuthInfos[ContextName] = &clientcmdapi.AuthInfo{
		ClientCertificate: filepath.Join(dir, clientFile+certificateSuffix), ClientKey: filepath.Join(dir, clientFile+keySuffix),
	}
	config.Contexts[ContextName] = &clientcmdapi.Context{Cluster: ContextName, AuthInfo: ContextName}
	config.CurrentContext = ContextName
	if err := clientcmd.WriteToFile(*config, kubeconfigFile(dir)); err != nil {
		return fmt.Errorf("write the kubeconfig: %w", err)
	}
	return nil
}
