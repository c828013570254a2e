package searchserver

import (
	"net/http"
	"strings"
)

const (
	userHeader  = "x-proxy-user"
	rolesHeader = "x-proxy-roles"
	// originHeader is that of a proxy, from which alone the plugin takes the other two.
	originHeader = "x-forwarded-for"
)

// SetCaller says in a request's headers who calls: as in a domain, an IAM role is a user of its ARN's name, and the ARN is its
// backend role. It may have more. Nothing that the request said of it before remains.
func SetCaller(header http.Header, roles ...string) {
	for _, name := range []string{userHeader, rolesHeader, originHeader} {
		header.Del(name)
	}
	if len(roles) == 0 {
		return
	}
	header.Set(originHeader, "127.0.0.1")
	header.Set(userHeader, roles[0])
	header.Set(rolesHeader, strings.Join(roles, ","))
}

// As is a transport whose requests are this IAM role's.
func As(role string) http.RoundTripper { return caller(role) }

type caller string

func (c caller) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	SetCaller(request.Header, string(c))
	return http.DefaultTransport.RoundTrip(request)
}
