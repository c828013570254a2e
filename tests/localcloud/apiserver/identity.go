package apiserver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
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
	// validity outlives every local cloud.
	validity = 10 * 365 * 24 * time.Hour
)

func kubeconfigFile(dir string) string { return filepath.Join(dir, "kubeconfig") }

// writeIdentity makes what the server and its one client know each other by: an
// authority of this server alone, a certificate of it for each, and the key of
// tokens for service accounts.
func writeIdentity(dir string, port int) error {
	authority, err := newAuthority()
	if err != nil {
		return fmt.Errorf("make the API server's certificates: %w", err)
	}
	files := map[string][]byte{authorityFile + certificateSuffix: encode("CERTIFICATE", authority.certificate.Raw)}
	for name, template := range map[string]*x509.Certificate{
		serverFile: {IPAddresses: []net.IP{net.ParseIP(loopback)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}},
		clientFile: {
			Subject:     pkix.Name{CommonName: "local-cloud", Organization: []string{"system:masters"}},
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		},
	} {
		if err := authority.issue(files, name, template); err != nil {
			return fmt.Errorf("make the API server's certificates: %w", err)
		}
	}
	if _, err := newKey(files, tokensFile); err != nil {
		return fmt.Errorf("make the key of tokens: %w", err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return fmt.Errorf("write the API server's certificates: %w", err)
		}
	}
	return writeKubeconfig(dir, port)
}

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority() (authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "local-cloud-authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(validity),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return authority{}, err
	}
	certificate, err := x509.ParseCertificate(raw)
	return authority{certificate: certificate, key: key}, err
}

// issue adds a certificate and its key to the files.
func (a authority) issue(files map[string][]byte, name string, template *x509.Certificate) error {
	key, err := newKey(files, name)
	if err != nil {
		return err
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, big.NewInt(1<<62)); err != nil {
		return err
	}
	template.NotBefore, template.NotAfter = a.certificate.NotBefore, a.certificate.NotAfter
	template.KeyUsage = x509.KeyUsageDigitalSignature
	raw, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return err
	}
	files[name+certificateSuffix] = encode("CERTIFICATE", raw)
	return nil
}

func newKey(files map[string][]byte, name string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	files[name+keySuffix] = encode("EC PRIVATE KEY", raw)
	return key, nil
}

func encode(kind string, raw []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw})
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
