package searchfront

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	signedService = "es"
	// skew is how far a signature's time may be from AWS's: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html.
	skew = 5 * time.Minute
	// timeFormat is that of X-Amz-Date.
	timeFormat = "20060102T150405Z"
)

// authorization is the header of Signature Version 4: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html.
var authorization = regexp.MustCompile(
	`^AWS4-HMAC-SHA256 Credential=([A-Za-z0-9]+)/(\d{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}$`)

// identify finds out who has signed a request, and refuses it as AWS does where nobody has, or wrongly.
func (f *Front) identify(r *http.Request) (caller, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		action := "es:ESHttp" + r.Method[:1] + strings.ToLower(r.Method[1:])
		return caller{}, refusal{http.StatusForbidden, map[string]string{"Message": fmt.Sprintf(
			"User: anonymous is not authorized to perform: %[1]s because no resource-based policy allows the %[1]s action", action)}}
	}
	parts := authorization.FindStringSubmatch(header)
	if parts == nil {
		return caller{}, forbidden("The request signature does not conform to AWS standards: %s", header)
	}
	key, day, region, service, signed := parts[1], parts[2], parts[3], parts[4], strings.Split(parts[5], ";")
	if service != signedService {
		return caller{}, forbidden("Credential should be scoped to correct service: '%s'.", signedService)
	}
	if err := checkSigned(r, signed); err != nil {
		return caller{}, err
	}
	if err := checkTime(r.Header.Get("X-Amz-Date"), day); err != nil {
		return caller{}, err
	}
	if err := checkPayload(r); err != nil {
		return caller{}, err
	}
	return f.callerWith(r, key, region)
}

// callerWith asks the emulator who has the key, and what the domain is whose endpoint was called.
func (f *Front) callerWith(r *http.Request, key, region string) (caller, error) {
	arn, err := f.emulator.roleOf(r.Context(), key)
	if err != nil {
		return caller{}, err
	}
	// Keys of a session start so, and are worth nothing without its token.
	session := strings.HasPrefix(key, "ASIA")
	if arn == "" || session && r.Header.Get("X-Amz-Security-Token") == "" {
		return caller{}, forbidden("The security token included in the request is invalid.")
	}
	masters, err := f.emulator.masters(r.Context(), region)
	if err != nil {
		return caller{}, err
	}
	if masters == nil {
		return caller{}, forbidden("Credential should be scoped to a valid region.")
	}
	who := caller{roles: []string{arn}}
	if slices.Contains(masters, arn) {
		who.roles = append(who.roles, Master)
	}
	return who, nil
}

func checkSigned(r *http.Request, signed []string) error {
	for _, needed := range []string{"host", "x-amz-date"} {
		if !slices.Contains(signed, needed) {
			return forbidden("'%s' must be a 'SignedHeader' in the AWS Authorization.", needed)
		}
	}
	for _, name := range signed {
		if name != "host" && name != "content-length" && r.Header.Get(name) == "" {
			return forbidden("The header '%s' is signed and not there.", name)
		}
	}
	return nil
}

func checkTime(date, day string) error {
	at, err := time.Parse(timeFormat, date)
	switch now := time.Now().UTC(); {
	case err != nil:
		return forbidden("Date must be in ISO-8601 'basic format'. Got '%s'.", date)
	case at.Format("20060102") != day:
		return forbidden("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s'", day, date)
	case at.Before(now.Add(-skew)):
		return forbidden("Signature expired: %s is now earlier than %s", date, now.Add(-skew).Format(timeFormat))
	case at.After(now.Add(skew)):
		return forbidden("Signature not yet current: %s is still later than %s", date, now.Add(skew).Format(timeFormat))
	}
	return nil
}

// checkPayload refuses a body that is not the signed one, where the request says which that is.
func checkPayload(r *http.Request) error {
	signed := r.Header.Get("X-Amz-Content-Sha256")
	if signed == "" {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != signed {
		return forbidden("The request signature we calculated does not match the signature you provided. " +
			"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
	return nil
}

// forbidden is AWS's refusal of a signature.
func forbidden(format string, args ...any) refusal {
	return refusal{http.StatusForbidden, map[string]string{"message": fmt.Sprintf(format, args...)}}
}
